// Suspending, resuming and deleting a main account, and a new password for it.

import { useState } from 'react'
import { useChange, useRead } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { CheckField } from '../../patterns/fields.tsx'
import { Form, useForm } from '../../patterns/form.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Failed } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import type { MadeAccount } from './account-secrets.tsx'
import type { Account } from './accounts.tsx'

interface AccountWorkProps {
  readonly account: Account
  onClose(): void
}

const maxReasonChars = 1024

export function SuspendAccount({ account, onClose }: AccountWorkProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const [reason, setReason] = useState('')
  const modify = useChange('ModifyAccount')
  const { Uin, Name: name } = account
  return (
    <Confirm
      title={t('system.suspendTitle', { name })}
      verb={t('system.suspendVerb')}
      run={() => modify.mutateAsync({ Uin, State: 'Suspended', SuspendReason: reason })}
      onClose={onClose}
      onDone={() => tell(t('system.wasSuspended', { name }))}
    >
      <p>
        {t('system.suspendAbout', {
          people: account.SubAccountCount,
          instances: account.InstanceCount,
        })}
      </p>
      <label className="field">
        <span className="field-label">{t('system.suspendReason')}</span>
        <span className="input">
          <input
            value={reason}
            maxLength={maxReasonChars}
            onChange={(event) => setReason(event.target.value)}
          />
        </span>
      </label>
    </Confirm>
  )
}

export function ResumeAccount({ account, onClose }: AccountWorkProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const modify = useChange('ModifyAccount')
  const { Uin, Name: name } = account
  return (
    <Confirm
      title={t('system.resumeTitle', { name })}
      verb={t('system.resumeVerb')}
      run={() => modify.mutateAsync({ Uin, State: 'Active' })}
      onClose={onClose}
      onDone={() => tell(t('system.wasResumed', { name }))}
    >
      <p>{t('system.resumeAbout')}</p>
    </Confirm>
  )
}

export function DeleteAccount({ account, onClose }: AccountWorkProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const { Uin, Name: name } = account
  const remove = useChange('DeleteAccount')
  const { data, error } = useRead('DeleteAccount', { Uin, DryRun: true })
  const remaining = data?.Remaining ?? []
  return (
    <Confirm
      title={t('system.deleteTitle', { name })}
      verb={t('system.deleteVerb')}
      typeName={name}
      isWaiting={data === undefined && !error}
      blockers={
        remaining.length === 0 ? undefined : (
          <div>
            <p>{t('system.remaining')}</p>
            <ul className="system-remaining">
              {remaining.map(({ ResourceType, ResourceId }) => (
                <li key={`${ResourceType}/${ResourceId}`}>
                  {t(ResourceType === 'instance' ? 'system.anInstance' : 'system.aNamespace')}{' '}
                  <code>{ResourceId}</code>
                </li>
              ))}
            </ul>
          </div>
        )
      }
      run={() => remove.mutateAsync({ Uin })}
      onClose={onClose}
      onDone={() => tell(t('system.wasDeleted', { name }))}
    >
      {error && <Failed error={error} />}
      <p>{t('system.deleteAbout', { n: account.SubAccountCount })}</p>
    </Confirm>
  )
}

interface ResetPasswordProps extends AccountWorkProps {
  onMade(made: MadeAccount): void
}

export function ResetPassword({ account, onClose, onMade }: ResetPasswordProps) {
  const { t } = useWords()
  const { Uin, Name } = account
  const reset = useChange('ResetAccountPassword')
  const form = useForm({
    initial: { withoutDevice: false },
    submit: async ({ withoutDevice }) => {
      const { Password } = await reset.mutateAsync({ Uin, DeleteMfaDevice: withoutDevice })
      onMade({ Uin, Name, Password })
    },
  })
  return (
    <Dialog
      title={t('system.resetTitle', { name: Name })}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose} data-first-focus="">
            {t('patterns.cancel')}
          </Button>
          <Button theme="danger" type="submit" form="reset-account" isBusy={form.isBusy}>
            {t('system.resetPassword')}
          </Button>
        </>
      }
    >
      <Form form={form} id="reset-account" onDone={onClose}>
        <p>{t('system.resetAbout')}</p>
        <CheckField
          name="withoutDevice"
          label={t('system.withoutDevice')}
          help={t('system.withoutDeviceHelp')}
        />
      </Form>
    </Dialog>
  )
}
