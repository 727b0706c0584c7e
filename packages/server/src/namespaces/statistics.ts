// Namespaces in numbers.

import { sql } from 'kysely'
import { reachCondition } from '../access/reach-filter.ts'
import { namespaceColumns } from '../access/row-columns.ts'
import type { PageRange } from '../actions/paging.ts'
import type { Queryable } from '../db/database.ts'
import type { Reach } from '../policies/reach.ts'
import { listUsage } from '../quotas/quotas.ts'

export interface NamespaceNumbers {
  readonly id: string
  readonly name: string
  readonly isPublic: boolean
  readonly repositories: number
  readonly tags: number
  readonly bytes: number
  readonly byteQuota: number | null
  readonly pulls: number
  readonly lastPulledAt: number | null
}

interface NumbersFilter {
  readonly reach: Reach
  /** Only these, where any are named. */
  readonly names: readonly string[]
  readonly isPublic?: boolean
}

/** By name. The repositories of a page are counted, so this runs on `heavy`. */
export async function listNamespaceNumbers(
  db: Queryable,
  instanceId: string,
  { reach, names, isPublic }: NumbersFilter,
  page: PageRange,
): Promise<{ readonly total: number; readonly namespaces: readonly NamespaceNumbers[] }> {
  let matching = db
    .selectFrom('namespaces as n')
    .where('n.instance_id', '=', instanceId)
    .where('n.deleted_at', 'is', null)
  if (names.length > 0) matching = matching.where('n.name', 'in', names)
  if (isPublic !== undefined) matching = matching.where('n.is_public', '=', isPublic ? 1 : 0)
  const reached = reachCondition(db, reach, sql.ref<string>('n.name'), namespaceColumns('n'))
  if (reached) matching = matching.where(reached)
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await matching
    .select(['n.id', 'n.name', 'n.is_public'])
    .orderBy('n.name')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  const ids = rows.map(({ id }) => id)
  const usage = await listUsage(db, ids)
  const counted = await countRepositories(db, ids)
  return {
    total: Number(total),
    namespaces: rows.map((row) => {
      const bytes = usage.get(row.id)?.get('bytes')
      const { repositories = 0, tags = 0, pulls = 0, last } = counted.get(row.id) ?? {}
      return {
        id: row.id,
        name: row.name,
        isPublic: row.is_public === 1,
        repositories: Number(repositories),
        tags: Number(tags),
        bytes: bytes?.used ?? 0,
        byteQuota: bytes?.quota ?? null,
        pulls: Number(pulls),
        lastPulledAt: last ?? null,
      }
    }),
  }
}

interface RepositorySum {
  readonly id: string
  readonly repositories: number
  readonly tags: number
  readonly pulls: number
  readonly last: number | null
}

/** Born ones, by namespace. */
async function countRepositories(
  db: Queryable,
  namespaceIds: readonly string[],
): Promise<ReadonlyMap<string, RepositorySum>> {
  if (namespaceIds.length === 0) return new Map()
  const { rows } = await sql<RepositorySum>`
    select r.namespace_id as id, count(*) as repositories,
      cast(sum(r.pull_count) as bigint) as pulls, max(r.last_pulled_at) as last,
      cast(sum(coalesce(c.value, 0) + coalesce((select sum(d.delta) from counter_deltas d
        where d.scope_id = r.id and d.metric = 'tags'), 0)) as bigint) as tags
    from repositories r
    left join counters c on c.scope_id = r.id and c.metric = 'tags'
    where r.namespace_id in (${sql.join([...namespaceIds])})
      and r.deleted_at is null and r.born_at is not null
    group by r.namespace_id`.execute(db)
  return new Map(rows.map((row) => [row.id, row]))
}
