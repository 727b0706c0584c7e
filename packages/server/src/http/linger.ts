// Refusing a request whose body is still arriving. Closing a socket with unread bytes sends a reset, which
// throws away the answer on the client's side (docker then shows "connection reset" instead of the reason).
// So the answer goes out whole, and then bytes are read and dropped for a while before the socket is closed.
// Node closes it at `end()` of a response with `Connection: close`, which is why `end()` comes last.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../clock.ts'

export interface LingerLimits {
  readonly clock: Pick<Clock, 'setTimer'>
  readonly maxBytes: number
  readonly maxMs: number
}

/** What a client sends between its last look at the connection and the answer: buffers of both sides. */
export const lingerBytes = 16 * 1024 * 1024
export const lingerMs = 5_000

/**
 * Sends `body` as the whole answer; status and headers are already set, with Content-Length. Resolves when
 * the response has ended; never rejects.
 */
export async function endEarly(
  req: IncomingMessage,
  res: ServerResponse,
  body: string | Uint8Array,
  limits: LingerLimits,
): Promise<void> {
  if (req.complete || !hasBody(req) || res.destroyed) {
    res.end(body)
    return
  }
  if (!res.headersSent) res.setHeader('Connection', 'close')
  res.flushHeaders()
  if (body.length > 0) res.write(body)
  await discard(req, res, limits)
  const { socket } = res
  res.end()
  // The rest of the body is not read: no other request can follow on this connection.
  if (!req.complete) socket?.destroySoon()
}

function hasBody(req: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = req.headers
  return encoding !== undefined || (length !== undefined && length !== '0')
}

function discard(req: IncomingMessage, res: ServerResponse, limits: LingerLimits): Promise<void> {
  return new Promise((resolve) => {
    let leftBytes = limits.maxBytes
    const timer = limits.clock.setTimer(limits.maxMs, done)
    function onData(chunk: Uint8Array): void {
      leftBytes -= chunk.length
      if (leftBytes <= 0) done()
    }
    function done(): void {
      timer.cancel()
      req.off('data', onData)
      req.pause()
      resolve()
    }
    req.on('data', onData)
    req.once('end', done)
    req.once('close', done)
    // An aborted request emits an error; nobody is left who could be told.
    req.on('error', done)
    res.once('close', done)
    req.resume()
  })
}
