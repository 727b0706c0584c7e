// What decides for a person or a role: the policies attached, those of the groups, and the boundary, compiled. The
// main account's `rights_revision`, which is read again at most once a second with whoever asks, says whether what is
// remembered still holds; compiled versions hold for ever.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Database } from '../db/database.ts'
import { prepare } from '../db/prepared.ts'
import { RecentlyUsed } from '../memory/recently-used.ts'
import { type CompiledPolicy, compilePolicy } from './compiled.ts'
import type { PolicySets } from './evaluate.ts'
import { everythingAllowed, findPreset } from './presets.ts'
import { PolicyProblem } from './problem.ts'

/** Whose rights, and at which revision of the main account. */
export interface RightsHolder {
  readonly kind: 'user' | 'role'
  /** A uin, or a role's number. */
  readonly id: number
  readonly ownerUin: number
  readonly boundaryPolicyId: number | null
  readonly revision: number
}

/** Characters of documents: some two thousand large ones. */
const maxCompiledChars = 64 * 1024 * 1024
/** About eight thousand people and roles. */
const maxHolders = 4 * 1024 * 1024
/** A version that was just replaced is read again by its successor's number. */
const maxReads = 3

export const mainRights: PolicySets = { identity: [everythingAllowed] }

const ofUser = prepare<{ uin: number }>()((db, p) =>
  db
    .selectFrom('policy_attachments as a')
    .leftJoin('policies as p', 'p.id', 'a.policy_id')
    .select(['a.policy_id', 'p.default_version'])
    .where('a.target_kind', '=', 'user')
    .where('a.target_id', '=', p('uin'))
    .union((eb) =>
      eb
        .selectFrom('group_members as m')
        .innerJoin('policy_attachments as a', 'a.target_id', 'm.group_id')
        .leftJoin('policies as p', 'p.id', 'a.policy_id')
        .select(['a.policy_id', 'p.default_version'])
        .where('a.target_kind', '=', 'group')
        .where('m.uin', '=', p('uin')),
    )
    .orderBy('policy_id'),
)

const ofRole = prepare<{ id: number }>()((db, p) =>
  db
    .selectFrom('policy_attachments as a')
    .leftJoin('policies as p', 'p.id', 'a.policy_id')
    .select(['a.policy_id', 'p.default_version'])
    .where('a.target_kind', '=', 'role')
    .where('a.target_id', '=', p('id'))
    .orderBy('a.policy_id'),
)

const versionInForce = prepare<{ id: number }>()((db, p) =>
  db.selectFrom('policies').select('default_version').where('id', '=', p('id')),
)

const documentOf = prepare<{ id: number; version: number }>()((db, p) =>
  db
    .selectFrom('policy_versions as v')
    .innerJoin('policies as p', 'p.id', 'v.policy_id')
    .select(['v.document', 'p.owner_uin'])
    .where('v.policy_id', '=', p('id'))
    .where('v.version', '=', p('version')),
)

interface Known {
  readonly revision: number
  readonly sets: PolicySets
}

interface Named {
  readonly policy_id: number
  readonly default_version: number | null
}

export class Rights {
  readonly #db: Database
  readonly #holders = new RecentlyUsed<Known>(maxHolders)
  readonly #compiled = new RecentlyUsed<CompiledPolicy>(maxCompiledChars)

  constructor(db: Database) {
    this.#db = db
  }

  /** A promise only when something must be read. The same object as long as nothing changed. */
  of(holder: RightsHolder): PolicySets | Promise<PolicySets> {
    if (holder.kind === 'user' && holder.id === holder.ownerUin) return mainRights
    const known = this.#holders.get(holderKey(holder))
    return known?.revision === holder.revision ? known.sets : this.#load(holder)
  }

  async #load(holder: RightsHolder): Promise<PolicySets> {
    for (let read = 1; read <= maxReads; read += 1) {
      const sets = await this.#tryLoad(holder)
      if (sets) return this.#keep(holder, sets)
    }
    throw new ApiError('UNAVAILABLE')
  }

  #keep(holder: RightsHolder, sets: PolicySets): PolicySets {
    const key = holderKey(holder)
    const known = this.#holders.get(key)?.sets
    const kept = known && sameSets(known, sets) ? known : sets
    this.#holders.set(key, { revision: holder.revision, sets: kept })
    return kept
  }

  /** Undefined: a policy changed while it was read. */
  async #tryLoad(holder: RightsHolder): Promise<PolicySets | undefined> {
    const { kind, id, boundaryPolicyId } = holder
    const attached: Named[] =
      kind === 'user'
        ? await this.#db.fetch(ofUser, { uin: id })
        : await this.#db.fetch(ofRole, { id })
    const identity: CompiledPolicy[] = []
    for (const named of attached) {
      const policy = await this.#policy(named)
      if (!policy) return undefined
      identity.push(policy)
    }
    if (boundaryPolicyId === null) return { identity }
    const boundary = await this.#boundary(boundaryPolicyId)
    return boundary && { identity, boundary }
  }

  async #boundary(id: number): Promise<CompiledPolicy | undefined> {
    const [row] = await this.#db.fetch(versionInForce, { id })
    return this.#policy({ policy_id: id, default_version: row?.default_version ?? null })
  }

  async #policy({ policy_id: id, default_version: version }: Named) {
    const preset = version === null ? findPreset(id) : undefined
    const key = `${id}:${version ?? 'preset'}`
    const known = this.#compiled.get(key)
    if (known) return known
    if (preset) return this.#remember(key, preset.document, { id, authorUin: undefined })
    const [row] = await this.#db.fetch(documentOf, { id, version: version ?? 0 })
    return row && this.#remember(key, row.document, { id, authorUin: row.owner_uin })
  }

  #remember(key: string, document: string, source: { id: number; authorUin: number | undefined }) {
    const policy = compileOrRefuse(document, source)
    this.#compiled.set(key, policy, document.length)
    return policy
  }
}

const refuseAll = JSON.stringify({
  version: '2.0',
  statement: [{ effect: 'deny', action: '*', resource: '*' }],
})

/**
 * A document that an earlier release took and this one does not understand may refuse something: until it is
 * written anew, whoever has it may do nothing.
 */
function compileOrRefuse(
  document: string,
  source: { readonly id: number; readonly authorUin: number | undefined },
): CompiledPolicy {
  try {
    return compilePolicy(document, source)
  } catch (error) {
    if (!(error instanceof PolicyProblem)) throw error
    return compilePolicy(refuseAll, source)
  }
}

function holderKey({ kind, id }: RightsHolder): string {
  return `${kind}:${id}`
}

function sameSets(a: PolicySets, b: PolicySets): boolean {
  return (
    a.boundary === b.boundary &&
    a.identity.length === b.identity.length &&
    a.identity.every((policy, position) => policy === b.identity[position])
  )
}
