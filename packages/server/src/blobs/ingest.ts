// How bytes become a blob. Order of durability: bytes, then the row that names them.
//
//   step                       a crash leaves                      who cleans
//   1 bytes to parts           parts that no state names           the sweep of unfinished uploads
//   2 chunk into the row       an upload to be continued           the client, or expiry
//   3 finish: object readable  an object under the upload's key   the client's repeat (finish is repeatable),
//                              (a small whole PUT: one that no    or expiry, which condemns the key; else the
//                              row names), and the upload         sweep of orphans
//   4 rows + upload closed     nothing
//
// All that takes time is written under the key of the upload's row, and a body that takes long renews the row:
// no sweep takes what is being written. The bytes of a PUT, the whole blob or the last chunk, become part of the
// row as any chunk does before the object is made, so of two PUTs at once one has lost by then, and an object
// under that key is never made of other bytes than the row's. Only a small blob, one request to the store,
// goes under a key of its own, which its row names a moment later.
//
// The first body of an upload shares nothing with another first body. Once there are parts, each body is
// admitted first: whoever came before has lost from then on, and the two write no part of the same name.

import { createHash, type Hash } from 'node:crypto'
import { ApiError } from '@entrepot/contract/errors.ts'
import { type Digest, digestAlgorithm, digestHex } from '@entrepot/oci/digest.ts'
import type { Clock } from '../clock.ts'
import type { Database, Queryable } from '../db/database.ts'
import { newId } from '../db/ids.ts'
import { Bill, hasByteQuota } from '../quotas/quotas.ts'
import { type Driver, StorageError, type UploadState } from '../storage/driver.ts'
import { newBlobKey, type Stores } from '../storage/stores.ts'
import { hashAll, type Meter, measure, type RunningHashes } from './hashing.ts'
import { maxBlobBytesOf } from './limit.ts'
import { condemnObjects, publishBlob } from './publish.ts'
import {
  admitWriter,
  advanceUpload,
  closeUpload,
  dropUpload,
  findUploadEnd,
  renewUpload,
  reserveBytes,
  trimReservation,
  type Upload,
} from './uploads.ts'

/** Up to this a blob goes to the driver in one request, out of memory. */
const smallBlobBytes = 1024 * 1024

/** Bytes of unknown length are reserved in steps; in smaller ones where a larger one no longer fits. */
const reserveStepsBytes = [64 * 1024 * 1024, 1024 * 1024, 1] as const

export interface Ingest {
  readonly db: Database
  readonly clock: Clock
  readonly stores: Stores
  readonly hashes: RunningHashes
  readonly maxBlobBytes: number
  readonly uploadExpiryMs: number
}

export interface Body {
  readonly chunks: AsyncIterable<Uint8Array>
  /** Undefined: the client doesn't say (chunked transfer). */
  readonly sizeBytes: number | undefined
}

/**
 * Everything that is refused for lack of room, decided before the first byte is read: so before
 * `100 Continue`.
 */
export async function prepareBody(
  ingest: Ingest,
  upload: Upload,
  sizeBytes: number | undefined,
  signal: AbortSignal,
): Promise<(totalBytes: number) => Promise<number>> {
  const { db, stores } = ingest
  const maxBytes = await maxBytesOf(ingest, upload)
  if (sizeBytes !== undefined && upload.offset_bytes + sizeBytes > maxBytes) {
    throw new ApiError('BLOB_TOO_LARGE', { detail: { maxBytes } })
  }
  await stores.assertRoom(upload.backend_id, signal)
  const counted = await hasByteQuota(db.read, upload.instance_id, upload.namespace_id)
  if (!counted) return async () => Number.POSITIVE_INFINITY
  const reserve = async (upToBytes: number) => {
    await db.write((tx) => reserveBytes(tx, upload.id, upToBytes))
    return upToBytes
  }
  if (sizeBytes !== undefined) {
    const total = upload.offset_bytes + sizeBytes
    await reserve(total)
    return async () => Number.POSITIVE_INFINITY
  }
  return reserveInSteps(reserve)
}

/** Of the setting and of the store, the smaller. */
async function maxBytesOf({ stores, maxBlobBytes }: Ingest, upload: Upload): Promise<number> {
  return maxBlobBytesOf(maxBlobBytes, await stores.driver(upload.backend_id))
}

