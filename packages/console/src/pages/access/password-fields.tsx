// How a person's console password comes about: made here and shown once, or typed.

import type { ReactNode } from 'react'
import { useRead } from '../../api/use-api.ts'
import { CheckField, type Choice, PasswordField, RadioField } from '../../patterns/fields.tsx'
import { useWords, type Words } from '../../words/use-words.ts'

/** What the account asks of passwords, in a sentence. */
export function usePasswordRules(): string {
  const { t, locale } = useWords()
  const { data } = useRead('GetPasswordRules', {})
  const { MinimumLength, MustContain } = data?.Rules ?? {}
  if (!MinimumLength) return ''
  const kinds = (MustContain ?? '').split(',').flatMap((kind) => kindWords(kind.trim(), t))
  const length = t('access.passwordLength', { n: MinimumLength })
  if (kinds.length === 0) return length
  return `${length} ${t('access.passwordKinds', { kinds: new Intl.ListFormat(locale).format(kinds) })}`
}

function kindWords(kind: string, t: Words['t']): readonly string[] {
  switch (kind) {
    case 'UpperCase':
      return [t('access.upperCase')]
    case 'LowerCase':
      return [t('access.lowerCase')]
    case 'Digits':
      return [t('access.digits')]
    case 'SpecialCharacters':
      return [t('access.specialCharacters')]
    default:
      return []
  }
}

interface PasswordFieldsProps {
  /** The form's values: `how` is `made` or `typed`, `password`, `mustChange`. */
  readonly how: string
  readonly label: string
  /** Beside these two: no login at all. */
  readonly others?: readonly Choice[]
  readonly children?: ReactNode
}

export function PasswordFields({ how, label, others = [], children }: PasswordFieldsProps) {
  const { t } = useWords()
  const rules = usePasswordRules()
  return (
    <>
      <RadioField
        name="how"
        label={label}
        choices={[
          { value: 'made', label: t('access.passwordMade'), help: t('access.passwordMadeHelp') },
          { value: 'typed', label: t('access.passwordTyped') },
          ...others,
        ]}
      />
      {how === 'typed' && (
        <PasswordField
          name="password"
          label={t('access.password')}
          help={rules}
          autoComplete="new-password"
          isRequired
        />
      )}
      {(how === 'made' || how === 'typed') && (
        <CheckField name="mustChange" label={t('access.mustChange')} />
      )}
      {children}
    </>
  )
}
