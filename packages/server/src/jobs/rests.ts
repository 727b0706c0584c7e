// Times in which, by this database, nobody ran. If its store holds bytes from such a time, somebody did run:
// the database is older than its store (a backup that was restored), and must not decide what to delete.
// `ClockWatch` finds rests; the sweep of the store looks into them and forgets those in which nothing was
// written.

import type { Queryable, Tx } from '../db/database.ts'

/** Less than this without a beat is a stall, a failover or a slow restart. */
export const minRestMs = 5 * 60_000

const prefix = 'rest:'

export interface Rest {
  readonly from: number
  readonly to: number
}

export async function recordRest(tx: Tx, { from, to }: Rest): Promise<void> {
  await tx
    .insertInto('meta')
    .values({ key: `${prefix}${from}`, value: String(to) })
    .onConflict((oc) => oc.column('key').doUpdateSet({ value: String(to) }))
    .execute()
}

export async function listRests(db: Queryable): Promise<readonly Rest[]> {
  const rows = await db
    .selectFrom('meta')
    .select(['key', 'value'])
    .where('key', 'like', `${prefix}%`)
    .orderBy('key')
    .execute()
  return rows.map(({ key, value }) => ({
    from: Number(key.slice(prefix.length)),
    to: Number(value),
  }))
}

export async function forgetRests(tx: Tx, rests: readonly Rest[]): Promise<void> {
  if (rests.length === 0) return
  const keys = rests.map(({ from }) => `${prefix}${from}`)
  await tx.deleteFrom('meta').where('key', 'in', keys).execute()
}
