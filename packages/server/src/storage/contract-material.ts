// What the driver suites write and read.

import { createHash } from 'node:crypto'
import type { BufferBudget } from './buffers.ts'
import type { Driver, UploadState } from './driver.ts'

export interface TestStore {
  readonly driver: Driver
  readonly budget: BufferBudget
  /** What lies in the store besides published objects. */
  leftovers(): Promise<readonly string[]>
  close(): Promise<void>
}

const signal = new AbortController().signal
let fences = 0

export function nextFence(): string {
  fences += 1
  return `fence-${fences}`
}

/** Bytes without a period that a buffer's size could hide, the same for the same seed. */
export function patternBytes(size: number, seed: number): Buffer {
  const bytes = Buffer.allocUnsafe(size)
  let state = (seed * 2_654_435_761 + 1) >>> 0
  for (let i = 0; i < size; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[i] = state >>> 24
  }
  return bytes
}

export async function* chunksOf(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += chunkBytes) {
    yield bytes.subarray(at, at + chunkBytes)
  }
}

/** Copies: a chunk of a body is valid only until the next. */
export async function contentOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export async function append(
  driver: Driver,
  state: UploadState,
  body: AsyncIterable<Uint8Array>,
  fence = nextFence(),
): Promise<UploadState> {
  const after = await driver.writePart(state, body, { fence, signal })
  // As it comes back from the upload's row.
  return JSON.parse(JSON.stringify(after)) as UploadState
}

export async function write(
  driver: Driver,
  key: string,
  body: AsyncIterable<Uint8Array>,
): Promise<UploadState> {
  const state = await append(driver, await driver.begin(key, signal), body)
  await driver.finish(state, signal)
  return state
}
