// What is in the way of something's return, told before somebody tries. A restore asks again under its locks.

import type { Queryable } from '../db/database.ts'
import type { ListedDeletion } from './queries.ts'

export interface Obstacles {
  readonly takenTags: readonly string[]
  readonly isNameTaken: boolean
  /** The namespace was deleted and its name is free. */
  readonly makesNamespace: boolean
}

const namedTags = 100

export async function findObstacles(
  db: Queryable,
  instanceId: string,
  deletion: ListedDeletion,
): Promise<Obstacles> {
  if (deletion.kind !== 'repository') {
    const takenTags = await listTakenTags(db, deletion)
    return { takenTags, isNameTaken: false, makesNamespace: false }
  }
  const path = await db
    .selectFrom('repositories')
    .select('id')
    .where('instance_id', '=', instanceId)
    .where('path', '=', deletion.path)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  const namespace = await db
    .selectFrom('repositories as r')
    .innerJoin('namespaces as n', 'n.id', 'r.namespace_id')
    .select(['n.id', 'n.name', 'n.deleted_at'])
    .where('r.id', '=', deletion.repository_id)
    .executeTakeFirst()
  const isGone = namespace !== undefined && namespace.deleted_at !== null
  const again = isGone
    ? await db
        .selectFrom('namespaces')
        .select('id')
        .where('instance_id', '=', instanceId)
        .where('name', '=', namespace.name)
        .where('deleted_at', 'is', null)
        .executeTakeFirst()
    : undefined
  const isNameTaken = path !== undefined || again !== undefined
  return { takenTags: [], isNameTaken, makesNamespace: isGone && !isNameTaken }
}

async function listTakenTags(db: Queryable, deletion: ListedDeletion): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('tags as t')
    .innerJoin('tags as now', (join) =>
      join
        .onRef('now.repository_id', '=', 't.repository_id')
        .onRef('now.name', '=', 't.name')
        .on('now.deleted_at', 'is', null),
    )
    .select('t.name')
    .where('t.deletion_id', '=', deletion.id)
    .orderBy('t.name')
    .limit(namedTags)
    .execute()
  return rows.map(({ name }) => name)
}
