// Who stands behind a temporary key at present. Read no oftener than once a second and person or role, so that a key
// ends, and a change of rights holds, within a second on every process.

import type { Account } from '../access/actor.ts'
import { parseUin } from '../accounts/accounts.ts'
import type { Clock } from '../clock.ts'
import { isSuspended, rightsHolderOf, selectPeople } from '../credentials/people.ts'
import { sha256Hex } from '../crypto/secrets.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Database } from '../db/database.ts'
import { prepare } from '../db/prepared.ts'
import { FreshAnswers } from '../memory/fresh-answers.ts'
import { RecentlyUsed } from '../memory/recently-used.ts'
import { type CompiledPolicy, compilePolicy } from '../policies/compiled.ts'
import type { PolicySets } from '../policies/evaluate.ts'
import { Rights } from '../policies/rights.ts'
import { type OpenedKey, openTemporaryKey } from './temporary-keys.ts'

/** Characters of tokens: some two thousand keys in use at the same time. */
const maxOpened = 8 * 1024 * 1024
/** About eight thousand people and roles. */
const maxBearers = 4 * 1024 * 1024

const personById = prepare<{ id: number }>()((db, p) =>
  selectPeople(db).where('a.uin', '=', p('id')),
)

/** Of whoever took on a role. */
const stateById = prepare<{ id: number }>()((db, p) =>
  db.selectFrom('accounts').select('state').where('uin', '=', p('id')),
)

const roleById = prepare<{ id: number }>()((db, p) =>
  db
    .selectFrom('roles as r')
    .innerJoin('accounts as o', 'o.uin', 'r.owner_uin')
    .select(['r.id', 'r.owner_uin', 'r.version', 'r.boundary_policy_id'])
    .select(['o.state as owner_state', 'o.rights_revision', 'o.app_id'])
    .where('r.id', '=', p('id')),
)

/** A person or a role, as it is now. */
interface Bearer {
  readonly version: number
  readonly appId: number
  readonly rights: PolicySets
}

interface Opened extends OpenedKey {
  readonly compiled: readonly CompiledPolicy[]
}

export interface SignedKey {
  readonly secretKey: string
  readonly actor: Account
}

export interface TemporaryKeysGround {
  readonly db: Database
  readonly clock: Clock
  readonly vault: Vault
  readonly rights?: Rights
}

export class TemporaryKeys {
  readonly #ground: TemporaryKeysGround
  readonly #rights: Rights
  /** By a hash of the token: no secret is a key here. */
  readonly #opened = new RecentlyUsed<Opened>(maxOpened)
  readonly #bearers: FreshAnswers<Bearer | undefined>
  readonly #suspended: FreshAnswers<boolean>

  constructor(ground: TemporaryKeysGround) {
    this.#ground = ground
    this.#bearers = new FreshAnswers(ground.clock, { maxWeight: maxBearers })
    this.#suspended = new FreshAnswers(ground.clock, { maxWeight: maxBearers })
    this.#rights = ground.rights ?? new Rights(ground.db)
  }

  /** Undefined: not ours, of another SecretId, its time is over, or its person or role has changed or gone. */
  async find(secretId: string, token: string): Promise<SignedKey | undefined> {
    const key = await this.#open(token)
    if (key?.secretId !== secretId || key.expiresAt <= this.#ground.clock.now()) return undefined
    const bearer = await this.#bearer(key)
    if (await this.#isHeldOut(key)) return undefined
    if (bearer?.version !== key.version) return undefined
    const { identity, boundary } = bearer.rights
    return {
      secretKey: key.secretKey,
      actor: {
        kind: 'account',
        uin: key.id,
        ownerUin: key.ownerUin,
        appId: bearer.appId,
        rights: { identity, ...(boundary && { boundary }), session: key.compiled },
        hasFactor: key.hasFactor,
        session: {
          kind: key.kind,
          name: key.name,
          principal: key.principal,
          expiresAt: key.expiresAt,
        },
      },
    }
  }

  async #open(token: string): Promise<Opened | undefined> {
    const hash = sha256Hex(token)
    const known = this.#opened.get(hash)
    if (known) return known
    const opened = await openTemporaryKey(this.#ground.vault, token)
    if (!opened) return undefined
    const source = { id: 0, authorUin: opened.ownerUin }
    const compiled = opened.policies.map((document) => compilePolicy(document, source))
    const key = { ...opened, compiled }
    this.#opened.set(hash, key, token.length + opened.policies.join('').length)
    return key
  }

  async #bearer({ kind, id }: OpenedKey): Promise<Bearer | undefined> {
    return kind === 'role'
      ? this.#bearers.find(`role:${id}`, () => this.#role(id))
      : this.#bearers.find(`user:${id}`, () => this.#person(id))
  }

  /** A role goes on without those who took it on, but not for one who is suspended. */
  async #isHeldOut({ kind, principal }: OpenedKey): Promise<boolean> {
    const uin = kind === 'role' ? parseUin(principal) : undefined
    if (uin === undefined) return false
    return this.#suspended.find(`principal:${uin}`, async () => {
      const [row] = await this.#ground.db.fetch(stateById, { id: uin })
      return row?.state === 'suspended'
    })
  }

  async #person(id: number): Promise<Bearer | undefined> {
    const [row] = await this.#ground.db.fetch(personById, { id })
    if (!row || isSuspended(row)) return undefined
    const rights = await this.#rights.of(rightsHolderOf(row))
    return { version: row.person_version, appId: row.app_id ?? 0, rights }
  }

  async #role(id: number): Promise<Bearer | undefined> {
    const [row] = await this.#ground.db.fetch(roleById, { id })
    if (row?.owner_state !== 'active') return undefined
    const rights = await this.#rights.of({
      kind: 'role',
      id,
      ownerUin: row.owner_uin,
      boundaryPolicyId: row.boundary_policy_id,
      revision: row.rights_revision,
    })
    return { version: row.version, appId: row.app_id ?? 0, rights }
  }
}
