// Signed tokens (JWT): the access token that `/service/token` gives, the temporary credential that a person logs in
// with, and the login that a token of an identity provider was exchanged for. Their `typ` tells them apart, so that neither passes for the other. `aud` is the
// instance's id, not its host: an instance keeps its tokens when its domain changes.

import { randomUUID } from 'node:crypto'
import { decodeJwt, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import type { Scope } from '../access/scopes.ts'
import type { Clock } from '../clock.ts'
import type { CredentialRef } from './caller.ts'
import type { ExchangedRef } from './exchanged.ts'
import {
  accessAlgorithm,
  clockSkewMs,
  maxTokenLifetimeMs,
  type SignatureAlgorithm,
  type TokenKeys,
  temporaryAlgorithm,
} from './token-keys.ts'

export const issuer = 'entrepot'

interface Kind {
  readonly typ: string
  readonly algorithm: SignatureAlgorithm
}

const accessKind: Kind = { typ: 'access+jwt', algorithm: accessAlgorithm }
const temporaryKind: Kind = { typ: 'temporary+jwt', algorithm: temporaryAlgorithm }
const exchangedKind: Kind = { typ: 'exchanged+jwt', algorithm: accessAlgorithm }

/** Clients take a token without `expires_in` to live 60 s, so no token lives less. */
export const minAccessTokenMs = 60_000
export const defaultAccessTokenMs = 300_000
export const temporaryCredentialMs = maxTokenLifetimeMs

/** Larger ones are not ours: a hundred scopes of the longest names stay below. */
export const maxTokenLength = 96 * 1024

export interface AccessTokenRequest {
  readonly instanceId: string
  /** The actor's name; empty: anonymous. */
  readonly subject: string
  readonly credential: CredentialRef | undefined
  readonly scopes: readonly Scope[]
}

export interface IssuedToken {
  readonly token: string
  readonly issuedAt: number
  readonly expiresAt: number
}

export interface VerifiedToken {
  readonly instanceId: string
  readonly subject: string
  readonly credential: CredentialRef | undefined
  readonly scopes: readonly Scope[]
  readonly expiresAt: number
  readonly kid: string
}

export type TokenFailure = 'invalid' | 'expired'

const count = z.int().nonnegative()
const credentialClaim = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('long-term'),
    id: z.string(),
    version: count,
    uin: count,
    personVersion: count,
  }),
  z.object({
    kind: z.literal('temporary'),
    id: z.string(),
    uin: count,
    personVersion: count,
    expiresAt: count,
  }),
  z.object({ kind: z.literal('service-account'), id: z.string(), version: count }),
  z.object({
    kind: z.literal('personal'),
    id: z.string(),
    version: count,
    uin: count,
    personVersion: count,
  }),
  z.object({
    kind: z.literal('exchanged'),
    id: z.string(),
    version: count,
    personVersion: count,
    subject: z.string(),
    expiresAt: count,
  }),
])

const accessClaims = z.object({
  aud: z.string(),
  sub: z.string(),
  exp: count,
  credential: credentialClaim.optional(),
  access: z.array(
    z.object({
      type: z.enum(['repository', 'registry']),
      name: z.string(),
      actions: z.array(z.string()),
    }),
  ),
})

const temporaryClaims = z.object({
  aud: z.string(),
  sub: z.string(),
  exp: count,
  jti: z.string(),
  personVersion: count,
})

const exchangedClaims = z.object({
  aud: z.string(),
  sub: z.string(),
  exp: count,
  rule: z.string(),
  version: count,
  personVersion: count,
})

/** A credential as it stands in a token; what is not of this shape is not ours. */
export function parseCredentialRef(value: unknown): CredentialRef | undefined {
  return credentialClaim.safeParse(value).data
}

export class Tokens {
  readonly #keys: TokenKeys
  readonly #clock: Clock
  readonly #accessTokenMs: number

  constructor(keys: TokenKeys, clock: Clock, accessTokenMs = defaultAccessTokenMs) {
    this.#keys = keys
    this.#clock = clock
    // Longer than an hour, and a rotated-out key would be refused before its tokens have ended.
    this.#accessTokenMs = Math.min(accessTokenMs, maxTokenLifetimeMs)
  }

