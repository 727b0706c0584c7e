// The log keeps an event until every cursor has passed it, and at most 30 days. A subscriber that is further
// behind loses its cursor, and one without a cursor resyncs whole: so a subscriber that no longer exists
// holds nothing up for longer, and a slow one misses nothing.

import { sql } from 'kysely'
import type { Clock } from '../clock.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { decidedBelow } from '../db/forms.ts'
import type { ClockWatch } from '../jobs/clock-watch.ts'
import { inBatches } from '../jobs/in-batches.ts'
import { defineReconciler, type JobDefinition } from '../jobs/jobs.ts'
import { findLastPlace, type Place, upTo } from './queries.ts'

const everyMs = 10 * 60_000
export const keepEventsMs = 30 * 24 * 60 * 60_000
const batchEvents = 500

export function trimEvents(app: {
  readonly clock: Clock
  readonly clockWatch: Pick<ClockWatch, 'isPaused'>
}): JobDefinition {
  return defineReconciler({
    kind: 'events.trim',
    everyMs,
    async run(context) {
      const { db, write } = context
      // A clock that was set forward must not leave subscribers behind that are not.
      const isPaused = await app.clockWatch.isPaused()
      const now = await app.clock.deployment(db.read)
      const oldBefore = isPaused ? Number.MIN_SAFE_INTEGER : now - keepEventsMs
      if (!isPaused) await write((tx) => forgetCursors(tx, oldBefore))
      await inBatches(context, batchEvents, (tx) => deleteBatch(tx, oldBefore))
    },
  })
}

async function forgetCursors(tx: Tx, oldBefore: number): Promise<void> {
  await sql`
    delete from event_cursors where exists (
      select 1 from events where events.at < ${oldBefore}
        and events.transaction_id < ${await decidedBelow(tx)}
        and (events.transaction_id, events.position)
          > (event_cursors.transaction_id, event_cursors.position))`.execute(tx)
}

async function deleteBatch(tx: Tx, oldBefore: number): Promise<bigint> {
  const floor = await findFloor(tx)
  const result = await tx
    .deleteFrom('events')
    .where('position', 'in', (eb) =>
      eb
        .selectFrom('events')
        .select('position')
        .where((or) => or.or([upTo(floor), or('at', '<', oldBefore)]))
        .orderBy('transaction_id')
        .orderBy('position')
        .limit(batchEvents),
    )
    .executeTakeFirst()
  return result.numDeletedRows
}

/** Every cursor has passed it; without any, whoever comes first resyncs. */
async function findFloor(tx: Tx): Promise<Place> {
  const row = await tx
    .selectFrom('event_cursors')
    .select(['transaction_id', 'position'])
    .orderBy('transaction_id')
    .orderBy('position')
    .limit(1)
    .executeTakeFirst()
  if (row) return { transactionId: row.transaction_id, position: row.position }
  return findLastPlace(tx, await decidedBelow(tx))
}

export interface SubscriberLag {
  readonly subscriber: string
  readonly events: number
  /** Of the oldest event it has not seen. */
  readonly oldestAt: number | null
}

/** For metrics; asked through `Database.heavy`. */
export async function eventsBehind(db: Queryable): Promise<readonly SubscriberLag[]> {
  const { rows } = await sql<SubscriberLag>`
    select event_cursors.subscriber as subscriber, count(events.position) as events,
      min(events.at) as "oldestAt"
    from event_cursors left join events
      on (events.transaction_id, events.position)
        > (event_cursors.transaction_id, event_cursors.position)
    group by event_cursors.subscriber order by event_cursors.subscriber`.execute(db)
  return rows
}
