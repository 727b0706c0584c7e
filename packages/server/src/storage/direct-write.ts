// The rest of a large file, past the page cache (O_DIRECT). 512 MiB through it cost 0.4 to 0.9 CPU seconds per
// GB, the more of it the longer ago the machine touched its memory, and pushed out what is being pulled. A file
// system that can't do it gets the same bytes in the ordinary way.

import { constants } from 'node:fs'
import { closeQuietly, disk, writeAll } from './disk.ts'
import { StorageError } from './driver.ts'

/** Memory, length and place in the file are multiples of it. */
const pageBytes = 4096

/** In smaller writes a disk is slow. */
export const minDirectBytes = 128 * 1024

/** Undefined where the file system, or the operating system, has no such thing. */
export async function openDirect(path: string): Promise<number | undefined> {
  const flag: number | undefined = constants.O_DIRECT
  if (flag === undefined) return undefined
  // Any reason will do: the file is open already, and whatever is wrong with it shows there.
  return disk.open(path, constants.O_WRONLY | flag).catch(() => undefined)
}

interface DirectFile {
  /** Closed by the writer. */
  readonly directFd: number
  /** The same file, opened in the ordinary way: for what has no whole page. */
  readonly cachedFd: number
  /** Where it goes on. */
  readonly start: number
  /** Of each of two buffers: one is filled while the other is written. */
  readonly bufferBytes: number
}

export class DirectWriter {
  addedBytes = 0
  readonly #file: DirectFile
  readonly #buffers: Uint8Array[]
  #filling: Uint8Array
  #filledBytes = 0
  #position: number
  #writing: Promise<void> | undefined
  #failure: { readonly error: unknown } | undefined
  #isRefused = false
  #isClosed = false

  constructor(file: DirectFile) {
    this.#file = file
    this.#position = file.start
    this.#filling = pageAligned(file.bufferBytes)
    this.#buffers = [this.#filling, pageAligned(file.bufferBytes)]
  }

  /** Resolves when more may come. Copies `chunk`. */
  async add(chunk: Uint8Array): Promise<void> {
    let taken = 0
    while (taken < chunk.byteLength) {
      const some = chunk.subarray(taken, taken + this.#wantedBytes() - this.#filledBytes)
      this.#filling.set(some, this.#filledBytes)
      this.#filledBytes += some.byteLength
      taken += some.byteLength
      if (this.#filledBytes === this.#wantedBytes()) await this.#pass()
    }
    this.addedBytes += chunk.byteLength
  }

  /** Everything added is in the file then. */
  async flush(): Promise<void> {
    await this.#pass()
    await this.#writing
    this.#throwFailure()
  }

  /** After the last write, however it ended; before the other descriptor is closed. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#writing
    await closeQuietly(this.#file.directFd)
    for (const { buffer } of this.#buffers) {
      if (buffer instanceof ArrayBuffer) buffer.transferToFixedLength(0)
    }
  }

  /** The first write ends at a page, so that all others begin at one. */
  #wantedBytes(): number {
    return this.#file.bufferBytes - (this.#position % pageBytes)
  }

  async #pass(): Promise<void> {
    await this.#writing
    this.#throwFailure()
    const bytes = this.#filling.subarray(0, this.#filledBytes)
    this.#writing = this.#write(bytes, this.#position).catch((error) => {
      this.#failure ??= { error }
    })
    this.#position += this.#filledBytes
    this.#filledBytes = 0
    const [one, other] = this.#buffers
    const free = this.#filling === one ? other : one
    if (free) this.#filling = free
  }

  async #write(bytes: Uint8Array, position: number): Promise<void> {
    const whole = bytes.byteLength % pageBytes === 0 && position % pageBytes === 0
    const written = whole ? await this.#writeDirectly(bytes, position) : 0
    // A disk that is nearly full takes a part: the ordinary way goes on, or tells what is wrong.
    await writeAll(this.#file.cachedFd, [bytes.subarray(written)], position + written)
  }

  async #writeDirectly(bytes: Uint8Array, position: number): Promise<number> {
    if (this.#isRefused) return 0
    try {
      return await disk.write(this.#file.directFd, bytes, bytes.byteLength, position)
    } catch (error) {
      if (!isRefusal(error)) throw error
      this.#isRefused = true
      return 0
    }
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error
  }
}

/** The file system opens so, and then wants another alignment or nothing of it. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof StorageError)) return false
  const code = (error.cause as NodeJS.ErrnoException | undefined)?.code
  return code === 'EINVAL' || code === 'EOPNOTSUPP'
}

/** V8 maps the memory of a buffer that could grow by itself, so it begins at a page; others begin anywhere. */
function pageAligned(bytes: number): Uint8Array {
  return new Uint8Array(new ArrayBuffer(bytes, { maxByteLength: bytes }))
}
