// A new password of the registry. The old one ends at once, so every client needs the new one.

import { useState } from 'react'
import { useChange, useRead } from '../../api/use-api.ts'
import { usePerson } from '../../frame/person.ts'
import { Button } from '../../patterns/button.tsx'
import { ClientCommands } from '../../patterns/commands.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { Panel } from '../../patterns/detail.tsx'
import { FixedField } from '../../patterns/fields.tsx'
import { Form, useForm } from '../../patterns/form.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { loginCommand } from '../../patterns/registry-commands.ts'
import { Empty } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { noPassword, PasswordPair, passwordProblems } from './password-pair.tsx'
import { usePersonalAddress } from './personal-address.ts'

export function PasswordPage() {
  const { t } = useWords()
  const { uin } = usePerson()
  const address = usePersonalAddress()
  const { data } = useRead('DescribeQuotaPersonal', {})
  const [round, setRound] = useState(0)
  return (
    <>
      <header className="page-head">
        <h1 tabIndex={-1}>{t('personal.password')}</h1>
        <p className="page-about">{t('personal.passwordAbout')}</p>
      </header>
      {data?.HasBegun === false ? (
        <Empty title={t('personal.noPassword')} />
      ) : (
        <Panel title={t('personal.resetPassword')}>
          <ResetForm key={round} uin={uin} onDone={() => setRound(round + 1)} />
        </Panel>
      )}
      {address && (
        <Panel title={t('personal.logIn')}>
          <ClientCommands
            label={t('personal.logIn')}
            commandsOf={(client) => [
              {
                label: t('personal.commandLogin'),
                lines: loginCommand(client, address, String(uin)),
              },
            ]}
          />
        </Panel>
      )}
    </>
  )
}

interface ResetFormProps {
  readonly uin: number
  onDone(): void
}

function ResetForm({ uin, onDone }: ResetFormProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const modify = useChange('ModifyUserPasswordPersonal')
  const [asked, setAsked] = useState<string>()
  const form = useForm({
    initial: noPassword,
    check: (values) => passwordProblems(values, t),
    submit: async ({ password }) => setAsked(password),
    secrets: ['password', 'again'],
    apiNames: { password: 'Password' },
  })
  return (
    <>
      <Form form={form}>
        <FixedField label={t('personal.userName')}>{uin}</FixedField>
        <PasswordPair />
        <div className="form-foot">
          <Button type="submit" theme="primary" isBusy={form.isBusy}>
            {t('personal.resetPassword')}
          </Button>
        </div>
      </Form>
      {asked !== undefined && (
        <Confirm
          title={t('personal.resetTitle')}
          verb={t('personal.resetPassword')}
          run={() => modify.mutateAsync({ Password: asked })}
          onClose={() => setAsked(undefined)}
          onDone={() => {
            tell(t('personal.passwordSet'))
            onDone()
          }}
        >
          <p>{t('personal.resetAbout')}</p>
        </Confirm>
      )}
    </>
  )
}
