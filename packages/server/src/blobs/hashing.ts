// Hashing in one pass while bytes stream. Node can't save the state of a hash, so a running one stays in
// the process that began it; a chunk that meets another process leaves the digest unknown, and the finish
// reads the upload back once.

import { createHash, type Hash } from 'node:crypto'
import { ApiError } from '@entrepot/contract/errors.ts'

const maxRunning = 1000

/** Hashes of open uploads by upload and revision; the oldest go first when there are too many. */
export class RunningHashes {
  readonly #hashes = new Map<string, { readonly revision: string; readonly hash: Hash }>()

  keep(uploadId: string, revision: string, hash: Hash): void {
    this.#hashes.delete(uploadId)
    if (this.#hashes.size >= maxRunning) {
      const oldest = this.#hashes.keys().next()
      if (!oldest.done) this.#hashes.delete(oldest.value)
    }
    this.#hashes.set(uploadId, { revision, hash })
  }

  /** A copy, so that a chunk that fails leaves the kept one as it was. */
  find(uploadId: string, revision: string): Hash | undefined {
    const entry = this.#hashes.get(uploadId)
    return entry?.revision === revision ? entry.hash.copy() : undefined
  }

  /** The upload has another revision, but no other bytes. */
  follow(uploadId: string, from: string, to: string): void {
    const entry = this.#hashes.get(uploadId)
    if (entry?.revision === from) this.#hashes.set(uploadId, { revision: to, hash: entry.hash })
  }

  forget(uploadId: string): void {
    this.#hashes.delete(uploadId)
  }
}

export interface Meter {
  bytes: number
}

interface MeasureOptions {
  readonly hash: Hash | undefined
  readonly meter: Meter
  readonly maxBytes: number
  /** Asked before bytes beyond what it last answered are passed on. */
  readonly reserve?: (totalBytes: number) => Promise<number>
  /** Asked at each chunk; what it answers is waited for. */
  readonly keepOpen?: () => Promise<void> | undefined
}

/** Passes the bytes through, hashed, counted and limited. */
export async function* measure(
  body: AsyncIterable<Uint8Array>,
  options: MeasureOptions,
): AsyncGenerator<Uint8Array> {
  const { hash, meter, maxBytes, reserve, keepOpen } = options
  let reservedBytes = 0
  for await (const chunk of body) {
    meter.bytes += chunk.byteLength
    if (meter.bytes > maxBytes) {
      throw new ApiError('BLOB_TOO_LARGE', { detail: { maxBytes } })
    }
    if (reserve && meter.bytes > reservedBytes) reservedBytes = await reserve(meter.bytes)
    const kept = keepOpen?.()
    if (kept) await kept
    hash?.update(chunk)
    yield chunk
  }
}

export async function hashAll(algorithm: string, body: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash(algorithm)
  for await (const chunk of body) hash.update(chunk)
  return hash.digest('hex')
}
