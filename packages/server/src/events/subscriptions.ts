// Whoever follows the event log. A subscriber turns events into jobs and does nothing else: its work is in
// the transaction that moves its cursor, so that no event is lost and none is handed over twice, and what
// may fail fails in a job, which holds up its lane and not the log.
//
// Order. An event is seen only when everything before it is decided: on SQLite by position, on PostgreSQL by
// transaction id and then position. Transactions that overlap are ordered by when they began to write, not by
// when they committed, so two events about one thing, from overlapping transactions, may come in either
// order. A job therefore asks what is true now; it doesn't replay what the event said.

import type { Tx } from '../db/database.ts'
import type { EventType, RecordedEvent } from './catalogue.ts'

export interface Subscriber {
  /** Names the cursor: never changed, never reused. */
  readonly name: string
  readonly types: readonly EventType[]
  /** Enqueues jobs for a batch of at most 500 events, in order; `at` is now, by the deployment's clock. */
  onEvents(tx: Tx, events: readonly RecordedEvent[], at: number): Promise<void>
  /**
   * It is new, or was left behind: events before its new cursor are not coming. Enqueues the job that
   * compares everything.
   */
  resync(tx: Tx, at: number): Promise<void>
}

/** So that a type's payload is known in `onEvents`. */
export function isEventOf<T extends EventType>(
  event: RecordedEvent,
  ...types: readonly T[]
): event is Extract<RecordedEvent, { type: T }> {
  return (types as readonly string[]).includes(event.type)
}
