// One body of an upload on its way to the store: hashed, measured and kept alive while it goes, and what is left in
// order when it doesn't arrive.

import { createHash, type Hash } from 'node:crypto'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { Clock } from '../clock.ts'
import type { Database, Queryable } from '../db/database.ts'
import { newId } from '../db/ids.ts'
import { hasByteQuota } from '../quotas/quotas.ts'
import { StorageError, type UploadState } from '../storage/driver.ts'
import type { Stores } from '../storage/stores.ts'
import { type Meter, measure, type RunningHashes } from './hashing.ts'
import { maxBytesOf, type Reserve } from './room.ts'
import { admitWriter, findUploadEnd, renewUpload, trimReservation, type Upload } from './uploads.ts'

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

/** Parts are there, and another body may be writing to them. */
export async function admit(ingest: Ingest, found: Upload): Promise<Upload> {
  if (found.driver_state === null) return found
  const upload = await ingest.db.write((tx) => admitWriter(tx, found))
  ingest.hashes.follow(upload.id, found.revision, upload.revision)
  return upload
}

/** The upload stays open after a body that failed, but holds no quota for bytes that it doesn't have. */
export async function trimmingOnFailure<T>(
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

export interface WrittenPart {
  readonly state: UploadState
  /** Of everything so far; undefined where another process hashed what came before. */
  readonly hash: Hash | undefined
}

export async function writePart(
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

/** A small body, into memory. Throws SIZE_INVALID. */
export async function collect(
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
