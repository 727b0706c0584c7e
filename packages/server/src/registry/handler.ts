// The edge of `/v2` and `/service/token`: who asks which instance for what, and the answer on the wire.
// Plain node:http: names hold slashes, bodies are gigabytes, and a refusal must come before `100 Continue`.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { ApiError } from '@entrepot/contract/errors.ts'
import { parseRepositoryPath } from '@entrepot/oci/reference.ts'
import { anonymousCaller, type Caller } from '../credentials/caller.ts'
import { bodyChunks, inviteBody } from '../http/body.ts'
import { type Client, clientOf, hostName, type TrustedProxies } from '../http/client-address.ts'
import { ClientGone } from '../http/client-gone.ts'
import { endEarly, lingerBytes, lingerMs } from '../http/linger.ts'
import { connectionOf } from '../http/proxy-protocol.ts'
import { parseQuery } from '../http/query.ts'
import { sendBody } from '../http/send.ts'
import type { Instance } from '../instances/instances.ts'
import type { Call, Registry, Reply } from './call.ts'
import { challengeOf } from './challenge.ts'
import { dispatch, scopeOf } from './dispatch.ts'
import { errorReply, faultReply, toApiError } from './errors.ts'
import { parseRoute, type Route, type RouteKind } from './routes.ts'
import { challengeError } from './token.ts'

export interface RequestObserver {
  /** Sizes are of bodies, in bytes. */
  observe(route: RouteKind, method: string, status: number, ms: number): void
}

export interface EdgeOptions {
  readonly trusted: TrustedProxies
  /** Requests at once in this process; more are answered 429. */
  readonly maxRequests: number
  readonly observer: RequestObserver
}

const maxUserAgentChars = 256

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

export type RegistryHandler = (
  req: IncomingMessage,
  res: ServerResponse,
  requestId: string,
) => Promise<void>

export function createRegistryHandler(registry: Registry, options: EdgeOptions): RegistryHandler {
  let running = 0
  return async (req, res, requestId) => {
    const startedMs = registry.clock.monotonicMs()
    const exchange = new Exchange(registry, options, req, res, requestId)
    running += 1
    try {
      if (running > options.maxRequests) throw overloaded(options.maxRequests)
      await exchange.answer()
    } catch (error) {
      await exchange.fail(error)
    } finally {
      running -= 1
      exchange.end()
      const ms = registry.clock.monotonicMs() - startedMs
      options.observer.observe(exchange.routeKind, req.method ?? '', res.statusCode, ms)
    }
  }
}

function overloaded(maxRequests: number): ApiError {
  return new ApiError('TOO_MANY_REQUESTS', {
    message: `more than ${maxRequests} requests at once; repeat in a moment`,
    headers: { 'Retry-After': '1' },
  })
}

/** The life of one request. */
class Exchange {
  readonly #registry: Registry
  readonly #options: EdgeOptions
  readonly #req: IncomingMessage
  readonly #res: ServerResponse
  readonly #requestId: string
  #client: Client | undefined
  #instance: Instance | undefined
  #route: Route | undefined
  #controller: AbortController | undefined
  #unwatch: (() => void) | undefined
  #caller: Caller = anonymousCaller

  constructor(
    registry: Registry,
    options: EdgeOptions,
    req: IncomingMessage,
    res: ServerResponse,
    requestId: string,
  ) {
    this.#registry = registry
    this.#options = options
    this.#req = req
    this.#res = res
    this.#requestId = requestId
  }

  get routeKind(): RouteKind {
    return this.#route?.kind ?? 'other'
  }

