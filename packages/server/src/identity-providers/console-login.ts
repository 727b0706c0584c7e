// Logging in to the console at an OIDC provider: authorization code with PKCE (OpenID Connect Core, 3.1; RFC 7636).
// The edge redirects to what `startOidcLogin` answers and keeps its `state` in a cookie; where the provider sends the
// browser back, it gives both the cookie and the query to `finishOidcLogin`.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Clock } from '../clock.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Database, Queryable } from '../db/database.ts'
import type { OutboundGuard } from '../http/outbound.ts'
import type { LoginResult } from '../logins/console-login.ts'

/** Where the provider sends the browser back, below the console's own address. */
export const oidcCallbackPath = '/console/oidc/callback'
/** From the start of a login to its end: what the cookie's `Max-Age` should be. */
export const loginMs = 10 * 60_000

export interface OidcLoginGround {
  readonly db: Database
  readonly clock: Clock
  readonly vault: Vault
  readonly outbound: OutboundGuard
}

export interface OidcLoginStart {
  /** `ProviderId` of `listLoginProviders`. */
  readonly provider: string
  /** Where the person wanted to go; whatever is no path of ours becomes `/`. */
  readonly next: string
  /** `https://host[:port]` and `oidcCallbackPath`: the provider compares it with what was registered. */
  readonly callbackUrl: string
}

export interface StartedOidcLogin {
  /** Where the browser is sent. */
  readonly address: string
  /** Cookie: HttpOnly, SameSite=Lax, Secure on https, Path of the callback, Max-Age `loginMs`. */
  readonly state: string
}

export interface OidcLoginReturn {
  /** The cookie's value; undefined: the browser brought none. */
  readonly state: string | undefined
  /** Of the callback's address. */
  readonly query: URLSearchParams
  readonly address: string | null
  readonly agent: string | null
  readonly requestId: string | null
}

export interface FinishedOidcLogin {
  readonly session: Extract<LoginResult, { kind: 'session' }>
  readonly next: string
}

export interface LoginProvider {
  readonly id: string
  /** As the login page shows it. */
  readonly name: string
}

/** Throws IDENTITY_PROVIDER_NOT_FOUND, OPERATION_FAILED (the provider can't be reached). */
export async function startOidcLogin(
  _ground: OidcLoginGround,
  _start: OidcLoginStart,
): Promise<StartedOidcLogin> {
  throw new ApiError('UNSUPPORTED_OPERATION')
}

/** Throws UNAUTHORIZED (its words say why), OPERATION_FAILED; whatever the outcome, the cookie is used up. */
export async function finishOidcLogin(
  _ground: OidcLoginGround,
  _back: OidcLoginReturn,
): Promise<FinishedOidcLogin> {
  throw new ApiError('UNSUPPORTED_OPERATION')
}

/** Those of this main account that the login page offers, by name. */
export async function listLoginProviders(
  _db: Queryable,
  _ownerUin: number,
): Promise<LoginProvider[]> {
  return []
}
