// The memory that transfers may hold, one budget per process. How large a transfer's buffers are follows from
// how many transfers run: the first few get full ones, and a thousand slow clients together still leave room
// (sizes fall with 1/n, so their sum grows with log n). A transfer that gets none waits its turn.

export const defaultBufferBudgetBytes = 64 * 1024 * 1024

/** Larger ones were no faster (512 MiB over loopback). */
export const maxBufferBytes = 512 * 1024
export const minBufferBytes = 16 * 1024

/** The part of the budget that the transfers running now would fill if all began at once. */
const busyShare = 1 / 8

/** What is only for speed (a second buffer, a larger one, a batch of writes) leaves this part for first ones. */
const optionalShare = 3 / 4

/** What stays allocated when nothing runs. */
const idleBytes = 4 * 1024 * 1024

interface Waiter {
  readonly bytes: number
  readonly resolve: (buffer: Buffer) => void
}

export class BufferBudget {
  readonly totalBytes: number
  #transfers = 0
  #heldBytes = 0
  #freeBytes = 0
  readonly #free = new Map<number, Buffer[]>()
  readonly #waiters: Waiter[] = []

  constructor(totalBytes = defaultBufferBudgetBytes) {
    this.totalBytes = Math.max(totalBytes, 2 * maxBufferBytes)
  }

  get heldBytes(): number {
    return this.#heldBytes
  }

  get waiting(): number {
    return this.#waiters.length
  }

  /** Counts a transfer in; whoever joins leaves. */
  join(): void {
    this.#transfers += 1
  }

  leave(): void {
    this.#transfers -= 1
    if (this.#transfers === 0) this.#trim(idleBytes)
  }

  /** The size of each of a transfer's two buffers: a power of two, by the number of transfers now. */
  bufferBytes(): number {
    const fair = (this.totalBytes * busyShare) / (2 * Math.max(1, this.#transfers))
    if (fair >= maxBufferBytes) return maxBufferBytes
    if (fair <= minBufferBytes) return minBufferBytes
    return 2 ** Math.floor(Math.log2(fair))
  }

  /** Waits first come, first served. `bytes` comes from `bufferBytes`. */
  acquire(bytes: number, signal: AbortSignal): Promise<Buffer> {
    signal.throwIfAborted()
    if (this.#waiters.length === 0 && this.#fits(bytes, this.totalBytes)) {
      return Promise.resolve(this.#take(bytes))
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        bytes,
        resolve: (given) => {
          signal.removeEventListener('abort', giveUp)
          resolve(given)
        },
      }
      const giveUp = () => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1)
        reject(signal.reason)
        this.#serveWaiters()
      }
      signal.addEventListener('abort', giveUp, { once: true })
      this.#waiters.push(waiter)
    })
  }

  /** For what a transfer can do without. Never overtakes somebody who waits. */
  tryAcquire(bytes: number): Buffer | undefined {
    return this.#fits(bytes, this.totalBytes * optionalShare) ? this.#take(bytes) : undefined
  }

  release(buffer: Buffer): void {
    this.#heldBytes -= buffer.byteLength
    this.#freeBytes += buffer.byteLength
    const free = this.#free.get(buffer.byteLength)
    if (free) free.push(buffer)
    else this.#free.set(buffer.byteLength, [buffer])
    this.#serveWaiters()
  }

  /** A buffer of the size that is right now instead of one of another size; the same one if there is no room. */
  exchange(buffer: Buffer): Buffer {
    const bytes = this.bufferBytes()
    if (bytes === buffer.byteLength) return buffer
    if (bytes > buffer.byteLength) {
      const larger = this.tryAcquire(bytes)
      if (larger) this.release(buffer)
      return larger ?? buffer
    }
    const smaller = this.#takeFree(bytes) ?? Buffer.allocUnsafeSlow(bytes)
    this.#heldBytes += bytes
    this.release(buffer)
    return smaller
  }

  /** Optional room for bytes that somebody else allocated (a socket); false: there is none now. */
  tryReserve(bytes: number): boolean {
    if (!this.#fits(bytes, this.totalBytes * optionalShare)) return false
    this.#heldBytes += bytes
    return true
  }

  unreserve(bytes: number): void {
    this.#heldBytes -= bytes
    this.#serveWaiters()
  }

  #fits(bytes: number, limitBytes: number): boolean {
    return this.#heldBytes + bytes <= limitBytes
  }

  #serveWaiters(): void {
    for (;;) {
      const waiter = this.#waiters[0]
      if (!waiter || !this.#fits(waiter.bytes, this.totalBytes)) return
      this.#waiters.shift()
      waiter.resolve(this.#take(waiter.bytes))
    }
  }

  #take(bytes: number): Buffer {
    this.#heldBytes += bytes
    const free = this.#takeFree(bytes)
    if (free) return free
    this.#trim(this.totalBytes - this.#heldBytes)
    return Buffer.allocUnsafeSlow(bytes)
  }

  #takeFree(bytes: number): Buffer | undefined {
    const free = this.#free.get(bytes)?.pop()
    if (free) this.#freeBytes -= bytes
    return free
  }

  /** Lets free buffers go until at most `bytes` of them are kept. */
  #trim(bytes: number): void {
    for (const [size, buffers] of this.#free) {
      while (this.#freeBytes > bytes && buffers.pop()) this.#freeBytes -= size
    }
  }
}

/** Copies chunks whose memory is used again (those of a `get`) for a consumer that keeps them. */
export async function* ownedChunks(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) yield Uint8Array.from(chunk)
}

/** Slices of a slab are smaller than this, and not worth it. */
const minFreedBytes = 16 * 1024

/** Gives the memory of chunks back at once, where it is theirs alone. */
export function freeChunks(chunks: readonly Uint8Array[]): void {
  for (const { buffer, byteLength } of chunks) {
    if (byteLength < minFreedBytes || byteLength !== buffer.byteLength) continue
    if (buffer instanceof ArrayBuffer) buffer.transfer(0)
  }
}
