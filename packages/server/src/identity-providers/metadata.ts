// What a provider says of itself (OpenID Connect Discovery, 4) and its public keys (RFC 7517), fetched from addresses
// that a tenant chose: guarded, small and short.

import { z } from 'zod'
import { fetchOutbound, type OutboundGuard, OutboundProblem } from '../http/outbound.ts'

const fetchLimits = { maxBytes: 256 * 1024, timeoutMs: 5000 } as const
export const maxKeys = 50

export interface Metadata {
  readonly authorizationEndpoint: string | undefined
  readonly tokenEndpoint: string | undefined
  readonly userinfoEndpoint: string | undefined
  readonly keysAddress: string
  /** How a client may show its secret; undefined: Basic. */
  readonly secretMethods: readonly string[] | undefined
  /** The provider names itself where it sends the browser back (RFC 9207). */
  readonly namesItself: boolean
}

/** The other side does not do what it should; the words are for whoever set the provider up. */
export class ProviderProblem extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'ProviderProblem'
  }
}

const address = z.url({ protocol: /^https?$/ }).max(2048)

const document = z.object({
  issuer: z.string(),
  authorization_endpoint: address.optional(),
  token_endpoint: address.optional(),
  userinfo_endpoint: address.optional(),
  jwks_uri: address,
  token_endpoint_auth_methods_supported: z.array(z.string().max(100)).max(20).optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
})

/** Throws `ProviderProblem`. */
export async function fetchMetadata(guard: OutboundGuard, issuer: string): Promise<Metadata> {
  const answer = await fetchJson(
    guard,
    `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
  )
  const parsed = document.safeParse(answer)
  if (!parsed.success) throw new ProviderProblem('its openid-configuration is not one')
  const { data } = parsed
  // Core, 2: character by character.
  if (data.issuer !== issuer) {
    throw new ProviderProblem('its openid-configuration names another issuer')
  }
  const addresses = [
    data.authorization_endpoint,
    data.token_endpoint,
    data.userinfo_endpoint,
    data.jwks_uri,
  ]
  const isPlain = addresses.some((one) => one?.startsWith('http:'))
  if (isPlain && issuer.startsWith('https:')) {
    throw new ProviderProblem('its openid-configuration leads from https to http')
  }
  return {
    authorizationEndpoint: data.authorization_endpoint,
    tokenEndpoint: data.token_endpoint,
    userinfoEndpoint: data.userinfo_endpoint,
    keysAddress: data.jwks_uri,
    secretMethods: data.token_endpoint_auth_methods_supported,
    namesItself: data.authorization_response_iss_parameter_supported === true,
  }
}

/** Whose private half is sent about is no secret of the provider any more. */
export const publicKey = z.looseObject({
  kty: z.enum(['RSA', 'EC', 'OKP']),
  d: z.undefined().optional(),
})

const fetchedKeys = z.object({ keys: z.array(z.unknown()) })

/** Those that can check a signature, as JWKS. Throws `ProviderProblem`. */
export async function fetchKeys(guard: OutboundGuard, from: string): Promise<string> {
  const { data } = fetchedKeys.safeParse(await fetchJson(guard, from))
  const usable = (data?.keys ?? []).filter((key) => {
    const parsed = publicKey.safeParse(key)
    return parsed.success && (parsed.data.use ?? 'sig') === 'sig'
  })
  if (usable.length === 0) throw new ProviderProblem('it has no public keys (RSA, EC or OKP)')
  return JSON.stringify({ keys: usable.slice(0, maxKeys) })
}

async function fetchJson(guard: OutboundGuard, url: string): Promise<unknown> {
  const headers = { Accept: 'application/json' }
  const answer = await orProblem(fetchOutbound(url, { ...fetchLimits, headers }, guard))
  if (answer.status !== 200) throw new ProviderProblem(`${url} answered ${answer.status}`)
  return parseJson(answer.body)
}

/** A request's failure in the words of `ProviderProblem`. */
export async function orProblem<T>(request: Promise<T>): Promise<T> {
  try {
    return await request
  } catch (error) {
    if (error instanceof OutboundProblem) throw new ProviderProblem(error.message, error)
    throw error
  }
}

/** Throws `ProviderProblem`. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (error) {
    throw new ProviderProblem('it answered something that is no JSON', error)
  }
}
