// A new password for a service account, made by the server or chosen. The old one ends at once.

import { useState } from 'react'
import { useChange } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { Facts } from '../../patterns/detail.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { PasswordField, RadioField } from '../../patterns/fields.tsx'
import { Form, useForm } from '../../patterns/form.tsx'
import { useWords } from '../../words/use-words.ts'
import { LastUse } from './last-use.tsx'
import { SavedCredential } from './saved-credential.tsx'
import type { ServiceAccount } from './service-account-columns.tsx'
import { otherSpelling } from './service-account-name.ts'

interface ResetPasswordProps {
  readonly instance: string
  readonly account: ServiceAccount
  onClose(): void
}

export function ResetPassword({ instance, account, onClose }: ResetPasswordProps) {
  const { t } = useWords()
  const [password, setPassword] = useState<string>()
  if (password === undefined) {
    return (
      <PasswordStep instance={instance} account={account} onClose={onClose} onReset={setPassword} />
    )
  }
  return (
    <SavedCredential
      title={t('credentials.saveTitle')}
      about={t('credentials.saveResetAbout')}
      instance={instance}
      user={account.Name}
      alsoUser={otherSpelling(account.Name)}
      password={password}
      onClose={onClose}
    />
  )
}

/** As the API has it. */
const passwordRule = /^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9]).{8,20}$/

interface PasswordStepProps extends ResetPasswordProps {
  onReset(password: string): void
}

function PasswordStep({ instance, account, onClose, onReset }: PasswordStepProps) {
  const { t } = useWords()
  const reset = useChange('ModifyServiceAccountPassword')
  const form = useForm({
    initial: { how: 'random', password: '' },
    check: ({ how, password }) => ({
      password:
        how === 'own' && !passwordRule.test(password) ? t('credentials.passwordRule') : undefined,
    }),
    submit: async ({ how, password }) => {
      const { Password } = await reset.mutateAsync({
        RegistryId: instance,
        Name: account.Name,
        Random: how === 'random',
        ...(how === 'own' && { Password: password }),
      })
      onReset(Password)
    },
    apiNames: { password: 'Password' },
  })
  return (
    <Dialog
      title={t('credentials.resetTitle', { name: account.Name })}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t('patterns.cancel')}</Button>
          <Button theme="danger" type="submit" form="reset-password" isBusy={form.isBusy}>
            {t('credentials.resetPassword')}
          </Button>
        </>
      }
    >
      <p>{t('credentials.resetAbout')}</p>
      <Facts facts={[{ label: t('credentials.lastUse'), value: <LastUse use={account.use} /> }]} />
      <Form form={form} id="reset-password">
        <RadioField
          name="how"
          label={t('credentials.newPassword')}
          choices={[
            { value: 'random', label: t('credentials.passwordRandom') },
            { value: 'own', label: t('credentials.passwordOwn') },
          ]}
        />
        {form.values.how === 'own' && (
          <PasswordField
            name="password"
            label={t('credentials.password')}
            help={t('credentials.passwordRule')}
            autoComplete="new-password"
            isRequired
            hasFocus
          />
        )}
      </Form>
    </Dialog>
  )
}
