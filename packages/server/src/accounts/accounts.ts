// The people: a main account owns everything; its sub-accounts name it as their owner. An account's version
// is carried by every token of the person, so raising it ends them all.

import { ApiError } from '@entrepot/contract/errors.ts'
import { sql } from 'kysely'
import type { Queryable, Tx } from '../db/database.ts'
import { nextNumber } from '../db/numbering.ts'

export interface AccountRecord {
  readonly uin: number
  readonly ownerUin: number
  readonly name: string
  readonly state: 'active' | 'suspended'
  readonly version: number
}

export interface NewMainAccount {
  readonly uin: number
  readonly name: string
  /** Of the console; undefined: nobody can log in there yet. */
  readonly passwordHash: string | undefined
  readonly at: number
}

/** Digits only, as docker's user name carries it; undefined for anything that is no uin. */
export function parseUin(text: string): number | undefined {
  if (!/^[1-9][0-9]{0,15}$/.test(text)) return undefined
  const uin = Number(text)
  return Number.isSafeInteger(uin) ? uin : undefined
}

/** False when the account is there already, which then stays as it is. */
export async function createMainAccount(tx: Tx, input: NewMainAccount): Promise<boolean> {
  const inserted = await tx
    .insertInto('accounts')
    .values({
      uin: input.uin,
      owner_uin: input.uin,
      name: input.name,
      password_hash: input.passwordHash ?? null,
      password_changed_at: input.passwordHash === undefined ? null : input.at,
      state: 'active',
      version: 1,
      console_login: 1,
      app_id: await nextNumber(tx, 'app-id'),
      created_at: input.at,
    })
    .onConflict((conflict) => conflict.column('uin').doNothing())
    .returning('uin')
    .executeTakeFirst()
  return inserted !== undefined
}

export async function findAccount(db: Queryable, uin: number): Promise<AccountRecord | undefined> {
  const row = await db
    .selectFrom('accounts')
    .select(['uin', 'owner_uin', 'name', 'state', 'version'])
    .where('uin', '=', uin)
    .executeTakeFirst()
  return row && { ...row, ownerUin: row.owner_uin }
}

/** The numbers that people chose at first start are skipped, and so is what a failed transaction took. */
const maxUinsTried = 100

/** A uin that no account has or ever had. */
export async function nextUin(tx: Tx): Promise<number> {
  for (let tried = 0; tried < maxUinsTried; tried += 1) {
    const uin = await nextNumber(tx, 'uin')
    if (!(await findAccount(tx, uin))) return uin
  }
  throw new Error('no uin is free')
}

/**
 * Holds the main account's row until the transaction ends: two that count before they add can't both be the
 * last one allowed.
 */
export async function lockMainAccount(tx: Tx, ownerUin: number): Promise<void> {
  await tx
    .updateTable('accounts')
    .set((eb) => ({ rights_revision: eb.ref('rights_revision') }))
    .where('uin', '=', ownerUin)
    .execute()
}

/**
 * Begins every change of what somebody below the main account may do. Holds the row like `lockMainAccount`, so
 * that nothing is attached to what is being deleted.
 */
export async function raiseRights(tx: Tx, ownerUin: number): Promise<void> {
  await tx
    .updateTable('accounts')
    .set((eb) => ({ rights_revision: eb('rights_revision', '+', 1) }))
    .where('uin', '=', ownerUin)
    .execute()
}

/**
 * Holds the person against its deletion, before something is written that belongs to it. Throws USER_NOT_FOUND where
 * that came first.
 */
export async function holdPerson(tx: Tx, uin: number): Promise<void> {
  const held = await tx
    .updateTable('accounts')
    .set((eb) => ({ version: eb.ref('version') }))
    .where('uin', '=', uin)
    .returning('uin')
    .executeTakeFirst()
  if (!held) throw new ApiError('USER_NOT_FOUND')
}

/** `count` is what `table` holds of the account; throws the limit's error when it is full. */
export function assertBelow(
  count: number,
  limit: number,
  code: 'USER_LIMIT' | 'GROUP_LIMIT' | 'ROLE_LIMIT' | 'POLICY_LIMIT' | 'IDENTITY_PROVIDER_LIMIT',
): void {
  if (count < limit) return
  throw new ApiError(code, { detail: { quota: limit, used: count, asked: 1 } })
}

/**
 * Ends every credential, token and session of the person within a second, and of a main account those of all
 * below it; what is suspended can return. False: it was suspended before, or is not there.
 */
export function suspendAccount(tx: Tx, uin: number): Promise<boolean> {
  return setState(tx, uin, 'suspended')
}

/** The tokens from before stay ended: only the credentials work again. */
export function resumeAccount(tx: Tx, uin: number): Promise<boolean> {
  return setState(tx, uin, 'active')
}

async function setState(tx: Tx, uin: number, state: AccountRecord['state']): Promise<boolean> {
  const updated = await tx
    .updateTable('accounts')
    .set({ state })
    .where('uin', '=', uin)
    .where('state', '!=', state)
    .returning('owner_uin')
    .executeTakeFirst()
  if (!updated) return false
  const isMain = updated.owner_uin === uin
  await tx
    .updateTable('accounts')
    .set({ version: sql<number>`version + 1` })
    .where(isMain ? 'owner_uin' : 'uin', '=', uin)
    .execute()
  await tx
    .deleteFrom('console_sessions')
    .where('uin', 'in', (eb) =>
      eb
        .selectFrom('accounts')
        .select('uin')
        .where(isMain ? 'owner_uin' : 'uin', '=', uin),
    )
    .execute()
  if (isMain) await endRoleSessions(tx, uin)
  return true
}

async function endRoleSessions(tx: Tx, ownerUin: number): Promise<void> {
  await tx
    .updateTable('roles')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('owner_uin', '=', ownerUin)
    .execute()
}
