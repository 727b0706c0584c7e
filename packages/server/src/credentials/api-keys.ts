// API keys as a signed call finds them: the secret, and who stands behind it at present. Read no oftener than once a
// second and key, so that a disabled key ends within a second on every process.

import { type Account, personOf } from '../access/actor.ts'
import type { Clock } from '../clock.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Database } from '../db/database.ts'
import { prepare } from '../db/prepared.ts'
import { FreshAnswers } from '../memory/fresh-answers.ts'
import { RecentlyUsed } from '../memory/recently-used.ts'
import { Rights } from '../policies/rights.ts'
import { apiKeyPurpose } from './first-credentials.ts'
import { isSuspended, rightsHolderOf, selectPeople, whoIs } from './people.ts'

/** About four thousand keys in use at the same time. */
const maxRemembered = 4 * 1024 * 1024

/** Last use is told to the hour. */
const usedEveryMs = 3_600_000

export interface ApiKey {
  readonly secretId: string
  readonly secretKey: string
  readonly actor: Account
}

const keyById = prepare<{ secretId: string }>()((db, p) =>
  selectPeople(db)
    .innerJoin('api_keys as k', 'k.uin', 'a.uin')
    .select(['k.secret_wrapped', 'k.state as key_state'])
    .where('k.secret_id', '=', p('secretId')),
)

export interface ApiKeysGround {
  readonly db: Database
  readonly clock: Clock
  readonly vault: Vault
  readonly rights?: Rights
}

export class ApiKeys {
  readonly #ground: ApiKeysGround
  readonly #rights: Rights
  readonly #known: FreshAnswers<ApiKey | undefined>
  /** When this process last wrote that a key was used. */
  readonly #usedAt = new RecentlyUsed<number>(maxRemembered)

  constructor(ground: ApiKeysGround) {
    this.#ground = ground
    this.#known = new FreshAnswers(ground.clock, { maxWeight: maxRemembered })
    this.#rights = ground.rights ?? new Rights(ground.db)
  }

  /** Undefined: there is none, it is disabled, or its person is suspended. */
  async find(secretId: string): Promise<ApiKey | undefined> {
    return this.#known.find(secretId, () => this.#read(secretId))
  }

  /** After its signature held: written at most once an hour and key. */
  async noteUse(secretId: string): Promise<void> {
    const { db, clock } = this.#ground
    const now = clock.now()
    if (now - (this.#usedAt.get(secretId) ?? 0) < usedEveryMs) return
    this.#usedAt.set(secretId, now)
    try {
      await db.write(async (tx) => {
        await tx
          .updateTable('api_keys')
          .set({ last_used_at: now })
          .where('secret_id', '=', secretId)
          .where((eb) =>
            eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<=', now - usedEveryMs)]),
          )
          .execute()
      })
    } catch {
      // A full disk or a busy database is no reason to refuse a read: the next use tries again.
      this.#usedAt.delete(secretId)
    }
  }

  async #read(secretId: string): Promise<ApiKey | undefined> {
    const { db, vault } = this.#ground
    const [row] = await db.fetch(keyById, { secretId })
    if (row?.key_state !== 'active' || isSuspended(row)) return undefined
    const secret = await vault.open(apiKeyPurpose, row.secret_wrapped)
    return {
      secretId,
      secretKey: Buffer.from(secret).toString('utf8'),
      actor: personOf(whoIs(row), await this.#rights.of(rightsHolderOf(row))),
    }
  }
}
