// The keys that sign tokens, each with a `kid`. Of each algorithm one signs; the retired ones verify until the last
// token they signed has ended, so a rotation logs nobody out. A retired key's private half is wiped from its row.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  calculateJwkThumbprint,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose'
import { recordAudit } from '../audit/audit.ts'
import type { Origin } from '../audit/origin.ts'
import type { Clock } from '../clock.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Database, Tx } from '../db/database.ts'

/** Of access tokens, which clients carry in headers: short. */
export const accessAlgorithm = 'ES256'
/** Of temporary credentials, as Tencent's: the reference names it, and clients may look. */
export const temporaryAlgorithm = 'RS256'
export type SignatureAlgorithm = typeof accessAlgorithm | typeof temporaryAlgorithm

/** No signed token lives longer: a temporary credential's hour. */
export const maxTokenLifetimeMs = 3_600_000
export const clockSkewMs = 60_000
/** Other processes go on signing with a retired key until they read the keys again. */
const keysFreshMs = 10_000
/** An unknown `kid` may be brand-new; strangers can make up as many as they like. */
const unknownKeyRereadMs = 1000

const sealPurpose = 'token-key'

export interface SigningKey {
  readonly kid: string
  readonly key: CryptoKey
}

interface VerifyingKey {
  readonly algorithm: SignatureAlgorithm
  readonly key: CryptoKey
  /** By this machine's clock. */
  readonly acceptedUntil: number
}

interface NewKey {
  readonly kid: string
  readonly publicJwk: string
  readonly privateWrapped: Uint8Array
}

interface TokenKeysGround {
  readonly db: Database
  readonly clock: Clock
  readonly vault: Vault
}

export class TokenKeys {
  readonly #ground: TokenKeysGround
  #signing = new Map<SignatureAlgorithm, SigningKey>()
  #making: Promise<SigningKey> | undefined
  #verifying = new Map<string, VerifyingKey>()
  #readAtMs = Number.NEGATIVE_INFINITY
  #reading: Promise<void> | undefined

  constructor(ground: TokenKeysGround) {
    this.#ground = ground
  }

  /** At start: makes the first key of access tokens. */
  async load(): Promise<void> {
    await this.#makeFirst(accessAlgorithm)
  }

