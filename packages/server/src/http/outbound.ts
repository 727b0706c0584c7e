// Every request that the server itself makes to an address that somebody else chose. The name is resolved
// here, the address is checked, and the connection goes to the address that was checked: asking twice would
// let a name server answer differently the second time. Each redirect is a new request under the same rules.

import { lookup } from 'node:dns/promises'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { Clock } from '../clock.ts'
import type { AddressSet } from './addresses.ts'
import { mayReach } from './outbound-address.ts'

export interface OutboundGuard {
  readonly clock: Pick<Clock, 'setTimer'>
  /** Inner addresses that the operator allows. */
  readonly allowed: AddressSet
  /** All addresses of a name; the system's resolver unless a test brings its own. */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>
}

export interface OutboundRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Of the answer's body. */
  readonly maxBytes: number
  /** For everything: names, redirects, body. */
  readonly timeoutMs: number
  /** 0: none is followed, so that a body that is a secret goes nowhere else. */
  readonly maxRedirects?: number
  /** A redirect beyond them is the answer, instead of a failure. */
  readonly returnsRedirect?: boolean
  /** Of a longer body only the beginning is read, instead of a failure. */
  readonly cutsBody?: boolean
  readonly signal?: AbortSignal
}

export interface OutboundResponse {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  /** There was more of it (`cutsBody`). */
  readonly isCut: boolean
  /** Of the last redirect. */
  readonly url: string
}

export type OutboundFault =
  | 'url'
  | 'address'
  | 'unreachable'
  | 'timeout'
  | 'too-large'
  | 'redirects'

export class OutboundProblem extends Error {
  readonly fault: OutboundFault

  constructor(fault: OutboundFault, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'OutboundProblem'
    this.fault = fault
  }
}

export const maxOutboundRedirects = 5
const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
/** Never sent to another origin than the one that they were meant for. */
const credentialHeaders: ReadonlySet<string> = new Set(['authorization', 'cookie'])

interface Hop {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | undefined
}

/** Throws `OutboundProblem`, or the signal's reason. Any status is an answer. */
export async function fetchOutbound(
  url: string,
  request: OutboundRequest,
  guard: OutboundGuard,
): Promise<OutboundResponse> {
  request.signal?.throwIfAborted()
  const stop = new AbortController()
  const timer = guard.clock.setTimer(request.timeoutMs, () =>
    stop.abort(new OutboundProblem('timeout', `no whole answer within ${request.timeoutMs} ms`)),
  )
  const onAbort = () => stop.abort(request.signal?.reason)
  request.signal?.addEventListener('abort', onAbort)
  try {
    return await followRedirects(url, request, guard, stop.signal)
  } catch (error) {
    stop.signal.throwIfAborted()
    if (error instanceof OutboundProblem) throw error
    throw new OutboundProblem('unreachable', 'the other side could not be reached', error)
  } finally {
    timer.cancel()
    request.signal?.removeEventListener('abort', onAbort)
  }
}

async function followRedirects(
  url: string,
  request: OutboundRequest,
  guard: OutboundGuard,
  signal: AbortSignal,
): Promise<OutboundResponse> {
  const { method = 'GET', headers = {}, body, maxBytes } = request
  const { maxRedirects = maxOutboundRedirects, returnsRedirect, cutsBody = false } = request
  let hop: Hop = { url: parseTarget(url), method, headers, body }
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const address = await raceAbort(checkedAddress(hop.url, guard), signal)
    const response = await send(hop, address, signal)
    const status = response.statusCode ?? 0
    const location = redirectStatuses.has(status) ? response.headers.location : undefined
    const isLast = location === undefined || (returnsRedirect && redirects === maxRedirects)
    if (isLast) {
      const answer = await readAnswer(response, maxBytes, cutsBody)
      return { status, headers: response.headers, ...answer, url: hop.url.href }
    }
    response.destroy()
    hop = nextHop(hop, status, location)
  }
  throw new OutboundProblem('redirects', `more than ${maxRedirects} redirects`)
}

