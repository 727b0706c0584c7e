// The notice of targets that were switched off after a day of failures.

import { useChange } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Banner } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { hostOf, type Trigger } from './trigger-words.ts'

interface DeadTargetsProps {
  readonly instance: string
  readonly triggers: readonly Trigger[]
  readonly mayFix: boolean
}

export function DeadTargets({ instance, triggers, mayFix }: DeadTargetsProps) {
  const { t } = useWords()
  const { tell, tellError } = useNotices()
  const switchOn = useChange('SwitchOnWebhookTarget')
  const dead = triggers.flatMap((trigger) =>
    trigger.Targets.filter(({ IsOn }) => !IsOn).map((target) => ({ trigger, target })),
  )
  return dead.map(({ trigger, target }) => {
    const { Address } = target
    const input = {
      RegistryId: instance,
      Namespace: trigger.NamespaceName,
      Id: trigger.Id,
      Address,
    }
    const run = () =>
      switchOn
        .mutateAsync(input)
        .then(() => tell(t('triggers.switchedOn', { address: hostOf(Address) })), tellError)
    return (
      <Banner
        key={`${trigger.Id} ${Address}`}
        tone="bad"
        actions={
          mayFix && (
            <Button isBusy={switchOn.isPending} onClick={() => void run()}>
              {t('triggers.switchOn')}
            </Button>
          )
        }
      >
        {t('triggers.deadTarget', {
          name: trigger.Name,
          address: hostOf(Address),
          problem: target.Problem ?? '',
        })}
      </Banner>
    )
  })
}
