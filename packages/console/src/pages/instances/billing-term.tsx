// How an instance is paid for, and when what was paid in advance ends.

import type { Instance } from '../../frame/use-instance.ts'
import { readTime } from '../../patterns/format.ts'
import { Chip, Time } from '../../patterns/shown.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'

/** `PayMod`, `RegistryChargeType`. */
export const byUse = 0
export const inAdvance = 1

/** `RenewFlag`, in its order. */
export const renewals: readonly WordKey[] = [
  'instances.renewByHand',
  'instances.renewItself',
  'instances.renewNot',
]

const soonMs = 14 * 86_400_000

export function BillingTerm({ instance }: { readonly instance: Instance }) {
  const { t } = useWords()
  if (instance.PayMod !== inAdvance) {
    return <span className="keep-line">{t('instances.byUse')}</span>
  }
  const end = readTime(instance.ExpiredAt)
  const isSoon = end !== undefined && end.getTime() - Date.now() < soonMs
  const renewal = renewals[instance.RenewFlag]
  return (
    <span className="two-lines">
      <span>
        {t('instances.prepaid')}
        {renewal !== undefined && <small className="quiet"> · {t(renewal)}</small>}
      </span>
      <small className="quiet">
        {isSoon ? (
          <Chip tone="warn">
            {t('instances.endsAt')} <Time at={instance.ExpiredAt} />
          </Chip>
        ) : (
          <>
            {t('instances.endsAt')} <Time at={instance.ExpiredAt} />
          </>
        )}
      </small>
    </span>
  )
}
