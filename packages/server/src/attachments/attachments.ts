// Which users, groups and roles have which policies, and which policy bounds whom.

import { ApiError } from '@entrepot/contract/errors.ts'
import { raiseRights } from '../accounts/accounts.ts'
import { getSubAccount } from '../accounts/users.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { getGroup } from '../groups/groups.ts'
import { unknownPolicy } from '../policies/policies.ts'
import { findPolicy, type PolicyRecord } from '../policies/queries.ts'

/** All policies of whoever asks are asked on each request. */
export const maxAttached = 200

export type TargetKind = 'user' | 'group' | 'role'

export interface Target {
  readonly kind: TargetKind
  readonly id: number
  readonly ownerUin: number
}

export interface Attachment {
  readonly policyId: number
  readonly attachedAt: number
  readonly attachedBy: number
}

/** Throws USER_NOT_FOUND or GROUP_NOT_FOUND; a role was found by whoever calls, and is locked by the account. */
async function assertTarget(tx: Tx, { kind, id, ownerUin }: Target): Promise<void> {
  if (kind === 'user') await getSubAccount(tx, ownerUin, id)
  else if (kind === 'group') await getGroup(tx, ownerUin, id)
  else {
    const role = await tx
      .selectFrom('roles')
      .select('id')
      .where('id', '=', id)
      .where('owner_uin', '=', ownerUin)
      .executeTakeFirst()
    if (!role) throw new ApiError('ROLE_NOT_FOUND')
  }
}

/** What is attached already stays. Throws POLICY_NOT_FOUND, ATTACHMENT_LIMIT and the target's own. */
export async function attachPolicy(
  tx: Tx,
  target: Target,
  policyId: number,
  change: { readonly by: number; readonly at: number },
): Promise<void> {
  await raiseRights(tx, target.ownerUin)
  await assertTarget(tx, target)
  if (!(await findPolicy(tx, target.ownerUin, policyId))) throw unknownPolicy(policyId)
  await tx
    .insertInto('policy_attachments')
    .values({
      target_kind: target.kind,
      target_id: target.id,
      policy_id: policyId,
      owner_uin: target.ownerUin,
      attached_by: change.by,
      attached_at: change.at,
    })
    .onConflict((conflict) =>
      conflict.columns(['target_kind', 'target_id', 'policy_id']).doNothing(),
    )
    .execute()
  if ((await listAttachments(tx, target)).length <= maxAttached) return
  throw new ApiError('ATTACHMENT_LIMIT', {
    message: {
      en: `at most ${maxAttached} policies are attached to one user, group or role`,
      zh: `一个用户、用户组或角色最多关联 ${maxAttached} 个策略`,
    },
    detail: { quota: maxAttached },
  })
}

/** What is not attached stays so. */
export async function detachPolicy(tx: Tx, target: Target, policyId: number): Promise<void> {
  await raiseRights(tx, target.ownerUin)
  await assertTarget(tx, target)
  if (!(await findPolicy(tx, target.ownerUin, policyId))) throw unknownPolicy(policyId)
  await tx
    .deleteFrom('policy_attachments')
    .where('target_kind', '=', target.kind)
    .where('target_id', '=', target.id)
    .where('policy_id', '=', policyId)
    .execute()
}

/** By policy; at most `maxAttached`. */
export function listAttachments(
  db: Queryable,
  { kind, id }: Pick<Target, 'kind' | 'id'>,
): Promise<Attachment[]> {
  return db
    .selectFrom('policy_attachments')
    .select(['policy_id as policyId', 'attached_at as attachedAt', 'attached_by as attachedBy'])
    .where('target_kind', '=', kind)
    .where('target_id', '=', id)
    .orderBy('policy_id')
    .execute()
}

export interface AttachedTarget {
  readonly kind: TargetKind
  readonly id: number
  readonly attachedAt: number
}

