// The instance that the page is about: its id stands in the address.

import { useParams } from '@tanstack/react-router'
import type { Reply } from '../api/call.ts'
import { useRead } from '../api/use-api.ts'

export type Instance = NonNullable<Reply<'DescribeInstances'>['Registries']>[number]

/** Below `/r/<id>` and `/instances/<id>` there is one. */
export function useInstanceId(): string {
  const { instance } = useParams({ strict: false })
  if (instance === undefined) throw new Error('the address of this page names no instance')
  return instance
}

/** A state that passes is asked for again until it has. */
const passingStates = new Set(['Pending', 'Deploying', 'Deleting'])
const passingMs = 2000

export function useInstance(id: string): {
  readonly instance: Instance | undefined
  readonly error: unknown
  readonly isLoading: boolean
} {
  const { data, error, isPending } = useRead(
    'DescribeInstances',
    { Registryids: [id], AllRegion: true },
    {
      everyMs: (reply) =>
        passingStates.has(reply?.Registries?.[0]?.Status ?? '') ? passingMs : undefined,
    },
  )
  return { instance: data?.Registries?.[0], error, isLoading: isPending }
}
