// Work that may fail later is a row, written in the transaction of the change that asks for it. Tasks do
// what was asked, once per enqueuing; reconcilers take no input and make true what must become true, by a
// timer and when nudged, so that recovery is the same code as normal running.
//
// What holds:
// - One live (waiting or running) job per key. Enqueuing a waiting one replaces its payload; enqueuing a
//   running one makes it run again after its end.
// - One running job per lane, in the order of enqueuing. A job that waits for its next attempt holds up its
//   own lane and no other.
// - A running job has a lease token. Whoever lost it writes nothing more (`JobContext.write`).

import assert from 'node:assert/strict'
import { sql } from 'kysely'
import type { Database, Queryable, Tx } from '../db/database.ts'
import { newId } from '../db/ids.ts'
import { wakeAfterCommit } from './wake.ts'

export const maxPayloadChars = 64 * 1024
const defaultMaxAttempts = 10
export const defaultDeadlineMs = 60 * 60_000

export interface NewJob {
  readonly kind: string
  /** What makes two enqueuings the same work: `sync:<rule>:<repository>`. */
  readonly key: string
  readonly lane?: string
  /** JSON; no secret. */
  readonly payload?: unknown
  /** Whose it is: people of the account may look at it and cancel it. */
  readonly instanceId?: string
  /** Left out: the instance's; without one it is the deployment's own work. */
  readonly ownerUin?: number
  /** False: people may not cancel it; half-way it would leave something that nobody finishes. */
  readonly isCancellable?: boolean
  /** Who asked for it, as audit rows name an actor; left out: the program. */
  readonly by?: string
  /** Now, by the deployment's clock. */
  readonly at: number
  /** Not before this date. */
  readonly runAt?: number
  readonly maxAttempts?: number
  /** How long one attempt may take. */
  readonly deadlineMs?: number
}

export interface JobContext<P = unknown> {
  /** For reading; a job writes through `write`. */
  readonly db: Pick<Database, 'dialect' | 'read' | 'heavy' | 'fetch'>
  readonly job: { readonly id: string; readonly key: string; readonly attempt: number }
  readonly payload: P
  /** Aborted when the job is cancelled, over its deadline, handed back, or another process has it. */
  readonly signal: AbortSignal
  /** A transaction that commits only while this process holds the job. */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Shown to people; JSON of at most 4 KiB. With `tx`: together with what it tells of, inside of `write`. */
  progress(value: unknown, tx?: Tx): Promise<void>
  /** Shown to people: no secret. The first 1000 lines of a run are kept. */
  log(line: string): void
}

export interface JobDefinition {
  readonly kind: string
  /** A reconciler's timer; undefined: a task. */
  readonly everyMs?: number
  readonly deadlineMs?: number
  /** It waits for others outside most of its time: it takes no place from those that work. */
  readonly isWaiting?: boolean
  run(context: JobContext): Promise<void>
}

export function defineJob<P>(task: {
  readonly kind: string
  readonly isWaiting?: boolean
  /** Reads what `schedule` stored, perhaps by an earlier release. */
  readonly parse: (payload: unknown) => P
  readonly run: (context: JobContext<P>) => Promise<void>
}): JobDefinition {
  return {
    kind: task.kind,
    ...(task.isWaiting && { isWaiting: true }),
    run: (context) => task.run({ ...context, payload: task.parse(context.payload) }),
  }
}

export function defineReconciler(reconciler: {
  readonly kind: string
  readonly everyMs: number
  readonly deadlineMs?: number
  readonly run: (context: JobContext) => Promise<void>
}): JobDefinition {
  return reconciler
}

