// What is stored, added up from the rows themselves: the counters must say the same, after any crash.

import { sql } from 'kysely'
import type { Queryable } from '../db/database.ts'
import { getUsage, type Metric } from './quotas.ts'

export interface CountDifference {
  readonly scopeId: string
  readonly metric: Metric
  readonly counted: number
  readonly kept: number
}

/** The counters that differ from a recount; empty when all is well. Slow: runs on `heavy`. */
export async function listCountDifferences(db: Queryable): Promise<readonly CountDifference[]> {
  const counts = await recount(db)
  const differences: CountDifference[] = []
  for (const { scopeId, metric, counted } of counts) {
    const kept = await getUsage(db, scopeId, metric)
    if (kept !== counted) differences.push({ scopeId, metric, counted, kept })
  }
  return differences
}

interface Count {
  readonly scopeId: string
  readonly metric: Metric
  readonly counted: number
}

async function recount(db: Queryable): Promise<readonly Count[]> {
  const { rows } = await sql<{ scope_id: string; metric: Metric; counted: number }>`
    select i.id as scope_id, 'bytes' as metric,
      cast(coalesce((select sum(b.size_bytes) from blobs b where b.instance_id = i.id), 0)
        + coalesce((select sum(length(m.bytes)) from manifest_bytes m
            where m.instance_id = i.id), 0)
        + coalesce((select sum(u.reserved_bytes) from uploads u
            where u.instance_id = i.id), 0) as bigint) as counted
      from instances i
    union all
    select n.id, 'bytes',
      cast(coalesce((select sum(c.size_bytes) from namespace_contents c
            where c.namespace_id = n.id), 0)
        + coalesce((select sum(u.reserved_bytes) from uploads u
            where u.namespace_id = n.id), 0) as bigint)
      from namespaces n
    union all
    select i.id, 'namespaces',
      (select count(*) from namespaces n where n.instance_id = i.id
        and n.deleted_at is null) from instances i
    union all
    select i.id, 'repositories',
      (select count(*) from repositories r where r.instance_id = i.id
        and coalesce(r.counted_as, 'repositories') = 'repositories'
        and r.born_at is not null and r.deleted_at is null) from instances i
    union all
    select i.id, 'chart-repositories',
      (select count(*) from repositories r where r.instance_id = i.id
        and r.counted_as = 'chart-repositories'
        and r.born_at is not null and r.deleted_at is null) from instances i
    union all
    select 'account:' || cast(n.owner_uin as text), 'namespaces', count(*)
      from namespaces n where n.owner_uin is not null and n.deleted_at is null
      group by n.owner_uin
    union all
    select 'account:' || cast(n.owner_uin as text), 'repositories', count(*)
      from namespaces n join repositories r on r.namespace_id = n.id
      where n.owner_uin is not null and r.born_at is not null and r.deleted_at is null
      group by n.owner_uin
    union all
    select r.id, 'tags',
      (select count(*) from tags t where t.repository_id = r.id and t.deleted_at is null)
      from repositories r where r.deleted_at is null`.execute(db)
  return rows.map((row) => ({
    scopeId: row.scope_id,
    metric: row.metric,
    counted: Number(row.counted),
  }))
}
