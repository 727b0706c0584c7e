// Keeps the log of each trigger within its limits, and looks whether anything is due that no job is about: it is the same
// as what happens when a delivery is made.

import { sql } from 'kysely'
import type { Clock } from '../clock.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { inBatches } from '../jobs/in-batches.ts'
import type { JobContext } from '../jobs/jobs.ts'
import { scheduleSending } from './sending.ts'
import { keepLogMs, maxLogRows, retryLane } from './webhooks.ts'

const batchSize = 500

interface Sweeper {
  readonly clock: Clock
  readonly isPaused: () => Promise<boolean>
}

export async function sendForgotten(
  ground: Pick<Sweeper, 'clock'>,
  context: JobContext,
): Promise<void> {
  const now = await ground.clock.deployment(context.db.read)
  for (const { target_id: target, lane } of await listIdleLanes(context.db.heavy, now)) {
    context.signal.throwIfAborted()
    await context.write((tx) => scheduleSending(tx, { target, lane }, now))
  }
}

export async function trimLogs(ground: Sweeper, context: JobContext): Promise<void> {
  const now = await ground.clock.deployment(context.db.read)
  // A clock that was set must not empty logs.
  if (!(await ground.isPaused())) {
    await inBatches(context, batchSize, (tx) => deleteOld(tx, now - keepLogMs))
  }
  for (const id of await listLongLogs(context.db.heavy)) {
    await inBatches(context, batchSize, (tx) => deleteBeyond(tx, id))
  }
}

/** With something due and nobody about it. */
function listIdleLanes(db: Queryable, now: number) {
  return db
    .selectFrom('webhook_deliveries as d')
    .innerJoin('webhook_targets as a', 'a.id', 'd.target_id')
    .innerJoin('webhook_triggers as t', 't.id', 'a.trigger_id')
    .select(['d.target_id', 'd.lane'])
    .distinct()
    .where('d.state', '=', 'pending')
    .where('a.is_on', '=', 1)
    .where('t.is_on', '=', 1)
    .where((eb) => eb.or([eb('d.lane', '<>', retryLane), eb('d.next_attempt_at', '<=', now)]))
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('jobs as j')
            .select('j.id')
            .where('j.state', 'in', ['waiting', 'running'])
            .where(sql<boolean>`j.key = 'webhooks.send:' || d.target_id || ':' || d.lane`),
        ),
      ),
    )
    .limit(batchSize)
    .execute()
}

async function deleteOld(tx: Tx, before: number): Promise<bigint> {
  const { numDeletedRows } = await tx
    .deleteFrom('webhook_deliveries')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('webhook_deliveries')
        .select('id')
        .where('state', '<>', 'pending')
        .where('updated_at', '<', before)
        .orderBy('updated_at')
        .limit(batchSize),
    )
    .executeTakeFirst()
  return numDeletedRows
}

async function listLongLogs(db: Queryable): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('webhook_deliveries')
    .select('trigger_id')
    .where('state', '<>', 'pending')
    .groupBy('trigger_id')
    .having((eb) => eb.fn.countAll<number>(), '>', maxLogRows)
    .execute()
  return rows.map((row) => row.trigger_id)
}

/** The oldest of those that ended, down to as many as are kept. */
async function deleteBeyond(tx: Tx, triggerId: string): Promise<bigint> {
  const { numDeletedRows } = await tx
    .deleteFrom('webhook_deliveries')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('webhook_deliveries')
        .select('id')
        .where('trigger_id', '=', triggerId)
        .where('state', '<>', 'pending')
        .orderBy('id', 'desc')
        .limit(batchSize)
        .offset(maxLogRows),
    )
    .executeTakeFirst()
  return numDeletedRows
}
