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
//                                      answers, and looks for the link again under the claim's lock; the
//                                      sweep wants a claim older than the whole.
//   manifest names it / sweep removes  the manifest's transaction locks blob and link (KEY SHARE) until its
//                                      references can be seen; the sweep locks them FOR UPDATE and looks again.
//   mount / sweep removes              the mount claims the blob in its transaction: as a publish.

import { dropCopies, unlinkBlob } from '../blobs/publish.ts'
import type { Clock } from '../clock.ts'
import type { Database, Queryable, Tx } from '../db/database.ts'
import { forUpdate } from '../db/forms.ts'
import type { Log } from '../log.ts'
import { Bill } from '../quotas/quotas.ts'
import { askOperator, findConsent, isTooMuch } from './questions.ts'

/** Rows of one look. */
const batchSize = 500

export interface Collector {
  readonly db: Pick<Database, 'read' | 'heavy' | 'write'>
  readonly clock: Clock
  readonly log: Log
  readonly graceMs: number
}

export interface Collected {
  readonly links: number
  readonly blobs: number
  readonly bytes: number
  /** Bytes that were left because they are too many to be right. */
  readonly suspiciousBytes: number
}

/** When a sweep looked, and what must have happened before what to be old enough. */
interface Sight {
  readonly now: number
  readonly before: number
  /** Only what was first seen until then goes. */
  readonly seenUntil: number
}

/** One sweep over links and blobs. Stops between batches when the signal says so. */
export async function collectBlobs(collector: Collector, signal: AbortSignal): Promise<Collected> {
  const { db, clock, graceMs } = collector
  const now = await clock.deployment(db.read)
  const sight = { now, before: now - graceMs, seenUntil: now - graceMs }
  const links = await sweepLinks(db, sight, signal)
  const suspiciousBytes = await askAboutBlobs(collector, sight)
  const consent = suspiciousBytes > 0 ? await findConsent(db.read) : Number.POSITIVE_INFINITY
  const seenUntil = Math.min(sight.seenUntil, consent)
  return { links, suspiciousBytes, ...(await sweepBlobs(db, { ...sight, seenUntil }, signal)) }
}

async function sweepLinks(db: Collector['db'], sight: Sight, signal: AbortSignal): Promise<number> {
  await db.write((tx) => forgetNamedLinks(tx))
  let swept = 0
  for (let after: LooseLink = { repository_id: '', blob_id: '' }; ; ) {
    signal.throwIfAborted()
    const found = await listLooseLinks(db.heavy, sight.before, after)
    for (const link of found) {
      if (await db.write((tx) => sightOrUnlink(tx, link, sight))) swept += 1
    }
    const last = found.at(-1)
    if (!last || found.length < batchSize) return swept
    after = last
  }
}

/** A link that was seen unreferenced and is named again starts anew. */
async function forgetNamedLinks(tx: Tx): Promise<void> {
  await tx
    .updateTable('repository_blobs as rb')
    .set({ unreferenced_at: null })
    .where('rb.unreferenced_at', 'is not', null)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('manifest_refs as ref')
          .innerJoin('blobs as b', 'b.digest', 'ref.digest')
          .select('ref.manifest_id')
          .whereRef('ref.repository_id', '=', 'rb.repository_id')
          .whereRef('b.id', '=', 'rb.blob_id'),
      ),
    )
    .execute()
}

interface LooseLink {
  readonly repository_id: string
  readonly blob_id: string
}

/** Links older than the grace period, of unclaimed blobs, that no manifest row of the repository names. */
function listLooseLinks(db: Queryable, before: number, after: LooseLink): Promise<LooseLink[]> {
  return db
    .selectFrom('repository_blobs as rb')
    .innerJoin('blobs as b', 'b.id', 'rb.blob_id')
    .select(['rb.repository_id', 'rb.blob_id'])
    .where(({ eb, refTuple, tuple }) =>
      eb(
        refTuple('rb.repository_id', 'rb.blob_id'),
        '>',
        tuple(after.repository_id, after.blob_id),
      ),
    )
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
    .orderBy('rb.repository_id')
    .orderBy('rb.blob_id')
    .limit(batchSize)
    .execute()
}

