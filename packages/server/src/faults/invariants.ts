// What must hold whatever failed, at any moment, and what must hold once the cleaning of some days has run.

import assert from 'node:assert/strict'
import { RunningHashes } from '../blobs/hashing.ts'
import type { FakeClock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { collectBlobs } from '../gc/collect.ts'
import { expireUploads } from '../gc/expiry.ts'
import { deleteCondemned, deleteDelayMs, sweepOrphans } from '../gc/objects.ts'
import { purgeDeleted } from '../gc/purge.ts'
import { silentLog } from '../log.ts'
import { foldScope } from '../quotas/quotas.ts'
import { defaultBinDays } from '../recycle-bin/deletions.ts'
import type { Driver } from '../storage/driver.ts'
import { Stores } from '../storage/stores.ts'
import { type BlobFinding, verifyBlobs } from '../verify/blobs.ts'
import { verifyManifests } from '../verify/manifests.ts'
import { verifyRecords } from '../verify/records.ts'

/** A database and a store without faults, and the clock of those who use them. */
export interface Ground {
  readonly db: Database
  readonly store: Driver
  readonly clock: FakeClock
}

const { signal } = new AbortController()
const backend = 'default'
export const graceMs = 24 * 3_600_000
/** From the delete of an image to the delete of its bytes: manifest, link, blob and object, one after another. */
const maxDays = 8

export function cleanerOf({ db, store, clock }: Ground) {
  const stores = new Stores(clock, 0)
  stores.add(backend, store)
  return { db, clock, stores, log: silentLog, graceMs, hashes: new RunningHashes() }
}

/** Rows agree with each other and with the bytes they name. */
export async function assertInvariants(ground: Ground): Promise<void> {
  const damaged: BlobFinding[] = []
  const watch = { onFinding: (found: BlobFinding) => damaged.push(found), onProgress: () => {} }
  await verifyBlobs(cleanerOf(ground), watch, signal)
  assert.deepEqual(damaged, [])
  assert.deepEqual(await verifyRecords(ground.db.read, signal), [])
  assert.deepEqual(await verifyManifests(ground.db, signal), [])
}

/** Reconcilers of the following days, until there is nothing left to clean. */
export async function cleanForDays(ground: Ground): Promise<void> {
  const cleaner = cleanerOf(ground)
  // What was deleted waits for nobody.
  await setBinDays(ground.db, 0)
  for (let day = 1; day <= maxDays; day += 1) {
    ground.clock.advance(graceMs + deleteDelayMs)
    await expireUploads(cleaner, signal)
    await purgeDeleted(cleaner, signal)
    await collectBlobs(cleaner, signal)
    await sweepOrphans(cleaner, signal)
    await deleteCondemned(cleaner, signal)
    if (Object.values(await leftovers(ground)).every((left) => left === 0)) break
  }
  await setBinDays(ground.db, defaultBinDays)
  await foldAll(ground.db)
}

async function setBinDays(db: Database, days: number): Promise<void> {
  await db.write(async (tx) => {
    await tx.updateTable('instances').set({ bin_days: days }).execute()
  })
}

async function foldAll(db: Database): Promise<void> {
  const open = await db.read
    .selectFrom('counter_deltas')
    .select(['scope_id', 'metric'])
    .distinct()
    .execute()
  for (const { scope_id: scopeId, metric } of open) {
    await db.write((tx) => foldScope(tx, scopeId, metric))
  }
}

/** After `cleanForDays`: nothing is left of what failed, was deleted or was never named. */
export async function assertClean(ground: Ground): Promise<void> {
  const left = await leftovers(ground)
  assert.deepEqual(left, Object.fromEntries(Object.keys(left).map((name) => [name, 0])))
  const { store } = ground
  // Of any age, and belonging to nobody.
  const parts = await store.sweepUnfinished(-1e13, async () => new Set(), signal)
  assert.equal(parts, 0, 'unfinished parts stay')
  await assertInvariants(ground)
}

async function leftovers({ db, store }: Ground): Promise<Record<string, number>> {
  const count = async (table: 'uploads' | 'condemned_objects' | 'orphan_sightings') =>
    (await db.read.selectFrom(table).select('key').execute()).length
  const deleted = async (table: 'tags' | 'manifests') =>
    (await db.read.selectFrom(table).select('id').where('deleted_at', 'is not', null).execute())
      .length
  const copies = await db.read.selectFrom('blob_copies').select('key').execute()
  const named = new Set(copies.map(({ key }) => key))
  const keys = await listKeys(store)
  const unlinked = await db.read
    .selectFrom('blobs')
    .select('id')
    .where('id', 'not in', (eb) => eb.selectFrom('repository_blobs').select('blob_id'))
    .execute()
  const unreferenced = await db.read
    .selectFrom('repository_blobs as rb')
    .innerJoin('blobs as b', 'b.id', 'rb.blob_id')
    .select('b.id')
    .where('b.digest', 'not in', (eb) => eb.selectFrom('manifest_refs').select('digest'))
    .execute()
  const deletions = await db.read.selectFrom('deletions').select('id').execute()
  return {
    deletions: deletions.length,
    uploads: await count('uploads'),
    condemned: await count('condemned_objects'),
    sightings: await count('orphan_sightings'),
    deletedTags: await deleted('tags'),
    deletedManifests: await deleted('manifests'),
    unnamedObjects: keys.filter((key) => !named.has(key)).length,
    missingObjects: copies.length - keys.filter((key) => named.has(key)).length,
    unlinkedBlobs: unlinked.length,
    unreferencedLinks: unreferenced.length,
  }
}

async function listKeys(store: Driver): Promise<readonly string[]> {
  const keys: string[] = []
  for (;;) {
    const page = await store.list('blobs/', keys.at(-1), 1000, signal)
    if (page.length === 0) return keys
    keys.push(...page.map(({ key }) => key))
  }
}
