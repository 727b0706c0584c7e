// Groups of people: what is attached to a group, all of its members may do.

import { ApiError } from '@entrepot/contract/errors.ts'
import { assertBelow, lockMainAccount, raiseRights } from '../accounts/accounts.ts'
import { unknownUser } from '../accounts/users.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { nextNumber } from '../db/numbering.ts'

export const maxGroups = 1000
/** Of one person: all of their policies are asked on every request. */
export const maxGroupsPerUser = 50

export interface Group {
  readonly id: number
  readonly name: string
  readonly remark: string
  readonly createdAt: number
}

export interface NewGroup {
  readonly name: string
  readonly remark: string
  readonly at: number
}

export async function createGroup(tx: Tx, ownerUin: number, input: NewGroup): Promise<number> {
  await lockMainAccount(tx, ownerUin)
  assertBelow(await countGroups(tx, ownerUin), maxGroups, 'GROUP_LIMIT')
  await assertNameFree(tx, ownerUin, input.name)
  const id = await nextNumber(tx, 'group')
  await tx
    .insertInto('account_groups')
    .values({
      id,
      owner_uin: ownerUin,
      name: input.name,
      remark: input.remark,
      created_at: input.at,
    })
    .execute()
  return id
}

export async function updateGroup(
  tx: Tx,
  ownerUin: number,
  id: number,
  change: { readonly name?: string | undefined; readonly remark?: string | undefined },
): Promise<void> {
  await lockMainAccount(tx, ownerUin)
  const group = await getGroup(tx, ownerUin, id)
  const { name = group.name, remark = group.remark } = change
  if (name !== group.name) await assertNameFree(tx, ownerUin, name)
  await tx.updateTable('account_groups').set({ name, remark }).where('id', '=', id).execute()
}

/** Its members lose within a second what they had through it. */
export async function deleteGroup(tx: Tx, ownerUin: number, id: number): Promise<void> {
  await raiseRights(tx, ownerUin)
  await getGroup(tx, ownerUin, id)
  await tx.deleteFrom('group_members').where('group_id', '=', id).execute()
  await tx
    .deleteFrom('policy_attachments')
    .where('target_kind', '=', 'group')
    .where('target_id', '=', id)
    .execute()
  await tx.deleteFrom('account_groups').where('id', '=', id).execute()
}

export interface Membership {
  readonly groupId: number
  readonly uin: number
}

/** All or none; who is a member already stays one. */
export async function addMembers(
  tx: Tx,
  ownerUin: number,
  members: readonly Membership[],
  at: number,
): Promise<void> {
  await raiseRights(tx, ownerUin)
  for (const { groupId, uin } of members) {
    await getGroup(tx, ownerUin, groupId)
    await assertBelongs(tx, ownerUin, uin)
    await tx
      .insertInto('group_members')
      .values({ group_id: groupId, uin, joined_at: at })
      .onConflict((conflict) => conflict.columns(['group_id', 'uin']).doNothing())
      .execute()
    await checkGroupsOf(tx, uin)
  }
}

export async function removeMembers(
  tx: Tx,
  ownerUin: number,
  members: readonly Membership[],
): Promise<void> {
  await raiseRights(tx, ownerUin)
  for (const { groupId, uin } of members) {
    await getGroup(tx, ownerUin, groupId)
    await assertBelongs(tx, ownerUin, uin)
    await tx
      .deleteFrom('group_members')
      .where('group_id', '=', groupId)
      .where('uin', '=', uin)
      .execute()
  }
}

/** The main account may do everything: it belongs to no group. */
async function assertBelongs(tx: Tx, ownerUin: number, uin: number): Promise<void> {
  const row = await tx
    .selectFrom('accounts')
    .select('uin')
    .where('uin', '=', uin)
    .where('owner_uin', '=', ownerUin)
    .where('uin', '!=', ownerUin)
    .executeTakeFirst()
  if (!row) throw unknownUser(uin)
}

async function checkGroupsOf(tx: Tx, uin: number): Promise<void> {
  const { count } = await tx
    .selectFrom('group_members')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('uin', '=', uin)
    .executeTakeFirstOrThrow()
  if (Number(count) <= maxGroupsPerUser) return
  throw new ApiError('GROUP_MEMBER_LIMIT', { detail: { quota: maxGroupsPerUser } })
}

async function assertNameFree(tx: Tx, ownerUin: number, name: string): Promise<void> {
  const taken = await tx
    .selectFrom('account_groups')
    .select('id')
    .where('owner_uin', '=', ownerUin)
    .where('name', '=', name)
    .executeTakeFirst()
  if (taken) throw new ApiError('GROUP_EXISTS', { detail: { group: name } })
}

function selectGroups(db: Queryable, ownerUin: number) {
  return db
    .selectFrom('account_groups')
    .select(['id', 'name', 'remark', 'created_at as createdAt'])
    .where('owner_uin', '=', ownerUin)
}

export async function getGroup(db: Queryable, ownerUin: number, id: number): Promise<Group> {
  const group = await selectGroups(db, ownerUin).where('id', '=', id).executeTakeFirst()
  if (group) return group
  throw new ApiError('GROUP_NOT_FOUND', {
    message: { en: `there is no group ${id} in this account`, zh: `该账号下没有用户组 ${id}` },
  })
}

export async function countGroups(db: Queryable, ownerUin: number): Promise<number> {
  const { count } = await db
    .selectFrom('account_groups')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner_uin', '=', ownerUin)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** All of an account, by number. */
export function listGroups(db: Queryable, ownerUin: number): Promise<Group[]> {
  return selectGroups(db, ownerUin).orderBy('id').limit(maxGroups).execute()
}

export function listGroupsOf(db: Queryable, ownerUin: number, uin: number): Promise<Group[]> {
  return selectGroups(db, ownerUin)
    .where('id', 'in', (eb) =>
      eb.selectFrom('group_members').select('group_id').where('uin', '=', uin),
    )
    .orderBy('id')
    .limit(maxGroupsPerUser)
    .execute()
}

/** Uins and when each joined. */
export function listMembers(
  db: Queryable,
  groupId: number,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ uin: number; joinedAt: number }[]> {
  return db
    .selectFrom('group_members')
    .select(['uin', 'joined_at as joinedAt'])
    .where('group_id', '=', groupId)
    .orderBy('uin')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
}

export async function countMembers(db: Queryable, groupId: number): Promise<number> {
  const { count } = await db
    .selectFrom('group_members')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('group_id', '=', groupId)
    .executeTakeFirstOrThrow()
  return Number(count)
}
