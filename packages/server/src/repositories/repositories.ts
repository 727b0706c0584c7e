// A repository exists from its first upload on, but is *unborn* (not listed, not counted) until its first
// manifest.

import type { Origin } from '../audit/origin.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { newId } from '../db/ids.ts'
import { type Param, prepare } from '../db/prepared.ts'
import { record } from '../events/record.ts'
import type { Instance } from '../instances/instances.ts'
import { holdNamespace, type Namespace } from '../namespaces/namespaces.ts'
import type { Bill } from '../quotas/quotas.ts'

export interface Repository {
  readonly id: string
  readonly path: string
}

export interface PathKey {
  readonly instance: string
  readonly namespace: string
  readonly path: string
}

/**
 * What a path of an instance stands for: the beginning of every endpoint's one statement. One row, also where
 * the repository isn't; none where the namespace isn't.
 */
export function selectPath(db: Queryable, p: Param<PathKey>) {
  return db
    .selectFrom('namespaces as n')
    .leftJoin('repositories as r', (join) =>
      join
        .onRef('r.instance_id', '=', 'n.instance_id')
        .on('r.path', '=', p('path'))
        .on('r.deleted_at', 'is', null),
    )
    .where('n.instance_id', '=', p('instance'))
    .where('n.name', '=', p('namespace'))
    .where('n.deleted_at', 'is', null)
    .select([
      'n.id as namespace_id',
      'n.name as namespace_name',
      'n.is_public',
      'r.id as repository_id',
      'r.born_at',
    ])
}

export const locate = prepare<PathKey>()((db, p) => selectPath(db, p))

/** Finds the repository or makes it, unborn. */
export async function ensureRepository(
  tx: Tx,
  target: { readonly instance: Instance; readonly namespace: Namespace; readonly path: string },
  by: { readonly actor: string; readonly at: number },
): Promise<Repository> {
  const inserted = await tx
    .insertInto('repositories')
    .values({
      id: newId(),
      instance_id: target.instance.id,
      namespace_id: target.namespace.id,
      path: target.path,
      kind: 'local',
      born_at: null,
      created_at: by.at,
      created_by: by.actor,
      pull_count: 0,
      last_pulled_at: null,
      deleted_at: null,
      deleted_by: null,
      delete_cause: null,
    })
    .onConflict((oc) =>
      oc.columns(['instance_id', 'path']).where('deleted_at', 'is', null).doNothing(),
    )
    .returning(['id', 'path'])
    .executeTakeFirst()
  if (inserted) return inserted
  return tx
    .selectFrom('repositories')
    .select(['id', 'path'])
    .where('instance_id', '=', target.instance.id)
    .where('path', '=', target.path)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow()
}

/** With its first manifest the repository is listed and counted. */
export async function bearRepository(
  tx: Tx,
  bill: Bill,
  target: { readonly instance: Instance; readonly repository: Repository },
  by: { readonly origin: Origin; readonly at: number },
): Promise<void> {
  const born = await tx
    .updateTable('repositories')
    .set({ born_at: by.at })
    .where('id', '=', target.repository.id)
    .where('born_at', 'is', null)
    .returning('namespace_id')
    .executeTakeFirst()
  if (!born) return
  await holdNamespace(tx, born.namespace_id)
  bill.add(target.instance.id, 'repositories', 1)
  await record(tx, {
    type: 'repository.created',
    at: by.at,
    instanceId: target.instance.id,
    region: target.instance.region,
    repository: target.repository,
    origin: by.origin,
    cause: 'user',
    payload: {},
  })
}

/** Paths greater than `last`, ascending by byte; born ones only. */
export const listCatalog = prepare<{ instance: string; last: string; limit: number }>()((db, p) =>
  db
    .selectFrom('repositories')
    .select('path')
    .where('instance_id', '=', p('instance'))
    .where('path', '>', p('last'))
    .where('deleted_at', 'is', null)
    .where('born_at', 'is not', null)
    .orderBy('path')
    .limit(p('limit')),
)

/** The same below one namespace: how a filtered catalog is put together. */
export const listCatalogBetween = prepare<{
  instance: string
  after: string
  before: string
  limit: number
}>()((db, p) =>
  db
    .selectFrom('repositories')
    .select('path')
    .where('instance_id', '=', p('instance'))
    .where('path', '>', p('after'))
    .where('path', '<', p('before'))
    .where('deleted_at', 'is', null)
    .where('born_at', 'is not', null)
    .orderBy('path')
    .limit(p('limit')),
)
