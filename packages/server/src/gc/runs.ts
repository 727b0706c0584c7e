// What clean-ups did: a row for each that was asked for, and one for each hour in which something went by itself.

import { ApiError } from '@entrepot/contract/errors.ts'
import { type Selectable, sql } from 'kysely'
import type { PageRange } from '../actions/paging.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { newId } from '../db/ids.ts'
import { nextNumber } from '../db/numbering.ts'
import type { GcItemsTable, GcRunsTable } from '../db/schema-gc.ts'
import { schedule } from '../jobs/jobs.ts'
import { type Counts, nothing, type Tally } from './tally.ts'

export const gcRunJob = 'gc.run'
/** A large instance takes minutes; a run that takes longer than this is stopped and asked for again. */
const runDeadlineMs = 24 * 3_600_000
const maxRunAttempts = 5

const dayMs = 24 * 3_600_000
const keepRunsMs = 90 * dayMs
const keepItemsMs = 7 * dayMs

/** What stays for now, and why. */
export interface Stay {
  readonly reason: 'grace' | 'bin' | 'delay' | 'clock' | 'hold' | 'operator'
  readonly count: number
  readonly bytes: number
  readonly dueAt: number | null
  readonly lastDueAt: number | null
}

/** A row with what its job says of it, as long as that is there. */
export type Run = Selectable<GcRunsTable>

export interface NewRun {
  readonly instanceId: string
  readonly isDry: boolean
  /** As audit rows name an actor. */
  readonly by: string
  readonly at: number
}

/** Throws RESOURCE_IN_USE while one of the instance is under way. */
export async function startRun(tx: Tx, { instanceId, isDry, by, at }: NewRun): Promise<void> {
  if (await findLiveRun(tx, instanceId)) throw underWay()
  const id = newId()
  const jobId = await schedule(tx, {
    kind: gcRunJob,
    key: `${gcRunJob}:${instanceId}`,
    // One after another: two at once would only wait for each other.
    lane: gcRunJob,
    payload: { runId: id, instanceId, isDry },
    instanceId,
    by,
    at,
    maxAttempts: maxRunAttempts,
    deadlineMs: runDeadlineMs,
  })
  const kind = isDry ? 'dry' : 'manual'
  await insertRun(tx, { id, instanceId, kind, jobId, by, at }, { state: 'waiting', went: nothing })
}

function underWay(): ApiError {
  return new ApiError('RESOURCE_IN_USE', {
    message: {
      en: 'a clean-up of the instance is under way: wait for it, or stop it',
      zh: '该实例正在清理，请等待完成或先停止',
    },
  })
}

async function insertRun(
  tx: Tx,
  run: {
    readonly id: string
    readonly instanceId: string
    readonly kind: GcRunsTable['kind']
    readonly jobId: string | null
    readonly by: string
    readonly at: number
  },
  { state, went }: { readonly state: GcRunsTable['state']; readonly went: Counts },
): Promise<void> {
  const isOver = state === 'succeeded'
  await tx
    .insertInto('gc_runs')
    .values({
      id: run.id,
      number: await nextNumber(tx, 'gc-run'),
      instance_id: run.instanceId,
      kind: run.kind,
      job_id: run.jobId,
      state,
      went: JSON.stringify(went),
      stays: '[]',
      expected_ms: null,
      created_by: run.by,
      created_at: run.at,
      started_at: isOver ? run.at : null,
      updated_at: run.at,
      ended_at: isOver ? run.at : null,
    })
    .execute()
}

/** What went by itself, for the people of each instance. */
export async function recordHourly(tx: Tx, tally: Tally, at: number): Promise<void> {
  for (const [instanceId, went] of tally.instances) {
    // It may have gone with what was in it.
    const there = await tx
      .selectFrom('instances')
      .select('id')
      .where('id', '=', instanceId)
      .executeTakeFirst()
    if (!there) continue
    const run = { id: newId(), instanceId, kind: 'hourly' as const, jobId: null }
    await insertRun(tx, { ...run, by: 'system:gc', at }, { state: 'succeeded', went })
  }
}

export async function updateRun(
  tx: Tx,
  id: string,
  change: Partial<Pick<Run, 'state' | 'expected_ms' | 'started_at' | 'ended_at'>> & {
    readonly went?: Counts
    readonly stays?: readonly Stay[]
    readonly at: number
  },
): Promise<void> {
  const { went, stays, at, ...columns } = change
  await tx
    .updateTable('gc_runs')
    .set({
      ...columns,
      ...(went && { went: JSON.stringify(went) }),
      ...(stays && { stays: JSON.stringify(stays) }),
      updated_at: at,
    })
    .where('id', '=', id)
    .execute()
}

