// Reads the bytes of every blob and compares them with its digest, beside a server that runs. What is found is
// written down under the blob's lock: a copy that is damaged or missing is marked, and where another copy is
// good it is made anew from that one. A blob without a good copy is damaged: it is answered as unknown, so
// that clients push it again, and that push heals it. A store that does not answer proves nothing: what could
// not be read is only reported.

import { createHash } from 'node:crypto'
import { type Digest, digestAlgorithm, digestHex } from '@entrepot/oci/digest.ts'
import { condemnObjects } from '../blobs/publish.ts'
import type { Clock } from '../clock.ts'
import type { Database, Queryable, Tx } from '../db/database.ts'
import { lockForUpdate } from '../db/forms.ts'
import { copyObject } from '../storage/copy.ts'
import { StorageError } from '../storage/driver.ts'
import { newBlobKey, type Stores } from '../storage/stores.ts'

const batchSize = 200
/** Blobs read at once: enough to keep a disk or a connection busy while another is hashed. */
const parallelReads = 4

export interface Verifier {
  readonly db: Pick<Database, 'read' | 'heavy' | 'write'>
  readonly clock: Clock
  readonly stores: Stores
}

export interface BlobFinding {
  readonly instanceId: string
  readonly digest: string
  readonly backendId: string
  readonly key: string
  readonly found: 'damaged' | 'missing' | 'unreadable'
  readonly outcome: 'marked' | 'repaired' | 'reported'
}

export interface BlobCounts {
  blobs: number
  copies: number
  bytes: number
  /** Copies that were marked as damaged and are good again. */
  recovered: number
}

export interface BlobWatch {
  onFinding(finding: BlobFinding): void
  onProgress(counts: Readonly<BlobCounts>): void
}

export async function verifyBlobs(
  verifier: Verifier,
  watch: BlobWatch,
  signal: AbortSignal,
): Promise<BlobCounts> {
  const counts: BlobCounts = { blobs: 0, copies: 0, bytes: 0, recovered: 0 }
  for (let after = ''; ; ) {
    signal.throwIfAborted()
    const blobs = await listBlobs(verifier.db.heavy, after)
    const last = blobs.at(-1)
    if (!last) return counts
    after = last.id
    const waiting = blobs.values()
    const reader = async () => {
      for (const blob of waiting) await verifyBlob(verifier, { blob, counts, watch, signal })
    }
    await Promise.all(Array.from({ length: parallelReads }, reader))
    watch.onProgress(counts)
  }
}

interface Blob {
  readonly id: string
  readonly instance_id: string
  readonly digest: string
  readonly size_bytes: number
}

function listBlobs(db: Queryable, after: string): Promise<Blob[]> {
  return db
    .selectFrom('blobs')
    .select(['id', 'instance_id', 'digest', 'size_bytes'])
    .where('id', '>', after)
    .where('state', '!=', 'remote')
    .orderBy('id')
    .limit(batchSize)
    .execute()
}

interface Copy {
  readonly id: string
  readonly backend_id: string
  readonly key: string
  readonly state: 'present' | 'damaged'
}

type Condition = 'good' | BlobFinding['found']

interface Examined {
  readonly copy: Copy
  readonly condition: Condition
}

async function verifyBlob(
  verifier: Verifier,
  task: {
    readonly blob: Blob
    readonly counts: BlobCounts
    readonly watch: BlobWatch
    readonly signal: AbortSignal
  },
): Promise<void> {
  const { blob, counts, watch, signal } = task
  const copies = await verifier.db.read
    .selectFrom('blob_copies')
    .select(['id', 'backend_id', 'key', 'state'])
    .where('blob_id', '=', blob.id)
    .execute()
  const examined: Examined[] = []
  for (const copy of copies) {
    const condition = await examineCopy(verifier, blob, copy, signal)
    examined.push({ copy, condition })
    counts.copies += 1
    if (condition !== 'missing') counts.bytes += blob.size_bytes
    if (condition === 'good' && copy.state === 'damaged') counts.recovered += 1
  }
  counts.blobs += 1
  const isThere = await verifier.db.write(async (tx) =>
    markCopies(tx, blob.id, examined, await verifier.clock.deployment(tx)),
  )
  const good = examined.find(({ condition }) => condition === 'good')
  for (const { copy, condition } of examined) {
    // A copy whose row went meanwhile was swept or replaced: its bytes are nobody's any more.
    if (condition === 'good' || !isThere.has(copy.id)) continue
    const isRepaired =
      good !== undefined &&
      condition !== 'unreadable' &&
      (await repairCopy(verifier, { blob, good: good.copy, bad: copy }, signal))
    watch.onFinding({
      instanceId: blob.instance_id,
      digest: blob.digest,
      backendId: copy.backend_id,
      key: copy.key,
      found: condition,
      outcome: isRepaired ? 'repaired' : condition === 'unreadable' ? 'reported' : 'marked',
    })
  }
}

