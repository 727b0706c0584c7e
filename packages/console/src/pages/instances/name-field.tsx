// The name of a new instance, judged while it is typed.

import { TextField } from '../../patterns/fields.tsx'
import { useFormState } from '../../patterns/form.tsx'
import { Status } from '../../patterns/shown.tsx'
import { useWords } from '../../words/use-words.ts'
import type { NameCheck } from './use-name-check.ts'

const maxChars = 50

export function NameField({ check }: { readonly check: NameCheck }) {
  const { t } = useWords()
  const form = useFormState()
  // Below the field from the first answer on; where the form shows it as the field's problem, only there.
  const isShown = form.shown.has('name')
  return (
    <TextField
      name="name"
      label={t('instances.nameField')}
      help={
        <>
          {t('instances.nameHelp')}
          <span role="status" className="name-verdict">
            {check.isFree && <Status tone="good">{t('instances.nameFree')}</Status>}
            {!isShown && check.problem !== undefined && (
              <Status tone="bad">{t(check.problem)}</Status>
            )}
          </span>
        </>
      }
      maxLength={maxChars}
      isRequired
      isFinal
    />
  )
}
