// Repositories in numbers.

import { sql } from 'kysely'
import { reachCondition } from '../access/reach-filter.ts'
import { repositoryColumns } from '../access/row-columns.ts'
import type { PageRange } from '../actions/paging.ts'
import type { Queryable } from '../db/database.ts'
import { endOfPrefix, type Reach } from '../policies/reach.ts'

export interface RepositoryNumbers {
  readonly path: string
  readonly tags: number
  readonly manifests: number
  readonly bytes: number
  readonly pulls: number
  readonly lastPulledAt: number | null
  readonly lastPushedAt: number | null
}

interface NumbersFilter {
  readonly reach: Reach
  readonly namespace: string | undefined
  /** Only these, where any are named. */
  readonly paths: readonly string[]
}

/** By path. What a page holds is added up, so this runs on `heavy`. */
export async function listRepositoryNumbers(
  db: Queryable,
  instanceId: string,
  { reach, namespace, paths }: NumbersFilter,
  page: PageRange,
): Promise<{ readonly total: number; readonly repositories: readonly RepositoryNumbers[] }> {
  let matching = db
    .selectFrom('repositories as r')
    .where('r.instance_id', '=', instanceId)
    .where('r.deleted_at', 'is', null)
    .where('r.born_at', 'is not', null)
  if (paths.length > 0) matching = matching.where('r.path', 'in', paths)
  if (namespace !== undefined) {
    const prefix = `${namespace}/`
    matching = matching.where('r.path', '>=', prefix).where('r.path', '<', endOfPrefix(prefix))
  }
  const reached = reachCondition(db, reach, sql.ref<string>('r.path'), repositoryColumns('r'))
  if (reached) matching = matching.where(reached)
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  // Cut before anything is added up: else a planner adds up for all of them.
  const ids = await matching
    .select('r.id')
    .orderBy('r.path')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  const rows = await addUp(
    db,
    ids.map(({ id }) => id),
  )
  return {
    total: Number(total),
    repositories: rows.map((row) => ({
      ...row,
      tags: Number(row.tags),
      manifests: Number(row.manifests),
      bytes: Number(row.bytes),
    })),
  }
}

/** By path. */
async function addUp(db: Queryable, ids: readonly string[]) {
  if (ids.length === 0) return []
  return db
    .selectFrom('repositories as r')
    .where('r.id', 'in', ids)
    .select(['r.path', 'r.pull_count as pulls', 'r.last_pulled_at as lastPulledAt'])
    .select([
      sql<number>`coalesce((select c.value from counters c
          where c.scope_id = r.id and c.metric = 'tags'), 0)
        + coalesce((select sum(d.delta) from counter_deltas d
          where d.scope_id = r.id and d.metric = 'tags'), 0)`.as('tags'),
      sql<number>`(select count(*) from manifests m
        where m.repository_id = r.id and m.deleted_at is null)`.as('manifests'),
      sql<number | null>`(select max(t.pushed_at) from tags t
        where t.repository_id = r.id and t.deleted_at is null)`.as('lastPushedAt'),
      sql<number>`coalesce((select sum(b.size_bytes) from repository_blobs rb
          join blobs b on b.id = rb.blob_id where rb.repository_id = r.id), 0)
        + coalesce((select sum(m.size_bytes) from manifests m
          where m.repository_id = r.id and m.deleted_at is null), 0)`.as('bytes'),
    ])
    .orderBy('r.path')
    .execute()
}
