// Editions and states of instances in words.

import { Status, type Tone } from '../patterns/shown.tsx'
import { useWords, type WordKey, type Words } from '../words/use-words.ts'

const editions: Readonly<Record<string, WordKey>> = {
  basic: 'frame.basic',
  standard: 'frame.standard',
  premium: 'frame.premium',
}

export function editionWord(type: string, t: Words['t']): string {
  const key = editions[type]
  return key === undefined ? type : t(key)
}

const states: Readonly<Record<string, readonly [Tone, WordKey]>> = {
  Pending: ['busy', 'frame.statePending'],
  Deploying: ['busy', 'frame.stateDeploying'],
  Running: ['good', 'frame.stateRunning'],
  Unhealthy: ['bad', 'frame.stateUnhealthy'],
  FailedCreated: ['bad', 'frame.stateFailedCreated'],
  FailedUpdated: ['bad', 'frame.stateFailedUpdated'],
  'Bucket-Error': ['bad', 'frame.stateBucketError'],
  Isolate: ['warn', 'frame.stateIsolate'],
  Deleting: ['busy', 'frame.stateDeleting'],
  DeleteBucketFailed: ['bad', 'frame.stateDeleteBucketFailed'],
  DeleteFailed: ['bad', 'frame.stateDeleteFailed'],
}

/** What a list is filtered by. */
export const instanceStates: readonly (readonly [string, WordKey])[] = Object.entries(states).map(
  ([state, [, key]]) => [state, key],
)

export function InstanceStatus({ status }: { readonly status: string }) {
  const { t } = useWords()
  const [tone, key] = states[status] ?? ['off', undefined]
  return <Status tone={tone}>{key === undefined ? status : t(key)}</Status>
}