  /** Not within a transaction: the first key of an algorithm is made when somebody needs it. */
  async signing(algorithm: SignatureAlgorithm): Promise<SigningKey> {
    if (this.#ageMs() >= keysFreshMs) await this.#refresh()
    const known = this.#signing.get(algorithm)
    if (known) return known
    // Only temporary credentials come here: the other key was made at the start, and again by each rotation.
    this.#making ??= this.#makeFirst(algorithm).finally(() => {
      this.#making = undefined
    })
    return this.#making
  }

  async #makeFirst(algorithm: SignatureAlgorithm): Promise<SigningKey> {
    const { db, clock } = this.#ground
    const first = await this.#generate(algorithm)
    await db.write(async (tx) => {
      const active = await tx
        .selectFrom('token_keys')
        .select('public_jwk')
        .where('retired_at', 'is', null)
        .execute()
      const isThere = active.some((row) => algorithmOf(JSON.parse(row.public_jwk)) === algorithm)
      if (!isThere) await insertKey(tx, first, clock.now())
    })
    await this.#readChange()
    const made = this.#signing.get(algorithm)
    assert(made)
    return made
  }

  /** A token that names a key of another algorithm is nobody's. */
  async verifying(kid: string, algorithm: SignatureAlgorithm): Promise<CryptoKey | undefined> {
    const limit = this.#verifying.has(kid) ? keysFreshMs : unknownKeyRereadMs
    if (this.#ageMs() >= limit) await this.#refresh()
    const known = this.accepts(kid) ? this.#verifying.get(kid) : undefined
    return known?.algorithm === algorithm ? known.key : undefined
  }

  /** For tokens whose signature was verified before: whether its key still counts. */
  accepts(kid: string): boolean {
    if (this.#ageMs() >= keysFreshMs && !this.#reading) {
      // The answer may be that much older; when the database is gone, so is all that a token could reach.
      this.#refresh().catch(() => undefined)
    }
    const known = this.#verifying.get(kid)
    return known !== undefined && this.#ground.clock.now() < known.acceptedUntil
  }

  /**
   * A new key signs access tokens from now on, and temporary credentials get theirs with the next of them; keys whose
   * last token has ended are forgotten.
   */
  async rotate(origin: Origin): Promise<string> {
    const { db, clock } = this.#ground
    const next = await this.#generate(accessAlgorithm)
    const now = clock.now()
    await db.write(async (tx) => {
      await tx
        .updateTable('token_keys')
        .set({ retired_at: now, private_wrapped: new Uint8Array() })
        .where('retired_at', 'is', null)
        .execute()
      await insertKey(tx, next, now)
      await tx
        .deleteFrom('token_keys')
        .where('retired_at', '<=', now - retiredVerifyMs)
        .execute()
      await auditKey(tx, { kid: next.kid, at: now, origin, action: 'RotateTokenKey' })
    })
    await this.#readChange()
    return next.kid
  }

  /** For a key that leaked: retires it and ends every token it signed, within `keysFreshMs` everywhere. */
  async revoke(kid: string, origin: Origin): Promise<void> {
    await this.rotate(origin)
    const { db, clock } = this.#ground
    const at = clock.now()
    await db.write(async (tx) => {
      await tx.deleteFrom('token_keys').where('kid', '=', kid).execute()
      await auditKey(tx, { kid, at, origin, action: 'RevokeTokenKey' })
    })
    await this.#readChange()
  }

  #ageMs(): number {
    return this.#ground.clock.monotonicMs() - this.#readAtMs
  }

  /** Shares a read that is under way. */
  #refresh(): Promise<void> {
    this.#reading ??= this.#readNow().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  /** A read that is under way may have begun before the change, so it is not shared. */
  async #readChange(): Promise<void> {
    await this.#reading?.catch(() => undefined)
    await this.#refresh()
  }

  async #readNow(): Promise<void> {
    const { db, clock, vault } = this.#ground
    const readAtMs = clock.monotonicMs()
    const rows = await db.read.selectFrom('token_keys').selectAll().orderBy('created_at').execute()
    const verifying = new Map<string, VerifyingKey>()
    const signing = new Map<SignatureAlgorithm, SigningKey>()
    for (const row of rows) {
      const known = this.#verifying.get(row.kid)
      const jwk: JWK = JSON.parse(row.public_jwk)
      const algorithm = algorithmOf(jwk)
      const key = known?.key ?? (await importKey(jwk))
      const acceptedUntil =
        row.retired_at === null ? Number.POSITIVE_INFINITY : row.retired_at + retiredVerifyMs
      verifying.set(row.kid, { algorithm, key, acceptedUntil })
      if (row.retired_at !== null) continue
      const before = this.#signing.get(algorithm)
      if (before?.kid === row.kid) {
        signing.set(algorithm, before)
        continue
      }
      const secret = Buffer.from(await vault.open(sealPurpose, row.private_wrapped))
      signing.set(algorithm, {
        kid: row.kid,
        key: await importKey(JSON.parse(secret.toString())),
      })
    }
    this.#verifying = verifying
    this.#signing = signing
    this.#readAtMs = readAtMs
  }

  async #generate(algorithm: SignatureAlgorithm): Promise<NewKey> {
    const pair = await generateKeyPair(algorithm, { extractable: true })
    const publicJwk = await exportJWK(pair.publicKey)
    const secret = Buffer.from(JSON.stringify(await exportJWK(pair.privateKey)))
    return {
      kid:
        algorithm === temporaryAlgorithm
          ? await fingerprint(pair.publicKey)
          : await calculateJwkThumbprint(publicJwk),
      publicJwk: JSON.stringify(publicJwk),
      privateWrapped: this.#ground.vault.seal(sealPurpose, secret),
    }
  }
}

/** How long a retired key verifies. */
const retiredVerifyMs = maxTokenLifetimeMs + keysFreshMs + 2 * clockSkewMs

function algorithmOf({ kty }: JWK): SignatureAlgorithm {
  return kty === 'RSA' ? temporaryAlgorithm : accessAlgorithm
}

const base32Digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const fingerprintBytes = 30

/** libtrust's, as the keys of Tencent's temporary credentials are named: 12 groups of 4 in base 32. */
async function fingerprint(key: CryptoKey): Promise<string> {
  const pem = await exportSPKI(key)
  const der = Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64')
  const hash = createHash('sha256').update(der).digest().subarray(0, fingerprintBytes)
  const bits = [...hash].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const digits = bits.replaceAll(/.{5}/g, (five) => base32Digits.charAt(Number.parseInt(five, 2)))
  return digits.replaceAll(/.{4}(?=.)/g, '$&:')
}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, algorithmOf(jwk))
  if (key instanceof Uint8Array) throw new Error('a token key is not asymmetric')
  return key
}

async function insertKey(tx: Tx, key: NewKey, at: number): Promise<void> {
  await tx
    .insertInto('token_keys')
    .values({
      kid: key.kid,
      public_jwk: key.publicJwk,
      private_wrapped: key.privateWrapped,
      created_at: at,
      retired_at: null,
    })
    .execute()
}

interface KeyAudit {
  readonly kid: string
  readonly at: number
  readonly origin: Origin
  readonly action: string
}

async function auditKey(tx: Tx, { kid, at, origin, action }: KeyAudit): Promise<void> {
  await recordAudit(tx, { at, instanceId: null, origin, action, resource: kid, result: 'ok' })
}
