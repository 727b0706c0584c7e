// In how many other repositories a layer lies, of those that somebody may list.

import { sql } from 'kysely'
import { reachCondition } from '../access/reach-filter.ts'
import { repositoryColumns } from '../access/row-columns.ts'
import type { Queryable } from '../db/database.ts'
import type { Reach } from '../policies/reach.ts'

interface SharedWithin {
  readonly instanceId: string
  /** Which is left out. */
  readonly repositoryId: string
  readonly reach: Reach
}

/** By digest; what lies nowhere else is not in it. A base layer may lie in all of them: runs on `heavy`. */
export async function countSharing(
  db: Queryable,
  { instanceId, repositoryId, reach }: SharedWithin,
  digests: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (digests.length === 0) return new Map()
  let sharing = db
    .selectFrom('blobs as b')
    .innerJoin('repository_blobs as rb', 'rb.blob_id', 'b.id')
    .innerJoin('repositories as r', 'r.id', 'rb.repository_id')
    .select('b.digest')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('b.instance_id', '=', instanceId)
    .where('b.digest', 'in', [...new Set(digests)])
    .where('r.id', '!=', repositoryId)
    .where('r.deleted_at', 'is', null)
    .where('r.born_at', 'is not', null)
    .groupBy('b.digest')
  const reached = reachCondition(db, reach, sql.ref<string>('r.path'), repositoryColumns('r'))
  if (reached) sharing = sharing.where(reached)
  const rows = await sharing.execute()
  return new Map(rows.map(({ digest, count }) => [digest, Number(count)]))
}
