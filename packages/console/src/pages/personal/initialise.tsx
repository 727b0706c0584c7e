// The first visit: the person's password of the registry, the same in every region.

import { useChange } from '../../api/use-api.ts'
import { usePerson } from '../../frame/person.ts'
import { Button } from '../../patterns/button.tsx'
import { FixedField } from '../../patterns/fields.tsx'
import { Form, useForm } from '../../patterns/form.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords } from '../../words/use-words.ts'
import { noPassword, PasswordPair, passwordProblems } from './password-pair.tsx'

interface InitialiseProps {
  /** Colleagues have begun: one may look around without a password. */
  skip?(): void
}

export function Initialise({ skip }: InitialiseProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const { uin } = usePerson()
  const begin = useChange('CreateUserPersonal')
  const form = useForm({
    initial: noPassword,
    check: (values) => passwordProblems(values, t),
    submit: ({ password }) => begin.mutateAsync({ Password: password }),
    secrets: ['password', 'again'],
    apiNames: { password: 'Password' },
  })
  return (
    <>
      <header className="page-head">
        <h1 tabIndex={-1}>{t('personal.initialise')}</h1>
        <p className="page-about">{t('personal.initialiseAbout')}</p>
      </header>
      <section className="panel" aria-label={t('personal.initialise')}>
        <Form form={form} onDone={() => tell(t('personal.begun'))}>
          <FixedField label={t('personal.userName')}>{uin}</FixedField>
          <PasswordPair />
          <div className="form-foot">
            <Button type="submit" theme="primary" isBusy={form.isBusy}>
              {t('personal.initialise')}
            </Button>
            {skip && <Button onClick={skip}>{t('personal.skip')}</Button>}
          </div>
        </Form>
      </section>
    </>
  )
}
