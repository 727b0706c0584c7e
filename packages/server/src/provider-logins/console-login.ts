// Logging in to the console at an OIDC provider: authorization code with PKCE (OpenID Connect Core, 3.1; RFC 7636).
// The edge redirects to what `startOidcLogin` answers and keeps its `state` in a cookie; where the provider sends the
// browser back, it gives both the cookie and the query to `finishOidcLogin`.

import { createHash } from 'node:crypto'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { Clock } from '../clock.ts'
import { equalText } from '../crypto/secrets.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Database, Queryable } from '../db/database.ts'
import type { OutboundGuard } from '../http/outbound.ts'
import { ProviderProblem } from '../identity-providers/metadata.ts'
import type { ProviderKeys } from '../identity-providers/provider-keys.ts'
import { findProviderById, listProviders, type Provider } from '../identity-providers/providers.ts'
import type { LoginResult } from '../logins/console-login.ts'
import { claimsOfCode } from './code-exchange.ts'
import { type Arrival, auditRefusal, beginLogin } from './login-person.ts'
import {
  type LoginState,
  loginMs,
  newLoginState,
  openState,
  sealState,
  useState,
} from './login-state.ts'

/** Where the provider sends the browser back, below the console's own address. */
export const oidcCallbackPath = '/console/oidc/callback'
/** What the cookie's `Max-Age` should be. */
export { loginMs }

export interface OidcLoginGround {
  readonly db: Database
  readonly clock: Clock
  readonly vault: Vault
  readonly outbound: OutboundGuard
  readonly providerKeys: ProviderKeys
}

export interface OidcLoginStart {
  /** `id` of `listLoginProviders`. */
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
  ground: OidcLoginGround,
  start: OidcLoginStart,
): Promise<StartedOidcLogin> {
  const { vault, clock } = ground
  const provider = await getLoginProvider(ground, start.provider)
  const { settings, metadata, keysError } = provider
  const endpoint = settings.authorizationEndpoint ?? metadata?.authorizationEndpoint
  if (endpoint === undefined) {
    throw providerFailed(new ProviderProblem(keysError ?? 'it names no authorization endpoint'))
  }
  const login = newLoginState(start, clock.now())
  const address = new URL(endpoint)
  const [clientId = ''] = provider.clientIds
  const challenge = createHash('sha256').update(login.verifier).digest('base64url')
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: login.callbackUrl,
    scope: settings.scopes.join(' '),
    state: login.state,
    nonce: login.nonce,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value)
  return { address: address.href, state: sealState(vault, login) }
}

/** Throws UNAUTHORIZED (its words say why), OPERATION_FAILED; whatever the outcome, the cookie is used up. */
export async function finishOidcLogin(
  ground: OidcLoginGround,
  back: OidcLoginReturn,
): Promise<FinishedOidcLogin> {
  const { db, vault, clock } = ground
  const { query } = back
  const login = await openState(vault, back.state, clock.now())
  if (!login || !equalText(query.get('state') ?? '', login.state)) throw startAgain()
  // Before anything is sent anywhere: of two that come back at once, one goes on.
  if (!(await db.write((tx) => useState(tx, login)))) throw startAgain()
  const provider = await getLoginProvider(ground, login.provider)
  assertFrom(provider, query)
  const claims = await provenClaims(ground, provider, login, query)
  const { address, agent, requestId } = back
  const at = await clock.deployment(db.read)
  const arrival: Arrival = { provider, claims, address, agent, requestId, at }
  try {
    const session = await db.write((tx) => beginLogin(tx, arrival))
    return { session: { kind: 'session', ...session, first: undefined }, next: login.next }
  } catch (error) {
    if (error instanceof ApiError && error.status < 500) {
      await db.write((tx) => auditRefusal(tx, arrival, error.code))
    }
    throw error
  }
}

/** Those of this main account that the login page offers, by name. */
export async function listLoginProviders(
  db: Queryable,
  ownerUin: number,
): Promise<LoginProvider[]> {
  const providers = await listProviders(db, ownerUin, ['own', 'user'])
  return providers
    .filter(({ isOn, isForConsole }) => isOn && isForConsole)
    .map((provider) => ({ id: provider.id, name: shownName(provider) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** Tencent's form has no name of its own. */
function shownName({ kind, name, displayName, issuer }: Provider): string {
  return displayName || (kind === 'user' ? new URL(issuer).host : name)
}

/** With what it says of itself. Throws IDENTITY_PROVIDER_NOT_FOUND. */
async function getLoginProvider(ground: OidcLoginGround, id: string): Promise<Provider> {
  const provider = await findProviderById(ground.db.read, id)
  if (!provider?.isOn || !provider.isForConsole) throw new ApiError('IDENTITY_PROVIDER_NOT_FOUND')
  return ground.providerKeys.fresh(provider)
}

/** RFC 9207: an answer of another provider is not mixed up with this one's. */
function assertFrom({ issuer, metadata }: Provider, query: URLSearchParams): void {
  const named = query.get('iss')
  const isMissing = named === null && metadata?.namesItself === true
  if (isMissing || (named !== null && named !== issuer)) throw startAgain()
}

async function provenClaims(
  ground: OidcLoginGround,
  provider: Provider,
  login: LoginState,
  query: URLSearchParams,
) {
  const code = query.get('code')
  if (code === null || query.has('error')) throw refusedThere(query.get('error'))
  try {
    return await claimsOfCode(ground, provider, { code, login, nowMs: ground.clock.now() })
  } catch (error) {
    if (error instanceof ProviderProblem) throw providerFailed(error)
    throw error
  }
}

function startAgain(): ApiError {
  return new ApiError('UNAUTHORIZED', {
    message: {
      en: 'this login was begun elsewhere, is used up or took too long; begin again',
      zh: '登录不是由本浏览器发起、已使用或已超时，请重新登录',
    },
  })
}

/** The code of the answer only (RFC 6749, 4.1.2.1): anybody can write words into a query. */
function refusedThere(error: string | null): ApiError {
  const code = /^[a-z_]{1,64}$/.exec(error ?? '')?.[0] ?? 'no code'
  return new ApiError('UNAUTHORIZED', {
    message: {
      en: `the identity provider refused the login (${code})`,
      zh: `身份提供商拒绝了登录（${code}）`,
    },
  })
}

function providerFailed(problem: ProviderProblem): ApiError {
  return new ApiError('OPERATION_FAILED', {
    message: {
      en: `the identity provider does not do its part: ${problem.message}`,
      zh: `身份提供商异常：${problem.message}`,
    },
    cause: problem,
  })
}
