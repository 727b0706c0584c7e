// API keys as a signed call finds them: the secret, and who stands behind it at present. Read no oftener than once a
// second and key, so that a disabled key ends within a second on every process.

import type { Account } from '../access/actor.ts'
import type { Clock } from '../clock.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Database } from '../db/database.ts'
import { prepare } from '../db/prepared.ts'
import { apiKeyPurpose } from './first-credentials.ts'
import { RecentlyUsed } from './recently-used.ts'
import { standingFreshMs } from './standing.ts'

/** About four thousand keys in use at the same time. */
const maxRemembered = 4 * 1024 * 1024

export interface ApiKey {
  readonly secretId: string
  readonly secretKey: string
  readonly actor: Account
}

const keyById = prepare<{ secretId: string }>()((db, p) =>
  db
    .selectFrom('api_keys as k')
    .innerJoin('accounts as a', 'a.uin', 'k.uin')
    .select(['k.secret_wrapped', 'k.state', 'a.uin', 'a.owner_uin', 'a.state as person_state'])
    .where('k.secret_id', '=', p('secretId')),
)

interface Entry {
  readonly key: ApiKey | undefined
  readonly readAtMs: number
}

export class ApiKeys {
  readonly #db: Database
  readonly #clock: Clock
  readonly #vault: Vault
  readonly #known = new RecentlyUsed<Entry>(maxRemembered)

  constructor(ground: { readonly db: Database; readonly clock: Clock; readonly vault: Vault }) {
    this.#db = ground.db
    this.#clock = ground.clock
    this.#vault = ground.vault
  }

  /** Undefined: there is none, it is disabled, or its person is suspended. */
  async find(secretId: string): Promise<ApiKey | undefined> {
    const readAtMs = this.#clock.monotonicMs()
    const known = this.#known.get(secretId)
    if (known && readAtMs - known.readAtMs < standingFreshMs) return known.key
    const key = await this.#read(secretId)
    this.#known.set(secretId, { key, readAtMs })
    return key
  }

  async #read(secretId: string): Promise<ApiKey | undefined> {
    const [row] = await this.#db.fetch(keyById, { secretId })
    if (row?.state !== 'active' || row.person_state !== 'active') return undefined
    const secret = await this.#vault.open(apiKeyPurpose, row.secret_wrapped)
    return {
      secretId,
      secretKey: Buffer.from(secret).toString('utf8'),
      actor: { kind: 'account', uin: row.uin, ownerUin: row.owner_uin },
    }
  }
}
