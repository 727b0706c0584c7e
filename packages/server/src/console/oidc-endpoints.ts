// Logging in at an identity provider: away to it, and back. What goes wrong is told on the login page.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiError } from '@entrepot/contract/errors.ts'
import {
  finishOidcLogin,
  loginMs,
  oidcCallbackPath,
  startOidcLogin,
} from '../provider-logins/console-login.ts'
import type { ConsoleCall } from './call.ts'
import { appendCookie, type ConsolePlace, readCookie, setToken } from './cookies.ts'
import { consolePath } from './routes.ts'
import { endOpen } from './session-endpoint.ts'

const stateCookie = 'entrepot_oidc'
const statePattern = /^[A-Za-z0-9_-]{1,4096}$/

/** Gives the address to go to. Throws as `startOidcLogin` does. */
export async function startAtProvider(call: ConsoleCall): Promise<string> {
  const { ground, req, res, client, place } = call
  if (!client.host) throw new ApiError('INVALID_REQUEST')
  const query = queryOf(req)
  const { address, state } = await startOidcLogin(ground, {
    provider: query.get('provider') ?? '',
    next: query.get('next') ?? '/',
    callbackUrl: `${client.scheme}://${client.host}${place.prefix}${oidcCallbackPath}`,
  })
  setState(res, place, state)
  return address
}

/** Gives the address of ours to go to. Throws as `finishOidcLogin` does. */
export async function finishAtProvider(call: ConsoleCall): Promise<string> {
  const { ground, req, res, client, place, agent, requestId } = call
  setState(res, place, undefined)
  const { session, next } = await finishOidcLogin(ground, {
    state: readCookie(req, stateCookie, statePattern),
    query: queryOf(req),
    address: client.address,
    agent,
    requestId,
  })
  await endOpen(call)
  setToken(res, session.token, place)
  return pageAddress(place, next)
}

/** Lax: the browser comes back from the provider's page, by a link as it were. */
function setState(res: ServerResponse, place: ConsolePlace, state: string | undefined): void {
  appendCookie(res, {
    name: stateCookie,
    value: state ?? '',
    path: `${place.prefix}${oidcCallbackPath}`,
    maxAge: state === undefined ? 0 : loginMs / 1000,
    httpOnly: true,
    sameSite: 'lax',
    secure: place.isEncrypted,
  })
}

/** The login page says why by the code, and shows the request id. */
export function failedLoginAddress(place: ConsolePlace, code: string, requestId: string): string {
  const query = new URLSearchParams({ error: code, request: requestId })
  return pageAddress(place, `/login?${query}`)
}

/**
 * Always below the console, whatever is asked for: a path that would lead above it, or that browsers read as another
 * host, is its first page.
 */
export function pageAddress({ prefix }: ConsolePlace, next: string): string {
  const root = `${prefix}${consolePath}`
  const inner = next.startsWith(`${root}/`) ? next.slice(root.length) : next
  const isPlain = /^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/.test(inner)
  const url = isPlain ? URL.parse(`${root}${inner}`, 'http://here.invalid') : null
  return url?.pathname.startsWith(`${root}/`)
    ? `${url.pathname}${url.search}${url.hash}`
    : `${root}/`
}

function queryOf(req: IncomingMessage): URLSearchParams {
  const url = req.url ?? ''
  const mark = url.indexOf('?')
  return new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1))
}
