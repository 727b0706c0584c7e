// Where an instance on its way stands: the step, and why it stopped there. Asked for only while it isn't running.

import { useRead } from '../../api/use-api.ts'
import type { Instance } from '../../frame/use-instance.ts'
import { FreeText } from '../../patterns/shown.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'
import { isPassing } from './use-instances.ts'

const liveMs = 2000

const stepWords: Readonly<Record<string, WordKey>> = {
  Instance: 'instances.stepInstance',
  Storage: 'instances.stepStorage',
}

/** The rest of the states have nothing to tell beside their own name. */
const told: ReadonlySet<string> = new Set(['FailedCreated', 'DeleteFailed'])

export function InstanceSteps({ instance }: { readonly instance: Instance }) {
  const { t } = useWords()
  const isLive = isPassing(instance)
  const isTold = isLive || told.has(instance.Status)
  const { data } = useRead(
    'DescribeInstanceStatus',
    { RegistryIds: [instance.RegistryId] },
    { isEnabled: isTold, everyMs: isLive ? liveMs : undefined },
  )
  const conditions = data?.RegistryStatusSet?.[0]?.Conditions ?? []
  if (!isTold) return null
  return conditions
    .filter(({ Type, Reason }) => Type !== '' || Reason !== '')
    .map(({ Type, Reason }) => {
      const step = stepWords[Type]
      return (
        <small key={Type} className="quiet">
          {isLive && step !== undefined && t(step)}
          {Reason !== '' && <FreeText text={Reason} />}
        </small>
      )
    })
}
