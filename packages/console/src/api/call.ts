// Calls of the management API by the session of this browser: the same actions that programs sign.

import { CallError, clientCodes } from '@entrepot/client/errors.ts'
import { readReply } from '@entrepot/client/reply.ts'
import { type ActionReply, type ActionRequest, productVersions } from '@entrepot/contract/action.ts'
import { type Actions, products } from './actions.ts'

export type ActionName = keyof Actions
export type Request<N extends ActionName> = ActionRequest<Actions[N]>
export type Reply<N extends ActionName> = ActionReply<Actions[N]> & { readonly RequestId: string }

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /** Asked by a timer and not by a person: it does not keep the login alive. */
  readonly isPolling?: boolean
}

/** Where the console hangs, with a slash at the end: `/console/`, or below the path of a proxy. */
export const basePath = new URL(document.baseURI).pathname.replace(/[^/]*$/, '')

let csrfToken = ''
let language = 'en-US'

/** What every call carries. */
export function setCallFacts(facts: { csrfToken?: string; language?: string }): void {
  csrfToken = facts.csrfToken ?? csrfToken
  language = facts.language ?? language
}

/** Throws CallError. */
export async function call<N extends ActionName>(
  name: N,
  input: Request<N>,
  options: CallOptions = {},
): Promise<Reply<N>> {
  try {
    return await callOnce(name, input, options)
  } catch (error) {
    // Another tab logged in: the cookie is the new login's, the token here the former one's.
    if (!(error instanceof CallError && error.is(staleToken) && refreshToken)) throw error
    await refreshToken()
    return callOnce(name, input, options)
  }
}

const staleToken = 'AuthFailure.CsrfTokenInvalid'
let refreshToken: (() => Promise<unknown>) | undefined

/** Who asks the server for the present login. */
export function onStaleToken(refresh: () => Promise<unknown>): void {
  refreshToken = refresh
}

async function callOnce<N extends ActionName>(
  name: N,
  input: Request<N>,
  { signal, isPolling }: CallOptions,
): Promise<Reply<N>> {
  const response = await reach(`${basePath}api`, {
    method: 'POST',
    headers: {
      'X-TC-Action': name,
      'X-TC-Version': productVersions[products[name]],
      ...(isPolling && { 'X-Entrepot-Background': '1' }),
    },
    body: JSON.stringify(input),
    ...(signal && { signal }),
  })
  // The server answers what its declaration says.
  return (await readReply(response)) as never
}

/** Throws CallError where nobody answers; an abort throws the signal's reason. */
export async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, {
      ...init,
      credentials: 'same-origin',
      redirect: 'error',
      headers: {
        'Content-Type': 'application/json',
        'X-CSRF-Token': csrfToken,
        'X-TC-Language': language,
        ...init.headers,
      },
    })
  } catch (error) {
    if (init.signal?.aborted) throw init.signal.reason
    throw new CallError(clientCodes.network, 'the server can’t be reached', { cause: error })
  }
}

export function isUnreachable(error: unknown): boolean {
  return error instanceof CallError && error.code === clientCodes.network
}

/** The login is over: by time, by rest, or because the person's rights to log in ended. */
export function isLoggedOut(error: unknown): boolean {
  return error instanceof CallError && error.is('AuthFailure')
}

/** Known, but may not. */
export function isRefused(error: unknown): boolean {
  return error instanceof CallError && error.is('UnauthorizedOperation')
}

export function isMissing(error: unknown): boolean {
  return (
    error instanceof CallError && (error.is('ResourceNotFound') || error.code.includes('NotFound'))
  )
}
