// Request bodies, as chunks for the blob path and whole for everything small. A body has no time limit, only
// a limit on how long the client may send nothing while we wait for it: a queue that is full because storage
// is slow is not the client's fault, and its clock stands still.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { Clock } from '../clock.ts'
import { freeChunks } from '../storage/buffers.ts'
import { ClientGone } from './client-gone.ts'

export interface BodyLimits {
  readonly clock: Pick<Clock, 'monotonicMs' | 'setTimer'>
  /** 408 when the client sends nothing for so long. */
  readonly stallMs: number
  readonly signal?: AbortSignal | undefined
}

/** Read ahead of the consumer, for each body; then the socket is paused, and TCP slows the client down. */
const queueBytes = 256 * 1024
/** A chunk of so many bytes filled the parser's buffer of 64 KiB: more has probably arrived. */
const fullReadBytes = 48 * 1024

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
 * The parser's chunks, those that one turn of the event loop brings joined into one: every layer above costs
 * promises a chunk, and hundreds of MiB are pushed in fewer steps than code needs to be optimized.
 */
class BodyReader implements AsyncIterator<Uint8Array> {
  readonly #req: IncomingMessage
  readonly #limits: BodyLimits
  #queue: Uint8Array[] = []
  #queuedBytes = 0
  #turn: NodeJS.Immediate | undefined
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
    if (this.#queue.length > 0) return Promise.resolve({ done: false, value: this.#take() })
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
    this.#hasEnded = true
    return Promise.resolve({ done: true, value: undefined })
  }

  #take(): Uint8Array {
    const chunks = this.#queue
    const bytes = this.#queuedBytes
    this.#queue = []
    this.#queuedBytes = 0
    const isOver = this.#hasEnded || this.#failure !== undefined
    if (!isOver && this.#req.isPaused()) this.#req.resume()
    const only = chunks.length === 1 ? chunks[0] : undefined
    return only ?? joined(chunks, bytes)
  }

  readonly #giveQueue = (): void => {
    this.#stopTurn()
    const waiter = this.#waiter
    if (waiter === undefined || this.#queue.length === 0) return
    this.#waiter = undefined
    waiter.resolve({ done: false, value: this.#take() })
  }

  #stopTurn(): void {
    if (this.#turn === undefined) return
    clearImmediate(this.#turn)
    this.#turn = undefined
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
    this.#stopTurn()
    this.#req.off('data', this.#onData)
    this.#req.off('end', this.#onEnd)
    this.#req.off('close', this.#onClose)
    this.#limits.signal?.removeEventListener('abort', this.#onAbort)
    // The listener for errors stays: an aborted request still emits one, and unheard it ends the process.
  }

  readonly #onData = (chunk: Uint8Array): void => {
    this.#queue.push(chunk)
    this.#queuedBytes += chunk.length
    const isFull = this.#queuedBytes >= queueBytes
    if (this.#waiter === undefined) {
      if (isFull) this.#req.pause()
    } else if (isFull || chunk.length < fullReadBytes) this.#giveQueue()
    else this.#turn ??= setImmediate(this.#giveQueue)
  }

  readonly #onEnd = (): void => this.#end()

  readonly #onClose = (error?: unknown): void => this.#fail(new ClientGone(error))

  readonly #onAbort = (): void => this.#fail(this.#limits.signal?.reason)

  #end(): void {
    this.#stopListening()
    this.#hasEnded = true
    this.#giveQueue()
    this.#waiter?.resolve({ done: true, value: undefined })
    this.#waiter = undefined
  }

  #fail(error: unknown): void {
    if (this.#hasEnded || this.#failure !== undefined) return
    this.#stopListening()
    this.#req.pause()
    this.#failure = { error }
    this.#giveQueue()
    this.#queue = []
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

/** Memory of its own again, for a consumer that gives it back. */
function joined(chunks: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = Buffer.allocUnsafeSlow(bytes)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  freeChunks(chunks)
  return whole
}
