// Taking away what nothing names any more, while pushes and pulls go on. Only rows are decided here; bytes
// follow by their condemned keys (`objects.ts`).
//
// A blob's link to a repository goes when no manifest row of the repository (the deleted ones that are still
// kept included) names it; a blob goes when no repository holds it. Each needs two sweeps that saw it
// unreferenced, a grace period apart, and no claim in between: a HEAD that told a pusher "it is here" keeps
// it for as long. Interleavings with a push of the same digest:
//
//   push publishes / sweep removes     both lock the blob's row first. Push first: `claimed_at` is fresh and
//                                      the sweep, looking again under its lock, leaves it. Sweep first: the
//                                      row is gone and the push inserts a new one with its own bytes.
//   HEAD says 200 / sweep removes      the HEAD renews a claim older than half the grace period before it
//                                      answers; the sweep wants one older than the whole.
//   manifest names it / sweep removes  the manifest's transaction locks blob and link (KEY SHARE) until its
//                                      references can be seen; the sweep locks them FOR UPDATE and looks again.
//   mount / sweep removes              the mount claims the blob in its transaction: as a publish.

import { dropCopies, unlinkBlob } from '../blobs/publish.ts'
import type { Clock } from '../clock.ts'
import type { Database, Queryable, Tx } from '../db/database.ts'
import { forUpdate } from '../db/forms.ts'
import { Bill } from '../quotas/quotas.ts'

/** Rows of one transaction. */
const batchSize = 500

export interface Collector {
  readonly db: Pick<Database, 'read' | 'heavy' | 'write'>
  readonly clock: Clock
  readonly graceMs: number
}

export interface Collected {
  readonly links: number
  readonly blobs: number
  readonly bytes: number
}

/** One sweep over links and blobs. Stops between batches when the signal says so. */
export async function collectBlobs(collector: Collector, signal: AbortSignal): Promise<Collected> {
  const links = await sweepLinks(collector, signal)
  const { blobs, bytes } = await sweepBlobs(collector, signal)
  return { links, blobs, bytes }
}

async function sweepLinks(collector: Collector, signal: AbortSignal): Promise<number> {
  const { db, clock, graceMs } = collector
  let swept = 0
  for (;;) {
    signal.throwIfAborted()
    const before = (await clock.deployment(db.read)) - graceMs
    const found = await listLooseLinks(db.heavy, before)
    for (const link of found) {
      if (await db.write((tx) => removeLink(tx, link, before))) swept += 1
    }
    if (found.length < batchSize) return swept
  }
}

interface LooseLink {
  readonly repository_id: string
  readonly blob_id: string
}

/** Links older than the grace period, of unclaimed blobs, that no manifest row of the repository names. */
function listLooseLinks(db: Queryable, before: number): Promise<LooseLink[]> {
  return db
    .selectFrom('repository_blobs as rb')
    .innerJoin('blobs as b', 'b.id', 'rb.blob_id')
    .select(['rb.repository_id', 'rb.blob_id'])
    .where('rb.created_at', '<', before)
    .where('b.claimed_at', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('manifest_refs as ref')
            .select('ref.manifest_id')
            .whereRef('ref.repository_id', '=', 'rb.repository_id')
            .whereRef('ref.digest', '=', 'b.digest'),
        ),
      ),
    )
    .limit(batchSize)
    .execute()
}

async function removeLink(tx: Tx, link: LooseLink, before: number): Promise<boolean> {
  const blob = await lockBlob(tx, link.blob_id)
  if (!blob || blob.claimed_at >= before) return false
  const held = await tx
    .selectFrom('repository_blobs')
    .select('blob_id')
    .where('repository_id', '=', link.repository_id)
    .where('blob_id', '=', link.blob_id)
    .$call((query) => forUpdate(tx, query))
    .executeTakeFirst()
  const named = await tx
    .selectFrom('manifest_refs')
    .select('manifest_id')
    .where('repository_id', '=', link.repository_id)
    .where('digest', '=', blob.digest)
    .limit(1)
    .executeTakeFirst()
  if (!held || named) return false
  const repository = await tx
    .selectFrom('repositories')
    .select('namespace_id')
    .where('id', '=', link.repository_id)
    .executeTakeFirstOrThrow()
  const bill = new Bill()
  const target = {
    instanceId: blob.instance_id,
    namespaceId: repository.namespace_id,
    repositoryId: link.repository_id,
  }
  await unlinkBlob(tx, bill, target, {
    id: blob.id,
    digest: blob.digest,
    sizeBytes: blob.size_bytes,
  })
  await bill.settle(tx)
  return true
}

async function sweepBlobs(
  collector: Collector,
  signal: AbortSignal,
): Promise<{ blobs: number; bytes: number }> {
  const { db, clock, graceMs } = collector
  let blobs = 0
  let bytes = 0
  for (let after = ''; ; ) {
    signal.throwIfAborted()
    const now = await clock.deployment(db.read)
    const found = await listUnheldBlobs(db.heavy, now - graceMs, after)
    for (const { id } of found) {
      const removed = await db.write((tx) => sightOrRemove(tx, id, now, graceMs))
      if (removed === undefined) continue
      blobs += 1
      bytes += removed
    }
    const last = found.at(-1)
    if (!last || found.length < batchSize) return { blobs, bytes }
    after = last.id
  }
}

function listUnheldBlobs(db: Queryable, before: number, after: string): Promise<{ id: string }[]> {
  return db
    .selectFrom('blobs as b')
    .select('b.id')
    .where('b.id', '>', after)
    .where('b.claimed_at', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('repository_blobs as rb')
            .select('rb.blob_id')
            .whereRef('rb.blob_id', '=', 'b.id'),
        ),
      ),
    )
    .orderBy('b.id')
    .limit(batchSize)
    .execute()
}

/** The first sweep notes what it saw, a later one acts; returns the bytes that went. */
async function sightOrRemove(
  tx: Tx,
  blobId: string,
  now: number,
  graceMs: number,
): Promise<number | undefined> {
  const blob = await lockBlob(tx, blobId)
  if (!blob || blob.claimed_at >= now - graceMs) return undefined
  const held = await tx
    .selectFrom('repository_blobs')
    .select('blob_id')
    .where('blob_id', '=', blobId)
    .limit(1)
    .executeTakeFirst()
  if (held) return undefined
  if (blob.unreferenced_at === null) {
    await tx.updateTable('blobs').set({ unreferenced_at: now }).where('id', '=', blobId).execute()
    return undefined
  }
  if (blob.unreferenced_at > now - graceMs) return undefined
  await dropCopies(tx, blobId, now)
  await tx.deleteFrom('blobs').where('id', '=', blobId).execute()
  const bill = new Bill()
  bill.add(blob.instance_id, 'bytes', -blob.size_bytes)
  await bill.settle(tx)
  return blob.size_bytes
}

function lockBlob(tx: Tx, blobId: string) {
  return tx
    .selectFrom('blobs')
    .select(['id', 'instance_id', 'digest', 'size_bytes', 'claimed_at', 'unreferenced_at'])
    .where('id', '=', blobId)
    .$call((query) => forUpdate(tx, query))
    .executeTakeFirst()
}