function reserveInSteps(reserve: (upToBytes: number) => Promise<number>) {
  let step = 0
  return async (totalBytes: number): Promise<number> => {
    for (;;) {
      const stepBytes = reserveStepsBytes[step] ?? 1
      try {
        return await reserve(Math.ceil(totalBytes / stepBytes) * stepBytes)
      } catch (error) {
        const isOver = error instanceof ApiError && error.code === 'QUOTA_EXCEEDED'
        if (!isOver || stepBytes === 1) throw error
        step += 1
      }
    }
  }
}

type Reserve = Awaited<ReturnType<typeof prepareBody>>

/** Adds a chunk. What has arrived when the client leaves is kept: it asks for the status and goes on. */
export async function appendToUpload(
  ingest: Ingest,
  found: Upload,
  body: Body,
  options: { readonly signal: AbortSignal; readonly reserve: Reserve },
): Promise<Upload> {
  const upload = await admit(ingest, found)
  return trimmingOnFailure(ingest, upload, async () => {
    const part = await writePart(ingest, upload, body, { ...options, algorithm: upload.algorithm })
    const next = await ingest.db.write(async (tx) =>
      advanceUpload(tx, upload, {
        driverState: JSON.stringify(part.state),
        offsetBytes: part.state.sizeBytes,
        digestSoFar: part.hash ? part.hash.copy().digest('hex') : null,
        expiresAt: (await ingest.clock.deployment(tx)) + ingest.uploadExpiryMs,
      }),
    )
    if (part.hash) ingest.hashes.keep(upload.id, next.revision, part.hash)
    return next
  })
}

/** Parts are there, and another body may be writing to them. */
async function admit(ingest: Ingest, found: Upload): Promise<Upload> {
  if (found.driver_state === null) return found
  const upload = await ingest.db.write((tx) => admitWriter(tx, found))
  ingest.hashes.follow(upload.id, found.revision, upload.revision)
  return upload
}

/** The upload stays open after a body that failed, but holds no quota for bytes that it doesn't have. */
async function trimmingOnFailure<T>(
  { db }: Pick<Ingest, 'db'>,
  upload: Upload,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    // Where the database is what failed, the end of the upload gives it back.
    await trim(db, upload).catch(() => undefined)
    throw (await findLostRace(db.read, upload, error)) ?? error
  }
}

/** Parts that are gone, or another's, under our hands: a cancel, the expiry or another chunk came first. */
async function findLostRace(
  db: Queryable,
  upload: Upload,
  error: unknown,
): Promise<ApiError | undefined> {
  const isLost = error instanceof StorageError && lostFaults.has(error.fault)
  return isLost ? findUploadEnd(db, upload) : undefined
}

const lostFaults: ReadonlySet<StorageError['fault']> = new Set(['missing', 'conflict'])

async function trim(db: Database, upload: Upload): Promise<void> {
  const counted = await hasByteQuota(db.read, upload.instance_id, upload.namespace_id)
  if (counted) await db.write((tx) => trimReservation(tx, upload.id))
}

interface WrittenPart {
  readonly state: UploadState
  /** Of everything so far; undefined where another process hashed what came before. */
  readonly hash: Hash | undefined
}

async function writePart(
  ingest: Ingest,
  upload: Upload,
  body: Body,
  options: {
    readonly signal: AbortSignal
    readonly reserve: Reserve
    readonly algorithm: string
  },
): Promise<WrittenPart> {
  const { signal, algorithm, reserve } = options
  const driver = await ingest.stores.driver(upload.backend_id)
  const before = upload.driver_state
    ? (JSON.parse(upload.driver_state) as UploadState)
    : await driver.begin(upload.key, signal)
  const hash = hashToContinue(ingest, upload, algorithm)
  const meter: Meter = { bytes: upload.offset_bytes }
  const maxBytes = await maxBytesOf(ingest, upload)
  const keepOpen = renewal(ingest, upload)
  const measured = measure(body.chunks, { hash, meter, maxBytes, reserve, keepOpen })
  const state = await driver.writePart(before, measured, {
    fence: newId(),
    signal,
    sizeBytes: body.sizeBytes,
    ownsChunks: true,
  })
  return { state, hash }
}

