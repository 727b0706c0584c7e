// A reply on the wire.

import { endEarly, lingerBytes, lingerMs } from '../http/linger.ts'
import { endJoined, sendBody } from '../http/send.ts'
import type { Call, Reply } from './call.ts'

/** Design, "Hosts": the console and the registry may share an origin, so nothing here is ever run or framed. */
const fixedHeaders: readonly string[] = [
  'Docker-Distribution-Api-Version',
  'registry/2.0',
  'X-Content-Type-Options',
  'nosniff',
  'Content-Security-Policy',
  "default-src 'none'; sandbox",
  'Cross-Origin-Resource-Policy',
  'same-origin',
]

type Sender = Pick<Call, 'registry' | 'req' | 'res' | 'isHead' | 'signal'>

/** Resolves when the body is with the kernel; nothing is awaited for a small one. */
export function sendReply(sender: Sender, reply: Reply, requestId: string): void | Promise<void> {
  const { body } = reply
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
    return sendSmall(sender, { ...reply, body }, requestId)
  }
  const { registry, res } = sender
  res.writeHead(reply.status, headersOf(reply, undefined, requestId))
  return sendBody(res, body, {
    signal: sender.signal(body.sizeBytes),
    stallMs: registry.settings.stallMs,
  })
}

interface SmallReply extends Reply {
  readonly body: string | Uint8Array | undefined
}

function sendSmall(sender: Sender, reply: SmallReply, requestId: string): void | Promise<void> {
  const { req, res, isHead } = sender
  const { body } = reply
  const sizeBytes = typeof body === 'string' ? Buffer.byteLength(body) : body?.byteLength
  const pairs = headersOf(reply, sizeBytes, requestId)
  if (!req.complete && hasBody(sender)) return refuseBody(sender, reply, pairs)
  res.writeHead(reply.status, pairs)
  if (isHead || body === undefined) res.end()
  else if (typeof body === 'string') res.end(body)
  else endJoined(res, body)
}

/** The client is still sending what nobody wants: it must be able to read why. */
function refuseBody(sender: Sender, reply: SmallReply, pairs: readonly string[]): Promise<void> {
  const { registry, req, res, isHead } = sender
  res.statusCode = reply.status
  for (let i = 0; i < pairs.length; i += 2) res.setHeader(pairs[i] ?? '', pairs[i + 1] ?? '')
  res.setHeader('Connection', 'close')
  const limits = { clock: registry.clock, maxBytes: lingerBytes, maxMs: lingerMs }
  return endEarly(req, res, isHead ? '' : (reply.body ?? ''), limits)
}

function hasBody({ req }: Sender): boolean {
  const { headers } = req
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** Flat pairs: what Node writes with the least work. */
function headersOf(reply: Reply, sizeBytes: number | undefined, requestId: string): string[] {
  const pairs = fixedHeaders.slice()
  const headers = reply.headers ?? {}
  for (const name in headers) pairs.push(name, String(headers[name]))
  pairs.push('X-Request-Id', requestId)
  if (reply.status !== 204 && reply.status !== 304 && !('Content-Length' in headers)) {
    pairs.push('Content-Length', String(sizeBytes ?? 0))
  }
  return pairs
}
