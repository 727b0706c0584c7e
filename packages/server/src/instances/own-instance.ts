// The instance that a call of the management API names.

import type { Queryable } from '../db/database.ts'
import { fromRow, type Instance } from './instances.ts'
import { instanceUnknown } from './queries.ts'

/** Throws RESOURCE_NOT_FOUND, also for another account's: that it exists is nobody else's business. */
export async function getOwnInstance(
  db: Queryable,
  id: string,
  ownerUin: number,
): Promise<Instance> {
  const row = await db
    .selectFrom('instances')
    .selectAll()
    .where('id', '=', id)
    .where('owner_uin', '=', ownerUin)
    .executeTakeFirst()
  if (row) return fromRow(row)
  throw instanceUnknown(id)
}
