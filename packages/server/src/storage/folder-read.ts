// Bytes out of a file: two buffers in flight, one being read while the consumer writes the other.

import type { Clock } from '../clock.ts'
import type { BufferBudget } from './buffers.ts'
import { closeQuietly, readAll } from './disk.ts'
import type { ByteRange, ObjectBody } from './driver.ts'
import { StorageError } from './driver.ts'

/** The range cut to the object; undefined where it asks for everything. */
export function clampRange(range: ByteRange | undefined, objectBytes: number): ByteRange {
  if (!range) return { start: 0, end: objectBytes - 1 }
  if (range.start < 0 || range.end < range.start || range.start >= objectBytes) {
    throw new StorageError('range', `the range begins behind the end (${objectBytes} bytes)`)
  }
  return { start: range.start, end: Math.min(range.end, objectBytes - 1) }
}

/** A body that is in memory already. */
export function bytesBody(bytes: Uint8Array, objectBytes: number): ObjectBody {
  return {
    objectBytes,
    sizeBytes: bytes.byteLength,
    bytes,
    cancel() {},
    async *[Symbol.asyncIterator]() {
      if (bytes.byteLength > 0) yield bytes
    },
  }
}

interface Reading {
  readonly buffer: Buffer
  readonly bytes: number
  readonly done: Promise<void>
}

export interface OpenFile {
  readonly fd: number
  readonly objectBytes: number
  readonly start: number
  readonly sizeBytes: number
}

/** Owns `file.fd` from here on. */
export class FileBody implements ObjectBody {
  readonly objectBytes: number
  readonly sizeBytes: number
  readonly #fd: number
  readonly #budget: BufferBudget
  readonly #signal: AbortSignal
  #position: number
  #left: number
  /** What the consumer holds. */
  #current: Reading | undefined
  #ahead: Reading | undefined
  #state: 'new' | 'open' | 'ended' = 'new'

  constructor(file: OpenFile, budget: BufferBudget, signal: AbortSignal) {
    this.#fd = file.fd
    this.#budget = budget
    this.#signal = signal
    this.objectBytes = file.objectBytes
    this.sizeBytes = file.sizeBytes
    this.#position = file.start
    this.#left = file.sizeBytes
  }

  cancel(): void {
    if (this.#state !== 'new') return
    this.#state = 'ended'
    void closeQuietly(this.#fd)
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return {
      next: () => this.#next(),
      return: async () => {
        await this.#end()
        return { done: true, value: undefined }
      },
    }
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    try {
      this.#signal.throwIfAborted()
      if (this.#state === 'new') this.#begin()
      const ready = await this.#advance()
      if (ready) {
        await ready.done
        return { done: false, value: ready.buffer.subarray(0, ready.bytes) }
      }
    } catch (error) {
      await this.#end()
      throw error
    }
    await this.#end()
    return { done: true, value: undefined }
  }

  #begin(): void {
    this.#state = 'open'
    this.#budget.join()
  }

  /** Starts the read after the one that is returned: into the buffer that the consumer is done with. */
  async #advance(): Promise<Reading | undefined> {
    let free = this.#current?.buffer
    this.#current = this.#ahead
    this.#ahead = undefined
    if (!this.#current && this.#left > 0) {
      free = free ? this.#budget.exchange(free) : await this.#firstBuffer()
      this.#current = this.#read(free)
      free = undefined
    }
    if (this.#left > 0 && this.#state === 'open') {
      free = free ? this.#budget.exchange(free) : this.#secondBuffer()
      if (free) this.#ahead = this.#read(free)
    } else if (free) this.#budget.release(free)
    return this.#current
  }

  #firstBuffer(): Promise<Buffer> {
    return this.#budget.acquire(this.#budget.bufferBytes(), this.#signal)
  }

  /** Where there is no room for it the body goes on with one: waiting while holding could block everyone. */
  #secondBuffer(): Buffer | undefined {
    return this.#budget.tryAcquire(this.#budget.bufferBytes())
  }

  #read(buffer: Buffer): Reading {
    const bytes = Math.min(buffer.byteLength, this.#left)
    const done = readAll(this.#fd, buffer, bytes, this.#position)
    // Who asks for this chunk sees the failure; if nobody does, it doesn't matter.
    done.catch(() => {})
    this.#position += bytes
    this.#left -= bytes
    return { buffer, bytes, done }
  }

  /** The kernel may still be writing into the buffers: they and the file go back after that. */
  async #end(): Promise<void> {
    if (this.#state === 'ended') return
    const wasOpen = this.#state === 'open'
    this.#state = 'ended'
    for (const reading of [this.#current, this.#ahead]) {
      if (!reading) continue
      await reading.done.catch(() => {})
      this.#budget.release(reading.buffer)
    }
    this.#current = undefined
    this.#ahead = undefined
    if (wasOpen) this.#budget.leave()
    await closeQuietly(this.#fd)
  }
}

/** A read at once that took longer than this met the disk, or a busy processor. */
const slowReadMs = 2

/**
 * How many reads go through the pool after a slow one: few, because a processor that is busy makes one in a
 * thousand slow; twice as many after each that follows, because a disk makes them all slow.
 */
const leastCautiousReads = 16
const mostCautiousReads = 1024

/** Decides whether small objects may be read on the main thread. */
export class ReadPace {
  readonly #clock: Pick<Clock, 'monotonicMs'>
  #cautious = 0
  #nextCautious = leastCautiousReads

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock
  }

  /** Asked once per read. */
  mayBlock(): boolean {
    if (this.#cautious === 0) return true
    this.#cautious -= 1
    return false
  }

  begin(): number {
    return this.#clock.monotonicMs()
  }

  end(begunMs: number): void {
    if (this.#clock.monotonicMs() - begunMs > slowReadMs) {
      this.#cautious = this.#nextCautious
      this.#nextCautious = Math.min(2 * this.#nextCautious, mostCautiousReads)
    } else if (this.#nextCautious > leastCautiousReads) this.#nextCautious -= 1
  }
}
