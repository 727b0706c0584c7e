// A long-term credential in two steps: what it is for, then what is shown once.

import { useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { useChange } from '../../api/use-api.ts'
import { useInstance } from '../../frame/use-instance.ts'
import { Button } from '../../patterns/button.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { FixedField, TextField } from '../../patterns/fields.tsx'
import { Form, useForm } from '../../patterns/form.tsx'
import { useWords } from '../../words/use-words.ts'
import { SavedCredential } from './saved-credential.tsx'

interface CreateCredentialProps {
  readonly instance: string
  onClose(): void
}

const maxChars = 255

export function CreateCredential({ instance, onClose }: CreateCredentialProps) {
  const { t } = useWords()
  const [made, setMade] = useState<Reply<'CreateInstanceToken'>>()
  if (!made) return <PurposeStep instance={instance} onClose={onClose} onMade={setMade} />
  return (
    <SavedCredential
      title={t('credentials.saveTitle')}
      about={t('credentials.saveAbout')}
      instance={instance}
      user={made.Username}
      password={made.Token}
      onClose={onClose}
    />
  )
}

interface PurposeStepProps extends CreateCredentialProps {
  onMade(made: Reply<'CreateInstanceToken'>): void
}

function PurposeStep({ instance, onClose, onMade }: PurposeStepProps) {
  const { t } = useWords()
  const { instance: shown } = useInstance(instance)
  const create = useChange('CreateInstanceToken')
  const form = useForm({
    initial: { purpose: '' },
    check: ({ purpose }) => ({
      purpose: purpose.trim() === '' ? t('credentials.purposeRule') : undefined,
    }),
    submit: async ({ purpose }) =>
      onMade(
        await create.mutateAsync({
          RegistryId: instance,
          TokenType: 'longterm',
          Desc: purpose.trim(),
        }),
      ),
    draftKey: `credential-of-${instance}`,
    apiNames: { purpose: 'Desc' },
  })
  return (
    <Dialog
      title={t('credentials.create')}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t('patterns.cancel')}</Button>
          <Button theme="primary" type="submit" form="create-credential" isBusy={form.isBusy}>
            {t('credentials.next')}
          </Button>
        </>
      }
    >
      <Form form={form} id="create-credential">
        <FixedField label={t('credentials.instance')}>{shown?.RegistryName ?? instance}</FixedField>
        <TextField
          name="purpose"
          label={t('credentials.purpose')}
          help={t('credentials.purposeHelp')}
          placeholder={t('credentials.purposeSample')}
          maxLength={maxChars}
          isRequired
          hasFocus
        />
      </Form>
    </Dialog>
  )
}
