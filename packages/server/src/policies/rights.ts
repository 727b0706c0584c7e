// What decides for a person or a role: the policies attached, those of the groups, and the boundary, compiled. The
// main account's `rights_revision`, which is read again at most once a second with whoever asks, says whether what is
// remembered still holds; compiled versions hold for ever.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Database } from '../db/database.ts'
import { prepare } from '../db/prepared.ts'
import { type CompiledPolicy, compilePolicy } from './compiled.ts'
import type { PolicySets } from './evaluate.ts'
import { type HeldPolicy, HeldRights } from './held-rights.ts'
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

/** Of compiled policies: some 400 large documents, or ten thousands of the usual ones. */
const maxBytes = 256 * 1024 * 1024
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

interface Named {
  readonly policy_id: number
  readonly default_version: number | null
}

interface Loaded {
  readonly identity: readonly HeldPolicy[]
  readonly boundary: HeldPolicy | undefined
}

export class Rights {
  readonly #db: Database
  readonly #held: HeldRights

  constructor(db: Database, maxHeldBytes = maxBytes) {
    this.#db = db
    this.#held = new HeldRights(maxHeldBytes)
  }

  /** A promise only when something must be read. The same object as long as nothing changed. */
  of(holder: RightsHolder): PolicySets | Promise<PolicySets> {
    if (holder.kind === 'user' && holder.id === holder.ownerUin) return mainRights
    const known = this.#held.find(holderKey(holder))
    return known?.revision === holder.revision ? known.sets : this.#load(holder)
  }

  async #load(holder: RightsHolder): Promise<PolicySets> {
    for (let read = 1; read <= maxReads; read += 1) {
      const policies = await this.#tryLoad(holder)
      if (policies) return this.#keep(holder, policies)
    }
    throw new ApiError('UNAVAILABLE')
  }

  #keep(holder: RightsHolder, { identity, boundary }: Loaded): PolicySets {
    const key = holderKey(holder)
    const known = this.#held.find(key)?.sets
    const policies = boundary ? [...identity, boundary] : identity
    const loaded: PolicySets = {
      identity: identity.map(({ policy }) => policy),
      ...(boundary && { boundary: boundary.policy }),
    }
    const sets = known && sameSets(known, loaded) ? known : loaded
    this.#held.hold(key, { revision: holder.revision, sets, policies })
    return sets
  }

  /** Undefined: a policy changed while it was read. */
  async #tryLoad(holder: RightsHolder): Promise<Loaded | undefined> {
    const { kind, id, boundaryPolicyId } = holder
    const attached: Named[] =
      kind === 'user'
        ? await this.#db.fetch(ofUser, { uin: id })
        : await this.#db.fetch(ofRole, { id })
    const identity: HeldPolicy[] = []
    for (const named of attached) {
      const policy = await this.#policy(named)
      if (!policy) return undefined
      identity.push(policy)
    }
    if (boundaryPolicyId === null) return { identity, boundary: undefined }
    const boundary = await this.#boundary(boundaryPolicyId)
    return boundary && { identity, boundary }
  }

  async #boundary(id: number): Promise<HeldPolicy | undefined> {
    const [row] = await this.#db.fetch(versionInForce, { id })
    return this.#policy({ policy_id: id, default_version: row?.default_version ?? null })
  }

  async #policy(named: Named): Promise<HeldPolicy | undefined> {
    const { policy_id: id, default_version: version } = named
    const key = `${id}:${version ?? 'preset'}`
    const known = this.#held.findPolicy(key)
    if (known) return { key, policy: known }
    const preset = version === null ? findPreset(id) : undefined
    if (preset)
      return { key, policy: compileOrRefuse(preset.document, { id, authorUin: undefined }) }
    const [row] = await this.#db.fetch(documentOf, { id, version: version ?? 0 })
    return row && { key, policy: compileOrRefuse(row.document, { id, authorUin: row.owner_uin }) }
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
