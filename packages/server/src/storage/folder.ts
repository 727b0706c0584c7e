// A store in a folder of one machine.
//
//   objects/<key>                        what is published
//   unfinished/<key>.<part>.<fence>      what is being written ('/' in the key is '+'); the sweep's
//
// Order: write → fsync of the file → rename → fsync of the folder (and, for each folder that is new, of the one
// above it). A rename is the only way into objects/, so whoever finds a key finds all of its bytes. Deletes are
// not synced: what power loss brings back is an object that no row names.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Clock } from '../clock.ts'
import type { BufferBudget } from './buffers.ts'
import {
  closeQuietly,
  disk,
  diskError,
  isFault,
  readAll,
  removeQuietly,
  shortFile,
  writeAll,
} from './disk.ts'
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
import { listFolder, statObject } from './folder-list.ts'
import { bytesBody, clampRange, FileBody, ReadPace } from './folder-read.ts'
import { FolderSync } from './folder-sync.ts'
import {
  type FolderPart,
  type FolderPlaces,
  finishFile,
  partName,
  randomFence,
  readParts,
  removeParts,
  renameInto,
  sweepParts,
} from './folder-upload.ts'
import { writeFile } from './folder-write.ts'
import { assertFence, assertKey, assertPrefix } from './keys.ts'

/** Up to this an object is read at once, in as few calls as it takes. */
const smallObjectBytes = 64 * 1024

/** Parts of one upload: its state is a row that each chunk writes anew. */
const maxParts = 10_000

const parallelDeletes = 8

export interface FolderOptions {
  readonly budget: BufferBudget
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>
}

export async function openFolder(path: string, options: FolderOptions): Promise<Driver> {
  const driver = new FolderDriver(path, options)
  await driver.prepare()
  return driver
}

class FolderDriver implements Driver {
  readonly kind = 'folder'
  readonly limits: DriverLimits = {
    maxObjectBytes: Number.MAX_SAFE_INTEGER,
    maxPutBytes: 64 * 1024 * 1024,
  }
  readonly #places: FolderPlaces
  readonly #clock: FolderOptions['clock']
  readonly #pace: ReadPace

