// What is refused for lack of room: decided before the first byte is read, so before `100 Continue`. Bytes that
// count against a quota are reserved before they are written.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Database } from '../db/database.ts'
import { hasByteQuota } from '../quotas/quotas.ts'
import type { Stores } from '../storage/stores.ts'
import { maxBlobBytesOf } from './limit.ts'
import { reserveBytes, type Upload } from './uploads.ts'

/** Bytes of unknown length are reserved in steps; in smaller ones where a larger one no longer fits. */
const reserveStepsBytes = [64 * 1024 * 1024, 1024 * 1024, 1] as const

/** What the room for a body depends on. */
export interface Rooms {
  readonly db: Database
  readonly stores: Stores
  readonly maxBlobBytes: number
}

/** What it returns is asked before the body grows to so many bytes, and tells up to where it need not be again. */
export async function prepareBody(
  rooms: Rooms,
  upload: Upload,
  sizeBytes: number | undefined,
  signal: AbortSignal,
): Promise<(totalBytes: number) => Promise<number>> {
  const { db, stores } = rooms
  const maxBytes = await maxBytesOf(rooms, upload)
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
export async function maxBytesOf(
  { stores, maxBlobBytes }: Omit<Rooms, 'db'>,
  upload: Upload,
): Promise<number> {
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

export type Reserve = Awaited<ReturnType<typeof prepareBody>>
