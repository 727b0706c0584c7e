// The edge of `/v2` and `/service/token`: who asks which instance for what, and the answer on the wire.
// Plain node:http: names hold slashes, bodies are gigabytes, and a refusal must come before `100 Continue`.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiError } from '@entrepot/contract/errors.ts'
import { parseRepositoryPath } from '@entrepot/oci/reference.ts'
import { asksForFacts, type FactsByPath, findFacts } from '../access/resource-facts.ts'
import type { Origin } from '../audit/origin.ts'
import { anonymousCaller, type Caller } from '../credentials/caller.ts'
import { bodyChunks, inviteBody } from '../http/body.ts'
import { type Client, clientOf, type TrustedProxies } from '../http/client-address.ts'
import { ClientGone } from '../http/client-gone.ts'
import { connectionOf } from '../http/proxy-protocol.ts'
import { parseQuery } from '../http/query.ts'
import { takeTraffic } from '../http/traffic.ts'
import type { Instance } from '../instances/instances.ts'
import { isPrivateNetwork } from '../metering/network.ts'
import type { Use } from '../metering/usage.ts'
import type { Call, Registry, Reply } from './call.ts'
import { challengeOf } from './challenge.ts'
import { dispatch, scopeOf } from './dispatch.ts'
import { getDownload } from './downloads.ts'
import { errorReply, faultReply, toApiError } from './errors.ts'
import { instanceOfHost } from './instance-of-host.ts'
import { recordRefusal } from './refusals.ts'
import { parseRoute, type Route, type RouteKind } from './routes.ts'
import { sendReply } from './send-reply.ts'
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

const smallTransferBytes = 64 * 1024
const neverAborted = new AbortController().signal

const noClient: Client = { address: null, scheme: 'http', host: undefined }

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

/** The life of one request; the endpoints see it as their `Call`. */
class Exchange implements Call {
  readonly registry: Registry
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly isHead: boolean
  readonly method: string
  client: Client = noClient
  caller: Caller = anonymousCaller
  facts: FactsByPath | undefined
  readonly #options: EdgeOptions
  readonly #requestId: string
  #instance: Instance | undefined
  #route: Route | undefined
  #namespace: Parameters<Call['uses']>[0] | undefined
  #query: URLSearchParams | undefined
  #origin: Origin | undefined
  #controller: AbortController | undefined
  #unwatch: (() => void) | undefined

  constructor(
    registry: Registry,
    options: EdgeOptions,
    req: IncomingMessage,
    res: ServerResponse,
    requestId: string,
  ) {
    this.registry = registry
    this.req = req
    this.res = res
    this.isHead = req.method === 'HEAD'
    this.method = this.isHead ? 'GET' : (req.method ?? 'GET')
    this.#options = options
    this.#requestId = requestId
  }

  get routeKind(): RouteKind {
    return this.#route?.kind ?? 'other'
  }

  /** Known from the moment that an endpoint is called. */
  get instance(): Instance {
    if (!this.#instance) throw new Error('no instance was found yet')
    return this.#instance
  }

  get query(): URLSearchParams {
    this.#query ??= parseQuery(this.req.url ?? '')
    return this.#query
  }

  get origin(): Origin {
    this.#origin ??= {
      actor: this.caller.name,
      credential: this.caller.credentialLabel,
      address: this.client.address,
      agent: this.req.headers['user-agent']?.slice(0, maxUserAgentChars) ?? null,
      requestId: this.#requestId,
    }
    return this.#origin
  }

  async answer(): Promise<void> {
    const { req } = this
    const url = req.url ?? '/'
    const mark = url.indexOf('?')
    const route = parseRoute(mark === -1 ? url : url.slice(0, mark))
    if (!route) throw new ApiError('NOT_FOUND')
    this.#route = route
    const client = clientOf(connectionOf(req), this.#options.trusted)
    this.client = client
    const found = instanceOfHost(this.registry.directory, req, client)
    const instance = found instanceof Promise ? await found : found
    this.#instance = instance
    if (route.kind === 'token') return this.#send(await this.#token(client, instance))
    if (route.kind === 'download') return this.#send(await getDownload(this, route.sealed))
    const caller = this.#authenticate(client, instance)
    this.caller = caller instanceof Promise ? await caller : caller
    if (asksForFacts(this.caller.actor)) this.facts = await this.#findFacts(route)
    const reply = dispatch(this, route)
    await this.#send(reply instanceof Promise ? await reply : reply)
  }

  #authenticate(client: Client, instance: Instance): Caller | Promise<Caller> {
    const { authorization } = this.req.headers
    // Without looking whether anything exists: a client that is answered here never sends its credentials.
    if (authorization === undefined) throw new ApiError('UNAUTHORIZED')
    const context = { address: client.address ?? '' }
    return this.registry.authenticator.authenticate(authorization, instance, context)
  }

