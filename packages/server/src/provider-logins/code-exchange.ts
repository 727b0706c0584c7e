// From the code that a browser brought to claims: the token endpoint (OpenID Connect Core, 3.1.3), the ID token, and
// userinfo (5.3) where the token lacks a claim that has a say.

import { ApiError } from '@entrepot/contract/errors.ts'
import { z } from 'zod'
import type { Vault } from '../crypto/vault.ts'
import { fetchOutbound, type OutboundGuard } from '../http/outbound.ts'
import { type Claims, claimOf } from '../identity-providers/claims.ts'
import { orProblem, ProviderProblem, parseJson } from '../identity-providers/metadata.ts'
import type { ProviderKeys } from '../identity-providers/provider-keys.ts'
import { openSecret } from '../identity-providers/provider-secret.ts'
import type { Provider } from '../identity-providers/providers.ts'
import { verifyIdentity } from '../identity-providers/verify-token.ts'
import type { LoginState } from './login-state.ts'
import { claimsAsked } from './mappings.ts'

const fetchLimits = { maxBytes: 256 * 1024, timeoutMs: 10_000 } as const

export interface ExchangeGround {
  readonly vault: Vault
  readonly outbound: OutboundGuard
  readonly providerKeys: ProviderKeys
}

export interface ReturnedCode {
  readonly code: string
  readonly login: LoginState
  readonly nowMs: number
}

/** Throws UNAUTHORIZED, `ProviderProblem`. */
export async function claimsOfCode(
  ground: ExchangeGround,
  provider: Provider,
  returned: ReturnedCode,
): Promise<Claims> {
  const tokens = await redeem(ground, provider, returned)
  const { login, nowMs } = returned
  const [clientId = ''] = provider.clientIds
  const expected = { audiences: [clientId], nowMs }
  const { providerKeys } = ground
  const identity = await verifyIdentity(providerKeys, provider, tokens.id_token, expected)
  if (!identity) throw notProven()
  const { claims, audiences } = identity
  if (claims.nonce !== login.nonce) throw notProven()
  const party = claims.azp
  // Core, 3.1.3.7: a token for several says for whom it was made.
  const isOurs = party === undefined ? audiences.length === 1 : party === clientId
  if (!isOurs) throw notProven()
  return withUserinfo(ground, provider, claims, tokens.access_token)
}

const tokenAnswer = z.object({
  id_token: z.string().max(64 * 1024),
  access_token: z
    .string()
    .max(64 * 1024)
    .optional(),
})

async function redeem(
  { vault, outbound }: ExchangeGround,
  provider: Provider,
  { code, login }: ReturnedCode,
): Promise<z.infer<typeof tokenAnswer>> {
  const address = provider.settings.tokenEndpoint ?? provider.metadata?.tokenEndpoint
  if (address === undefined) throw new ProviderProblem('it names no token endpoint')
  const [clientId = ''] = provider.clientIds
  const secret = await openSecret(vault, provider)
  const methods = provider.metadata?.secretMethods
  const byHeader = methods === undefined || methods.includes('client_secret_basic')
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: login.callbackUrl,
    code_verifier: login.verifier,
    client_id: clientId,
    ...(secret !== undefined && !byHeader && { client_secret: secret }),
  })
  const request = {
    ...fetchLimits,
    method: 'POST',
    // Code, verifier and secret are for this address alone.
    maxRedirects: 0,
    headers: {
      Accept: 'application/json',
      'Content-Type': 'application/x-www-form-urlencoded',
      ...(secret !== undefined && byHeader && { Authorization: basic(clientId, secret) }),
    },
    body: form.toString(),
  } as const
  const { status, body } = await orProblem(fetchOutbound(address, request, outbound))
  if (status !== 200) throw refusedCode(status, body)
  const { data } = tokenAnswer.safeParse(parseJson(body))
  if (!data) throw new ProviderProblem('its token endpoint gave no ID token')
  return data
}

/** RFC 6749, 2.3.1: both are form-encoded first. */
function basic(id: string, secret: string): string {
  const encode = (text: string) => new URLSearchParams({ '': text }).toString().slice(1)
  return `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`).toString('base64')}`
}

function refusedCode(status: number, body: Buffer): Error {
  const code = /"error"\s*:\s*"([a-z_]{1,64})"/.exec(body.toString('utf8'))?.[1] ?? 'no error code'
  if (code === 'invalid_grant') return notProven()
  return new ProviderProblem(`its token endpoint answered ${status} (${code})`)
}

async function withUserinfo(
  { outbound }: ExchangeGround,
  { settings, metadata }: Provider,
  claims: Claims,
  accessToken: string | undefined,
): Promise<Claims> {
  const address = settings.userinfoEndpoint ?? metadata?.userinfoEndpoint
  const isWhole = claimsAsked(settings).every((name) => claimOf(claims, name) !== undefined)
  if (isWhole || address === undefined || accessToken === undefined) return claims
  const headers = { Accept: 'application/json', Authorization: `Bearer ${accessToken}` }
  const answer = await orProblem(fetchOutbound(address, { ...fetchLimits, headers }, outbound))
  if (answer.status !== 200) throw new ProviderProblem(`its userinfo answered ${answer.status}`)
  const { data } = z.looseObject({ sub: z.string() }).safeParse(parseJson(answer.body))
  // Core, 5.3.2: of somebody else, it must not be used.
  if (data?.sub !== claims.sub) throw new ProviderProblem('its userinfo is about somebody else')
  return { ...data, ...claims }
}

/** One answer for a wrong code, signature, nonce, audience and time: what was wrong helps only who forged it. */
export function notProven(): ApiError {
  return new ApiError('UNAUTHORIZED', {
    message: {
      en: 'the identity provider did not prove who you are; log in again',
      zh: '身份提供商未能证明您的身份，请重新登录',
    },
  })
}
