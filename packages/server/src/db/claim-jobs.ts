// The statement that claims jobs. Both databases run one text; PostgreSQL adds the locks.
//
// A job without a lane is due by its time. Of a lane only the first live job may run, and only while none
// of the lane runs, so lanes are visited one by one through their index instead of passing over everything
// that waits behind a lane's head: a lane with 100,000 jobs behind a failing one costs as much as a short one.
//
// `skip locked` lets several claimers work at once. Two may still see a lane's head differently (one has not
// seen the other's commit): then the unique index on the running job of a lane refuses the second.

import { type RawBuilder, sql } from 'kysely'
import type { Queryable, Tx } from './database.ts'
import { dialectOf } from './dialect.ts'

export interface JobClaim {
  readonly kinds: readonly string[]
  readonly limit: number
  readonly now: number
}

export interface ClaimedJob {
  readonly id: string
  readonly kind: string
  readonly key: string
  readonly lane: string | null
  readonly payload: string
  readonly attempts: number
  readonly deadline_ms: number
  readonly every_ms: number | null
}

/** Takes due jobs under the lease token. On PostgreSQL it may fail with a unique violation: ask again. */
export async function claimJobs(tx: Tx, claim: JobClaim, token: string): Promise<ClaimedJob[]> {
  const lock = dialectOf(tx) === 'postgres' ? sql`for update of jobs skip locked` : sql``
  const { rows } = await sql<ClaimedJob>`
    ${dueJobs(claim, lock)}
    update jobs set state = 'running', attempts = attempts + 1, lease_token = ${token},
      lease_renewals = 0, started_at = ${claim.now}, ended_at = null, progress = null
    where id in (select id from due order by run_at, id limit ${claim.limit})
    returning id, kind, key, lane, payload, attempts, deadline_ms, every_ms`.execute(tx)
  return rows
}

/** Whether `claimJobs` would find any: asked first, for it costs no write transaction. */
export async function hasDueJobs(db: Queryable, claim: JobClaim): Promise<boolean> {
  const { rows } = await sql`${dueJobs(claim, sql``)} select 1 from due limit 1`.execute(db)
  return rows.length > 0
}

function dueJobs(claim: JobClaim, lock: RawBuilder<unknown>): RawBuilder<unknown> {
  const due = sql`jobs.state = 'waiting' and jobs.run_at <= ${claim.now}
    and jobs.kind in (${sql.join(claim.kinds)})`
  return sql`
    with recursive lanes (lane) as (
      select min(jobs.lane) from jobs
      where jobs.state in ('waiting', 'running') and jobs.lane is not null
      union all
      select (select min(jobs.lane) from jobs
        where jobs.state in ('waiting', 'running') and jobs.lane > lanes.lane)
      from lanes where lanes.lane is not null
    ),
    heads (id) as (
      select (select jobs.id from jobs
        where jobs.lane = lanes.lane and jobs.state in ('waiting', 'running')
        order by jobs.lane_order, jobs.id limit 1)
      from lanes where lanes.lane is not null
    ),
    in_lane as (
      select jobs.id, jobs.run_at from jobs
      where jobs.id in (select heads.id from heads) and ${due}
        and not exists (select 1 from jobs other
          where other.lane = jobs.lane and other.state = 'running')
      order by jobs.run_at, jobs.id limit ${claim.limit} ${lock}
    ),
    free as (
      select jobs.id, jobs.run_at from jobs
      where jobs.lane is null and ${due}
      order by jobs.run_at, jobs.id limit ${claim.limit} ${lock}
    ),
    due as (select id, run_at from in_lane union all select id, run_at from free)`
}
