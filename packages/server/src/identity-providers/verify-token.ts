// A token of an OIDC provider (OpenID Connect Core, 3.1.3.7), checked by the keys that are kept of it.

import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose'
import { z } from 'zod'
import type { Provider } from './providers.ts'

/** Named, or the token itself would choose. */
const algorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA'],
]
const clockSkewSeconds = 60

export interface VerifiedIdentity {
  readonly issuer: string
  readonly subject: string
  readonly audiences: readonly string[]
}

const claims = z.object({
  iss: z.string(),
  sub: z.string().min(1).max(255),
  aud: z.union([z.string(), z.array(z.string())]),
})

/** Undefined for whatever this provider has not signed, for somebody else, or for another time. */
export async function verifyIdentity(
  provider: Provider,
  token: string,
  nowMs: number,
): Promise<VerifiedIdentity | undefined> {
  // Written by `parseKeys` only.
  const keys = createLocalJWKSet(JSON.parse(provider.keys) as JSONWebKeySet)
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms,
      issuer: provider.issuer,
      audience: [...provider.clientIds],
      requiredClaims: ['sub', 'exp', 'iat'],
      clockTolerance: clockSkewSeconds,
      currentDate: new Date(nowMs),
    })
    const { data } = claims.safeParse(payload)
    return data && { issuer: data.iss, subject: data.sub, audiences: [data.aud].flat() }
  } catch (error) {
    // All that jose says of a token: it is not one that counts here.
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}
