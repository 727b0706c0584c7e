// Request bodies, as chunks for the blob path and whole for everything small. A body has no time limit, only
// a limit on how long the client may send nothing while we wait for it: a queue that is full because storage
// is slow is not the client's fault, and its clock stands still.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { Clock } from '../clock.ts'
import { ClientGone } from './client-gone.ts'

export interface BodyLimits {
  readonly clock: Pick<Clock, 'monotonicMs' | 'setTimer'>
  /** 408 when the client sends nothing for so long. */
  readonly stallMs: number
  readonly signal?: AbortSignal | undefined
}

/** Read ahead of the consumer, for each body; then the socket is paused, and TCP slows the client down. */
const queueBytes = 256 * 1024
/** Lower, so that the socket is not stopped and started for each chunk. */
const resumeBytes = queueBytes / 2

/** Answers `Expect: 100-continue`. Called when nothing can refuse the request any more before its body. */
export function inviteBody(req: IncomingMessage, res: ServerResponse): void {
  const expected = req.headers.expect?.toLowerCase()
  if (expected === '100-continue' && !res.headersSent) res.writeContinue()
}

/** Each chunk is the consumer's own. Throws `ClientGone`, REQUEST_TIMEOUT, or the signal's reason. */
export function bodyChunks(req: IncomingMessage, limits: BodyLimits): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => new BodyReader(req, limits) }
}

/** A small body whole; throws what `tooLarge` makes as soon as it has more than `limitBytes`. */
export async function readBody(
  chunks: AsyncIterable<Uint8Array>,
  limitBytes: number,
  tooLarge: () => Error,
): Promise<Buffer> {
  const gathered: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of chunks) {
    sizeBytes += chunk.length
    if (sizeBytes > limitBytes) throw tooLarge()
    gathered.push(chunk)
  }
  return Buffer.concat(gathered, sizeBytes)
}

interface Waiter {
  resolve(result: IteratorResult<Uint8Array>): void
  reject(error: unknown): void
}

/**
 * Node's own async iterator of a stream joins what has gathered into one new buffer. This one hands out the
 * parser's chunks: 0.70 CPU seconds per GB instead of 0.77 (2 GiB over loopback; bare `data` events 0.67).
 */
class BodyReader implements AsyncIterator<Uint8Array> {
  readonly #req: IncomingMessage
  readonly #limits: BodyLimits
  #queue: Uint8Array[] = []
  #head = 0
  #queuedBytes = 0
  #hasEnded = false
  #failure: { readonly error: unknown } | undefined
  #waiter: Waiter | undefined
  #waitingSinceMs = 0
  #timer: { cancel(): void } | undefined

  constructor(req: IncomingMessage, limits: BodyLimits) {
    this.#req = req
    this.#limits = limits
    if (limits.signal?.aborted) this.#fail(limits.signal.reason)
    else if (req.readableEnded) this.#end()
    else if (req.destroyed) this.#fail(new ClientGone(req.errored))
    else this.#listen()
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    const chunk = this.#queue[this.#head]
    if (chunk !== undefined) {
      this.#shift(chunk)
      return Promise.resolve({ done: false, value: chunk })
    }
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error)
    if (this.#hasEnded) return Promise.resolve({ done: true, value: undefined })
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject }
      this.#waitingSinceMs = this.#limits.clock.monotonicMs()
      this.#timer ??= this.#armTimer(this.#limits.stallMs)
    })
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    this.#stopListening()
    this.#req.pause()
    this.#queue = []
    this.#head = 0
    this.#hasEnded = true
    return Promise.resolve({ done: true, value: undefined })
  }

  #shift(chunk: Uint8Array): void {
    this.#head += 1
    this.#queuedBytes -= chunk.length
    if (this.#head === this.#queue.length) {
      this.#queue = []
      this.#head = 0
    }
    if (this.#queuedBytes <= resumeBytes && this.#req.isPaused() && !this.#hasEnded) {
      this.#req.resume()
    }
  }

  #listen(): void {
    this.#req.on('data', this.#onData)
    this.#req.on('end', this.#onEnd)
    this.#req.on('error', this.#onClose)
    this.#req.on('close', this.#onClose)
    this.#limits.signal?.addEventListener('abort', this.#onAbort)
    // A body that an earlier reader left paused.
    this.#req.resume()
  }

  #stopListening(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#req.off('data', this.#onData)
    this.#req.off('end', this.#onEnd)
    this.#req.off('close', this.#onClose)
    this.#limits.signal?.removeEventListener('abort', this.#onAbort)
    // The listener for errors stays: an aborted request still emits one, and unheard it ends the process.
  }

  readonly #onData = (chunk: Uint8Array): void => {
    const waiter = this.#waiter
    if (waiter !== undefined) {
      this.#waiter = undefined
      waiter.resolve({ done: false, value: chunk })
      return
    }
    this.#queue.push(chunk)
    this.#queuedBytes += chunk.length
    if (this.#queuedBytes >= queueBytes) this.#req.pause()
  }

  readonly #onEnd = (): void => this.#end()

  readonly #onClose = (error?: unknown): void => this.#fail(new ClientGone(error))

  readonly #onAbort = (): void => this.#fail(this.#limits.signal?.reason)

  #end(): void {
    this.#stopListening()
    this.#hasEnded = true
    this.#waiter?.resolve({ done: true, value: undefined })
    this.#waiter = undefined
  }

  #fail(error: unknown): void {
    if (this.#hasEnded || this.#failure !== undefined) return
    this.#stopListening()
    this.#req.pause()
    this.#failure = { error }
    this.#queue = []
    this.#head = 0
    this.#waiter?.reject(error)
    this.#waiter = undefined
  }

  /** One timer for the whole body, set again only when it fires: chunks cost no timers. */
  #armTimer(ms: number): { cancel(): void } {
    return this.#limits.clock.setTimer(ms, () => {
      this.#timer = undefined
      if (this.#waiter === undefined) return
      const waitedMs = this.#limits.clock.monotonicMs() - this.#waitingSinceMs
      if (waitedMs >= this.#limits.stallMs) this.#fail(new ApiError('REQUEST_TIMEOUT'))
      else this.#timer = this.#armTimer(this.#limits.stallMs - waitedMs)
    })
  }
}
