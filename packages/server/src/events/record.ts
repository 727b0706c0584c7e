import type { Selectable } from 'kysely'
import { batches } from '../db/batches.ts'
import type { Tx } from '../db/database.ts'
import { columns, prepare, run } from '../db/prepared.ts'
import type { EventsTable } from '../db/schema.ts'
import { wakeAfterCommit } from '../jobs/wake.ts'
import { type NewEvent, schemaVersions } from './catalogue.ts'

const eventColumns = [
  'type',
  'schema_version',
  'instance_id',
  'region',
  'repository_id',
  'repository_path',
  'actor',
  'credential',
  'address',
  'request_id',
  'cause',
  'payload',
  'at',
] as const

const insertEvent = prepare<Pick<Selectable<EventsTable>, (typeof eventColumns)[number]>>()(
  (db, p) => db.insertInto('events').values(columns(p, eventColumns)),
)

/**
 * Writes an event in the transaction of the change it tells about, after the lock on what was changed, so
 * that two events about one thing have positions in the order in which they became true.
 */
export async function record(tx: Tx, event: NewEvent): Promise<void> {
  await run(tx, insertEvent, toRow(event))
  wakeAfterCommit(tx)
}

/** The same for many, at once: they have positions in the order of the list. */
export async function recordAll(tx: Tx, events: readonly NewEvent[]): Promise<void> {
  for (const batch of batches(events)) {
    await tx.insertInto('events').values(batch.map(toRow)).execute()
  }
  wakeAfterCommit(tx)
}

function toRow(event: NewEvent): Pick<Selectable<EventsTable>, (typeof eventColumns)[number]> {
  const { origin, repository } = event
  return {
    type: event.type,
    schema_version: schemaVersions[event.type],
    instance_id: event.instanceId,
    region: event.region,
    repository_id: repository?.id ?? null,
    repository_path: repository?.path ?? null,
    actor: origin.actor,
    credential: origin.credential,
    address: origin.address,
    request_id: origin.requestId,
    cause: event.cause,
    payload: JSON.stringify(event.payload),
    at: event.at,
  }
}
