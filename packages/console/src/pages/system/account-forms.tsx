// Making a main account, and changing what is said of it.

import { useChange } from '../../api/use-api.ts'
import {
  AreaField,
  CheckField,
  FixedField,
  PasswordField,
  RadioField,
  TextField,
} from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords } from '../../words/use-words.ts'
import type { MadeAccount } from './account-secrets.tsx'
import type { Account } from './accounts.tsx'

interface CreateAccountProps {
  onClose(): void
  onMade(made: MadeAccount): void
}

const initial = {
  name: '',
  email: '',
  remark: '',
  how: 'made',
  password: '',
  mustChange: true,
  withKey: false,
}

export function CreateAccount({ onClose, onMade }: CreateAccountProps) {
  const { t } = useWords()
  const create = useChange('CreateAccount')
  const form = useForm({
    initial,
    check: ({ name, how, password }) => ({
      name: name.trim() === '' ? t('system.nameNeeded') : undefined,
      password: how === 'own' && password === '' ? t('system.passwordNeeded') : undefined,
    }),
    submit: async ({ name, email, remark, how, password, mustChange, withKey }) => {
      const made = await create.mutateAsync({
        Name: name.trim(),
        Email: email,
        Remark: remark,
        NeedResetPassword: mustChange,
        CreateApiKey: withKey,
        ...(how === 'own' && { Password: password }),
      })
      onMade({ ...made, Name: name.trim() })
    },
    draftKey: 'account',
    secrets: ['password'],
    apiNames: { name: 'Name', email: 'Email', remark: 'Remark', password: 'Password' },
  })
  return (
    <FormDialog
      title={t('system.createAccount')}
      form={form}
      verb={t('system.createAccount')}
      onClose={onClose}
      onDone={onClose}
    >
      <TextField
        name="name"
        label={t('system.name')}
        help={t('system.nameHelp')}
        maxLength={128}
        isRequired
        hasFocus
      />
      <TextField name="email" type="email" label={t('system.email')} maxLength={254} />
      <AreaField name="remark" label={t('system.remark')} rows={2} />
      <RadioField
        name="how"
        label={t('system.password')}
        choices={[
          { value: 'made', label: t('system.madePassword'), help: t('system.madePasswordHelp') },
          { value: 'own', label: t('system.ownPassword') },
        ]}
      />
      {form.values.how === 'own' && (
        <PasswordField
          name="password"
          label={t('system.newPassword')}
          autoComplete="new-password"
          isRequired
        />
      )}
      <CheckField name="mustChange" label={t('system.mustChange')} />
      <CheckField name="withKey" label={t('system.withKey')} help={t('system.withKeyHelp')} />
    </FormDialog>
  )
}

interface EditAccountProps {
  readonly account: Account
  onClose(): void
}

export function EditAccount({ account, onClose }: EditAccountProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const modify = useChange('ModifyAccount')
  const form = useForm({
    initial: { name: account.Name, email: account.Email, remark: account.Remark },
    check: ({ name }) => ({ name: name.trim() === '' ? t('system.nameNeeded') : undefined }),
    submit: ({ name, email, remark }) =>
      modify.mutateAsync({ Uin: account.Uin, Name: name.trim(), Email: email, Remark: remark }),
    apiNames: { name: 'Name', email: 'Email', remark: 'Remark' },
  })
  return (
    <FormDialog
      title={t('system.editAccount', { name: account.Name })}
      form={form}
      verb={t('patterns.save')}
      onClose={onClose}
      onDone={() => {
        tell(t('system.saved'))
        onClose()
      }}
    >
      <FixedField label={t('system.uin')}>{account.Uin}</FixedField>
      {account.SuspendReason !== null && (
        <FixedField label={t('system.suspendReason')}>{account.SuspendReason}</FixedField>
      )}
      <TextField name="name" label={t('system.name')} maxLength={128} isRequired hasFocus />
      <TextField name="email" type="email" label={t('system.email')} maxLength={254} />
      <AreaField name="remark" label={t('system.remark')} rows={3} />
    </FormDialog>
  )
}
