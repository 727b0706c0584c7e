// Uploads that nobody went on with, and unfinished parts that no upload names.

import { cancelUpload } from '../blobs/ingest.ts'
import type { Ingest } from '../blobs/writing.ts'
import { batches } from '../db/batches.ts'
import type { Database, Queryable } from '../db/database.ts'
import { parseSectionKey } from '../storage/sections.ts'
import { visitStores } from './visit-stores.ts'

const batchSize = 500

export interface Expiry extends Pick<Ingest, 'clock' | 'stores' | 'hashes'> {
  readonly db: Pick<Database, 'read' | 'write'>
  readonly graceMs: number
}

/** Ends expired uploads, then removes parts older than the grace period that no open upload owns. */
export async function expireUploads(expiry: Expiry, signal: AbortSignal): Promise<number> {
  const { db, stores, graceMs } = expiry
  const expired = await endExpired(expiry, signal)
  await visitStores(stores, signal, async (driver, backendId) => {
    // What is unfinished in a section stands with what is unfinished in its store.
    if (await stores.isSection(backendId)) return
    const isOpen = (keys: readonly string[]) => openKeys(db.read, backendId, keys)
    await driver.sweepUnfinished(graceMs, isOpen, signal)
  })
  return expired
}

/** Of one instance, or of all. Returns how many ended. */
export async function endExpired(
  expiry: Expiry,
  signal: AbortSignal,
  instanceId?: string,
): Promise<number> {
  const { db, clock } = expiry
  let expired = 0
  for (let after = ''; ; ) {
    signal.throwIfAborted()
    const now = await clock.deployment(db.read)
    const rows = await db.read
      .selectFrom('uploads')
      .select('id')
      .where('expires_at', '<', now)
      .where('id', '>', after)
      .$if(instanceId !== undefined, (query) => query.where('instance_id', '=', instanceId ?? ''))
      .orderBy('id')
      .limit(batchSize)
      .execute()
    for (const row of rows) {
      if (await cancelUpload(expiry, row.id, signal, { onlyExpired: true })) expired += 1
    }
    const last = rows.at(-1)
    if (!last || rows.length < batchSize) return expired
    after = last.id
  }
}

/** `storeKeys`: of the whole store, its sections included. */
async function openKeys(
  db: Queryable,
  storeId: string,
  storeKeys: readonly string[],
): Promise<ReadonlySet<string>> {
  const byBackend = Map.groupBy(
    storeKeys.map((storeKey) => ({
      storeKey,
      ...(parseSectionKey(storeKey) ?? { backendId: storeId, key: storeKey }),
    })),
    ({ backendId }) => backendId,
  )
  const open = new Set<string>()
  for (const [backendId, entries] of byBackend) {
    const keys = await openKeysOf(
      db,
      backendId,
      entries.map(({ key }) => key),
    )
    for (const { storeKey, key } of entries) if (keys.has(key)) open.add(storeKey)
  }
  return open
}

async function openKeysOf(
  db: Queryable,
  backendId: string,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const open = new Set<string>()
  for (const batch of batches(keys)) {
    const rows = await db
      .selectFrom('uploads')
      .select('key')
      .where('backend_id', '=', backendId)
      .where('key', 'in', batch)
      .execute()
    for (const row of rows) open.add(row.key)
  }
  return open
}
