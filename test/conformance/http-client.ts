// One HTTP exchange, with nothing done behind the caller's back: no redirects, no decoding, no retries.
import * as http from 'node:http'
import * as https from 'node:https'

const EXCHANGE_TIMEOUT_MS = 60_000

export interface Call {
  readonly method: string
  readonly url: URL
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: Uint8Array
  /** `chunked` sends the body without a length, in several pieces. */
  readonly framing?: 'length' | 'chunked'
  /** Sends `Expect: 100-continue` and holds the body back until the server asks for it. */
  readonly expectContinue?: boolean
}

export class Reply {
  readonly call: Call
  readonly status: number
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
  /** Whether `100 Continue` came before the answer. */
  readonly continued: boolean

  constructor(call: Call, message: http.IncomingMessage, body: Buffer, continued: boolean) {
    this.call = call
    this.status = message.statusCode ?? 0
    this.rawHeaders = message.rawHeaders
    this.body = body
    this.continued = continued
  }

  /** Every value of a header, in order, as sent. */
  values(name: string): string[] {
    const wanted = name.toLowerCase()
    return this.rawHeaders.filter(
      (_, index) => index % 2 === 1 && this.rawHeaders[index - 1]?.toLowerCase() === wanted,
    )
  }

  header(name: string): string | undefined {
    return this.values(name)[0]
  }

  json(): unknown {
    return JSON.parse(this.body.toString('utf8'))
  }

  describe(): string {
    const text = this.body.subarray(0, 600).toString('utf8')
    const excerpt = /^[\x20-\x7e\s]*$/.test(text) ? text : `(${this.body.length} bytes)`
    const { pathname, search } = this.call.url
    return `${this.call.method} ${pathname}${search} → ${this.status} ${excerpt}`
  }
}

const agents = {
  'http:': new http.Agent({ keepAlive: true, maxSockets: 64 }),
  'https:': new https.Agent({ keepAlive: true, maxSockets: 64, rejectUnauthorized: false }),
}

/** Idle connections keep a process alive; the last user of a target closes them. */
export function closeConnections(): void {
  for (const agent of Object.values(agents)) agent.destroy()
}

export function send(call: Call): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>()
  const tls = call.url.protocol === 'https:'
  const request = (tls ? https : http).request(call.url, {
    method: call.method,
    agent: tls ? agents['https:'] : agents['http:'],
    headers: requestHeaders(call),
    timeout: EXCHANGE_TIMEOUT_MS,
  })
  let continued = false
  let answered = false
  request.on('response', (message) => {
    answered = true
    const pieces: Buffer[] = []
    message.on('data', (piece: Buffer) => pieces.push(piece))
    message.on('error', reject)
    message.on('end', () => {
      resolve(new Reply(call, message, Buffer.concat(pieces), continued))
      // The body that the server did not ask for must not be expected on this connection.
      if (call.expectContinue === true && !continued) request.destroy()
    })
  })
  request.on('timeout', () => request.destroy(new Error('no answer in time')))
  // A server may answer and close while the body is still being sent; the answer is what counts then.
  request.on('error', (error) => {
    if (!answered) reject(new Error(`${call.method} ${call.url.href}: ${error.message}`))
  })
  if (call.expectContinue === true) {
    request.on('continue', () => {
      continued = true
      request.end(call.body)
    })
    request.flushHeaders()
  } else if (call.framing === 'chunked' && call.body !== undefined) {
    const middle = Math.ceil(call.body.length / 2)
    request.write(call.body.subarray(0, middle))
    request.end(call.body.subarray(middle))
  } else {
    request.end(call.body)
  }
  return promise
}

function requestHeaders(call: Call): http.OutgoingHttpHeaders {
  const headers: http.OutgoingHttpHeaders = {}
  for (const [name, value] of Object.entries(call.headers ?? {})) {
    headers[name] = typeof value === 'string' ? value : [...value]
  }
  if (call.expectContinue === true) headers.Expect = '100-continue'
  if (call.framing === 'chunked') headers['Transfer-Encoding'] = 'chunked'
  else if (headers['Content-Length'] === undefined && mayHaveBody(call)) {
    headers['Content-Length'] = String(call.body?.length ?? 0)
  }
  return headers
}

function mayHaveBody(call: Call): boolean {
  return call.body !== undefined || ['POST', 'PUT', 'PATCH'].includes(call.method)
}