  async answer(): Promise<void> {
    const req = this.#req
    const url = req.url ?? '/'
    const mark = url.indexOf('?')
    const route = parseRoute(mark === -1 ? url : url.slice(0, mark))
    if (!route) throw new ApiError('NOT_FOUND')
    this.#route = route
    const client = clientOf(connectionOf(req), this.#options.trusted)
    this.#client = client
    const found = this.#findInstance(client)
    const instance = found instanceof Promise ? await found : found
    this.#instance = instance
    if (route.kind === 'token') return this.#send(await this.#token(client, instance))
    const caller = this.#authenticate(client, instance)
    this.#caller = caller instanceof Promise ? await caller : caller
    const reply = dispatch(this.#call(client, instance, this.#caller), route)
    await this.#send(reply instanceof Promise ? await reply : reply)
  }

  #findInstance(client: Client): Instance | Promise<Instance> {
    const { directory } = this.#registry
    if (client.host === undefined) throw unknownInstance()
    const found = directory.find(hostName(client.host))
    const serverName = isEncrypted(this.#req) && (this.#req.socket as TLSSocket).servername
    if (serverName) return this.#findByServerName(found, serverName)
    if (found instanceof Promise) return found.then((instance) => instance ?? refuseHost())
    return found ?? refuseHost()
  }

  /** The connection was opened for one host; another instance's may not be asked through it (RFC 9110, 15.5.20). */
  async #findByServerName(
    found: Instance | undefined | Promise<Instance | undefined>,
    serverName: string,
  ): Promise<Instance> {
    const instance = (await found) ?? refuseHost()
    const named = await this.#registry.directory.find(serverName.toLowerCase())
    if (named && named.id !== instance.id) throw new ApiError('HOST_MISMATCH')
    return instance
  }

  #authenticate(client: Client, instance: Instance): Caller | Promise<Caller> {
    const { authorization } = this.#req.headers
    // Without looking whether anything exists: a client that is answered here never sends its credentials.
    if (authorization === undefined) throw new ApiError('UNAUTHORIZED')
    const context = { address: client.address ?? '' }
    return this.#registry.authenticator.authenticate(authorization, instance, context)
  }

  #token(client: Client, instance: Instance): Promise<Reply> {
    const { clock, settings, tokens } = this.#registry
    const req = this.#req
    return tokens.answer({
      method: req.method ?? 'GET',
      query: parseQuery(req.url ?? ''),
      authorization: req.headers.authorization,
      contentType: req.headers['content-type'],
      body: () => {
        inviteBody(req, this.#res)
        return { req, limits: { clock, stallMs: settings.stallMs } }
      },
      address: client.address ?? '',
      instance,
    })
  }