/** The first sweep notes what it saw, a later one acts; true when the link went. */
async function sightOrUnlink(tx: Tx, link: LooseLink, sight: Sight): Promise<boolean> {
  const blob = await lockBlob(tx, link.blob_id)
  if (!blob || blob.claimed_at >= sight.before) return false
  const held = await lockLink(tx, link)
  const named = await tx
    .selectFrom('manifest_refs')
    .select('manifest_id')
    .where('repository_id', '=', link.repository_id)
    .where('digest', '=', blob.digest)
    .limit(1)
    .executeTakeFirst()
  if (!held || named) return false
  // A claim since then makes an earlier sighting void.
  if (held.unreferenced_at === null || held.unreferenced_at <= blob.claimed_at) {
    await tx
      .updateTable('repository_blobs')
      .set({ unreferenced_at: sight.now })
      .where('repository_id', '=', link.repository_id)
      .where('blob_id', '=', link.blob_id)
      .execute()
    return false
  }
  if (held.unreferenced_at > sight.seenUntil) return false
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
  const { id, digest, size_bytes: sizeBytes } = blob
  await unlinkBlob(tx, bill, target, { id, digest, sizeBytes })
  await bill.settle(tx)
  return true
}

function lockLink(tx: Tx, link: LooseLink) {
  return tx
    .selectFrom('repository_blobs')
    .select('unreferenced_at')
    .where('repository_id', '=', link.repository_id)
    .where('blob_id', '=', link.blob_id)
    .$call((query) => forUpdate(tx, query))
    .executeTakeFirst()
}

/** Bytes for whose removal this sweep needs the operator; 0 when it may go on. */
async function askAboutBlobs(collector: Collector, sight: Sight): Promise<number> {
  const { db, log } = collector
  const all = await sumBlobs(db.heavy, undefined)
  const ripe = await sumBlobs(db.heavy, { ...sight, seenAfter: await findConsent(db.read) })
  if (!isTooMuch(ripe, all)) {
    await askOperator(db, 'blobs', undefined)
    return 0
  }
  log.error(
    'many blobs are named by nothing any more; they are kept. If that is right, run ' +
      '`entrepot verify --sweep-orphans` to agree to their removal',
    { blobs: ripe.count, bytes: ripe.bytes, ofBytes: all.bytes },
  )
  await askOperator(db, 'blobs', {
    about: 'blobs',
    reason: 'more than a tenth',
    ...ripe,
    ofBytes: all.bytes,
    askedAt: sight.now,
  })
  return ripe.bytes
}

async function sumBlobs(
  db: Queryable,
  ripe: (Sight & { readonly seenAfter: number }) | undefined,
): Promise<{ count: number; bytes: number }> {
  let query = db
    .selectFrom('blobs as b')
    .select(({ fn }) => [
      fn.countAll<number>().as('count'),
      fn.sum<number>('b.size_bytes').as('sum'),
    ])
  if (ripe) {
    query = query
      .where('b.claimed_at', '<', ripe.before)
      .where('b.unreferenced_at', '<=', ripe.seenUntil)
      .where('b.unreferenced_at', '>', ripe.seenAfter)
  }
  const { count, sum } = await query.executeTakeFirstOrThrow()
  return { count: Number(count), bytes: Number(sum ?? 0) }
}

async function sweepBlobs(
  db: Collector['db'],
  sight: Sight,
  signal: AbortSignal,
): Promise<{ blobs: number; bytes: number }> {
  let blobs = 0
  let bytes = 0
  for (let after = ''; ; ) {
    signal.throwIfAborted()
    const found = await listUnheldBlobs(db.heavy, sight.before, after)
    for (const { id } of found) {
      const removed = await db.write((tx) => sightOrRemove(tx, id, sight))
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

/** As for links; returns the bytes that went. */
async function sightOrRemove(tx: Tx, blobId: string, sight: Sight): Promise<number | undefined> {
  const blob = await lockBlob(tx, blobId)
  if (!blob || blob.claimed_at >= sight.before) return undefined
  const held = await tx
    .selectFrom('repository_blobs')
    .select('blob_id')
    .where('blob_id', '=', blobId)
    .limit(1)
    .executeTakeFirst()
  if (held) return undefined
  if (blob.unreferenced_at === null) {
    const sighted = { unreferenced_at: sight.now }
    await tx.updateTable('blobs').set(sighted).where('id', '=', blobId).execute()
    return undefined
  }
  if (blob.unreferenced_at > sight.seenUntil) return undefined
  await dropCopies(tx, blobId, sight.now)
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
