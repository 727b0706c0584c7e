// The part of a person that every credential's standing asks for: state, version, and what tells whether rights that
// are remembered still hold. A suspended main account suspends all below it.

import type { Account } from '../access/actor.ts'
import type { Queryable } from '../db/database.ts'
import type { RightsHolder } from '../policies/rights.ts'

/** `a`: the person; `o`: the main account. */
export function selectPeople(db: Queryable) {
  return db
    .selectFrom('accounts as a')
    .innerJoin('accounts as o', 'o.uin', 'a.owner_uin')
    .select(['a.uin', 'a.owner_uin', 'a.state', 'a.version as person_version'])
    .select(['a.boundary_policy_id', 'o.state as owner_state', 'o.rights_revision', 'o.app_id'])
}

export type PersonRow = Awaited<
  ReturnType<ReturnType<typeof selectPeople>['executeTakeFirstOrThrow']>
>

export function isSuspended(row: Pick<PersonRow, 'state' | 'owner_state'>): boolean {
  return row.state === 'suspended' || row.owner_state === 'suspended'
}

export function whoIs(row: PersonRow): Pick<Account, 'uin' | 'ownerUin' | 'appId'> {
  return { uin: row.uin, ownerUin: row.owner_uin, appId: row.app_id ?? 0 }
}

export function rightsHolderOf(row: PersonRow): RightsHolder {
  return {
    kind: 'user',
    id: row.uin,
    ownerUin: row.owner_uin,
    boundaryPolicyId: row.boundary_policy_id,
    revision: row.rights_revision,
  }
}