/** The job of a run that waits or is under way. */
export function findLiveRun(
  db: Queryable,
  instanceId: string,
): Promise<{ readonly id: string } | undefined> {
  return db
    .selectFrom('jobs')
    .select('id')
    .where('key', '=', `${gcRunJob}:${instanceId}`)
    .where('state', 'in', ['waiting', 'running'])
    .executeTakeFirst()
}

/** Newest first. */
export async function listRuns(
  db: Queryable,
  filter: {
    readonly instanceId: string
    readonly number?: number | undefined
    readonly kinds?: readonly Run['kind'][]
  },
  page: PageRange,
): Promise<{ readonly total: number; readonly runs: readonly (Run & { items: number })[] }> {
  let matching = db.selectFrom('gc_runs as g').where('g.instance_id', '=', filter.instanceId)
  if (filter.number !== undefined) matching = matching.where('g.number', '=', filter.number)
  if (filter.kinds && filter.kinds.length > 0)
    matching = matching.where('g.kind', 'in', filter.kinds)
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await matching
    .leftJoin('jobs as j', 'j.id', 'g.job_id')
    .selectAll('g')
    .select(['j.state as job_state', 'j.started_at as job_started', 'j.ended_at as job_ended'])
    .select((eb) =>
      eb
        .selectFrom('gc_items as item')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .whereRef('item.run_id', '=', 'g.id')
        .as('items'),
    )
    .orderBy('g.number', 'desc')
    .offset(page.offset)
    .limit(page.limit)
    .execute()
  return { total: Number(total), runs: rows.map(withJob) }
}

function withJob<
  R extends Run & {
    readonly job_state: Run['state'] | null
    readonly job_started: number | null
    readonly job_ended: number | null
    readonly items: number | string | null
  },
>(row: R) {
  const { job_state: state, job_started: started, job_ended: ended, items, ...run } = row
  const isLive = state === 'waiting' || state === 'running'
  return {
    ...run,
    items: Number(items ?? 0),
    // Of a run that was cancelled nobody wrote the end but its job.
    state: state ?? (run.ended_at === null && run.job_id !== null ? 'failed' : run.state),
    started_at: run.started_at ?? started,
    ended_at: isLive ? null : (ended ?? run.ended_at),
  } as const
}

export type Item = Selectable<GcItemsTable>

export async function insertItems(
  tx: Tx,
  runId: string,
  items: readonly Omit<Item, 'run_id' | 'position'>[],
  first: number,
): Promise<void> {
  if (items.length === 0) return
  await tx
    .insertInto('gc_items')
    .values(items.map((item, at) => ({ ...item, run_id: runId, position: first + at })))
    .execute()
}

/** In the order in which they were found. */
export async function listItems(
  db: Queryable,
  filter: {
    readonly instanceId: string
    readonly number: number
    readonly kinds: readonly Item['kind'][]
    readonly search: string
    readonly onlyDue: boolean
  },
  page: PageRange,
): Promise<{ readonly total: number; readonly items: readonly Item[] }> {
  let matching = db
    .selectFrom('gc_items as item')
    .innerJoin('gc_runs as g', 'g.id', 'item.run_id')
    .where('g.instance_id', '=', filter.instanceId)
    .where('g.number', '=', filter.number)
  if (filter.kinds.length > 0) matching = matching.where('item.kind', 'in', filter.kinds)
  if (filter.onlyDue) matching = matching.where('item.due_at', 'is', null)
  if (filter.search !== '') {
    const pattern = `%${filter.search.replaceAll(/[\\%_]/g, '\\$&')}%`
    matching = matching.where(
      sql<boolean>`(item.digest like ${pattern} escape '\\'
        or item.repository_path like ${pattern} escape '\\')`,
    )
  }
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const items = await matching
    .selectAll('item')
    .orderBy('item.position')
    .offset(page.offset)
    .limit(page.limit)
    .execute()
  return { total: Number(total), items }
}

/** Lists of dry runs, then runs. Each returns how many rows went: with fewer than asked for there are no more. */
export async function trimItems(tx: Tx, now: number, maxRows: number): Promise<bigint> {
  const result = await tx
    .deleteFrom('gc_items')
    .where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple('run_id', 'position'),
        'in',
        selectFrom('gc_items as item')
          .innerJoin('gc_runs as g', 'g.id', 'item.run_id')
          .select(['item.run_id', 'item.position'])
          .where('g.created_at', '<', now - keepItemsMs)
          .limit(maxRows)
          .$asTuple('run_id', 'position'),
      ),
    )
    .executeTakeFirst()
  return result.numDeletedRows
}

export async function trimRuns(tx: Tx, now: number, maxRows: number): Promise<bigint> {
  const result = await tx
    .deleteFrom('gc_runs')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('gc_runs as g')
        .select('g.id')
        .where('g.created_at', '<', now - keepRunsMs)
        .limit(maxRows),
    )
    .executeTakeFirst()
  return result.numDeletedRows
}
