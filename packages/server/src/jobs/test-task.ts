// What both sides of the tests with several processes agree on.

import type { Tx } from '../db/database.ts'

export const testLeaseMs = 900
export const testPollMs = 100

/** The job's effect; a second one is refused by the primary key. */
export async function markDone(tx: Tx, key: string): Promise<void> {
  await tx
    .insertInto('meta')
    .values({ key: `done ${key}`, value: String(process.pid) })
    .execute()
}