async function examineCopy(
  { stores }: Pick<Verifier, 'stores'>,
  blob: Blob,
  copy: Copy,
  signal: AbortSignal,
): Promise<Condition> {
  try {
    const driver = await stores.driver(copy.backend_id)
    const body = await driver.get(copy.key, undefined, signal)
    const hash = createHash(digestAlgorithm(blob.digest as Digest))
    let bytes = 0
    for await (const chunk of body) {
      hash.update(chunk)
      bytes += chunk.byteLength
    }
    const isSame = bytes === blob.size_bytes && hash.digest('hex') === hexOf(blob)
    return isSame ? 'good' : 'damaged'
  } catch (error) {
    if (!(error instanceof StorageError)) throw error
    return error.fault === 'missing' ? 'missing' : 'unreadable'
  }
}

/** The row's digest was parsed when it was written. */
function hexOf(blob: Blob): string {
  return digestHex(blob.digest as Digest)
}

/** Writes down what was found; returns the copies that are still there. */
async function markCopies(
  tx: Tx,
  blobId: string,
  examined: readonly Examined[],
  at: number,
): Promise<ReadonlySet<string>> {
  await lockForUpdate(tx, 'blobs', [blobId])
  const isThere = new Set<string>()
  for (const { copy, condition } of examined) {
    if (condition === 'unreadable') {
      isThere.add(copy.id)
      continue
    }
    const marked = await tx
      .updateTable('blob_copies')
      .set({ state: condition === 'good' ? 'present' : 'damaged', verified_at: at })
      .where('id', '=', copy.id)
      // Else it was moved to another key meanwhile.
      .where('key', '=', copy.key)
      .executeTakeFirst()
    if (marked.numUpdatedRows > 0n) isThere.add(copy.id)
  }
  await settleState(tx, blobId)
  return isThere
}

/** A blob is present while one of its copies is. */
async function settleState(tx: Tx, blobId: string): Promise<void> {
  const present = await tx
    .selectFrom('blob_copies')
    .select('id')
    .where('blob_id', '=', blobId)
    .where('state', '=', 'present')
    .limit(1)
    .executeTakeFirst()
  await tx
    .updateTable('blobs')
    .set({ state: present ? 'present' : 'damaged' })
    .where('id', '=', blobId)
    .where('state', '!=', present ? 'present' : 'damaged')
    .execute()
}

/** Bytes under a new key first, then the rows: as a push. False: the copy is gone, or could not be written. */
async function repairCopy(
  { db, clock, stores }: Verifier,
  { blob, good, bad }: { readonly blob: Blob; readonly good: Copy; readonly bad: Copy },
  signal: AbortSignal,
): Promise<boolean> {
  const key = newBlobKey()
  try {
    const source = await stores.driver(good.backend_id)
    const target = await stores.driver(bad.backend_id)
    await copyObject({ source, from: good.key, target, to: key }, signal)
  } catch (error) {
    if (!(error instanceof StorageError)) throw error
    return false
  }
  return db.write(async (tx) => {
    await lockForUpdate(tx, 'blobs', [blob.id])
    const at = await clock.deployment(tx)
    const replaced = await tx
      .updateTable('blob_copies')
      .set({ key, state: 'present', verified_at: at })
      .where('id', '=', bad.id)
      .where('key', '=', bad.key)
      .executeTakeFirst()
    const isReplaced = replaced.numUpdatedRows > 0n
    const unused = { backendId: bad.backend_id, key: isReplaced ? bad.key : key }
    await condemnObjects(tx, [unused], at)
    await settleState(tx, blob.id)
    return isReplaced
  })
}