  #call(client: Client, instance: Instance, caller: Caller): Call {
    const registry = this.#registry
    const req = this.#req
    const res = this.#res
    const isHead = req.method === 'HEAD'
    let query: URLSearchParams | undefined
    return {
      registry,
      req,
      res,
      method: isHead ? 'GET' : (req.method ?? 'GET'),
      isHead,
      get query() {
        query ??= parseQuery(req.url ?? '')
        return query
      },
      client,
      instance,
      caller,
      origin: {
        actor: caller.name,
        credential: caller.credentialLabel,
        address: client.address,
        agent: req.headers['user-agent']?.slice(0, maxUserAgentChars) ?? null,
        requestId: this.#requestId,
      },
      signal: () => this.#signal(),
      body: () => {
        inviteBody(req, res)
        const { clock, settings } = registry
        return bodyChunks(req, { clock, stallMs: settings.stallMs, signal: this.#signal() })
      },
    }
  }

  /** Made only for transfers: most requests end sooner than a credential can. */
  #signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      this.#unwatch = this.#registry.authenticator.watch(this.#caller, this.#controller)
    }
    return this.#controller.signal
  }

  async #send(reply: Reply): Promise<void> {
    const { body } = reply
    const res = this.#res
    if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
      return this.#sendSmall(reply, body)
    }
    res.writeHead(reply.status, this.#headers(reply, undefined))
    const limits = { signal: this.#signal(), stallMs: this.#registry.settings.stallMs }
    await sendBody(res, body, limits)
  }

  async #sendSmall(reply: Reply, body: string | Uint8Array | undefined): Promise<void> {
    const res = this.#res
    const sizeBytes = typeof body === 'string' ? Buffer.byteLength(body) : body?.byteLength
    const isArriving = !this.#req.complete && hasBody(this.#req)
    if (isArriving) {
      res.setHeader('Connection', 'close')
      this.#setHeaders(reply, sizeBytes)
      const { clock } = this.#registry
      const limits = { clock, maxBytes: lingerBytes, maxMs: lingerMs }
      return endEarly(this.#req, res, this.#req.method === 'HEAD' ? '' : (body ?? ''), limits)
    }
    res.writeHead(reply.status, this.#headers(reply, sizeBytes))
    res.end(this.#req.method === 'HEAD' ? undefined : body)
  }

  #setHeaders(reply: Reply, sizeBytes: number | undefined): void {
    const pairs = this.#headers(reply, sizeBytes)
    this.#res.statusCode = reply.status
    for (let i = 0; i < pairs.length; i += 2) {
      this.#res.setHeader(pairs[i] ?? '', pairs[i + 1] ?? '')
    }
  }

  /** Flat pairs: what Node writes with the least work. */
  #headers(reply: Reply, sizeBytes: number | undefined): string[] {
    const pairs = fixedHeaders.slice()
    const headers = reply.headers ?? {}
    for (const name in headers) pairs.push(name, String(headers[name]))
    pairs.push('X-Request-Id', this.#requestId)
    if (reply.status !== 204 && reply.status !== 304 && !('Content-Length' in headers)) {
      pairs.push('Content-Length', String(sizeBytes ?? 0))
    }
    return pairs
  }

  async fail(error: unknown): Promise<void> {
    const res = this.#res
    if (error instanceof ClientGone || res.destroyed) {
      res.destroy()
      return
    }
    const known = this.#withChallenge(toApiError(error))
    this.#log(error, known)
    if (res.headersSent) {
      res.destroy()
      return
    }
    await this.#sendSmall(...asSmall(known ? errorReply(known) : faultReply()))
  }

  #withChallenge(error: ApiError | undefined): ApiError | undefined {
    const client = this.#client
    const instance = this.#instance
    const route = this.#route
    if (error?.code !== 'UNAUTHORIZED' || !client || !instance || !route) return error
    if (route.kind === 'token' || 'WWW-Authenticate' in error.headers) return error
    const scope = scopeOf(route, this.#req.method ?? 'GET', mountSource(this.#req.url ?? ''))
    return new ApiError('UNAUTHORIZED', {
      message: error.message,
      detail: error.detail,
      headers: challengeOf(
        { client, instance },
        scope,
        challengeError(this.#req.headers.authorization),
      ),
    })
  }

  #log(error: unknown, known: ApiError | undefined): void {
    const { log } = this.#registry
    const fields = { requestId: this.#requestId, route: this.routeKind, method: this.#req.method }
    if (!known) log.error('a request failed by a fault of ours', { ...fields, error })
    else if (known.status >= 500) {
      log.warn('a request could not be served', { ...fields, code: known.code, error: known.cause })
    }
  }

  end(): void {
    this.#unwatch?.()
  }
}

function mountSource(url: string): string | undefined {
  const from = parseRepositoryPath(parseQuery(url).get('from') ?? '')
  return from?.path
}

function asSmall(reply: Reply): [Reply, string] {
  return [reply, typeof reply.body === 'string' ? reply.body : '']
}

function refuseHost(): never {
  throw unknownInstance()
}

function unknownInstance(): ApiError {
  return new ApiError('INSTANCE_UNKNOWN')
}

function isEncrypted(req: IncomingMessage): boolean {
  return 'encrypted' in req.socket && req.socket.encrypted === true
}

function hasBody(req: IncomingMessage): boolean {
  return (
    req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0
  )
}
