// Cloud tags of roles.

import { ApiError } from '@entrepot/contract/errors.ts'
import { batches } from '../db/batches.ts'
import type { Queryable, Tx } from '../db/database.ts'

export const maxTagsPerRole = 50

export interface RoleTag {
  readonly key: string
  readonly value: string
}

/** Adds them, or changes the values of those that are there. */
export async function setRoleTags(tx: Tx, roleId: number, tags: readonly RoleTag[]): Promise<void> {
  for (const { key, value } of tags) {
    await tx
      .insertInto('role_tags')
      .values({ role_id: roleId, key, value })
      .onConflict((conflict) => conflict.columns(['role_id', 'key']).doUpdateSet({ value }))
      .execute()
  }
  const { count } = await tx
    .selectFrom('role_tags')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('role_id', '=', roleId)
    .executeTakeFirstOrThrow()
  if (Number(count) <= maxTagsPerRole) return
  throw new ApiError('LIMIT_EXCEEDED', {
    message: {
      en: `a role has at most ${maxTagsPerRole} tags`,
      zh: `一个角色最多 ${maxTagsPerRole} 个标签`,
    },
  })
}

export async function removeRoleTags(
  tx: Tx,
  roleId: number,
  keys: readonly string[],
): Promise<void> {
  await tx
    .deleteFrom('role_tags')
    .where('role_id', '=', roleId)
    .where('key', 'in', [...keys])
    .execute()
}

export async function deleteRoleTags(tx: Tx, roleId: number): Promise<void> {
  await tx.deleteFrom('role_tags').where('role_id', '=', roleId).execute()
}

/** By role; those without tags are missing. */
export async function tagsOfRoles(
  db: Queryable,
  roleIds: readonly number[],
): Promise<ReadonlyMap<number, readonly RoleTag[]>> {
  const byRole = new Map<number, RoleTag[]>()
  for (const batch of batches(roleIds)) {
    const rows = await db
      .selectFrom('role_tags')
      .select(['role_id', 'key', 'value'])
      .where('role_id', 'in', [...batch])
      .orderBy('role_id')
      .orderBy('key')
      .execute()
    for (const { role_id: id, key, value } of rows) {
      const tags = byRole.get(id) ?? []
      tags.push({ key, value })
      byRole.set(id, tags)
    }
  }
  return byRole
}
