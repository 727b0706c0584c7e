// The login ended while a page is open: the same person logs in over it, and the page is as it was.

import { useNavigate, useRouterState } from '@tanstack/react-router'
import { providerAddress, useSession } from '../../api/session.ts'
import { usePerson } from '../../frame/person.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { Form, useForm } from '../../patterns/form.tsx'
import { useWords } from '../../words/use-words.ts'
import { checkLogin, LoginFields } from './login-fields.tsx'
import { emptyLogin, loginApiNames, useLogin } from './use-login.ts'

export default function LoginAgain() {
  const { t } = useWords()
  const person = usePerson()
  const { data: session } = useSession()
  const navigate = useNavigate()
  const next = useRouterState({ select: (state) => state.location.href })
  const login = useLogin()
  const form = useForm({
    initial: { ...emptyLogin, name: String(person.uin) },
    check: checkLogin(login.step, t),
    submit: (values) => login.submit(values),
    apiNames: loginApiNames,
  })
  if (session?.person?.first === 'factor-setup') {
    return (
      <Dialog title={t('login.ended')}>
        <p>{t('login.factorNeeded')}</p>
        <Button
          theme="primary"
          onClick={() => void navigate({ to: paths.login(), search: { next } })}
        >
          {t('login.goOn')}
        </Button>
      </Dialog>
    )
  }
  return (
    <Dialog title={t('login.ended')}>
      <p>{t('login.endedHelp')}</p>
      <Form form={{ ...form, isChanged: false }}>
        <LoginFields step={login.step} form={form} isNameFixed />
        <div className="form-foot">
          <Button type="submit" theme="primary" isBusy={form.isBusy}>
            {t('login.logIn')}
          </Button>
          <Button
            theme="text"
            onClick={() => void navigate({ to: paths.login(), reloadDocument: true })}
          >
            {t('login.otherPerson')}
          </Button>
        </div>
      </Form>
      {session?.providers.map((provider) => (
        <a key={provider.id} className="button" href={providerAddress(provider, next)}>
          {t('login.by', { provider: provider.name })}
        </a>
      ))}
    </Dialog>
  )
}
