// The cleaning of the following days, on the data of a server that was stopped: by a clock of our own, since
// what is swept must be older than the grace period, and seen twice.

import { RunningHashes } from '@entrepot/server/blobs/hashing.ts'
import { type FakeClock, fakeClock } from '@entrepot/server/clock.ts'
import type { Database } from '@entrepot/server/db/database.ts'
import { openDatabase } from '@entrepot/server/db/open.ts'
import { collectBlobs } from '@entrepot/server/gc/collect.ts'
import { expireUploads } from '@entrepot/server/gc/expiry.ts'
import { deleteCondemned, sweepOrphans } from '@entrepot/server/gc/objects.ts'
import { purgeDeleted } from '@entrepot/server/gc/purge.ts'
import { consentToSweep } from '@entrepot/server/gc/questions.ts'
import { silentLog } from '@entrepot/server/log.ts'
import { type CountDifference, listCountDifferences } from '@entrepot/server/quotas/recount.ts'
import type { Driver } from '@entrepot/server/storage/driver.ts'
import { openDriver } from '@entrepot/server/storage/open.ts'
import { Stores } from '@entrepot/server/storage/stores.ts'

const dayMs = 24 * 3_600_000
const days = 5
const backend = 'default'

export interface DaysLater {
  /** Counters that differ from a recount, before anything is swept and after. */
  readonly differences: readonly CountDifference[]
  /** Objects of the store that no copy's row names, and copies without their object. */
  readonly unnamed: readonly string[]
  readonly missing: readonly string[]
  /** Orphans that the last day's sweep left because the operator is to be asked. */
  readonly suspicious: number
}

export interface Place {
  readonly database: { readonly sqlitePath: string } | { readonly url: string }
  readonly storage: Parameters<typeof openDriver>[0]
}

export async function sweepForDays({ database, storage }: Place): Promise<DaysLater> {
  const clock = fakeClock(Date.now())
  const db = await openDatabase({ ...database, log: silentLog, clock })
  const driver = await openDriver(storage, { clock })
  try {
    const before = await listCountDifferences(db.read)
    let suspicious = 0
    for (let day = 1; day <= days; day++) {
      clock.advance(dayMs)
      suspicious = await sweepOnce(db, driver, clock)
      // So many kills leave more than a tenth of the bytes unnamed, which nobody but the operator lets go.
      if (suspicious > 0) await db.write((tx) => consentToSweep(tx, clock.now()))
    }
    const after = await listCountDifferences(db.read)
    return { differences: [...before, ...after], suspicious, ...(await compare(db, driver)) }
  } finally {
    await driver.close()
    await db.close()
  }
}

async function sweepOnce(db: Database, driver: Driver, clock: FakeClock): Promise<number> {
  const { signal } = new AbortController()
  const stores = new Stores(clock, 0)
  stores.add(backend, driver)
  const cleaner = { db, clock, stores, log: silentLog, graceMs: dayMs, hashes: new RunningHashes() }
  await expireUploads(cleaner, signal)
  await purgeDeleted(cleaner, signal)
  await collectBlobs(cleaner, signal)
  const { suspicious } = await sweepOrphans(cleaner, signal)
  await deleteCondemned(cleaner, signal)
  return suspicious
}

async function compare(db: Database, driver: Driver) {
  const { signal } = new AbortController()
  const rows = await db.read.selectFrom('blob_copies').select('key').execute()
  const named = new Set(rows.map(({ key }) => key))
  const unnamed: string[] = []
  for (let after: string | undefined; ; ) {
    const page = await driver.list('blobs/', after, 1000, signal)
    after = page.at(-1)?.key
    if (after === undefined) return { unnamed, missing: [...named] }
    for (const { key } of page) if (!named.delete(key)) unnamed.push(key)
  }
}
