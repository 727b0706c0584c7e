// Where the bytes of a part wait until there are enough of them. A part is sent with its length first and is
// sent again when the store says SlowDown, so it must be held somewhere: in a file without a name, because
// 200 uploads at once would need more memory than a process may have. It is gone when the process is, and its
// pages rarely reach the disk.

import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { BufferBudget } from './buffers.ts'
import { closeQuietly, disk, readAll } from './disk.ts'
import { randomFence } from './folder-upload.ts'
import { FileWriter } from './folder-write.ts'

const readBytes = 64 * 1024

interface SpoolOptions {
  readonly budget: BufferBudget
  readonly ownsChunks: boolean
}

export class Spool {
  readonly #fd: number
  readonly #writer: FileWriter
  #stream: Readable | undefined
  #sizeBytes = 0
  #ended = false

  private constructor(fd: number, options: SpoolOptions) {
    this.#fd = fd
    this.#writer = new FileWriter(fd, { ...options, passing: true })
  }

  static async open(folder: string, options: SpoolOptions): Promise<Spool> {
    const path = join(folder, `entrepot-part-${randomFence()}`)
    const fd = await disk.open(path, 'wx+')
    await disk.unlink(path)
    return new Spool(fd, options)
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  /** Keeps `chunk` until the next `add` or `end` has resolved, or longer. */
  async add(chunk: Uint8Array): Promise<void> {
    this.#sizeBytes += chunk.byteLength
    await this.#writer.add(chunk)
  }

  async end(): Promise<void> {
    await this.#writer.flush()
    this.#release()
  }

  /** All of it, from the start; an earlier stream ends. */
  stream(): Readable {
    this.#stream?.destroy()
    let position = 0
    const read = async (stream: Readable) => {
      const bytes = Math.min(readBytes, this.#sizeBytes - position)
      if (bytes === 0) return void stream.push(null)
      // A new one each time: the socket keeps it until it is sent.
      const buffer = Buffer.allocUnsafeSlow(bytes)
      await readAll(this.#fd, buffer, bytes, position)
      position += bytes
      stream.push(buffer)
    }
    this.#stream = new Readable({
      highWaterMark: readBytes,
      read() {
        read(this).catch((error) => this.destroy(error))
      },
    })
    return this.#stream
  }

  async close(): Promise<void> {
    this.#stream?.destroy()
    await this.#writer.settle()
    this.#release()
    await closeQuietly(this.#fd)
  }

  #release(): void {
    if (this.#ended) return
    this.#ended = true
    this.#writer.release()
  }
}
