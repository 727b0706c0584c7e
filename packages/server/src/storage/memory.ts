// A store in memory, for tests: the same promises as the real ones, except that nothing survives the process.

import type { Clock } from '../clock.ts'
import { freeChunks } from './buffers.ts'
import type {
  ByteRange,
  DeleteResult,
  Driver,
  DriverLimits,
  ObjectBody,
  ObjectStat,
  UploadState,
  WritePartOptions,
} from './driver.ts'
import { StorageError } from './driver.ts'
import { bytesBody, clampRange } from './folder-read.ts'
import { assertFence, assertKey, assertPrefix } from './keys.ts'

/** Objects up to this come in one piece. */
const chunkBytes = 64 * 1024

interface Stored {
  readonly bytes: Uint8Array
  readonly modifiedAtMs: number
}

interface MemoryPart {
  readonly name: string
  readonly sizeBytes: number
}

interface Piece extends Stored {
  readonly key: string
}

export class MemoryDriver implements Driver {
  readonly kind = 'memory'
  readonly limits: DriverLimits = {
    maxObjectBytes: Number.MAX_SAFE_INTEGER,
    maxPutBytes: 64 * 1024 * 1024,
  }
  readonly #objects = new Map<string, Stored>()
  readonly #pieces = new Map<string, Piece>()
  readonly #clock: Pick<Clock, 'now'>

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  async put(key: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    assertKey(key)
    signal.throwIfAborted()
    this.#objects.set(key, { bytes: Uint8Array.from(bytes), modifiedAtMs: this.#clock.now() })
  }

  async get(key: string, range: ByteRange | undefined, signal: AbortSignal): Promise<ObjectBody> {
    assertKey(key)
    signal.throwIfAborted()
    const stored = this.#objects.get(key)
    if (!stored) throw new StorageError('missing', 'no such object')
    const objectBytes = stored.bytes.byteLength
    const { start, end } = clampRange(range, objectBytes)
    const bytes = stored.bytes.subarray(start, end + 1)
    if (bytes.byteLength <= chunkBytes) return bytesBody(bytes, objectBytes)
    return {
      objectBytes,
      sizeBytes: bytes.byteLength,
      cancel() {},
      [Symbol.asyncIterator]: () => reusedChunks(bytes, signal),
    }
  }

  async stat(key: string, signal: AbortSignal): Promise<ObjectStat | undefined> {
    assertKey(key)
    signal.throwIfAborted()
    const stored = this.#objects.get(key)
    return stored && statOf(key, stored)
  }

  async deleteMany(keys: readonly string[], signal: AbortSignal): Promise<readonly DeleteResult[]> {
    keys.forEach(assertKey)
    signal.throwIfAborted()
    for (const key of keys) this.#objects.delete(key)
    return keys.map((key) => ({ key }))
  }

  async list(
    prefix: string,
    after: string | undefined,
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly ObjectStat[]> {
    assertPrefix(prefix)
    signal.throwIfAborted()
    return [...this.#objects]
      .filter(([key]) => key.startsWith(prefix) && key > (after ?? ''))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, limit)
      .map(([key, stored]) => statOf(key, stored))
  }

  async begin(key: string, signal: AbortSignal): Promise<UploadState> {
    assertKey(key)
    signal.throwIfAborted()
    return { key, sizeBytes: 0, parts: [] }
  }

  async writePart(
    state: UploadState,
    body: AsyncIterable<Uint8Array>,
    { fence, signal, ownsChunks }: WritePartOptions,
  ): Promise<UploadState> {
    const parts = partsOf(state)
    assertFence(fence)
    const chunks: Uint8Array[] = []
    for await (const chunk of body) {
      signal.throwIfAborted()
      chunks.push(Uint8Array.from(chunk))
      if (ownsChunks) freeChunks([chunk])
    }
    const bytes = Buffer.concat(chunks)
    if (bytes.byteLength === 0) return state
    const name = `${state.key}.${parts.length}.${fence}`
    if (this.#pieces.has(name)) throw new StorageError('unavailable', 'the fence was used before')
    this.#pieces.set(name, { key: state.key, bytes, modifiedAtMs: this.#clock.now() })
    const part: MemoryPart = { name, sizeBytes: bytes.byteLength }
    return { ...state, sizeBytes: state.sizeBytes + part.sizeBytes, parts: [...parts, part] }
  }

  async *readParts(state: UploadState, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (const { name } of partsOf(state)) {
      signal.throwIfAborted()
      const piece = this.#pieces.get(name)
      if (!piece) throw new StorageError('missing', 'a part is gone')
      yield piece.bytes
    }
  }

  async finish(state: UploadState, signal: AbortSignal): Promise<void> {
    const parts = partsOf(state)
    signal.throwIfAborted()
    const chunks: Uint8Array[] = []
    for (const { name } of parts) {
      const piece = this.#pieces.get(name)
      if (!piece) {
        if (this.#objects.get(state.key)?.bytes.byteLength === state.sizeBytes) return
        throw new StorageError('missing', 'a part is gone')
      }
      chunks.push(piece.bytes)
    }
    await this.put(state.key, Buffer.concat(chunks), signal)
    await this.abort(state, signal)
  }

  async abort(state: UploadState, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    for (const { name } of partsOf(state)) this.#pieces.delete(name)
  }

  async sweepUnfinished(
    olderThanMs: number,
    isOpen: (keys: readonly string[]) => Promise<ReadonlySet<string>>,
    signal: AbortSignal,
  ): Promise<number> {
    signal.throwIfAborted()
    const beforeMs = this.#clock.now() - olderThanMs
    const old = [...this.#pieces].filter(([, piece]) => piece.modifiedAtMs < beforeMs)
    const open = await isOpen([...new Set(old.map(([, piece]) => piece.key))])
    const swept = old.filter(([, piece]) => !open.has(piece.key))
    for (const [name] of swept) this.#pieces.delete(name)
    return swept.length
  }

  async url(): Promise<undefined> {
    return undefined
  }

  async freeBytes(): Promise<undefined> {
    return undefined
  }

  async close(): Promise<void> {}
}

/** As the folder driver does it, so that whoever keeps a chunk too long is found by any test. */
async function* reusedChunks(bytes: Uint8Array, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(chunkBytes)
  for (let at = 0; at < bytes.byteLength; at += chunkBytes) {
    signal.throwIfAborted()
    const length = Math.min(chunkBytes, bytes.byteLength - at)
    buffer.fill(0)
    buffer.set(bytes.subarray(at, at + length))
    yield buffer.subarray(0, length)
  }
}

function statOf(key: string, { bytes, modifiedAtMs }: Stored): ObjectStat {
  return { key, sizeBytes: bytes.byteLength, modifiedAtMs }
}

function partsOf(state: UploadState): readonly MemoryPart[] {
  assertKey(state.key)
  return state.parts as readonly MemoryPart[]
}
