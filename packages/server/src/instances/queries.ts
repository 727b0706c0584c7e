// Instances as the API lists them.

import { ApiError } from '@entrepot/contract/errors.ts'
import { type Selectable, sql } from 'kysely'
import { reachCondition } from '../access/reach-filter.ts'
import { instanceColumns } from '../access/row-columns.ts'
import type { PageRange } from '../actions/paging.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { forUpdate } from '../db/forms.ts'
import type { InstancesTable } from '../db/schema.ts'
import type { Reach } from '../policies/reach.ts'

export type InstanceRecord = Selectable<InstancesTable>

export interface InstanceFilter {
  readonly ownerUin: number
  readonly reach: Reach
  /** Undefined: of all regions. */
  readonly region: string | undefined
  /** Only these, where any are named. */
  readonly ids: readonly string[]
  /** Groups of which each must have the name. */
  readonly names: readonly (readonly string[])[]
}

export async function listInstances(
  db: Queryable,
  filter: InstanceFilter,
  page: PageRange,
): Promise<{ readonly total: number; readonly instances: readonly InstanceRecord[] }> {
  const { ownerUin, reach, region, ids, names } = filter
  let matching = db.selectFrom('instances as i').where('i.owner_uin', '=', ownerUin)
  if (region !== undefined) matching = matching.where('i.region', '=', region)
  if (ids.length > 0) matching = matching.where('i.id', 'in', ids)
  for (const any of names) matching = matching.where('i.name', 'in', any.length > 0 ? any : [''])
  const reached = reachCondition(db, reach, sql.ref<string>('i.id'), instanceColumns('i'))
  if (reached) matching = matching.where(reached)
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const instances = await matching
    .selectAll()
    .orderBy('i.created_at')
    .orderBy('i.name')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { total: Number(total), instances }
}

/** In the order of the ids; throws RESOURCE_NOT_FOUND for the first that the account doesn't have. */
export async function getInstances(
  db: Queryable,
  ids: readonly string[],
  ownerUin: number,
): Promise<readonly InstanceRecord[]> {
  const rows = await db
    .selectFrom('instances')
    .selectAll()
    .where('owner_uin', '=', ownerUin)
    .where('id', 'in', ids)
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => {
    const row = byId.get(id)
    if (!row) throw instanceUnknown(id)
    return row
  })
}

/** Held until the transaction ends, against every other change. Throws RESOURCE_NOT_FOUND. */
export async function lockInstance(tx: Tx, id: string): Promise<InstanceRecord> {
  const row = await tx
    .selectFrom('instances')
    .selectAll()
    .where('id', '=', id)
    .$call((query) => forUpdate(tx, query))
    .executeTakeFirst()
  if (!row) throw instanceUnknown(id)
  return row
}

export async function countInstances(
  db: Queryable,
  ownerUin: number,
  region: string,
): Promise<number> {
  const { count } = await db
    .selectFrom('instances')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner_uin', '=', ownerUin)
    .where('region', '=', region)
    .executeTakeFirstOrThrow()
  return Number(count)
}

export async function isNameTaken(db: Queryable, name: string): Promise<boolean> {
  const row = await db
    .selectFrom('instances')
    .select('id')
    .where('name', '=', name)
    .executeTakeFirst()
  return row !== undefined
}

export function instanceUnknown(id: string): ApiError {
  return new ApiError('RESOURCE_NOT_FOUND', {
    message: { en: `there is no instance ${id} in this account`, zh: `该账号下没有实例 ${id}` },
    detail: { instance: id },
  })
}