  constructor(path: string, { budget, clock }: FolderOptions) {
    const root = resolve(path)
    this.#clock = clock
    this.#pace = new ReadPace(clock)
    this.#places = {
      objects: join(root, 'objects'),
      unfinished: join(root, 'unfinished'),
      syncs: new FolderSync(),
      budget,
    }
  }

  async prepare(): Promise<void> {
    await this.#places.syncs.make(this.#places.objects)
    await this.#places.syncs.make(this.#places.unfinished)
  }

  async put(key: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    assertKey(key)
    signal.throwIfAborted()
    const name = partName(key, 'put', randomFence())
    const path = join(this.#places.unfinished, name)
    const target = join(this.#places.objects, key)
    try {
      const fd = await disk.open(path, 'wx')
      try {
        await writeAll(fd, [bytes])
        await disk.fsync(fd)
      } finally {
        await disk.close(fd)
      }
      await renameInto(this.#places, path, target)
    } catch (error) {
      await removeQuietly(path)
      throw error
    }
    await this.#places.syncs.sync(dirname(target))
  }

  async get(key: string, range: ByteRange | undefined, signal: AbortSignal): Promise<ObjectBody> {
    assertKey(key)
    signal.throwIfAborted()
    const path = join(this.#places.objects, key)
    if (this.#pace.mayBlock()) return this.#openAtOnce(path, range, signal)
    const fd = await disk.open(path, 'r')
    try {
      const { size } = await disk.fstat(fd)
      const body = this.#body(fd, size, range, signal)
      if (body.sizeBytes > smallObjectBytes) return body
      const bytes = Buffer.allocUnsafe(body.sizeBytes)
      await readAll(fd, bytes, body.sizeBytes, range?.start ?? 0)
      body.cancel()
      return bytesBody(bytes, size)
    } catch (error) {
      await closeQuietly(fd)
      throw error
    }
  }

  /**
   * Without the thread pool: 4 KiB out of the page cache cost 17 µs of CPU this way and 46 by its hops. A disk
   * that was slow is left to the pool for a while, so a stall hits one request and not each.
   */
  #openAtOnce(path: string, range: ByteRange | undefined, signal: AbortSignal): ObjectBody {
    const begun = this.#pace.begin()
    let fd: number | undefined
    try {
      fd = openSync(path, 'r')
      const { size } = fstatSync(fd)
      const { start, end } = clampRange(range, size)
      const bytes = end + 1 - start
      if (bytes > smallObjectBytes) {
        const body = this.#body(fd, size, range, signal)
        fd = undefined
        return body
      }
      const buffer = Buffer.allocUnsafe(bytes)
      for (let filled = 0; filled < bytes; ) {
        const read = readSync(fd, buffer, filled, bytes - filled, start + filled)
        if (read === 0) throw shortFile()
        filled += read
      }
      return bytesBody(buffer, size)
    } catch (error) {
      throw diskError(error)
    } finally {
      if (fd !== undefined) closeSync(fd)
      this.#pace.end(begun)
    }
  }

  #body(fd: number, size: number, range: ByteRange | undefined, signal: AbortSignal): ObjectBody {
    const { start, end } = clampRange(range, size)
    const file = { fd, objectBytes: size, start, sizeBytes: end + 1 - start }
    return new FileBody(file, this.#places.budget, signal)
  }

  async stat(key: string, signal: AbortSignal): Promise<ObjectStat | undefined> {
    assertKey(key)
    signal.throwIfAborted()
    return statObject(this.#places.objects, key)
  }

  async deleteMany(keys: readonly string[], signal: AbortSignal): Promise<readonly DeleteResult[]> {
    keys.forEach(assertKey)
    const results: DeleteResult[] = []
    for (let at = 0; at < keys.length; at += parallelDeletes) {
      signal.throwIfAborted()
      const batch = keys.slice(at, at + parallelDeletes)
      results.push(...(await Promise.all(batch.map((key) => this.#delete(key)))))
    }
    return results
  }

  async #delete(key: string): Promise<DeleteResult> {
    try {
      await disk.unlink(join(this.#places.objects, key))
      return { key }
    } catch (error) {
      return isFault(error, 'missing') ? { key } : { key, error: error as StorageError }
    }
  }

  async list(
    prefix: string,
    after: string | undefined,
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly ObjectStat[]> {
    assertPrefix(prefix)
    return listFolder(this.#places.objects, { prefix, after: after ?? '', limit }, signal)
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
    if (parts.length >= maxParts) {
      throw new StorageError(
        'too-large',
        `an upload has at most ${maxParts} chunks; send larger ones`,
      )
    }
    const name = partName(state.key, parts.length, fence)
    const { budget, unfinished } = this.#places
    const sizeBytes = await writeFile(join(unfinished, name), body, { budget, signal, ownsChunks })
    if (sizeBytes === 0) {
      await removeQuietly(join(unfinished, name))
      return state
    }
    const part: FolderPart = { name, sizeBytes }
    return { ...state, sizeBytes: state.sizeBytes + sizeBytes, parts: [...parts, part] }
  }

  readParts(state: UploadState, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return readParts(this.#places, partsOf(state), signal)
  }

  async finish(state: UploadState, signal: AbortSignal): Promise<void> {
    const parts = partsOf(state)
    signal.throwIfAborted()
    if (parts.length === 0) await this.put(state.key, new Uint8Array(0), signal)
    else
      await finishFile(this.#places, { key: state.key, sizeBytes: state.sizeBytes, parts }, signal)
  }

  async abort(state: UploadState, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    await removeParts(this.#places, partsOf(state))
  }

  async sweepUnfinished(
    olderThanMs: number,
    isOpen: (keys: readonly string[]) => Promise<ReadonlySet<string>>,
    signal: AbortSignal,
  ): Promise<number> {
    return sweepParts(this.#places, this.#clock.now() - olderThanMs, isOpen, signal)
  }

  async url(): Promise<undefined> {
    return undefined
  }

  async freeBytes(signal: AbortSignal): Promise<number> {
    signal.throwIfAborted()
    const { bavail, bsize } = await disk.statfs(this.#places.objects)
    return bavail * bsize
  }

  async close(): Promise<void> {}
}

function partsOf(state: UploadState): readonly FolderPart[] {
  assertKey(state.key)
  // Written by writePart below this line of the same driver; the row gives it back as it was.
  return state.parts as readonly FolderPart[]
}
