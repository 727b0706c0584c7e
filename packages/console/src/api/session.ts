// Who is logged in, from the server's cookie; the page itself never sees the secret.

import { CallError } from '@entrepot/client/errors.ts'
import { readReply } from '@entrepot/client/reply.ts'
import { useQuery } from '@tanstack/react-query'
import { basePath, reach, setCallFacts } from './call.ts'

export interface Person {
  readonly uin: number
  readonly ownerUin: number
  readonly name: string
  readonly isOperator: boolean
  readonly roleName?: string | null
  readonly hasFactor: boolean
  /** What must be done before anything else. */
  readonly first?: 'password-change' | 'factor-setup' | null
}

export interface Session {
  readonly person: Person | null
  readonly csrfToken: string
  /** When the login ends for want of use; milliseconds since 1970. */
  readonly restEndsAt: number | null
  readonly endsAt: number | null
  readonly providers: readonly LoginProvider[]
  readonly version: string
}

export interface LoginProvider {
  readonly id: string
  readonly name: string
}

export interface LoginRequest {
  readonly name: string
  readonly password: string
  readonly code?: string
  readonly newPassword?: string
}

export type LoginOutcome =
  | { readonly kind: 'session'; readonly first?: 'password-change' | 'factor-setup' | null }
  | { readonly kind: 'code-needed' }

interface Refusal {
  readonly Error: { readonly Code: string; readonly Message: string }
  readonly RequestId: string
}

const sessionUrl = `${basePath}session`
export const sessionKey = ['session'] as const

/** `isPolling`: asked by a timer, which does not keep the login alive. Throws CallError. */
export async function fetchSession({ isPolling = false } = {}): Promise<Session> {
  const headers: HeadersInit = isPolling ? { 'X-Entrepot-Background': '1' } : {}
  const response = await reach(sessionUrl, { method: 'GET', headers })
  const answer: Session | { readonly Response: Refusal } = await response.json()
  if ('Response' in answer) {
    const { Error: error, RequestId: requestId } = answer.Response
    throw new CallError(error.Code, error.Message, { requestId })
  }
  const session = answer
  setCallFacts({ csrfToken: session.csrfToken })
  return session
}

/** Throws CallError: wrong name or password, locked, wrong code. */
export async function logIn(login: LoginRequest): Promise<LoginOutcome> {
  const response = await reach(sessionUrl, { method: 'POST', body: JSON.stringify(login) })
  return (await readReply(response)) as never
}

export async function logOut(): Promise<void> {
  await readReply(await reach(sessionUrl, { method: 'DELETE' }))
}

/** Where the browser goes to log in by a provider; it comes back to `next`. */
export function providerAddress(provider: LoginProvider, next: string): string {
  const query = new URLSearchParams({ provider: provider.id, next })
  return `${sessionUrl}/oidc/start?${query}`
}

export function useSession() {
  return useQuery({ queryKey: sessionKey, queryFn: () => fetchSession(), staleTime: 30_000 })
}

const restEveryMs = 2 * 60_000

/** The present login as the server has it, watched without keeping it alive. */
export function useSessionRest() {
  return useQuery({
    queryKey: [...sessionKey, 'rest'],
    queryFn: () => fetchSession({ isPolling: true }),
    refetchInterval: restEveryMs,
  })
}
