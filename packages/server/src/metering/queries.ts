// Sums of what was used, as the API shows them.

import { type RawBuilder, sql } from 'kysely'
import { reachCondition } from '../access/reach-filter.ts'
import { instanceIdColumns } from '../access/row-columns.ts'
import type { Queryable } from '../db/database.ts'
import type { Reach } from '../policies/reach.ts'

export interface UsageFilter {
  readonly ownerUin: number
  readonly reach: Reach
  /** None: of all instances. */
  readonly instanceIds: readonly string[]
  readonly namespace: string | undefined
  readonly firstDay: string
  readonly lastDay: string
  readonly grain: 'Day' | 'Month' | 'All'
  readonly level: 'Instance' | 'Namespace'
}

export interface UsageSum {
  readonly instance_id: string
  readonly namespace: string
  /** A day, a month (`2026-06`), or empty. */
  readonly period: string
  readonly basic_hours: number
  readonly standard_hours: number
  readonly premium_hours: number
  readonly stored_bytes: number
  readonly stored_samples: number
  readonly public_bytes_out: number
  readonly private_bytes_out: number
  readonly public_bytes_in: number
  readonly private_bytes_in: number
  readonly requests: number
  readonly pulls: number
  readonly pushes: number
}

const summed = [
  'basic_hours',
  'standard_hours',
  'premium_hours',
  'public_bytes_out',
  'private_bytes_out',
  'public_bytes_in',
  'private_bytes_in',
  'requests',
  'pulls',
  'pushes',
] as const

/** By instance, period and namespace. Runs on `heavy`. */
export async function sumUsage(
  db: Queryable,
  filter: UsageFilter,
  page: { readonly offset: number; readonly limit: number },
): Promise<readonly UsageSum[]> {
  const sums = summed.map((column) => sql`${total(sql.ref(column))} as ${sql.ref(column)}`)
  const { rows } = await sql<UsageSum>`
    select ${groups(filter)}, ${sql.join(sums)},
      ${total(stored(filter, 'stored_bytes'))} as stored_bytes,
      ${total(stored(filter, 'stored_samples'))} as stored_samples
    from usage_days where ${matching(db, filter)}
    group by 1, 2, 3 order by 1, 3, 2
    limit ${page.limit} offset ${page.offset}`.execute(db)
  return rows
}

export async function countUsage(db: Queryable, filter: UsageFilter): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (
      select ${groups(filter)} from usage_days where ${matching(db, filter)} group by 1, 2, 3
    ) as sums`.execute(db)
  return Number(rows[0]?.count ?? 0)
}

function groups({ grain, level }: UsageFilter): RawBuilder<unknown> {
  const namespace = level === 'Namespace' ? sql`namespace` : sql`cast('' as text)`
  const periods = { Day: sql`day`, Month: sql`substr(day, 1, 7)`, All: sql`cast('' as text)` }
  return sql`instance_id, ${namespace} as namespace, ${periods[grain]} as period`
}

function matching(db: Queryable, filter: UsageFilter): RawBuilder<unknown> {
  const { ownerUin, reach, instanceIds, namespace, firstDay, lastDay } = filter
  const reached = reachCondition(
    db,
    reach,
    sql.ref<string>('instance_id'),
    instanceIdColumns('instance_id'),
  )
  return sql.join(
    [
      sql`owner_uin = ${ownerUin} and day between ${firstDay} and ${lastDay}`,
      ...(instanceIds.length > 0 ? [sql`instance_id in (${sql.join([...instanceIds])})`] : []),
      ...(namespace === undefined ? [] : [sql`namespace = ${namespace}`]),
      ...(reached ? [sql`(${reached})`] : []),
    ],
    sql` and `,
  )
}

/** Bytes count once an instance: those of its namespaces are no part of a sum. */
function stored({ level, namespace }: UsageFilter, column: string): RawBuilder<unknown> {
  if (level === 'Namespace' || namespace !== undefined) return sql.ref(column)
  return sql`case when namespace = '' then ${sql.ref(column)} else 0 end`
}

function total(value: RawBuilder<unknown>): RawBuilder<unknown> {
  // PostgreSQL adds bigints up to a decimal.
  return sql`cast(sum(${value}) as bigint)`
}
