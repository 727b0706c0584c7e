// Jobs as people see them: those of their account, and of the instances that they may look at.

import { type Selectable, sql } from 'kysely'
import { reachCondition } from '../access/reach-filter.ts'
import { instanceIdColumns } from '../access/row-columns.ts'
import type { PageRange } from '../actions/paging.ts'
import type { Queryable } from '../db/database.ts'
import type { JobsTable } from '../db/schema.ts'
import type { Reach } from '../policies/reach.ts'

export type JobRow = Selectable<JobsTable>

export interface JobFilter {
  /** Undefined: of all accounts, and the deployment's own. */
  readonly ownerUin: number | undefined
  /** On instances. */
  readonly reach: Reach
  readonly instanceId: string | undefined
  readonly kinds: readonly string[]
  readonly states: readonly JobRow['state'][]
  readonly endedSince?: number | undefined
  /** Not what the program does by itself. */
  readonly isAskedFor?: boolean
}

/** Newest first: ids are made in the order of time. Runs on `heavy`. */
export async function listJobs(
  db: Queryable,
  filter: JobFilter,
  page: PageRange,
): Promise<{ readonly total: number; readonly jobs: readonly JobRow[] }> {
  const matching = selectMatching(db, filter)
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const jobs = await matching
    .selectAll()
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { total: Number(total), jobs }
}

function selectMatching(db: Queryable, filter: JobFilter) {
  const { ownerUin, reach, instanceId, kinds, states, endedSince, isAskedFor = false } = filter
  let query = db.selectFrom('jobs')
  if (ownerUin !== undefined) query = query.where('owner_uin', '=', ownerUin)
  // What is about no instance is seen by who sees all of them.
  const reached = reachCondition(
    db,
    reach,
    sql.ref<string>('instance_id'),
    instanceIdColumns('instance_id'),
  )
  if (reached) query = query.where(reached)
  if (instanceId !== undefined) query = query.where('instance_id', '=', instanceId)
  if (kinds.length > 0) query = query.where('kind', 'in', kinds)
  if (states.length > 0) query = query.where('state', 'in', states)
  if (endedSince !== undefined) query = query.where('ended_at', '>=', endedSince)
  if (isAskedFor) query = query.where('created_by', 'is not', null)
  return query
}

export function findJob(db: Queryable, id: string): Promise<JobRow | undefined> {
  return db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function countLines(db: Queryable, jobId: string): Promise<number> {
  const { count } = await db
    .selectFrom('job_logs')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('job_id', '=', jobId)
    .executeTakeFirstOrThrow()
  return Number(count)
}

export function listLines(
  db: Queryable,
  jobId: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<{ at: number; line: string }[]> {
  return db
    .selectFrom('job_logs')
    .select(['at', 'line'])
    .where('job_id', '=', jobId)
    .orderBy('id')
    .limit(limit)
    .offset(after)
    .execute()
}
