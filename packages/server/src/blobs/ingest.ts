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

import { createHash } from 'node:crypto'
import { ApiError } from '@entrepot/contract/errors.ts'
import { type Digest, digestAlgorithm, digestHex } from '@entrepot/oci/digest.ts'
import type { Database } from '../db/database.ts'
import { Bill } from '../quotas/quotas.ts'
import type { Driver, UploadState } from '../storage/driver.ts'
import { newBlobKey } from '../storage/stores.ts'
import { hashAll } from './hashing.ts'
import { condemnObjects, publishBlob } from './publish.ts'
import type { Reserve } from './room.ts'
import { advanceUpload, closeUpload, dropUpload, type Upload } from './uploads.ts'
import { admit, type Body, collect, type Ingest, trimmingOnFailure, writePart } from './writing.ts'

/** Up to this a blob goes to the driver in one request, out of memory. */
const smallBlobBytes = 1024 * 1024

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

function assertDigest(expected: Digest, hex: string): void {
  if (digestHex(expected) !== hex) throw digestInvalid(expected)
}

function digestInvalid(digest: Digest): ApiError {
  return new ApiError('DIGEST_INVALID', { detail: { digest } })
}
