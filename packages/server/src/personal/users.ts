// Who has begun with Personal edition. A person has one password there, for every region; a new one ends what the old
// one made within a second, by its version.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Account } from '../access/actor.ts'
import type { Queryable, Tx } from '../db/database.ts'

export interface NewPassword {
  readonly passwordHash: string
  readonly at: number
}

/** Throws PERSONAL_USER_EXISTS. */
export async function insertUser(
  tx: Tx,
  { uin, ownerUin }: Pick<Account, 'uin' | 'ownerUin'>,
  { passwordHash, at }: NewPassword,
): Promise<void> {
  const inserted = await tx
    .insertInto('personal_users')
    .values({
      uin,
      owner_uin: ownerUin,
      password_hash: passwordHash,
      version: 1,
      initialised_at: at,
      changed_at: at,
    })
    .onConflict((oc) => oc.column('uin').doNothing())
    .returning('uin')
    .executeTakeFirst()
  if (!inserted) throw new ApiError('PERSONAL_USER_EXISTS')
}

/** Throws PERSONAL_USER_UNKNOWN. */
export async function updatePassword(
  tx: Tx,
  uin: number,
  { passwordHash, at }: NewPassword,
): Promise<void> {
  const updated = await tx
    .updateTable('personal_users')
    .set((eb) => ({
      password_hash: passwordHash,
      version: eb('version', '+', 1),
      changed_at: at,
    }))
    .where('uin', '=', uin)
    .executeTakeFirst()
  if (updated.numUpdatedRows === 0n) throw new ApiError('PERSONAL_USER_UNKNOWN')
}

/** Somebody of the account: the rest work with what the account has. Throws PERSONAL_NOT_BEGUN. */
export async function assertBegun(db: Queryable, ownerUin: number): Promise<void> {
  const row = await db
    .selectFrom('personal_users')
    .select('uin')
    .where('owner_uin', '=', ownerUin)
    .limit(1)
    .executeTakeFirst()
  if (!row) throw new ApiError('PERSONAL_NOT_BEGUN')
}

export async function hasBegun(db: Queryable, uin: number): Promise<boolean> {
  const row = await db
    .selectFrom('personal_users')
    .select('uin')
    .where('uin', '=', uin)
    .executeTakeFirst()
  return row !== undefined
}
