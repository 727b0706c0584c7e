// A token of an OIDC provider (OpenID Connect Core, 3.1.3.7), checked by the keys that are kept of it.

import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose'
import { z } from 'zod'
import type { Claims } from './claims.ts'
import type { ProviderKeys } from './provider-keys.ts'
import type { Provider } from './providers.ts'

/** Named, or the token itself would choose. */
const algorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA'],
]
const clockSkewSeconds = 60
/** More than one key of a set without ids may fit a token. */
const maxKeysTried = 10

export interface VerifiedIdentity {
  readonly issuer: string
  readonly subject: string
  readonly audiences: readonly string[]
  readonly claims: Claims
}

export interface Expected {
  /** One of these. */
  readonly audiences: readonly string[]
  readonly nowMs: number
}

const known = z.looseObject({
  iss: z.string(),
  sub: z.string().min(1).max(255),
  aud: z.union([z.string(), z.array(z.string())]),
})

/** Undefined for whatever this provider has not signed, for somebody else, or for another time. */
export async function verifyIdentity(
  keys: ProviderKeys,
  provider: Provider,
  token: string,
  expected: Expected,
): Promise<VerifiedIdentity | undefined> {
  const present = await keys.fresh(provider)
  const first = keys.areUsable(present) ? await check(present, token, expected) : 'no-key'
  if (first !== 'no-key') return first
  if (!present.rotatesKeys) return undefined
  // A key that is not known, or another one under a known id: the provider may have new ones.
  const newer = await keys.again(present)
  if (newer.keys === present.keys || !keys.areUsable(newer)) return undefined
  const second = await check(newer, token, expected)
  return second === 'no-key' ? undefined : second
}

async function check(
  provider: Provider,
  token: string,
  expected: Expected,
): Promise<VerifiedIdentity | 'no-key' | undefined> {
  try {
    const { data } = known.safeParse(await verify(provider, token, expected))
    if (!data) return undefined
    const { iss: issuer, sub: subject, aud } = data
    return { issuer, subject, audiences: [aud].flat(), claims: data }
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return 'no-key'
    if (error instanceof errors.JWSSignatureVerificationFailed) return 'no-key'
    // All else that jose says of a token: it is not one that counts here.
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}

async function verify(provider: Provider, token: string, { audiences, nowMs }: Expected) {
  const options = {
    algorithms,
    issuer: provider.issuer,
    audience: [...audiences],
    requiredClaims: ['sub', 'exp', 'iat'],
    clockTolerance: clockSkewSeconds,
    currentDate: new Date(nowMs),
  }
  // Written by `parseKeys` and `fetchKeys` only.
  const set = createLocalJWKSet(JSON.parse(provider.keys) as JSONWebKeySet)
  try {
    return (await jwtVerify(token, set, options)).payload
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
    let tried = 0
    for await (const key of error) {
      tried += 1
      if (tried > maxKeysTried) break
      try {
        return (await jwtVerify(token, key, options)).payload
      } catch (other) {
        if (!(other instanceof errors.JWSSignatureVerificationFailed)) throw other
      }
    }
    throw new errors.JWSSignatureVerificationFailed()
  }
}
