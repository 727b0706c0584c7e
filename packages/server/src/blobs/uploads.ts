// The rows of uploads. Each answered chunk gives the row a new revision; whoever comes with an older one has
// lost a race (two chunks at once, a chunk against a cancel or the expiry) and writes nothing.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Selectable } from 'kysely'
import type { Queryable, Tx } from '../db/database.ts'
import { forUpdate } from '../db/forms.ts'
import { newId } from '../db/ids.ts'
import { columns, prepare, run } from '../db/prepared.ts'
import type { UploadsTable } from '../db/schema.ts'
import { Bill } from '../quotas/quotas.ts'
import type { UploadState } from '../storage/driver.ts'
import { newBlobKey } from '../storage/stores.ts'
import { condemnObjects } from './publish.ts'

export type Upload = Selectable<UploadsTable>

export interface NewUpload {
  readonly instanceId: string
  readonly namespaceId: string
  readonly repositoryId: string
  readonly backendId: string
  readonly actor: string
  readonly algorithm: 'sha256' | 'sha512'
  readonly at: number
  readonly expiresAt: number
}

const insertRow = prepare<Upload>()((db, p) =>
  db
    .insertInto('uploads')
    .values(
      columns(p, [
        'id',
        'instance_id',
        'namespace_id',
        'repository_id',
        'actor',
        'backend_id',
        'key',
        'driver_state',
        'offset_bytes',
        'algorithm',
        'digest_so_far',
        'revision',
        'reserved_bytes',
        'created_at',
        'expires_at',
      ]),
    ),
)

export async function insertUpload(tx: Tx, input: NewUpload): Promise<Upload> {
  const row: Upload = {
    id: newId(),
    instance_id: input.instanceId,
    namespace_id: input.namespaceId,
    repository_id: input.repositoryId,
    actor: input.actor,
    backend_id: input.backendId,
    key: newBlobKey(),
    driver_state: null,
    offset_bytes: 0,
    algorithm: input.algorithm,
    digest_so_far: null,
    revision: newId(),
    reserved_bytes: 0,
    created_at: input.at,
    expires_at: input.expiresAt,
  }
  await run(tx, insertRow, row)
  return row
}

export interface UploadStep {
  readonly driverState: string
  readonly offsetBytes: number
  readonly digestSoFar: string | null
  readonly expiresAt: number
}

/** Throws CHUNK_OUT_OF_ORDER when another chunk came first, BLOB_UPLOAD_UNKNOWN when the upload has ended. */
export async function advanceUpload(tx: Tx, upload: Upload, step: UploadStep): Promise<Upload> {
  const next = {
    driver_state: step.driverState,
    offset_bytes: step.offsetBytes,
    digest_so_far: step.digestSoFar,
    revision: newId(),
    expires_at: step.expiresAt,
  }
  const current = await tx
    .updateTable('uploads')
    .set(next)
    .where('id', '=', upload.id)
    .where('revision', '=', upload.revision)
    .returningAll()
    .executeTakeFirst()
  if (!current) throw await lostRace(tx, upload)
  if (current.reserved_bytes <= step.offsetBytes) return current
  await setReservation(tx, current, step.offsetBytes)
  return { ...current, reserved_bytes: step.offsetBytes }
}

/**
 * Lets a body write to an upload that has parts already. Whoever was admitted before loses, but may be writing
 * still, so each gets a number of its own. Throws as `advanceUpload` does.
 */
export async function admitWriter(tx: Tx, upload: Upload): Promise<Upload> {
  const state = JSON.parse(upload.driver_state ?? 'null') as UploadState
  const writer = (state.writer ?? 0) + 1
  const admitted = await tx
    .updateTable('uploads')
    .set({ driver_state: JSON.stringify({ ...state, writer }), revision: newId() })
    .where('id', '=', upload.id)
    .where('revision', '=', upload.revision)
    .returningAll()
    .executeTakeFirst()
  if (!admitted) throw await lostRace(tx, upload)
  return admitted
}

/** Somebody is at work on the upload. Throws as `advanceUpload` does: then it works for nothing. */
export async function renewUpload(tx: Tx, upload: Upload, expiresAt: number): Promise<void> {
  const renewed = await tx
    .updateTable('uploads')
    .set({ expires_at: expiresAt })
    .where('id', '=', upload.id)
    .where('revision', '=', upload.revision)
    .executeTakeFirst()
  if (renewed.numUpdatedRows === 0n) throw await lostRace(tx, upload)
}