/** Asked at each chunk: renews the upload whenever half of the time that it lives without news is over. */
function renewal(
  { db, clock, uploadExpiryMs }: Ingest,
  upload: Upload,
): () => Promise<void> | undefined {
  const halfMs = uploadExpiryMs / 2
  let dueMs = clock.monotonicMs() + upload.expires_at - clock.now() - halfMs
  return () => {
    if (clock.monotonicMs() < dueMs) return undefined
    dueMs = clock.monotonicMs() + halfMs
    return db.write(async (tx) =>
      renewUpload(tx, upload, (await clock.deployment(tx)) + uploadExpiryMs),
    )
  }
}

function hashToContinue(ingest: Ingest, upload: Upload, algorithm: string): Hash | undefined {
  if (upload.offset_bytes === 0) return createHash(algorithm)
  if (upload.algorithm !== algorithm) return undefined
  return ingest.hashes.find(upload.id, upload.revision)
}

export interface Finish {
  readonly digest: Digest
  /** Undefined: the PUT brings no bytes. */
  readonly body: Body | undefined
  readonly signal: AbortSignal
  readonly reserve: Reserve
}

/** Verifies, publishes, and closes the upload; returns the blob's size. Throws DIGEST_INVALID. */
export async function finishUpload(ingest: Ingest, found: Upload, finish: Finish): Promise<number> {
  const { body } = finish
  const driver = await ingest.stores.driver(found.backend_id)
  const sizeBytes = body ? body.sizeBytes : 0
  const maxSmallBytes = Math.min(smallBlobBytes, driver.limits.maxPutBytes)
  if (found.driver_state === null && sizeBytes !== undefined && sizeBytes <= maxSmallBytes) {
    return trimmingOnFailure(ingest, found, () =>
      finishSmall(ingest, driver, found, { ...finish, sizeBytes }),
    )
  }
  const upload = body ? await admit(ingest, found) : found
  return trimmingOnFailure(ingest, upload, () => finishParts(ingest, driver, upload, finish))
}

/** The PUT brings the whole blob, and it fits into memory: stored under a key of its own. */
async function finishSmall(
  ingest: Ingest,
  driver: Driver,
  upload: Upload,
  finish: Finish & { readonly sizeBytes: number },
): Promise<number> {
  const { digest, body, sizeBytes, signal } = finish
  const key = newBlobKey()
  const bytes = body ? await collect(ingest, body, sizeBytes, finish.reserve) : new Uint8Array(0)
  const hash = createHash(digestAlgorithm(digest)).update(bytes)
  assertDigest(digest, hash.digest('hex'))
  return storeAndPublish(ingest, upload, { digest, key, sizeBytes }, () =>
    driver.put(key, bytes, signal),
  )
}

/**
 * Until the rows are written nobody names the key, and two sweeps a grace period apart would take it: so a
 * process that stood still for longer than this gives up. Half of the shortest grace period.
 */
const maxUnnamedMs = 30 * 60_000

async function storeAndPublish(
  ingest: Ingest,
  upload: Upload,
  stored: Stored,
  store: () => Promise<void>,
): Promise<number> {
  const untilMs = ingest.clock.now() + maxUnnamedMs
  await store()
  try {
    return await publish(ingest, upload, stored, untilMs)
  } catch (error) {
    // A refusal is certain: nothing names the key. After any other failure the commit may have succeeded.
    if (error instanceof ApiError && error.status < 500) await condemn(ingest, upload, stored.key)
    throw error
  }
}

/** Only spares the orphans' sweep its two looks, so it may fail. */
async function condemn({ db, clock }: Ingest, upload: Upload, key: string): Promise<void> {
  const objects = [{ backendId: upload.backend_id, key }]
  await db
    .write(async (tx) => condemnObjects(tx, objects, await clock.deployment(tx)))
    .catch(() => undefined)
}

async function finishParts(
  ingest: Ingest,
  driver: Driver,
  upload: Upload,
  finish: Finish,
): Promise<number> {
  const { digest, body, signal, reserve } = finish
  const algorithm = digestAlgorithm(digest)
  let owned = upload
  let state = JSON.parse(upload.driver_state ?? 'null') as UploadState
  let hex = upload.algorithm === algorithm ? upload.digest_so_far : null
  if (body && hex === digestHex(digest)) {
    // A repeat: the first time these bytes were kept, and what came after failed.
    await discard(body)
  } else if (body) {
    const part = await writePart(ingest, upload, body, { signal, reserve, algorithm })
    state = part.state
    hex = part.hash ? part.hash.digest('hex') : null
    hex ??= await hashAll(algorithm, driver.readParts(state, signal))
    owned = await keepLastBytes(ingest, driver, upload, { ...finish, state, hex })
  }
  hex ??= await hashAll(algorithm, driver.readParts(state, signal))
  assertDigest(digest, hex)
  await driver.finish(state, signal)
  ingest.hashes.forget(upload.id)
  return publish(ingest, owned, { digest, key: upload.key, sizeBytes: state.sizeBytes })
}