  /** Nothing outlives the credential that it was made of, but for the least that a token may live. */
  async issueAccess(request: AccessTokenRequest): Promise<IssuedToken> {
    const { credential } = request
    const now = wholeSeconds(this.#clock.now())
    const wanted = now + this.#accessTokenMs
    const isOfMinutes = credential !== undefined && 'expiresAt' in credential
    const end = isOfMinutes ? Math.min(wanted, credential.expiresAt) : wanted
    const expiresAt = Math.max(end, now + minAccessTokenMs)
    const claims = { access: request.scopes, credential }
    return this.#sign(accessKind, claims, { ...request, issuedAt: now, expiresAt })
  }

  /** Tencent's clients read the two uins, which are strings there, and `exp`, `nbf` and `iat`. */
  async issueTemporary(person: {
    readonly instanceId: string
    readonly uin: number
    readonly ownerUin: number
    readonly version: number
  }): Promise<IssuedToken> {
    const now = wholeSeconds(this.#clock.now())
    return this.#sign(
      temporaryKind,
      {
        ownerUin: String(person.ownerUin),
        operatorUin: String(person.uin),
        personVersion: person.version,
      },
      {
        instanceId: person.instanceId,
        subject: String(person.uin),
        issuedAt: now,
        expiresAt: now + temporaryCredentialMs,
      },
    )
  }

  async issueExchanged(
    login: Omit<ExchangedRef, 'kind' | 'expiresAt'> & {
      readonly instanceId: string
      readonly seconds: number
    },
  ): Promise<IssuedToken> {
    const now = wholeSeconds(this.#clock.now())
    const { id: rule, version, personVersion, subject, instanceId } = login
    const lifetimeMs = Math.min(login.seconds * 1000, maxTokenLifetimeMs)
    const about = { instanceId, subject, issuedAt: now, expiresAt: now + lifetimeMs }
    return this.#sign(exchangedKind, { rule, version, personVersion }, about)
  }

  /** `expired` only for this instance's and this rule's. */
  async verifyExchanged(
    token: string,
    expected: { readonly instanceId: string; readonly ruleId: string },
  ): Promise<ExchangedRef | TokenFailure> {
    const verified = await this.#verify(token, exchangedKind)
    const payload = verified === 'expired' ? decodeJwt(token) : verified
    if (payload === 'invalid') return 'invalid'
    const { data } = exchangedClaims.safeParse('payload' in payload ? payload.payload : payload)
    if (data?.aud !== expected.instanceId || data.rule !== expected.ruleId) return 'invalid'
    if (verified === 'expired') return 'expired'
    const { rule: id, version, personVersion, sub: subject, exp } = data
    return { kind: 'exchanged', id, version, personVersion, subject, expiresAt: exp * 1000 }
  }

  async verifyAccess(token: string): Promise<VerifiedToken | TokenFailure> {
    const verified = await this.#verify(token, accessKind)
    if (typeof verified === 'string') return verified
    const { data } = accessClaims.safeParse(verified.payload)
    if (!data) return 'invalid'
    return {
      instanceId: data.aud,
      subject: data.sub,
      credential: data.credential,
      scopes: data.access,
      expiresAt: data.exp * 1000,
      kid: verified.kid,
    }
  }

  /** `expired` only for this instance's and this person's: others learn nothing. */
  async verifyTemporary(
    token: string,
    expected: { readonly instanceId: string; readonly uin: number },
  ): Promise<Extract<CredentialRef, { kind: 'temporary' }> | TokenFailure> {
    const verified = await this.#verify(token, temporaryKind)
    const payload = verified === 'expired' ? decodeJwt(token) : verified
    if (payload === 'invalid') return 'invalid'
    const { data } = temporaryClaims.safeParse('payload' in payload ? payload.payload : payload)
    if (!data || data.aud !== expected.instanceId || data.sub !== String(expected.uin)) {
      return 'invalid'
    }
    if (verified === 'expired') return 'expired'
    const { uin } = expected
    const { jti: id, personVersion } = data
    return { kind: 'temporary', id, uin, personVersion, expiresAt: data.exp * 1000 }
  }

  async #sign(
    { typ, algorithm }: Kind,
    claims: JWTPayload,
    about: { instanceId: string; subject: string; issuedAt: number; expiresAt: number },
  ): Promise<IssuedToken> {
    const { kid, key } = await this.#keys.signing(algorithm)
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: algorithm, kid, typ })
      .setIssuer(issuer)
      .setSubject(about.subject)
      .setAudience(about.instanceId)
      .setJti(randomUUID())
      .setIssuedAt(about.issuedAt / 1000)
      .setNotBefore(about.issuedAt / 1000)
      .setExpirationTime(about.expiresAt / 1000)
      .sign(key)
    return { token, issuedAt: about.issuedAt, expiresAt: about.expiresAt }
  }

  async #verify(
    token: string,
    { typ, algorithm }: Kind,
  ): Promise<{ payload: JWTPayload; kid: string } | TokenFailure> {
    if (token.length > maxTokenLength) return 'invalid'
    try {
      const { payload, protectedHeader } = await jwtVerify(
        token,
        async ({ kid }) => this.#verifyingKey(kid, algorithm, token),
        {
          // Named, or the token itself would choose: `none`, or HMAC with the public key as its secret.
          algorithms: [algorithm],
          typ,
          issuer,
          requiredClaims: ['sub', 'aud', 'exp', 'nbf', 'iat', 'jti'],
          clockTolerance: clockSkewMs / 1000,
          currentDate: new Date(this.#clock.now()),
        },
      )
      // jose refuses a header without `kid` in `#verifyingKey`, so it is there.
      return { payload, kid: protectedHeader.kid ?? '' }
    } catch (error) {
      if (error instanceof errors.JWTExpired) return 'expired'
      // All that jose and `#verifyingKey` say of a token: it is not one of ours. A database that is gone is
      // another matter.
      if (error instanceof errors.JOSEError) return 'invalid'
      throw error
    }
  }

  async #verifyingKey(
    kid: string | undefined,
    algorithm: SignatureAlgorithm,
    token: string,
  ): Promise<CryptoKey> {
    const key = kid === undefined ? undefined : await this.#keys.verifying(kid, algorithm)
    if (key) return key
    // Its key is gone: a token that says of itself that it has ended is believed, which grants nothing.
    const { exp } = decodeJwt(token)
    const isOver = exp !== undefined && exp * 1000 + clockSkewMs <= this.#clock.now()
    if (isOver) throw new errors.JWTExpired('the token has ended', {}, 'exp', 'check_failed')
    throw new errors.JWKSNoMatchingKey()
  }
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000
}