const deleteRevision = prepare<{ id: string; revision: string }>()((db, p) =>
  db
    .deleteFrom('uploads')
    .where('id', '=', p('id'))
    .where('revision', '=', p('revision'))
    .returning('reserved_bytes'),
)

/** Ends the upload whose blob is published in this transaction; its reservation is given back. */
export async function closeUpload(tx: Tx, bill: Bill, upload: Upload): Promise<void> {
  const { rows } = await run(tx, deleteRevision, { id: upload.id, revision: upload.revision })
  const closed = rows[0]
  if (!closed) throw await lostRace(tx, upload)
  addReservation(bill, upload, -closed.reserved_bytes)
}

/**
 * Ends the upload, whoever holds its revision. A finish may have made the object readable already, so its
 * key is condemned in the same transaction. Undefined: it had ended before, or `onlyExpired` and a chunk
 * has renewed it meanwhile.
 */
export async function dropUpload(
  tx: Tx,
  uploadId: string,
  at: number,
  { onlyExpired = false } = {},
): Promise<Upload | undefined> {
  const dropped = await tx
    .deleteFrom('uploads')
    .where('id', '=', uploadId)
    .$if(onlyExpired, (query) => query.where('expires_at', '<', at))
    .returningAll()
    .executeTakeFirst()
  if (!dropped) return undefined
  const bill = new Bill()
  addReservation(bill, dropped, -dropped.reserved_bytes)
  await condemnObjects(tx, [{ backendId: dropped.backend_id, key: dropped.key }], at)
  await bill.settle(tx)
  return dropped
}

/** Reserves up to `totalBytes` for the upload; throws QUOTA_EXCEEDED. */
export async function reserveBytes(tx: Tx, uploadId: string, totalBytes: number): Promise<void> {
  const upload = await lockUpload(tx, uploadId)
  if (!upload) throw new ApiError('BLOB_UPLOAD_UNKNOWN')
  if (upload.reserved_bytes < totalBytes) await setReservation(tx, upload, totalBytes)
}

/** After a body that failed: what it reserved beyond the bytes that are kept is given back. */
export async function trimReservation(tx: Tx, uploadId: string): Promise<void> {
  const upload = await lockUpload(tx, uploadId)
  if (!upload || upload.reserved_bytes <= upload.offset_bytes) return
  await setReservation(tx, upload, upload.offset_bytes)
}

function lockUpload(tx: Tx, uploadId: string): Promise<Upload | undefined> {
  return tx
    .selectFrom('uploads')
    .selectAll()
    .where('id', '=', uploadId)
    .$call((query) => forUpdate(tx, query))
    .executeTakeFirst()
}

/** The upload's row is locked: of two bodies at once, each charges what is left to charge. */
async function setReservation(tx: Tx, upload: Upload, totalBytes: number): Promise<void> {
  await tx
    .updateTable('uploads')
    .set({ reserved_bytes: totalBytes })
    .where('id', '=', upload.id)
    .execute()
  const bill = new Bill()
  addReservation(bill, upload, totalBytes - upload.reserved_bytes)
  await bill.settle(tx)
}

function addReservation(
  bill: Bill,
  upload: Pick<Upload, 'instance_id' | 'namespace_id'>,
  bytes: number,
): void {
  bill.add(upload.instance_id, 'bytes', bytes)
  bill.add(upload.namespace_id, 'bytes', bytes)
}

/** What became of the upload since it was read; undefined: nothing. */
export async function findUploadEnd(db: Queryable, upload: Upload): Promise<ApiError | undefined> {
  const current = await db
    .selectFrom('uploads')
    .select(['offset_bytes', 'revision'])
    .where('id', '=', upload.id)
    .executeTakeFirst()
  if (!current) return new ApiError('BLOB_UPLOAD_UNKNOWN')
  if (current.revision === upload.revision) return undefined
  return new ApiError('CHUNK_OUT_OF_ORDER', {
    message:
      'another request wrote to this upload meanwhile; ask for its status and go on from there',
    detail: { offset: current.offset_bytes },
  })
}

/** For a statement that found the upload's revision gone. */
async function lostRace(tx: Tx, upload: Upload): Promise<ApiError> {
  return (await findUploadEnd(tx, upload)) ?? new ApiError('BLOB_UPLOAD_UNKNOWN')
}
