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
export async function sendBody(res: ServerResponse, body: Body, limits: SendLimits): Promise<void> {
  const writer = new ResponseWriter(res, limits)
  try {
    if (writer.isClosed) {
      body.cancel()
      throw writer.reason()
    }
    await sendChunks(writer, body)
  } catch (error) {
    throw writer.close(error)
  } finally {
    writer.release()
  }
}

async function sendChunks(writer: ResponseWriter, body: Body): Promise<void> {
  let sentBytes = 0
  for await (const chunk of body) {
    sentBytes += chunk.length
    if (sentBytes > body.sizeBytes) throw new Error('storage sent more bytes than it announced')
    // The response ends in the same write as its last chunk: one system call less for a small blob.
    await writer.write(chunk, sentBytes === body.sizeBytes)
  }
  if (sentBytes !== body.sizeBytes) throw new Error('storage sent fewer bytes than it announced')
  if (sentBytes === 0) await writer.write(new Uint8Array(), true)
}

/** Waits for each write, and ends the wait when the client or the caller goes. */
class ResponseWriter {
  readonly #res: ServerResponse
  readonly #signal: AbortSignal
  #reject: ((error: unknown) => void) | undefined
  #isWriting = false
  #closed: { readonly reason: unknown } | undefined

  constructor(res: ServerResponse, limits: SendLimits) {
    this.#res = res
    this.#signal = limits.signal
    if (res.destroyed || res.closed) this.#closed = { reason: new ClientGone() }
    else if (limits.signal.aborted) this.#closed = { reason: limits.signal.reason }
    res.on('close', this.#onClose)
    res.on('error', this.#onClose)
    limits.signal.addEventListener('abort', this.#onAbort)
    // The socket's own timer: only it knows that a part of a write has left.
    res.setTimeout(limits.stallMs, this.#onStall)
  }

  get isClosed(): boolean {
    return this.#closed !== undefined
  }

  reason(): unknown {
    return this.#closed?.reason
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
