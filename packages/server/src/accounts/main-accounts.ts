// Main accounts as the operator sees them: made, suspended, deleted when nothing of them is left.

import { ApiError } from '@entrepot/contract/errors.ts'
import { sql } from 'kysely'
import type { Origin } from '../audit/origin.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { accountScope } from '../quotas/account-scope.ts'
import { deleteCounters } from '../quotas/quotas.ts'
import { createMainAccount, nextUin, raiseRights } from './accounts.ts'
import { deleteUser } from './removal.ts'
import { listUsers } from './users.ts'

export interface MainAccount {
  readonly uin: number
  readonly name: string
  readonly email: string
  readonly remark: string
  readonly isSuspended: boolean
  readonly suspendReason: string | null
  readonly subAccounts: number
  readonly instances: number
  readonly createdAt: number
  readonly lastLoginAt: number | null
}

export interface NewAccount {
  readonly name: string
  readonly email: string
  readonly remark: string
  readonly at: number
}

/** Returns the uin; nobody can log in there until a password is stored. */
export async function makeMainAccount(tx: Tx, input: NewAccount): Promise<number> {
  const uin = await nextUin(tx)
  const { name, email, remark, at } = input
  await createMainAccount(tx, { uin, name, passwordHash: undefined, at })
  await tx.updateTable('accounts').set({ email, remark }).where('uin', '=', uin).execute()
  return uin
}

export interface AccountFilter {
  readonly uins: readonly number[] | undefined
  /** Part of the name. */
  readonly keyword: string
  readonly isSuspended: boolean | undefined
}

export async function listMainAccounts(
  db: Queryable,
  { uins, keyword, isSuspended }: AccountFilter,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ readonly total: number; readonly accounts: readonly MainAccount[] }> {
  let matching = db.selectFrom('accounts as a').whereRef('a.uin', '=', 'a.owner_uin')
  if (uins) matching = matching.where('a.uin', 'in', uins.length > 0 ? [...uins] : [0])
  if (keyword !== '') {
    const pattern = `%${keyword.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`
    matching = matching.where(sql<boolean>`lower(a.name) like ${pattern} escape '\\'`)
  }
  if (isSuspended !== undefined) {
    matching = matching.where('a.state', '=', isSuspended ? 'suspended' : 'active')
  }
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await matching
    .select(['a.uin', 'a.name', 'a.email', 'a.remark', 'a.state', 'a.suspend_reason'])
    .select(['a.created_at', 'a.last_login_at'])
    .select((eb) => [
      eb
        .selectFrom('accounts as s')
        .whereRef('s.owner_uin', '=', 'a.uin')
        .whereRef('s.uin', '!=', 'a.uin')
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .as('sub_accounts'),
      eb
        .selectFrom('instances as i')
        .whereRef('i.owner_uin', '=', 'a.uin')
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .as('instances'),
    ])
    .orderBy('a.uin')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return {
    total: Number(total),
    accounts: rows.map((row) => ({
      uin: row.uin,
      name: row.name,
      email: row.email,
      remark: row.remark,
      isSuspended: row.state === 'suspended',
      suspendReason: row.suspend_reason,
      subAccounts: Number(row.sub_accounts),
      instances: Number(row.instances),
      createdAt: row.created_at,
      lastLoginAt: row.last_login_at,
    })),
  }
}

export interface AccountChange {
  readonly name?: string | undefined
  readonly email?: string | undefined
  readonly remark?: string | undefined
  readonly suspendReason?: string | null | undefined
}

export async function updateMainAccount(
  tx: Tx,
  uin: number,
  { name, email, remark, suspendReason }: AccountChange,
): Promise<void> {
  const columns = {
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    ...(remark !== undefined && { remark }),
    ...(suspendReason !== undefined && { suspend_reason: suspendReason }),
  }
  if (Object.keys(columns).length === 0) return
  if (name !== undefined) await assertNameFree(tx, uin, name)
  await tx.updateTable('accounts').set(columns).where('uin', '=', uin).execute()
}

/** Its people have names beside its own. */
async function assertNameFree(tx: Tx, uin: number, name: string): Promise<void> {
  const taken = await tx
    .selectFrom('accounts')
    .select('uin')
    .where('owner_uin', '=', uin)
    .where('uin', '!=', uin)
    .where('name', '=', name)
    .executeTakeFirst()
  if (taken) throw new ApiError('USER_EXISTS')
}

/** Throws USER_NOT_FOUND. */
export async function assertMainAccount(db: Queryable, uin: number): Promise<void> {
  const row = await db
    .selectFrom('accounts')
    .select('uin')
    .where('uin', '=', uin)
    .where('owner_uin', '=', uin)
    .executeTakeFirst()
  if (row) return
  throw new ApiError('USER_NOT_FOUND', {
    message: { en: `there is no main account ${uin}`, zh: `没有主账号 ${uin}` },
  })
}

const maxRemaining = 100

const personalTables = [
  'personal_lifecycle_rules',
  'personal_transfers',
  'personal_transfer_quotas',
] as const

/** Ids of its instances: they go first. */
export async function instancesOf(db: Queryable, uin: number): Promise<string[]> {
  const rows = await db
    .selectFrom('instances')
    .select('id')
    .where('owner_uin', '=', uin)
    .orderBy('id')
    .limit(maxRemaining)
    .execute()
  return rows.map(({ id }) => id)
}

/** Names of its namespaces in the Personal edition: they go first too. */
export async function personalNamespacesOf(db: Queryable, uin: number): Promise<string[]> {
  const rows = await db
    .selectFrom('namespaces')
    .select('name')
    .where('owner_uin', '=', uin)
    .where('deleted_at', 'is', null)
    .orderBy('name')
    .limit(maxRemaining)
    .execute()
  return rows.map(({ name }) => name)
}

/**
 * With its people, keys, groups, roles and policies. The caller has seen that no instance and no namespace of the
 * Personal edition remains.
 */
export async function deleteMainAccount(
  tx: Tx,
  uin: number,
  change: { readonly at: number; readonly origin: Origin },
): Promise<void> {
  await raiseRights(tx, uin)
  for (const user of await listUsers(tx, uin)) {
    await deleteUser(tx, { ownerUin: uin, uin: user.uin, withKeys: true, ...change })
  }
  await tx.deleteFrom('policy_attachments').where('owner_uin', '=', uin).execute()
  for (const table of ['policies', 'roles', 'account_groups'] as const) {
    await tx.deleteFrom(table).where('owner_uin', '=', uin).execute()
  }
  await tx.deleteFrom('identity_providers').where('owner_uin', '=', uin).execute()
  for (const table of ['password_rules', 'login_address_rules'] as const) {
    await tx.deleteFrom(table).where('owner_uin', '=', uin).execute()
  }
  for (const table of personalTables) {
    await tx.deleteFrom(table).where('owner_uin', '=', uin).execute()
  }
  await deleteCounters(tx, accountScope(uin))
  await deleteUser(tx, { ownerUin: uin, uin, withKeys: true, ...change })
}
