import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { Queryable, Tx } from '../db/database.ts'
import type { EventsTable } from '../db/schema.ts'
import type { RecordedEvent } from './catalogue.ts'

/** A place in the log; on SQLite `transactionId` is always 0. */
export interface Place {
  readonly transactionId: number
  readonly position: number
}

export const startOfLog: Place = { transactionId: 0, position: 0 }

export interface PlacedEvent {
  readonly place: Place
  readonly event: RecordedEvent
}

/** Row values compare as the log is ordered, on both databases by its index. */
function after(place: Place) {
  return sql<boolean>`(transaction_id, position) > (${place.transactionId}, ${place.position})`
}

export function upTo(place: Place) {
  return sql<boolean>`(transaction_id, position) <= (${place.transactionId}, ${place.position})`
}

/** `decided`: from `decidedBelow`, asked in an earlier statement. */
export async function listEvents(
  db: Queryable,
  from: Place,
  decided: number,
  limit: number,
): Promise<readonly PlacedEvent[]> {
  const rows = await db
    .selectFrom('events')
    .selectAll()
    .where(after(from))
    .where('transaction_id', '<', decided)
    .orderBy('transaction_id')
    .orderBy('position')
    .limit(limit)
    .execute()
  return rows.map(toPlacedEvent)
}

export async function hasEvents(db: Queryable, from: Place, decided: number): Promise<boolean> {
  const row = await db
    .selectFrom('events')
    .select('position')
    .where(after(from))
    .where('transaction_id', '<', decided)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** The last event of which everything before is decided. */
export async function findLastPlace(db: Queryable, decided: number): Promise<Place> {
  const row = await db
    .selectFrom('events')
    .select(['transaction_id', 'position'])
    .where('transaction_id', '<', decided)
    .orderBy('transaction_id', 'desc')
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? { transactionId: row.transaction_id, position: row.position } : startOfLog
}

export async function findCursor(db: Queryable, subscriber: string): Promise<Place | undefined> {
  const row = await db
    .selectFrom('event_cursors')
    .select(['transaction_id', 'position'])
    .where('subscriber', '=', subscriber)
    .executeTakeFirst()
  return row && { transactionId: row.transaction_id, position: row.position }
}

/** Locks it to the end of the transaction: one process at a time moves a cursor. */
export async function lockCursor(
  tx: Tx,
  subscriber: string,
  at: number,
): Promise<Place | undefined> {
  const row = await tx
    .updateTable('event_cursors')
    .set({ updated_at: at })
    .where('subscriber', '=', subscriber)
    .returning(['transaction_id', 'position'])
    .executeTakeFirst()
  return row && { transactionId: row.transaction_id, position: row.position }
}

export async function moveCursor(tx: Tx, subscriber: string, place: Place): Promise<void> {
  await tx
    .updateTable('event_cursors')
    .set({ transaction_id: place.transactionId, position: place.position })
    .where('subscriber', '=', subscriber)
    .execute()
}

/** False when another process has just made it. */
export async function insertCursor(
  tx: Tx,
  subscriber: string,
  place: Place,
  at: number,
): Promise<boolean> {
  const inserted = await tx
    .insertInto('event_cursors')
    .values({
      subscriber,
      transaction_id: place.transactionId,
      position: place.position,
      updated_at: at,
    })
    .onConflict((conflict) => conflict.column('subscriber').doNothing())
    .returning('subscriber')
    .executeTakeFirst()
  return inserted !== undefined
}

function toPlacedEvent(row: Selectable<EventsTable>): PlacedEvent {
  const { repository_id: id, repository_path: path } = row
  const event = {
    type: row.type,
    position: row.position,
    schemaVersion: row.schema_version,
    at: row.at,
    instanceId: row.instance_id,
    region: row.region,
    ...(id !== null && path !== null ? { repository: { id, path } } : {}),
    actor: row.actor,
    credential: row.credential,
    address: row.address,
    requestId: row.request_id,
    cause: row.cause,
    payload: JSON.parse(row.payload),
    // What `record` wrote: the type decides the payload.
  } as RecordedEvent
  return { place: { transactionId: row.transaction_id, position: row.position }, event }
}
