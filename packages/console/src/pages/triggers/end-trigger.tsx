// Turning a trigger off, deleting it, making a new secret: each takes something away, and says what.

import { useChange } from '../../api/use-api.ts'
import { Confirm } from '../../patterns/confirm.tsx'
import { useWords } from '../../words/use-words.ts'
import { asInput, type Trigger } from './trigger-words.ts'

export type Ending = 'off' | 'delete' | 'secret'

interface EndTriggerProps {
  readonly instance: string
  readonly trigger: Trigger
  readonly how: Ending
  onSecret(text: string): void
  onClose(): void
}

export function EndTrigger({ instance, trigger, how, onSecret, onClose }: EndTriggerProps) {
  const { t } = useWords()
  const modify = useChange('ModifyWebhookTrigger')
  const remove = useChange('DeleteWebhookTrigger')
  const rotate = useChange('RotateWebhookSecret')
  const of = { RegistryId: instance, Namespace: trigger.NamespaceName }
  const name = trigger.Name
  if (how === 'secret') {
    return (
      <Confirm
        title={t('triggers.newSecretTitle', { name })}
        verb={t('triggers.newSecretVerb')}
        run={async () => {
          const { SigningSecret } = await rotate.mutateAsync({ ...of, Id: trigger.Id })
          onSecret(SigningSecret)
        }}
        onClose={onClose}
      >
        <p>{t('triggers.newSecretAbout')}</p>
      </Confirm>
    )
  }
  const isDelete = how === 'delete'
  return (
    <Confirm
      title={t(isDelete ? 'triggers.deleteTitle' : 'triggers.turnOffTitle', { name })}
      verb={t(isDelete ? 'triggers.deleteVerb' : 'triggers.turnOff')}
      run={() =>
        isDelete
          ? remove.mutateAsync({ ...of, Id: trigger.Id })
          : modify.mutateAsync({ ...of, Trigger: { ...asInput(trigger), Enabled: false } })
      }
      onClose={onClose}
    >
      <p>{t('triggers.dropped', { n: trigger.WaitingCount })}</p>
      {isDelete && <p>{t('triggers.logGoes')}</p>}
    </Confirm>
  )
}