function parseTarget(text: string, base?: URL): URL {
  const url = URL.parse(text, base)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new OutboundProblem('url', 'the address must be an http or https URL')
  }
  if (url.username !== '' || url.password !== '') {
    throw new OutboundProblem('url', 'the address must not hold a user name or password')
  }
  return url
}

function nextHop(hop: Hop, status: number, location: string): Hop {
  const url = parseTarget(location, hop.url)
  if (hop.url.protocol === 'https:' && url.protocol === 'http:') {
    throw new OutboundProblem('redirects', 'a redirect from https to http is not followed')
  }
  const isSameOrigin = url.origin === hop.url.origin
  const kept = Object.entries(hop.headers).filter(
    ([name]) => isSameOrigin || !credentialHeaders.has(name.toLowerCase()),
  )
  // RFC 9110 §15.4: 303 always, and 301 and 302 of a POST by custom, become a GET without body.
  const becomesGet = status === 303 ? hop.method !== 'HEAD' : status < 303 && hop.method === 'POST'
  const headers = Object.fromEntries(
    kept.filter(([name]) => !becomesGet || !name.toLowerCase().startsWith('content-')),
  )
  return becomesGet
    ? { url, method: 'GET', headers, body: undefined }
    : { url, method: hop.method, headers, body: hop.body }
}

function checkedAddress(url: URL, guard: OutboundGuard): Promise<string> {
  return reachableAddress(url.hostname.replace(/^\[|\]$/g, ''), guard)
}

/** An address of the host that may be connected to, for what is no HTTP. Throws `OutboundProblem`. */
export async function reachableAddress(
  hostname: string,
  guard: Pick<OutboundGuard, 'allowed' | 'resolve'>,
): Promise<string> {
  const addresses =
    isIP(hostname) === 0 ? await (guard.resolve ?? resolveName)(hostname) : [hostname]
  const address = addresses.find((candidate) => mayReach(candidate, guard.allowed))
  if (address !== undefined) return address
  throw new OutboundProblem(
    'address',
    `${hostname} is not at a public address; ENTREPOT_OUTBOUND_ALLOW can name its range`,
  )
}

async function resolveName(hostname: string): Promise<readonly string[]> {
  const found = await lookup(hostname, { all: true })
  return found.map(({ address }) => address)
}

/** The resolver can't be cancelled; its answer is dropped. */
function raceAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    work.then(resolve, reject)
  })
}

function send(hop: Hop, address: string, signal: AbortSignal): Promise<IncomingMessage> {
  const family = isIP(address)
  const toChecked: LookupFunction = (_hostname, options, callback) => {
    if (options.all) callback(null, [{ address, family }])
    else callback(null, address, family)
  }
  return new Promise((resolve, reject) => {
    const start = hop.url.protocol === 'https:' ? requestHttps : requestHttp
    // A connection of its own: a pooled one might lead to an address that was checked for another name.
    const request = start(hop.url, {
      method: hop.method,
      headers: { 'Accept-Encoding': 'identity', ...hop.headers },
      agent: false,
      lookup: toChecked,
      signal,
    })
    request.on('response', resolve)
    request.on('error', reject)
    request.on('close', () => reject(new Error('the connection closed before an answer')))
    request.end(hop.body)
  })
}

async function readAnswer(
  response: IncomingMessage,
  maxBytes: number,
  cutsBody: boolean,
): Promise<Pick<OutboundResponse, 'body' | 'isCut'>> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of response) {
    sizeBytes += chunk.length
    chunks.push(chunk)
    if (sizeBytes <= maxBytes) continue
    response.destroy()
    if (cutsBody) return { body: Buffer.concat(chunks).subarray(0, maxBytes), isCut: true }
    throw new OutboundProblem('too-large', `the answer has more than ${maxBytes} bytes`)
  }
  return { body: Buffer.concat(chunks, sizeBytes), isCut: false }
}
