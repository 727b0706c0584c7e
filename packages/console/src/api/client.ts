// The cache of replies, and when a call is tried again.

import { CallError } from '@entrepot/client/errors.ts'
import {
  type MutationCacheNotifyEvent,
  QueryCache,
  type QueryCacheNotifyEvent,
  QueryClient,
} from '@tanstack/react-query'
import { isLoggedOut, isUnreachable, onStaleToken } from './call.ts'
import { loseConnection, onConnectionBack } from './connection.ts'
import { sessionKey } from './session.ts'

/** Between visited lists nothing is waited for; what is older is asked for again behind what is shown. */
const freshMs = 5_000
const keptMs = 10 * 60_000
const maxTries = 3

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (isLoggedOut(error)) void queryClient.invalidateQueries({ queryKey: sessionKey })
    },
  }),
  defaultOptions: {
    queries: {
      // What the browser thinks of its network says nothing of a server in the same room.
      networkMode: 'always',
      staleTime: freshMs,
      gcTime: keptMs,
      retry: (failures, error) =>
        failures < maxTries && (isUnreachable(error) || isOverloaded(error)),
    },
    mutations: {
      networkMode: 'always',
      retry: false,
      onError: (error) => {
        if (isLoggedOut(error)) void queryClient.invalidateQueries({ queryKey: sessionKey })
      },
    },
  },
})

// The first call that reaches nobody tells, also one that is tried again by itself.
for (const cache of [queryClient.getQueryCache(), queryClient.getMutationCache()]) {
  cache.subscribe((event: QueryCacheNotifyEvent | MutationCacheNotifyEvent) => {
    if (event.type !== 'updated') return
    const { action } = event
    if ((action.type === 'failed' || action.type === 'error') && isUnreachable(action.error)) {
      loseConnection()
    }
  })
}
onConnectionBack(() => void queryClient.invalidateQueries())

onStaleToken(() => queryClient.refetchQueries({ queryKey: sessionKey }))

function isOverloaded(error: unknown): boolean {
  return error instanceof CallError && error.is('RequestLimitExceeded')
}
