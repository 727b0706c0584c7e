// A new console password for a user, by an administrator.

import { useState } from 'react'
import { useChange } from '../../api/use-api.ts'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords } from '../../words/use-words.ts'
import { makePassword } from './make-password.ts'
import { PasswordFields } from './password-fields.tsx'
import { UserSecrets } from './user-secrets.tsx'

interface ResetPasswordProps {
  readonly name: string
  readonly onClose: () => void
}

export function ResetPassword({ name, onClose }: ResetPasswordProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const [made, setMade] = useState<string>()
  const update = useChange('UpdateUser')
  const form = useForm({
    initial: { how: 'made', password: '', mustChange: true },
    check: ({ how, password }) => ({
      password: how === 'typed' && password === '' ? t('access.passwordMissing') : undefined,
    }),
    submit: async ({ how, password, mustChange }) => {
      const Password = how === 'made' ? makePassword() : password
      await update.mutateAsync({ Name: name, Password, NeedResetPassword: mustChange ? 1 : 0 })
      if (how === 'made') setMade(Password)
    },
    apiNames: { password: 'Password' },
  })
  const { how } = form.values
  if (made !== undefined) {
    return <UserSecrets made={{ Name: name, Password: made }} onClose={onClose} />
  }
  return (
    <FormDialog
      title={t('access.resetPasswordOf', { name })}
      verb={t('access.resetPassword')}
      kind="dialog"
      form={form}
      onClose={onClose}
      onDone={() => {
        tell(t('access.passwordReset', { name }))
        if (how !== 'made') onClose()
      }}
    >
      <p>{t('access.resetAbout')}</p>
      <PasswordFields how={how} label={t('access.newPassword')} />
    </FormDialog>
  )
}
