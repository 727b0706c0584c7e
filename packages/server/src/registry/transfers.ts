// Bytes that count towards a transfer quota of the Personal edition. Without a quota this costs one read of a small
// table, and in other instances nothing.

import type { Tx } from '../db/database.ts'
import { countTransfer, type Direction, isCounted } from '../personal/transfers.ts'
import type { Call } from './call.ts'

/** Of a body of unknown length: how many may pass before they are counted. */
const stepBytes = 4 * 1024 * 1024

interface Counted {
  /** Of the namespace; undefined outside the Personal edition. */
  readonly ownerUin: number | undefined
  readonly direction: Direction
}

/** Before the bytes. Throws QUOTA_EXCEEDED. */
export async function chargeTransfer(
  { registry }: Pick<Call, 'registry'>,
  { ownerUin, direction }: Counted,
  bytes: number,
): Promise<void> {
  if (ownerUin === undefined || bytes === 0) return
  const { db, clock } = registry
  const transfer = { ownerUin, direction }
  if (!(await isCounted(db, transfer))) return
  await db.write(async (tx: Tx) => countTransfer(tx, transfer, bytes, await clock.deployment(tx)))
}

/** Where the size is known all of it is counted before the first byte is read. */
export async function* chargedUpload(
  call: Pick<Call, 'registry'>,
  ownerUin: number,
  chunks: AsyncIterable<Uint8Array>,
  sizeBytes: number | undefined,
): AsyncGenerator<Uint8Array> {
  const counted = { ownerUin, direction: 'upload' } as const
  if (sizeBytes !== undefined) {
    await chargeTransfer(call, counted, sizeBytes)
    yield* chunks
    return
  }
  let waitingBytes = 0
  for await (const chunk of chunks) {
    waitingBytes += chunk.byteLength
    if (waitingBytes >= stepBytes) {
      await chargeTransfer(call, counted, waitingBytes)
      waitingBytes = 0
    }
    yield chunk
  }
  await chargeTransfer(call, counted, waitingBytes)
}