export interface TargetPage {
  readonly kinds: readonly TargetKind[]
  readonly offset: number
  readonly limit: number
}

/** To whom in this account; presets are attached in others too. */
export function listTargets(
  db: Queryable,
  ownerUin: number,
  policyId: number,
  { kinds, offset, limit }: TargetPage,
): Promise<AttachedTarget[]> {
  return db
    .selectFrom('policy_attachments')
    .select(['target_kind as kind', 'target_id as id', 'attached_at as attachedAt'])
    .where('policy_id', '=', policyId)
    .where('owner_uin', '=', ownerUin)
    .where('target_kind', 'in', [...kinds])
    .orderBy('target_kind')
    .orderBy('target_id')
    .limit(limit)
    .offset(offset)
    .execute()
}

/** By policy, how many of each kind it is attached to in this account. */
export async function countTargets(
  db: Queryable,
  ownerUin: number,
  policyIds: readonly number[],
): Promise<ReadonlyMap<number, Readonly<Record<TargetKind, number>>>> {
  const counts = new Map<number, Record<TargetKind, number>>()
  if (policyIds.length === 0) return counts
  const rows = await db
    .selectFrom('policy_attachments')
    .select(['policy_id', 'target_kind'])
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('policy_id', 'in', [...policyIds])
    .where('owner_uin', '=', ownerUin)
    .groupBy(['policy_id', 'target_kind'])
    .execute()
  for (const row of rows) {
    const count = counts.get(row.policy_id) ?? { user: 0, group: 0, role: 0 }
    count[row.target_kind] = Number(row.count)
    counts.set(row.policy_id, count)
  }
  return counts
}

/** Null takes it away: then only what is attached decides. */
export async function setBoundary(
  tx: Tx,
  target: Target & { readonly kind: 'user' | 'role' },
  policyId: number | null,
): Promise<void> {
  await raiseRights(tx, target.ownerUin)
  await assertTarget(tx, target)
  if (policyId !== null && !(await findPolicy(tx, target.ownerUin, policyId))) {
    throw unknownPolicy(policyId)
  }
  const columns = { boundary_policy_id: policyId }
  if (target.kind === 'user') {
    await tx.updateTable('accounts').set(columns).where('uin', '=', target.id).execute()
  } else {
    await tx.updateTable('roles').set(columns).where('id', '=', target.id).execute()
  }
}

export async function findBoundary(
  db: Queryable,
  { kind, id, ownerUin }: Target & { readonly kind: 'user' | 'role' },
): Promise<PolicyRecord | undefined> {
  const row =
    kind === 'user'
      ? await db
          .selectFrom('accounts')
          .select('boundary_policy_id')
          .where('uin', '=', id)
          .where('owner_uin', '=', ownerUin)
          .executeTakeFirst()
      : await db
          .selectFrom('roles')
          .select('boundary_policy_id')
          .where('id', '=', id)
          .where('owner_uin', '=', ownerUin)
          .executeTakeFirst()
  const policyId = row?.boundary_policy_id ?? null
  return policyId === null ? undefined : findPolicy(db, ownerUin, policyId)
}

export async function countBoundaries(
  db: Queryable,
  ownerUin: number,
  policyIds: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const counts = new Map<number, number>()
  if (policyIds.length === 0) return counts
  const ids = [...policyIds]
  const people = await db
    .selectFrom('accounts')
    .select('boundary_policy_id as id')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner_uin', '=', ownerUin)
    .where('boundary_policy_id', 'in', ids)
    .groupBy('boundary_policy_id')
    .execute()
  const roles = await db
    .selectFrom('roles')
    .select('boundary_policy_id as id')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner_uin', '=', ownerUin)
    .where('boundary_policy_id', 'in', ids)
    .groupBy('boundary_policy_id')
    .execute()
  for (const { id, count } of [...people, ...roles]) {
    if (id !== null) counts.set(id, (counts.get(id) ?? 0) + Number(count))
  }
  return counts
}
