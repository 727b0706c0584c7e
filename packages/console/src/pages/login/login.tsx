// The way in: password with second factor, or an identity provider.

import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { providerAddress, useSession } from '../../api/session.ts'
import { LanguageMenu, ThemeMenu } from '../../frame/view-menus.tsx'
import { safeNext } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Form, useForm } from '../../patterns/form.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { checkLogin, LoginFields } from './login-fields.tsx'
import { emptyLogin, useLogin } from './use-login.ts'
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
  })
  const next = safeNext(search.next)
  const navigate = useNavigate()
  const isIn = session?.person !== undefined && session.person !== null && !session.person.first
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
        <Form form={{ ...form, isChanged: false }}>
          <LoginFields step={login.step} form={form} />
          {login.step === 'factor-setup' && <p role="alert">{t('login.factorNeeded')}</p>}
          <Button type="submit" theme="primary" isBusy={form.isBusy}>
            {t(login.step === 'password' ? 'login.logIn' : 'login.goOn')}
          </Button>
          {login.step !== 'password' && (
            <Button theme="text" onClick={login.restart}>
              {t('login.restart')}
            </Button>
          )}
        </Form>
        {login.step === 'password' && (session?.providers.length ?? 0) > 0 && (
          <div className="login-providers">
            <p className="quiet">{t('login.or')}</p>
            {session?.providers.map((provider) => (
              <a key={provider.id} className="button" href={providerAddress(provider, next)}>
                {t('login.by', { provider: provider.name })}
              </a>
            ))}
          </div>
        )}
      </div>
    </main>
  )
}
