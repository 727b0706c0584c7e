// Bytes in the stores that no row names. Two kinds: condemned keys, whose row went in the transaction that
// wrote them down, and orphans, which a crash left between the bytes and the row. An orphan goes only after
// two listings, at least a grace period apart, in which no row named it. A sweep that would take more than a
// tenth of the objects asks the operator: then the database is likelier to be wrong than the store.

import { condemnObjects } from '../blobs/publish.ts'
import type { Clock } from '../clock.ts'
import type { Database, Queryable, Tx } from '../db/database.ts'
import type { Log } from '../log.ts'
import type { Driver, ObjectStat } from '../storage/driver.ts'
import type { Stores } from '../storage/stores.ts'

const batchSize = 500
const listPage = 1000
/** Below this many objects a tenth says nothing. */
const minObjectsToAsk = 100
const maxOrphanShare = 0.1

export interface ObjectSweeper {
  readonly db: Pick<Database, 'read' | 'heavy' | 'write'>
  readonly clock: Clock
  readonly stores: Stores
  readonly log: Log
  readonly graceMs: number
}

/** Deletes the bytes of condemned keys; what a store refuses stays for the next time. Returns how many went. */
export async function deleteCondemned(
  sweeper: ObjectSweeper,
  signal: AbortSignal,
): Promise<number> {
  let deleted = 0
  for (const backendId of sweeper.stores.ids()) {
    deleted += await deleteCondemnedOf(sweeper, backendId, signal)
  }
  return deleted
}

async function deleteCondemnedOf(
  { db, stores, log }: ObjectSweeper,
  backendId: string,
  signal: AbortSignal,
): Promise<number> {
  const driver = stores.driver(backendId)
  let deleted = 0
  for (let after = ''; ; ) {
    const rows = await db.read
      .selectFrom('condemned_objects')
      .select(['id', 'key'])
      .where('backend_id', '=', backendId)
      .where('id', '>', after)
      .orderBy('id')
      .limit(batchSize)
      .execute()
    const last = rows.at(-1)
    if (!last) return deleted
    after = last.id
    const results = await driver.deleteMany(
      rows.map((row) => row.key),
      signal,
    )
    const failed = new Map(
      results.flatMap((result) => (result.error ? [[result.key, result.error] as const] : [])),
    )
    const gone = rows.filter((row) => !failed.has(row.key))
    if (failed.size > 0) {
      const [[key, error]] = [...failed] as [[string, Error]]
      log.warn('some condemned objects could not be deleted', { count: failed.size, key, error })
    }
    if (gone.length === 0) continue
    const ids = gone.map((row) => row.id)
    await db.write(async (tx) => {
      await tx.deleteFrom('condemned_objects').where('id', 'in', ids).execute()
    })
    deleted += gone.length
  }
}

export interface OrphanSweep {
  readonly listed: number
  readonly condemned: number
  /** Orphans that were left because they are too many to be right. */
  readonly suspicious: number
}

/** One listing of each store against the rows. */
export async function sweepOrphans(
  sweeper: ObjectSweeper,
  signal: AbortSignal,
): Promise<OrphanSweep> {
  let total: OrphanSweep = { listed: 0, condemned: 0, suspicious: 0 }
  for (const backendId of sweeper.stores.ids()) {
    const found = await sweepStore(sweeper, backendId, signal)
    total = {
      listed: total.listed + found.listed,
      condemned: total.condemned + found.condemned,
      suspicious: total.suspicious + found.suspicious,
    }
  }
  return total
}

async function sweepStore(
  sweeper: ObjectSweeper,
  backendId: string,
  signal: AbortSignal,
): Promise<OrphanSweep> {
  const { db, clock, stores, log, graceMs } = sweeper
  const driver = stores.driver(backendId)
  const now = await clock.deployment(db.read)
  const ripe: string[] = []
  let listed = 0
  for await (const page of pages(driver, signal)) {
    listed += page.length
    const orphans = await unnamed(db.heavy, backendId, page)
    ripe.push(...(await sightOrphans(sweeper, backendId, { page, orphans, now })))
  }
  const isSuspicious = listed >= minObjectsToAsk && ripe.length > listed * maxOrphanShare
  if (isSuspicious) {
    log.error(
      'no row names many objects of the store: is this database older than its store? Nothing was deleted; ' +
        'restore the right database, or run `entrepot verify --sweep-orphans` to agree',
      { backend: backendId, objects: listed, orphans: ripe.length, graceMs },
    )
    return { listed, condemned: 0, suspicious: ripe.length }
  }
  for (let i = 0; i < ripe.length; i += batchSize) {
    const keys = ripe.slice(i, i + batchSize)
    await db.write((tx) => condemnOrphans(tx, backendId, keys, now))
  }
  return { listed, condemned: ripe.length, suspicious: 0 }
}

