// The keys that sign tokens: ES256, each with a `kid`. One signs; the retired ones verify until the last token
// they signed has ended, so a rotation logs nobody out. A retired key's private half is wiped from its row.

import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { recordAudit } from '../audit/audit.ts'
import type { Origin } from '../audit/origin.ts'
import type { Clock } from '../clock.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Database, Tx } from '../db/database.ts'

export const signatureAlgorithm = 'ES256'
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
  #signing: SigningKey | undefined
  #verifying = new Map<string, VerifyingKey>()
  #readAtMs = Number.NEGATIVE_INFINITY
  #reading: Promise<void> | undefined

  constructor(ground: TokenKeysGround) {
    this.#ground = ground
  }

  /** At start: makes the first key. */
  async load(): Promise<void> {
    const { db, clock } = this.#ground
    const first = await this.#generate()
    await db.write(async (tx) => {
      const active = await tx
        .selectFrom('token_keys')
        .select('kid')
        .where('retired_at', 'is', null)
        .executeTakeFirst()
      if (!active) await insertKey(tx, first, clock.now())
    })
    await this.#readChange()
  }

  async signing(): Promise<SigningKey> {
    if (this.#ageMs() >= keysFreshMs) await this.#refresh()
    if (!this.#signing) throw new Error('the token keys were not loaded')
    return this.#signing
  }

  async verifying(kid: string): Promise<CryptoKey | undefined> {
    const limit = this.#verifying.has(kid) ? keysFreshMs : unknownKeyRereadMs
    if (this.#ageMs() >= limit) await this.#refresh()
    return this.accepts(kid) ? this.#verifying.get(kid)?.key : undefined
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

  /** A new key signs from now on; keys whose last token has ended are forgotten. */
  async rotate(origin: Origin): Promise<string> {
    const { db, clock } = this.#ground
    const next = await this.#generate()
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
    let signing: SigningKey | undefined
    for (const row of rows) {
      const known = this.#verifying.get(row.kid)
      const key = known?.key ?? (await importKey(JSON.parse(row.public_jwk)))
      const acceptedUntil =
        row.retired_at === null ? Number.POSITIVE_INFINITY : row.retired_at + retiredVerifyMs
      verifying.set(row.kid, { key, acceptedUntil })
      if (row.retired_at !== null) continue
      if (this.#signing?.kid === row.kid) {
        signing = this.#signing
        continue
      }
      const secret = Buffer.from(await vault.open(sealPurpose, row.private_wrapped))
      signing = { kid: row.kid, key: await importKey(JSON.parse(secret.toString())) }
    }
    this.#verifying = verifying
    this.#signing = signing
    this.#readAtMs = readAtMs
  }

  async #generate(): Promise<NewKey> {
    const pair = await generateKeyPair(signatureAlgorithm, { extractable: true })
    const publicJwk = await exportJWK(pair.publicKey)
    const secret = Buffer.from(JSON.stringify(await exportJWK(pair.privateKey)))
    return {
      kid: await calculateJwkThumbprint(publicJwk),
      publicJwk: JSON.stringify(publicJwk),
      privateWrapped: this.#ground.vault.seal(sealPurpose, secret),
    }
  }
}

/** How long a retired key verifies. */
const retiredVerifyMs = maxTokenLifetimeMs + keysFreshMs + 2 * clockSkewMs

async function importKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, signatureAlgorithm)
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
