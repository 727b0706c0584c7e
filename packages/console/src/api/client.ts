// The cache of replies, and when a call is tried again.

import { CallError } from '@entrepot/client/errors.ts'
import { QueryCache, QueryClient } from '@tanstack/react-query'
import { isLoggedOut, isUnreachable, onStaleToken } from './call.ts'
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
      staleTime: freshMs,
      gcTime: keptMs,
      retry: (failures, error) =>
        failures < maxTries && (isUnreachable(error) || isOverloaded(error)),
    },
    mutations: {
      retry: false,
      onError: (error) => {
        if (isLoggedOut(error)) void queryClient.invalidateQueries({ queryKey: sessionKey })
      },
    },
  },
})

onStaleToken(() => queryClient.refetchQueries({ queryKey: sessionKey }))

function isOverloaded(error: unknown): boolean {
  return error instanceof CallError && error.is('RequestLimitExceeded')
}
