// The part of a store in which an instance's bytes lie.

import { sql } from 'kysely'
import type { Queryable, Tx } from '../db/database.ts'
import { newId } from '../db/ids.ts'
import type { Backend } from '../storage/backends.ts'

/** Nothing is written: the first object makes it. */
export async function insertSection(
  tx: Tx,
  store: Pick<Backend, 'id' | 'kind'>,
  instanceId: string | null,
  at: number,
): Promise<string> {
  const id = newId()
  await tx
    .insertInto('storage_backends')
    .values({
      id,
      kind: store.kind,
      settings_wrapped: null,
      store_id: store.id,
      instance_id: instanceId,
      created_at: at,
    })
    .execute()
  return id
}

/** Of the instance, all but the one where it lies now: nothing new comes there. */
export async function retireSections(tx: Tx, instanceId: string, at: number): Promise<void> {
  await tx
    .updateTable('storage_backends')
    .set({ retired_at: at })
    .where('instance_id', '=', instanceId)
    .where('retired_at', 'is', null)
    .where('id', 'not in', (eb) =>
      eb.selectFrom('instances').select('backend_id').where('id', '=', instanceId),
    )
    .execute()
}

/** Those of which no row names anything any more, since a while: only strays lie there. */
export function listEmptySections(
  db: Queryable,
  retiredBefore: number,
  limit: number,
): Promise<{ id: string }[]> {
  return db
    .selectFrom('storage_backends as s')
    .select('s.id')
    .where('s.store_id', 'is not', null)
    .where('s.retired_at', '<', retiredBefore)
    .where(isUnnamedIn('blob_copies'))
    .where(isUnnamedIn('uploads'))
    .where(isUnnamedIn('condemned_objects'))
    .where(isUnnamedIn('instances'))
    .orderBy('s.id')
    .limit(limit)
    .execute()
}

function isUnnamedIn(table: 'blob_copies' | 'uploads' | 'condemned_objects' | 'instances') {
  return sql<boolean>`not exists
    (select 1 from ${sql.table(table)} as t where t.backend_id = s.id)`
}