async function discard({ chunks }: Body): Promise<void> {
  for await (const _ of chunks);
}

/** Before the object is made: another PUT with other last bytes would finish the same key with them. */
async function keepLastBytes(
  ingest: Ingest,
  driver: Driver,
  upload: Upload,
  last: Finish & { readonly state: UploadState; readonly hex: string },
): Promise<Upload> {
  const { digest, state, hex, signal } = last
  try {
    assertDigest(digest, hex)
    return await advanceToEnd(ingest, upload, state, digest)
  } catch (error) {
    // Refused for certain, and in a first body's state nothing is anybody else's.
    const isRefused = error instanceof ApiError && error.status < 500
    if (isRefused && upload.driver_state === null) await driver.abort(state, signal)
    throw error
  }
}

async function advanceToEnd(
  ingest: Ingest,
  upload: Upload,
  state: UploadState,
  digest: Digest,
): Promise<Upload> {
  return ingest.db.write(async (tx) =>
    advanceUpload(tx, upload, {
      driverState: JSON.stringify(state),
      offsetBytes: state.sizeBytes,
      // In the algorithm that the upload was begun with; else it is found by reading back.
      digestSoFar: digestAlgorithm(digest) === upload.algorithm ? digestHex(digest) : null,
      expiresAt: (await ingest.clock.deployment(tx)) + ingest.uploadExpiryMs,
    }),
  )
}

interface Stored {
  readonly digest: Digest
  readonly key: string
  readonly sizeBytes: number
}

async function publish(
  ingest: Ingest,
  upload: Upload,
  stored: Stored,
  untilMs = Number.POSITIVE_INFINITY,
): Promise<number> {
  const target = {
    instanceId: upload.instance_id,
    namespaceId: upload.namespace_id,
    repositoryId: upload.repository_id,
  }
  await ingest.db.write(async (tx) => {
    if (ingest.clock.now() > untilMs) throw new ApiError('UNAVAILABLE')
    const at = await ingest.clock.deployment(tx)
    const bill = new Bill()
    await closeUpload(tx, bill, upload)
    await publishBlob(tx, bill, target, { ...stored, backendId: upload.backend_id }, at)
    await bill.settle(tx)
  })
  return stored.sizeBytes
}

/**
 * Ends the upload at the client's wish, or because it expired. False: it had ended before, or is no longer
 * expired.
 */
export async function cancelUpload(
  ingest: Pick<Ingest, 'clock' | 'stores' | 'hashes'> & { readonly db: Pick<Database, 'write'> },
  uploadId: string,
  signal: AbortSignal,
  options: { readonly onlyExpired?: boolean } = {},
): Promise<boolean> {
  const dropped = await ingest.db.write(async (tx) =>
    dropUpload(tx, uploadId, await ingest.clock.deployment(tx), options),
  )
  if (!dropped) return false
  ingest.hashes.forget(uploadId)
  if (dropped.driver_state) {
    const driver = await ingest.stores.driver(dropped.backend_id)
    await driver.abort(JSON.parse(dropped.driver_state) as UploadState, signal)
  }
  return true
}

async function collect(
  ingest: Ingest,
  body: Body,
  sizeBytes: number,
  reserve: Reserve,
): Promise<Uint8Array> {
  const meter: Meter = { bytes: 0 }
  const chunks: Uint8Array[] = []
  const options = { hash: undefined, meter, maxBytes: ingest.maxBlobBytes, reserve }
  for await (const chunk of measure(body.chunks, options)) chunks.push(chunk)
  if (meter.bytes !== sizeBytes) throw new ApiError('SIZE_INVALID')
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
}

function assertDigest(expected: Digest, hex: string): void {
  if (digestHex(expected) !== hex) throw digestInvalid(expected)
}

function digestInvalid(digest: Digest): ApiError {
  return new ApiError('DIGEST_INVALID', { detail: { digest } })
}
