// Bytes out of an object store. A connection that is cut in the middle is taken up again where it broke: the
// client behind us has its headers already and can't be told to repeat.

import type { Clock } from '../clock.ts'
import { freeChunks, ownedChunks } from './buffers.ts'
import type { ByteRange, ObjectBody } from './driver.ts'
import { StorageError } from './driver.ts'
import { bytesBody } from './folder-read.ts'
import { retry } from './s3-errors.ts'
import type { S3Answer, S3Http } from './s3-http.ts'

/** Up to this the whole object is read before it is handed on, which frees the connection at once. */
const smallObjectBytes = 64 * 1024

/** How often one body may be taken up again without a byte in between. */
const maxResumes = 3

export interface S3ReadContext {
  readonly http: S3Http
  readonly clock: Pick<Clock, 'setTimer'>
}

export async function readObject(
  context: S3ReadContext,
  name: string,
  range: ByteRange | undefined,
  signal: AbortSignal,
): Promise<ObjectBody> {
  if (range && (range.start < 0 || range.end < range.start)) {
    throw new StorageError('range', 'the range ends before it begins')
  }
  const answer = await open(context, name, range, signal)
  try {
    const sizeBytes = lengthOf(answer)
    const objectBytes = totalOf(answer) ?? sizeBytes
    const start = range?.start ?? 0
    if (range && answer.statusCode !== 206) throw new StorageError('unavailable', 'range ignored')
    const body = new S3Body(context, { name, answer, objectBytes, start, sizeBytes }, signal)
    if (sizeBytes > smallObjectBytes) return body
    const chunks: Uint8Array[] = []
    for await (const chunk of ownedChunks(body)) chunks.push(chunk)
    const only = chunks.length === 1 ? chunks[0] : undefined
    return bytesBody(only ?? Buffer.concat(chunks), objectBytes)
  } catch (error) {
    answer.destroy()
    throw error
  }
}

async function open(
  { http, clock }: S3ReadContext,
  name: string,
  range: ByteRange | undefined,
  signal: AbortSignal,
): Promise<S3Answer> {
  const answer = await retry(() => http.send('GET', name, range, signal), { clock, signal })
  if (!answer) throw new Error('retry without `settled` always has a result')
  return answer
}

interface Opened {
  readonly name: string
  readonly answer: S3Answer
  readonly objectBytes: number
  readonly start: number
  readonly sizeBytes: number
}

class S3Body implements ObjectBody {
  readonly objectBytes: number
  readonly sizeBytes: number
  readonly #context: S3ReadContext
  readonly #name: string
  readonly #start: number
  readonly #signal: AbortSignal
  #answer: S3Answer

  constructor(context: S3ReadContext, opened: Opened, signal: AbortSignal) {
    this.#context = context
    this.#name = opened.name
    this.#answer = opened.answer
    this.#start = opened.start
    this.#signal = signal
    this.objectBytes = opened.objectBytes
    this.sizeBytes = opened.sizeBytes
    // Nobody listens between two reads; the reader sees the failure at the next one.
    this.#answer.on('error', () => {})
  }

  cancel(): void {
    this.#answer.destroy()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    let sent = 0
    let resumes = 0
    try {
      while (sent < this.sizeBytes) {
        try {
          for await (const chunk of this.#answer) {
            const bytes: Uint8Array = chunk
            sent += bytes.byteLength
            resumes = 0
            yield bytes
            // Left to the garbage collector, the chunks of 200 pulls are 100 MB more.
            freeChunks([bytes])
          }
          if (sent < this.sizeBytes) throw new StorageError('unavailable', 'the answer was cut')
        } catch (error) {
          this.#signal.throwIfAborted()
          resumes += 1
          if (resumes > maxResumes) throw asUnavailable(error)
        }
        if (sent < this.sizeBytes) await this.#resume(sent)
      }
    } finally {
      this.#answer.destroy()
    }
  }

  async #resume(sent: number): Promise<void> {
    this.#answer.destroy()
    const range = { start: this.#start + sent, end: this.#start + this.sizeBytes - 1 }
    this.#answer = await open(this.#context, this.#name, range, this.#signal)
    this.#answer.on('error', () => {})
    if (lengthOf(this.#answer) !== this.sizeBytes - sent) {
      throw new StorageError('unavailable', 'the object changed while it was read')
    }
  }
}

function asUnavailable(error: unknown): StorageError {
  if (error instanceof StorageError) return error
  return new StorageError('unavailable', 'the connection to the object storage broke', error)
}

export function lengthOf(answer: S3Answer): number {
  const length = Number(answer.headers['content-length'])
  if (Number.isSafeInteger(length)) return length
  throw new StorageError('unavailable', 'the object storage answered without a length')
}

/** `bytes 0-9/1234` → 1234 */
function totalOf(answer: S3Answer): number | undefined {
  const total = /\/(\d+)$/.exec(answer.headers['content-range'] ?? '')?.[1]
  return total === undefined ? undefined : Number(total)
}