/** Enqueues; returns the id of the job that will do it. */
export async function schedule(tx: Tx, job: NewJob): Promise<string> {
  const payload = JSON.stringify(job.payload ?? null)
  assert(payload.length <= maxPayloadChars, `the payload of ${job.kind} is too long`)
  const { id } = await tx
    .insertInto('jobs')
    .values({
      id: newId(),
      kind: job.kind,
      key: job.key,
      lane: job.lane ?? null,
      lane_order: job.lane === undefined ? 0 : endOfLane(job.lane),
      payload,
      state: 'waiting',
      run_at: job.runAt ?? job.at,
      delay_ms: job.runAt === undefined ? 0 : null,
      every_ms: null,
      run_again: 0,
      attempts: 0,
      max_attempts: job.maxAttempts ?? defaultMaxAttempts,
      lease_token: null,
      lease_renewals: 0,
      deadline_ms: job.deadlineMs ?? defaultDeadlineMs,
      progress: null,
      error: null,
      cancel_requested: 0,
      created_at: job.at,
      started_at: null,
      ended_at: null,
      instance_id: job.instanceId ?? null,
      owner_uin: job.ownerUin ?? ownerOfInstance(tx, job.instanceId),
      cancellable: job.isCancellable === false ? 0 : 1,
      created_by: job.by ?? null,
    })
    .onConflict((conflict) =>
      conflict
        .column('key')
        .where(isLive)
        .doUpdateSet({
          payload: sql`excluded.payload`,
          max_attempts: sql`excluded.max_attempts`,
          deadline_ms: sql`excluded.deadline_ms`,
          run_again: sql`case when jobs.state = 'running' then 1 else 0 end`,
          run_at: sql`case when ${comesSooner} then excluded.run_at else jobs.run_at end`,
          delay_ms: sql`case when ${comesSooner} then excluded.delay_ms else jobs.delay_ms end`,
        }),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  wakeAfterCommit(tx)
  return id
}

function ownerOfInstance(tx: Tx, instanceId: string | undefined) {
  if (instanceId === undefined) return null
  return tx.selectFrom('instances').select('owner_uin').where('id', '=', instanceId)
}

/** Literals, not parameters: PostgreSQL must see that it is the predicate of the unique index. */
const isLive = sql<boolean>`state in ('waiting', 'running')`

// A job that waits for its next attempt keeps its back-off, however often it is enqueued again. For one that
// runs, these are the times of the run after this one.
const comesSooner = sql`jobs.state = 'running'
  or (jobs.attempts = 0 and excluded.run_at < jobs.run_at)`

/** The place after all that live in the lane; jobs of one subscriber are enqueued one after another. */
export function endOfLane(lane: string) {
  return sql<number>`(select coalesce(max(lane_order), 0) + 1 from jobs
    where lane = ${lane} and state in ('waiting', 'running'))`
}

/** Has the reconciler run soon; once more if it runs just now. */
export async function nudge(tx: Tx, kind: string): Promise<void> {
  await tx
    .updateTable('jobs')
    .set({
      run_again: sql`case when state = 'running' then 1 else 0 end`,
      run_at: 0,
      delay_ms: 0,
    })
    .where('key', '=', kind)
    .where('every_ms', 'is not', null)
    .execute()
  wakeAfterCommit(tx)
}

/** Makes the reconciler's row, or gives it this release's timer. */
export async function ensureReconciler(tx: Tx, definition: JobDefinition, at: number) {
  assert(definition.everyMs !== undefined, `${definition.kind} is not a reconciler`)
  const times = {
    every_ms: definition.everyMs,
    deadline_ms: definition.deadlineMs ?? defaultDeadlineMs,
  }
  await tx
    .insertInto('jobs')
    .values({
      id: newId(),
      kind: definition.kind,
      key: definition.kind,
      lane: null,
      lane_order: 0,
      payload: 'null',
      state: 'waiting',
      run_at: at,
      delay_ms: 0,
      ...times,
      run_again: 0,
      attempts: 0,
      max_attempts: 1,
      lease_token: null,
      lease_renewals: 0,
      progress: null,
      error: null,
      cancel_requested: 0,
      created_at: at,
      started_at: null,
      ended_at: null,
    })
    .onConflict((conflict) => conflict.column('key').where(isLive).doUpdateSet(times))
    .execute()
}

/**
 * A waiting task ends here and now, a running one when it has heard its signal (or no longer answers it).
 * A reconciler that waits is not cancelled: it would be back by its timer. False when nothing was to cancel.
 */
export async function cancelJob(tx: Tx, id: string, at: number): Promise<boolean> {
  const waiting = await tx
    .updateTable('jobs')
    .set({ state: 'cancelled', ended_at: at })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .where('every_ms', 'is', null)
    .executeTakeFirst()
  if (waiting.numUpdatedRows > 0n) return true
  const running = await tx
    .updateTable('jobs')
    .set({ cancel_requested: 1, run_again: 0 })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .executeTakeFirst()
  wakeAfterCommit(tx)
  return running.numUpdatedRows > 0n
}

export interface JobCount {
  readonly state: string
  readonly count: number
  /** When the oldest of them was enqueued. */
  readonly oldestAt: number
}

/** For metrics; asked through `Database.heavy`. */
export async function jobCounts(db: Queryable): Promise<readonly JobCount[]> {
  const rows = await db
    .selectFrom('jobs')
    .select(['state', sql<number>`count(*)`.as('count'), sql<number>`min(created_at)`.as('oldest')])
    .where('every_ms', 'is', null)
    .groupBy('state')
    .orderBy('state')
    .execute()
  return rows.map(({ state, count, oldest }) => ({ state, count, oldestAt: oldest }))
}
