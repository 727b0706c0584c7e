// An HTTP proxy in front of an S3 server that fails on command, by kind of request.

import { once } from 'node:events'
import http from 'node:http'
import type { Socket } from 'node:net'

export type S3Operation =
  | 'create'
  | 'part'
  | 'copy-part'
  | 'complete'
  | 'abort'
  | 'put'
  | 'copy'
  | 'get'
  | 'head'
  | 'delete'
  | 'list'
  | 'list-multiparts'

export type ProxyFault =
  /** Answered here; the server never hears of it. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  /** The server does it, the connection ends without an answer. */
  | { readonly kind: 'lose-answer' }
  /** The connection ends before the server hears of it. */
  | { readonly kind: 'cut' }
  /** The connection ends in the middle of the answer's body. */
  | { readonly kind: 'cut-body'; readonly afterBytes: number }

export interface FaultProxy {
  readonly port: number
  /** The next request of this kind (or the next `times`) meets the fault. */
  on(operation: S3Operation, fault: ProxyFault & { readonly times?: number }): void
  /** Requests of this kind since the last `reset`. */
  seen(operation: S3Operation): number
  /** The server's answer to the last request of this kind that `work` makes. */
  record(operation: S3Operation, work: () => Promise<unknown>): Promise<string>
  cutAll(): void
  reset(): void
  close(): Promise<void>
}

interface Planned {
  readonly fault: ProxyFault
  left: number
}

export async function startFaultProxy(serverPort: number): Promise<FaultProxy> {
  const plans = new Map<S3Operation, Planned>()
  const counts = new Map<S3Operation, number>()
  const sockets = new Set<Socket>()
  const answers = new Map<S3Operation, string>()
  const agent = new http.Agent({ keepAlive: false })

  const server = http.createServer((request, response) => {
    const operation = operationOf(request)
    counts.set(operation, (counts.get(operation) ?? 0) + 1)
    const plan = plans.get(operation)
    const fault = plan && plan.left > 0 ? plan.fault : undefined
    if (plan && fault) plan.left -= 1
    if (fault?.kind === 'cut') return void request.socket.destroy()
    if (fault?.kind === 'answer') {
      request.resume()
      request.on('end', () => {
        response.writeHead(fault.status, { 'content-type': 'application/xml' })
        response.end(fault.body)
      })
      return
    }
    const { method, url, headers } = request
    const inner = http.request({ port: serverPort, method, path: url, headers, agent })
    inner.on('error', () => request.socket.destroy())
    inner.on('response', (answer) => {
      relay(answer, response, fault, (text) => answers.set(operation, text))
    })
    request.pipe(inner)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')

  const cutAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: address.port,
    on: (operation, { times = 1, ...fault }) => plans.set(operation, { fault, left: times }),
    seen: (operation) => counts.get(operation) ?? 0,
    async record(operation, work) {
      await work()
      return answers.get(operation) ?? ''
    },
    cutAll,
    reset() {
      plans.clear()
      counts.clear()
    },
    async close() {
      cutAll()
      server.close()
      await once(server, 'close')
    },
  }
}

function relay(
  answer: http.IncomingMessage,
  response: http.ServerResponse,
  fault: ProxyFault | undefined,
  record: (text: string) => void,
): void {
  if (fault?.kind === 'lose-answer') {
    answer.resume()
    answer.on('end', () => response.socket?.destroy())
    return
  }
  if (fault?.kind === 'cut-body') {
    response.writeHead(answer.statusCode ?? 500, answer.headers)
    response.flushHeaders()
    let left = fault.afterBytes
    answer.on('data', (chunk: Buffer) => {
      const part = chunk.subarray(0, left)
      left -= part.byteLength
      if (part.byteLength > 0) response.write(part)
      // What was written still goes out before the end of the connection.
      if (left === 0) {
        answer.destroy()
        response.socket?.end()
      }
    })
    return
  }
  response.writeHead(answer.statusCode ?? 500, answer.headers)
  if (/xml/.test(answer.headers['content-type'] ?? '')) {
    let text = ''
    answer.on('data', (chunk) => {
      text += String(chunk)
    })
    answer.on('end', () => record(text))
  }
  answer.pipe(response)
}

function operationOf(request: http.IncomingMessage): S3Operation {
  const { method = 'GET', headers } = request
  const query = new URL(request.url ?? '/', 'http://store').searchParams
  const copies = headers['x-amz-copy-source'] !== undefined
  switch (method) {
    case 'POST':
      if (query.has('uploads')) return 'create'
      return query.has('delete') ? 'delete' : 'complete'
    case 'PUT':
      if (query.has('partNumber')) return copies ? 'copy-part' : 'part'
      return copies ? 'copy' : 'put'
    case 'DELETE':
      return 'abort'
    case 'HEAD':
      return 'head'
    default:
      if (query.has('list-type')) return 'list'
      return query.has('uploads') ? 'list-multiparts' : 'get'
  }
}
