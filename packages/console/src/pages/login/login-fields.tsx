import { PasswordField, TextField } from '../../patterns/fields.tsx'
import type { FormState } from '../../patterns/form.tsx'
import { useWords } from '../../words/use-words.ts'
import type { LoginStep, LoginValues } from './use-login.ts'

interface LoginFieldsProps {
  readonly step: LoginStep
  readonly form: FormState<LoginValues>
  /** The person is known: only the rest is asked for. */
  readonly isNameFixed?: boolean
}

export function LoginFields({ step, isNameFixed = false }: LoginFieldsProps) {
  const { t } = useWords()
  switch (step) {
    case 'password':
      return (
        <>
          <TextField
            name="name"
            label={t('login.name')}
            help={isNameFixed ? undefined : t('login.nameHelp')}
            autoComplete="username"
            isReadOnly={isNameFixed}
            hasFocus={!isNameFixed}
          />
          <PasswordField
            name="password"
            label={t('login.password')}
            autoComplete="current-password"
            hasFocus={isNameFixed}
          />
        </>
      )
    case 'code':
      return (
        <TextField
          key="code"
          name="code"
          label={t('login.code')}
          help={t('login.codeHelp')}
          autoComplete="one-time-code"
          hasFocus
        />
      )
    case 'new-password':
      return (
        <>
          <p>{t('login.mustChange')}</p>
          <PasswordField
            key="new"
            name="newPassword"
            label={t('login.newPassword')}
            help={t('login.passwordRules')}
            autoComplete="new-password"
            hasFocus
          />
          <PasswordField name="again" label={t('login.again')} autoComplete="new-password" />
        </>
      )
  }
}

export function checkLogin(step: LoginStep, t: ReturnType<typeof useWords>['t']) {
  return (values: LoginValues) => ({
    name: values.name === '' ? t('login.nameMissing') : undefined,
    password: values.password === '' ? t('login.passwordMissing') : undefined,
    code: step === 'code' && values.code === '' ? t('login.codeMissing') : undefined,
    newPassword:
      step === 'new-password' && values.newPassword === '' ? t('login.passwordMissing') : undefined,
    again:
      step === 'new-password' && values.again !== values.newPassword
        ? t('login.differs')
        : undefined,
  })
}
