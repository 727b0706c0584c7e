// What a service account is about besides its name: what it is for, and when it ends.

import type { ReactNode } from 'react'
import { RadioField, TextField } from '../../patterns/fields.tsx'
import { useWords } from '../../words/use-words.ts'

const maxDescriptionChars = 255

interface AccountFieldsProps {
  /** How an end is told: by a day, or in days from now. */
  readonly ends: { readonly value: string; readonly label: string }
  /** Shown where it ends. */
  readonly end: ReactNode
}

/** Of a form with `description` and `ends`. */
export function AccountFields({ ends, end }: AccountFieldsProps) {
  const { t } = useWords()
  return (
    <>
      <TextField
        name="description"
        label={t('credentials.description')}
        help={t('credentials.descriptionHelp')}
        maxLength={maxDescriptionChars}
      />
      <RadioField
        name="ends"
        label={t('credentials.expires')}
        choices={[ends, { value: 'never', label: t('credentials.never') }]}
      />
      {end}
    </>
  )
}
