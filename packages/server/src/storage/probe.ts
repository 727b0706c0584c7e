// What `doctor` asks of a store: may we write, read, list and delete here, and how much room is left.

import { randomBytes } from 'node:crypto'
import type { Driver } from './driver.ts'
import { StorageError } from './driver.ts'

const probeBytes = 4096

export interface StoreReport {
  /** Undefined where the store can't tell. */
  readonly freeBytes: number | undefined
}

/** Throws StorageError with what is wrong; leaves nothing behind. */
export async function probeStore(driver: Driver, signal: AbortSignal): Promise<StoreReport> {
  const key = `probe/${randomBytes(10).toString('hex')}`
  const bytes = randomBytes(probeBytes)
  await driver.put(key, bytes, signal)
  try {
    await assertReadable(driver, key, bytes, signal)
  } catch (error) {
    await driver.deleteMany([key], signal)
    throw error
  }
  const [result] = await driver.deleteMany([key], signal)
  if (result?.error) throw result.error
  if (await driver.stat(key, signal)) {
    throw new StorageError('unavailable', 'what is deleted stays: object lock or versions are on')
  }
  return { freeBytes: await driver.freeBytes(signal) }
}

async function assertReadable(
  driver: Driver,
  key: string,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  // Of an archive storage class this is what fails.
  const body = await driver.get(key, undefined, signal)
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(Buffer.from(chunk))
  if (!Buffer.concat(chunks).equals(bytes)) {
    throw new StorageError('unavailable', 'what was read is not what was written')
  }
  const [listed] = await driver.list(key, undefined, 1, signal)
  if (listed && listed.sizeBytes !== bytes.byteLength) {
    throw new StorageError('unavailable', 'the listing tells another size than was written')
  }
}