  #token(client: Client, instance: Instance): Promise<Reply> {
    const { clock, settings, tokens } = this.registry
    const req = this.req
    return tokens.answer({
      method: req.method ?? 'GET',
      query: parseQuery(req.url ?? ''),
      authorization: req.headers.authorization,
      contentType: req.headers['content-type'],
      body: () => {
        inviteBody(req, this.res)
        return { req, limits: { clock, stallMs: settings.stallMs } }
      },
      address: client.address ?? '',
      nowMs: clock.now(),
      instance,
      loggedIn: (caller) => {
        this.caller = caller
        this.registry.audit.login({ origin: this.origin, instanceId: instance.id })
      },
    })
  }

  #findFacts(route: Route): Promise<FactsByPath> {
    const names = 'name' in route ? [route.name.path] : []
    // The source of a mount.
    const from = route.kind === 'uploads' ? this.query.get('from') : null
    if (from) names.push(from)
    const paths = names.map((name) => `repository/${this.instance.id}/${name}`)
    return findFacts(this.registry.db, this.instance.ownerUin, paths)
  }

  /** Made only for transfers: most requests end sooner than a credential can. */
  signal(sizeBytes = Number.POSITIVE_INFINITY): AbortSignal {
    if (sizeBytes <= smallTransferBytes) return neverAborted
    if (!this.#controller) {
      this.#controller = new AbortController()
      this.#unwatch = this.registry.authenticator.watch(this.caller, this.#controller)
    }
    return this.#controller.signal
  }

  body(): AsyncIterable<Uint8Array> {
    inviteBody(this.req, this.res)
    const { clock, settings } = this.registry
    return bodyChunks(this.req, { clock, stallMs: settings.stallMs, signal: this.signal() })
  }

  #send(reply: Reply): void | Promise<void> {
    return sendReply(this, reply, this.#requestId)
  }

  async fail(error: unknown): Promise<void> {
    const res = this.res
    if (error instanceof ClientGone || res.destroyed) {
      res.destroy()
      return
    }
    const known = this.#withChallenge(toApiError(error))
    this.#log(error, known)
    recordRefusal(this.registry.audit, error, {
      origin: this.origin,
      instanceId: this.#instance?.id ?? null,
      host: this.client.host,
      path: this.#route && 'name' in this.#route ? this.#route.name.path : undefined,
    })
    if (res.headersSent) {
      res.destroy()
      return
    }
    await this.#send(known ? errorReply(known) : faultReply())
  }

  #withChallenge(error: ApiError | undefined): ApiError | undefined {
    const { client } = this
    const instance = this.#instance
    const route = this.#route
    if (error?.code !== 'UNAUTHORIZED' || !instance || !route) return error
    if (route.kind === 'token' || 'WWW-Authenticate' in error.headers) return error
    const scope = scopeOf(route, this.req.method ?? 'GET', mountSource(this.req.url ?? ''))
    return new ApiError('UNAUTHORIZED', {
      message: error.message,
      detail: error.detail,
      headers: challengeOf(
        { client, instance },
        scope,
        challengeError(this.req.headers.authorization),
      ),
    })
  }

  #log(error: unknown, known: ApiError | undefined): void {
    const { log } = this.registry
    const fields = { requestId: this.#requestId, route: this.routeKind, method: this.req.method }
    if (!known) log.error('a request failed by a fault of ours', { ...fields, error })
    else if (known.status >= 500) {
      log.warn('a request could not be served', { ...fields, code: known.code, error: known.cause })
    }
  }

  uses(namespace: Parameters<Call['uses']>[0]): void {
    this.#namespace = namespace
  }

  end(): void {
    this.#unwatch?.()
    if (!this.#instance) return
    this.registry.usage.count({
      instanceId: this.#instance.id,
      namespace: this.#namespace?.name ?? '',
      ownerUin: this.#namespace?.ownerUin,
      ...takeTraffic(this.req.socket),
      isPrivate: isPrivateNetwork(this.client),
      event: this.#usageEvent(),
    })
  }

  /** As the audit log has it: a pull is a 200 to GET of a manifest, or of a file by its link. */
  #usageEvent(): Use['event'] {
    const kind = this.#route?.kind
    if (kind !== 'manifest' && kind !== 'download') return undefined
    const { statusCode } = this.res
    if (this.method === 'PUT') return statusCode === 201 ? 'push' : undefined
    return this.method === 'GET' && !this.isHead && statusCode === 200 ? 'pull' : undefined
  }
}

function mountSource(url: string): string | undefined {
  const from = parseRepositoryPath(parseQuery(url).get('from') ?? '')
  return from?.path
}
