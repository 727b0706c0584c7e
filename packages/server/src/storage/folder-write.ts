// Bytes into a file, as they come from a socket: gathered into large writes, one of them in flight while the
// next is gathered, without copying. What a large file has beyond its beginning goes past the page cache.

import { type BufferBudget, freeChunks } from './buffers.ts'
import { DirectWriter, minDirectBytes, openDirect } from './direct-write.ts'
import { closeQuietly, disk, removeQuietly, writeAll } from './disk.ts'

/** Most layers are smaller, and are pulled soon after: they stay in the page cache. */
const cachedBytes = 32 * 1024 * 1024

/** The disk starts on what was written while more comes, so that the last fsync is short. */
const syncEveryBytes = 32 * 1024 * 1024

interface WriteOptions {
  readonly budget: BufferBudget
  readonly signal: AbortSignal
  /** The body uses a chunk's memory again for the next one (that of a `get`). */
  readonly reusesChunks?: boolean
  readonly ownsChunks?: boolean | undefined
}

interface WriterOptions {
  readonly budget: BufferBudget
  readonly ownsChunks?: boolean | undefined
  /** The file is only a place to wait in: nobody will want it synced. */
  readonly passing?: boolean
  /** Of the file, where a large one may go past the page cache. */
  readonly path?: string
}

/** Writes a new file and returns its size. When it throws, no file is left. */
export async function writeFile(
  path: string,
  body: AsyncIterable<Uint8Array>,
  options: WriteOptions,
): Promise<number> {
  const fd = await disk.open(path, 'wx')
  const writer = new FileWriter(fd, { ...options, path })
  try {
    for await (const chunk of body) {
      options.signal.throwIfAborted()
      await writer.add(chunk)
      if (options.reusesChunks) await writer.drain()
    }
    await writer.flush()
  } catch (error) {
    await writer.settle()
    await closeQuietly(fd)
    await removeQuietly(path)
    throw error
  } finally {
    writer.release()
  }
  await disk.close(fd)
  return writer.sizeBytes
}

export class FileWriter {
  readonly #fd: number
  readonly #budget: BufferBudget
  readonly #passing: boolean
  readonly #ownsChunks: boolean
  #path: string | undefined
  #direct: DirectWriter | undefined
  #writtenBytes = 0
  #batch: Uint8Array[] = []
  #batchBytes = 0
  #reservedBytes = 0
  #writing: Promise<void> | undefined
  #syncing: Promise<void> | undefined
  #unsyncedBytes = 0
  #failure: { readonly error: unknown } | undefined

  constructor(fd: number, options: WriterOptions) {
    this.#fd = fd
    this.#budget = options.budget
    this.#passing = options.passing ?? false
    this.#ownsChunks = options.ownsChunks ?? false
    this.#path = options.path
    this.#budget.join()
  }

  get sizeBytes(): number {
    return this.#writtenBytes + (this.#direct?.addedBytes ?? 0)
  }

  /** Resolves when more may come. Keeps `chunk` until it is written. */
  async add(chunk: Uint8Array): Promise<void> {
    if (this.#direct) {
      await this.#direct.add(chunk)
      if (this.#ownsChunks) freeChunks([chunk])
      return
    }
    this.#batch.push(chunk)
    this.#batchBytes += chunk.byteLength
    if (this.#batchBytes < this.#gather()) return
    await this.#writing
    this.#throwFailure()
    this.#start()
    if (this.#path && this.#writtenBytes >= cachedBytes) await this.#goDirect(this.#path)
  }

  /** From here on; where there is no room for its buffers, a later write asks again. */
  async #goDirect(path: string): Promise<void> {
    const bufferBytes = this.#reservedBytes / 2
    if (bufferBytes < minDirectBytes) return
    await this.#writing
    this.#throwFailure()
    const directFd = await openDirect(path)
    if (directFd === undefined) {
      this.#path = undefined
      return
    }
    const start = this.#writtenBytes
    this.#direct = new DirectWriter({ directFd, cachedFd: this.#fd, start, bufferBytes })
  }

  /** Resolves when everything added is written and its memory is free. */
  async drain(): Promise<void> {
    await this.#writing
    if (this.#batchBytes > 0) {
      this.#throwFailure()
      this.#start()
      await this.#writing
    }
    this.#throwFailure()
  }

  async flush(): Promise<void> {
    await this.drain()
    await this.#syncing
    this.#throwFailure()
    await this.#direct?.flush()
    await this.#direct?.close()
  }

  /** The file must not be closed before. */
  async settle(): Promise<void> {
    await this.#writing
    await this.#syncing
    await this.#direct?.close()
  }

  release(): void {
    this.#budget.unreserve(this.#reservedBytes)
    this.#budget.leave()
  }

  /** How much to gather before writing; where the budget gives nothing, each chunk is written as it comes. */
  #gather(): number {
    const bytes = this.#budget.bufferBytes()
    if (this.#reservedBytes !== 2 * bytes) {
      this.#budget.unreserve(this.#reservedBytes)
      this.#reservedBytes = this.#budget.tryReserve(2 * bytes) ? 2 * bytes : 0
    }
    return this.#reservedBytes / 2
  }

  #start(): void {
    const batch = this.#batch
    const bytes = this.#batchBytes
    this.#batch = []
    this.#batchBytes = 0
    this.#writing = writeAll(this.#fd, batch).then(
      () => {
        if (this.#ownsChunks) freeChunks(batch)
        this.#written(bytes)
      },
      (error) => this.#fail(error),
    )
  }

  #written(bytes: number): void {
    this.#writtenBytes += bytes
    this.#unsyncedBytes += bytes
    if (this.#passing || this.#unsyncedBytes < syncEveryBytes || this.#syncing) return
    this.#unsyncedBytes = 0
    this.#syncing = disk.fdatasync(this.#fd).then(
      () => {
        this.#syncing = undefined
      },
      (error) => this.#fail(error),
    )
  }

  /** After a failed fsync the kernel may have dropped the pages: the part fails, and nothing is asked again. */
  #fail(error: unknown): void {
    this.#failure ??= { error }
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error
  }
}