async function* pages(driver: Driver, signal: AbortSignal): AsyncGenerator<readonly ObjectStat[]> {
  for (let after: string | undefined; ; ) {
    signal.throwIfAborted()
    const page = await driver.list('blobs/', after, listPage, signal)
    const last = page.at(-1)
    if (!last) return
    yield page
    after = last.key
  }
}

/** Keys of the page that no copy, upload or condemned row names. */
async function unnamed(
  db: Queryable,
  backendId: string,
  page: readonly ObjectStat[],
): Promise<readonly string[]> {
  const named = new Set<string>()
  for (let i = 0; i < page.length; i += batchSize) {
    const keys = page.slice(i, i + batchSize).map((object) => object.key)
    for (const table of ['blob_copies', 'uploads', 'condemned_objects'] as const) {
      const rows = await db
        .selectFrom(table)
        .select('key')
        .where('backend_id', '=', backendId)
        .where('key', 'in', keys)
        .execute()
      for (const row of rows) named.add(row.key)
    }
  }
  return page.map((object) => object.key).filter((key) => !named.has(key))
}

/** Notes new sightings, forgets keys that a row names by now, and returns those seen long enough ago. */
async function sightOrphans(
  { db, graceMs }: ObjectSweeper,
  backendId: string,
  listing: { page: readonly ObjectStat[]; orphans: readonly string[]; now: number },
): Promise<readonly string[]> {
  const { page, orphans, now } = listing
  const first = page[0]?.key ?? ''
  const last = page.at(-1)?.key ?? ''
  const sighted = await db.read
    .selectFrom('orphan_sightings')
    .select(['key', 'first_seen_at'])
    .where('backend_id', '=', backendId)
    .where('key', '>=', first)
    .where('key', '<=', last)
    .execute()
  const seenAt = new Map(sighted.map((row) => [row.key, row.first_seen_at]))
  const isOrphan = new Set(orphans)
  const fresh = orphans.filter((key) => !seenAt.has(key))
  const stale = sighted.map((row) => row.key).filter((key) => !isOrphan.has(key))
  if (fresh.length > 0 || stale.length > 0) {
    await db.write((tx) => noteSightings(tx, backendId, { fresh, stale, now }))
  }
  return orphans.filter((key) => (seenAt.get(key) ?? now) <= now - graceMs)
}

async function noteSightings(
  tx: Tx,
  backendId: string,
  change: { fresh: readonly string[]; stale: readonly string[]; now: number },
): Promise<void> {
  const { fresh, stale, now } = change
  if (fresh.length > 0) {
    await tx
      .insertInto('orphan_sightings')
      .values(fresh.map((key) => ({ backend_id: backendId, key, first_seen_at: now })))
      .onConflict((oc) => oc.columns(['backend_id', 'key']).doNothing())
      .execute()
  }
  if (stale.length > 0) {
    await tx
      .deleteFrom('orphan_sightings')
      .where('backend_id', '=', backendId)
      .where('key', 'in', stale)
      .execute()
  }
}

async function condemnOrphans(
  tx: Tx,
  backendId: string,
  keys: readonly string[],
  at: number,
): Promise<void> {
  // Looked at again in the transaction: a publish may have named one since the listing.
  const stillUnnamed = await unnamed(
    tx,
    backendId,
    keys.map((key) => ({ key, sizeBytes: 0, modifiedAtMs: 0 })),
  )
  await condemnObjects(
    tx,
    stillUnnamed.map((key) => ({ backendId, key })),
    at,
  )
  await tx
    .deleteFrom('orphan_sightings')
    .where('backend_id', '=', backendId)
    .where('key', 'in', [...keys])
    .execute()
}
