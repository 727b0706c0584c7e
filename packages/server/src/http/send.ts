// Bytes of storage on their way to the client. A chunk belongs to storage again as soon as the next one is
// asked for, so each write is waited for; storage reads ahead meanwhile. A client that takes nothing for the
// stall limit is cut off, a slow one is served as long as it likes.

import type { ServerResponse } from 'node:http'
import { ClientGone } from './client-gone.ts'

export interface SendLimits {
  readonly signal: AbortSignal
  /** The connection is closed when nothing of a write moves for so long. */
  readonly stallMs: number
}

/** Fits into the buffer of nearly every socket. */
const smallBytes = 64 * 1024
const tooMuch = 'storage sent more bytes than it announced'
const tooLittle = 'storage sent fewer bytes than it announced'

/** An `ObjectBody` of storage, or several ranges of one. */
export interface Body extends AsyncIterable<Uint8Array> {
  readonly sizeBytes: number
  cancel(): void
}

/**
 * Sends `body` and ends the response. Status and headers are the caller's, with Content-Length already set.
 * Throws `ClientGone`, the signal's reason or storage's error; then the connection has been closed, because
 * a half-sent answer can't be taken back.
 */
export function sendBody(res: ServerResponse, body: Body, limits: SendLimits): Promise<void> {
  return body.sizeBytes <= smallBytes ? sendSmall(res, body, limits) : sendLarge(res, body, limits)
}

/**
 * Copied and written at once, so that storage has its buffer back and nothing needs to be listened to: a
 * 4 KiB blob costs 25 µs of CPU instead of 32.
 */
async function sendSmall(res: ServerResponse, body: Body, limits: SendLimits): Promise<void> {
  const closed = closedBy(res, limits.signal)
  if (closed !== undefined) {
    body.cancel()
    res.destroy()
    throw closed.reason
  }
  try {
    const bytes = await gather(body)
    // A write to a destroyed response emits an error that nobody hears.
    if (res.destroyed) throw new ClientGone()
    endJoined(res, bytes)
  } catch (error) {
    res.destroy()
    throw error
  }
  // Nearly always the kernel has taken all of it by now.
  if (res.socket === null || res.socket.writableLength === 0) return
  const writer = new ResponseWriter(res, limits)
  try {
    await writer.whenFinished()
  } catch (error) {
    throw writer.close(error)
  } finally {
    writer.release()
  }
}

/** Node writes the head and a string of one byte a character in one go; larger bodies aren't worth the copy. */
const joinedBytes = 16 * 1024

/** Ends the response with bytes that are at hand. */
export function endJoined(res: ServerResponse, bytes: Uint8Array): void {
  if (bytes.byteLength > joinedBytes) res.end(bytes)
  else {
    const { buffer, byteOffset, byteLength } = bytes
    res.end(Buffer.from(buffer, byteOffset, byteLength).toString('latin1'), 'latin1')
  }
}

async function sendLarge(res: ServerResponse, body: Body, limits: SendLimits): Promise<void> {
  const writer = new ResponseWriter(res, limits)
  try {
    if (writer.closed !== undefined) {
      body.cancel()
      throw writer.closed.reason
    }
    let sentBytes = 0
    for await (const chunk of body) {
      sentBytes += chunk.length
      if (sentBytes > body.sizeBytes) throw new Error(tooMuch)
      // The response ends in the same write as its last chunk.
      await writer.write(chunk, sentBytes === body.sizeBytes)
    }
    if (sentBytes !== body.sizeBytes) throw new Error(tooLittle)
  } catch (error) {
    throw writer.close(error)
  } finally {
    writer.release()
  }
}

async function gather(body: Body): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(body.sizeBytes)
  let at = 0
  for await (const chunk of body) {
    if (at + chunk.length > bytes.length) throw new Error(tooMuch)
    bytes.set(chunk, at)
    at += chunk.length
  }
  if (at !== bytes.length) throw new Error(tooLittle)
  return bytes
}

interface Closed {
  readonly reason: unknown
}

function closedBy(res: ServerResponse, signal: AbortSignal): Closed | undefined {
  if (res.destroyed || res.closed) return { reason: new ClientGone() }
  return signal.aborted ? { reason: signal.reason } : undefined
}

/** Waits for each write, and ends the wait when the client or the caller goes. */
class ResponseWriter {
  readonly #res: ServerResponse
  readonly #signal: AbortSignal
  #reject: ((error: unknown) => void) | undefined
  #isWriting = false
  #closed: Closed | undefined

  constructor(res: ServerResponse, limits: SendLimits) {
    this.#res = res
    this.#signal = limits.signal
    this.#closed = closedBy(res, limits.signal)
    res.on('close', this.#onClose)
    res.on('error', this.#onClose)
    limits.signal.addEventListener('abort', this.#onAbort)
    // The socket's own timer: only it knows that a part of a write has left.
    res.setTimeout(limits.stallMs, this.#onStall)
  }

  get closed(): Closed | undefined {
    return this.#closed
  }

  /** After the response was ended. */
  whenFinished(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#reject = reject
      this.#isWriting = true
      if (this.#closed !== undefined) reject(this.#closed.reason)
      this.#res.once('finish', resolve)
    })
  }

  write(chunk: Uint8Array, isLast: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#closed !== undefined) {
        reject(this.#closed.reason)
        return
      }
      this.#reject = reject
      this.#isWriting = true
      const done = (error?: Error | null) => {
        this.#isWriting = false
        if (error) reject(new ClientGone(error))
        else resolve()
      }
      if (isLast) this.#res.end(chunk, () => done())
      else this.#res.write(chunk, done)
    })
  }

  /** Ends the connection after a failure; returns the error that tells why. */
  close(error: unknown): unknown {
    const reason = this.#closed?.reason ?? error
    this.#res.destroy()
    return reason
  }

  release(): void {
    this.#res.off('close', this.#onClose)
    this.#res.off('timeout', this.#onStall)
    this.#signal.removeEventListener('abort', this.#onAbort)
    this.#reject = undefined
    // The listener for errors stays: one that nobody hears ends the process.
  }

  #stop(reason: unknown): void {
    if (this.#closed !== undefined) return
    this.#closed = { reason }
    this.#reject?.(reason)
  }

  readonly #onClose = (): void => this.#stop(new ClientGone())

  readonly #onAbort = (): void => {
    this.#stop(this.#signal.reason)
    this.#res.destroy()
  }

  readonly #onStall = (): void => {
    // Storage keeps the client waiting, not the reverse; the next write sets the timer again.
    if (!this.#isWriting) return
    this.#stop(new ClientGone(new Error('the client took nothing for the stall limit')))
    this.#res.destroy()
  }
}
