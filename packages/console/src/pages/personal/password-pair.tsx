// A new password, typed twice.

import { PasswordField } from '../../patterns/fields.tsx'
import { useWords, type Words } from '../../words/use-words.ts'

export const noPassword = { password: '', again: '' }
type Passwords = typeof noPassword

/** As the API takes them. */
const leastChars = 8
const mostChars = 16

export function passwordProblems({ password, again }: Passwords, t: Words['t']) {
  const isLong = password.length >= leastChars && password.length <= mostChars
  return {
    password: isLong ? undefined : t('personal.passwordRule'),
    again: again === password ? undefined : t('personal.passwordsDiffer'),
  }
}

export function PasswordPair() {
  const { t } = useWords()
  return (
    <>
      <PasswordField
        name="password"
        label={t('personal.newPassword')}
        help={t('personal.passwordHelp')}
        autoComplete="new-password"
        isRequired
      />
      <PasswordField
        name="again"
        label={t('personal.passwordAgain')}
        autoComplete="new-password"
        isRequired
      />
    </>
  )
}
