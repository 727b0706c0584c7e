// The order in which rows of the log are passed on: that of their transactions, below what is not decided yet, because
// numbers alone are given before a commit and seen after others'. On SQLite transactions are serial.

import { sql } from 'kysely'
import type { Queryable } from '../db/database.ts'
import { isSerial } from '../db/forms.ts'
import type { AuditRow } from './search.ts'

export interface LogPlace {
  readonly transactionId: number
  readonly position: number
}

/** `decided`: from `decidedBelow`, asked in an earlier statement. */
export async function listAfter(
  db: Queryable,
  place: LogPlace,
  decided: number,
  limit: number,
): Promise<readonly AuditRow[]> {
  const rows = db.selectFrom('audit').selectAll().limit(limit)
  if (isSerial(db)) return rows.where('id', '>', place.position).orderBy('id').execute()
  return rows
    .where(sql<boolean>`(transaction_id, id) > (${place.transactionId}, ${place.position})`)
    .where(isPlaced)
    .where('transaction_id', '<', decided)
    .orderBy('transaction_id')
    .orderBy('id')
    .execute()
}

/** The literal is the partial index's. */
const isPlaced = sql<boolean>`transaction_id > 0`

export async function findLastPlace(db: Queryable, decided: number): Promise<LogPlace> {
  const rows = db.selectFrom('audit').select(['transaction_id', 'id']).limit(1)
  const row = isSerial(db)
    ? await rows.orderBy('id', 'desc').executeTakeFirst()
    : await rows
        .where(isPlaced)
        .where('transaction_id', '<', decided)
        .orderBy('transaction_id', 'desc')
        .orderBy('id', 'desc')
        .executeTakeFirst()
  return { transactionId: row?.transaction_id ?? 0, position: row?.id ?? 0 }
}
