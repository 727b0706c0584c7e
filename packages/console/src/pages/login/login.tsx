// The way in: password with second factor, or an identity provider.

import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { providerAddress, useSession } from '../../api/session.ts'
import { LanguageMenu, ThemeMenu } from '../../frame/view-menus.tsx'
import { safeNext } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Form, type FormState, useForm } from '../../patterns/form.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { FirstFactor } from './first-factor.tsx'
import { checkLogin, LoginFields } from './login-fields.tsx'
import {
  emptyLogin,
  type LoginProgress,
  type LoginValues,
  loginApiNames,
  useLogin,
} from './use-login.ts'
import './login.css'

export function LoginPage() {
  const { t } = useWords()
  useTitle(t('login.title'))
  const { data: session } = useSession()
  const search: { next?: string; error?: string } = useSearch({ strict: false })
  const login = useLogin()
  const form = useForm({
    initial: emptyLogin,
    check: checkLogin(login.step, t),
    submit: (values) => login.submit(values),
    apiNames: loginApiNames,
  })
  const next = safeNext(search.next)
  const navigate = useNavigate()
  // Its recovery codes are on the screen: the way goes on when they are saved.
  const [isShowingCodes, setShowingCodes] = useState(false)
  const person = session?.person ?? undefined
  const isSettingUp = isShowingCodes || person?.first === 'factor-setup'
  const isIn = person !== undefined && !person.first && !isShowingCodes
  useEffect(() => {
    if (isIn) void navigate({ to: next, replace: true })
  }, [isIn, navigate, next])
  if (isIn) return null
  return (
    <main className="login">
      <div className="login-menus">
        <LanguageMenu />
        <ThemeMenu />
      </div>
      <div className="login-card">
        <img src="./favicon.svg" alt="" width="40" height="40" />
        <h1>{t('login.title')}</h1>
        {search.error !== undefined && (
          <p className="banner banner-bad" role="alert">
            {t('login.providerFailed', { code: search.error.slice(0, 80) })}
          </p>
        )}
        {isSettingUp ? (
          <FirstFactor
            onActive={() => setShowingCodes(true)}
            onDone={() => setShowingCodes(false)}
            onLeave={login.restart}
          />
        ) : (
          <LoginForm login={login} form={form} />
        )}
        {!isSettingUp && login.step === 'password' && <Providers next={next} />}
      </div>
    </main>
  )
}

interface LoginFormProps {
  readonly login: LoginProgress
  readonly form: FormState<LoginValues>
}

function LoginForm({ login, form }: LoginFormProps) {
  const { t } = useWords()
  return (
    <Form form={{ ...form, isChanged: false }}>
      <LoginFields step={login.step} form={form} />
      <Button type="submit" theme="primary" isBusy={form.isBusy}>
        {t(login.step === 'password' ? 'login.logIn' : 'login.goOn')}
      </Button>
      {login.step !== 'password' && (
        <Button theme="text" onClick={login.restart}>
          {t('login.restart')}
        </Button>
      )}
    </Form>
  )
}

function Providers({ next }: { readonly next: string }) {
  const { t } = useWords()
  const { data: session } = useSession()
  const providers = session?.providers ?? []
  if (providers.length === 0) return null
  return (
    <div className="login-providers">
      <p className="quiet">{t('login.or')}</p>
      {providers.map((provider) => (
        <a key={provider.id} className="button" href={providerAddress(provider, next)}>
          {t('login.by', { provider: provider.name })}
        </a>
      ))}
    </div>
  )
}
