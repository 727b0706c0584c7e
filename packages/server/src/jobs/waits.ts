import { sql } from 'kysely'
import type { Tx } from '../db/database.ts'

/**
 * A wait that seems to have begun in the future began before the clock was set back: it ends now. A date
 * that somebody asked for stays what it is.
 */
export async function pullBackWaits(tx: Tx, now: number, toleranceMs: number): Promise<void> {
  await tx
    .updateTable('jobs')
    .set({ run_at: now, delay_ms: 0 })
    .where('state', '=', 'waiting')
    .where('delay_ms', 'is not', null)
    .where(sql<boolean>`run_at - delay_ms > ${now + toleranceMs}`)
    .execute()
}
