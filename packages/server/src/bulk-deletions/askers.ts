// Who asked for work that runs later. What he may do is asked when it runs: rights that went are gone for it, too.

import { type Account, personOf } from '../access/actor.ts'
import type { Origin } from '../audit/origin.ts'
import { isSuspended, rightsHolderOf, selectPeople, whoIs } from '../credentials/people.ts'
import type { Database } from '../db/database.ts'
import type { Rights } from '../policies/rights.ts'

/** As a job keeps it: no secret. */
export interface Asker {
  /** Of a role: its number. */
  readonly uin: number
  readonly ownerUin: number
  readonly hasFactor: boolean
  readonly session: Account['session'] | null
  readonly origin: Origin
}

/** Undefined: he asks with keys that a policy of their own narrows, which nobody keeps. */
export function askerOf(actor: Account, origin: Origin): Asker | undefined {
  const { uin, ownerUin, hasFactor, session, rights } = actor
  if (session?.kind === 'federated' || (rights.session ?? []).length > 0) return undefined
  return { uin, ownerUin, hasFactor, session: session ?? null, origin }
}

/** Undefined: there is nobody any more, or not while he is suspended. */
export async function findAsker(
  { db, rights }: { readonly db: Pick<Database, 'read'>; readonly rights: Rights },
  asker: Asker,
): Promise<Account | undefined> {
  const { uin, hasFactor } = asker
  if (asker.session?.kind === 'role') return findRole({ db, rights }, asker)
  const person = await selectPeople(db.read).where('a.uin', '=', uin).executeTakeFirst()
  if (!person || isSuspended(person)) return undefined
  const held = await rights.of(rightsHolderOf(person))
  return { ...personOf(whoIs(person), held), hasFactor, session: asker.session ?? undefined }
}

async function findRole(
  { db, rights }: { readonly db: Pick<Database, 'read'>; readonly rights: Rights },
  { uin: id, ownerUin, hasFactor, session }: Asker,
): Promise<Account | undefined> {
  const row = await db.read
    .selectFrom('roles as r')
    .innerJoin('accounts as o', 'o.uin', 'r.owner_uin')
    .select(['r.boundary_policy_id', 'o.state', 'o.rights_revision', 'o.app_id'])
    .where('r.id', '=', id)
    .where('r.owner_uin', '=', ownerUin)
    .executeTakeFirst()
  if (row?.state !== 'active') return undefined
  const { boundary_policy_id: boundaryPolicyId, rights_revision: revision } = row
  const held = await rights.of({ kind: 'role', id, ownerUin, boundaryPolicyId, revision })
  const who = { uin: id, ownerUin, appId: row.app_id ?? 0 }
  return { ...personOf(who, held), hasFactor, session: session ?? undefined }
}
