// The edge of `/chartrepo` and `/api/chartrepo`, beside `registry/`: the same callers, instances and decisions, with
// Basic login instead of tokens, and none where a namespace is public.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { maxChartBytes, maxProvenanceBytes } from '@entrepot/contract/entrepot/charts.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { asksForFacts, type FactsByPath, findFacts } from '../access/resource-facts.ts'
import type { Origin } from '../audit/origin.ts'
import type { ChartIndexes } from '../charts/namespace-index.ts'
import { anonymousCaller, type Caller } from '../credentials/caller.ts'
import { bodyChunks, inviteBody, readBody } from '../http/body.ts'
import { type Client, clientOf } from '../http/client-address.ts'
import { ClientGone } from '../http/client-gone.ts'
import { connectionOf } from '../http/proxy-protocol.ts'
import { parseQuery } from '../http/query.ts'
import { takeTraffic } from '../http/traffic.ts'
import type { Instance } from '../instances/instances.ts'
import { isPrivateNetwork } from '../metering/network.ts'
import type { Use } from '../metering/usage.ts'
import type { Call, Registry, Reply } from '../registry/call.ts'
import type { EdgeOptions } from '../registry/handler.ts'
import { instanceOfHost } from '../registry/instance-of-host.ts'
import { recordRefusal } from '../registry/refusals.ts'
import type { RouteKind } from '../registry/routes.ts'
import { sendReply } from '../registry/send-reply.ts'
import { Slots } from '../storage/slots.ts'
import type { ChartCall } from './call.ts'
import { dispatch } from './dispatch.ts'
import { errorReply, faultReply, toChartError } from './errors.ts'
import { type ChartRoute, parseChartRoute } from './routes.ts'

const maxUserAgentChars = 256
const noClient: Client = { address: null, scheme: 'http', host: undefined }
const smallTransferBytes = 64 * 1024
const neverAborted = new AbortController().signal

/** A package, its provenance, and what multipart puts around them. */
const maxBodyBytes = maxChartBytes + maxProvenanceBytes + 64 * 1024
/** Of larger ones so many are held in memory at once in a process; the rest waits. */
const largeBodyBytes = 1024 * 1024
const maxLargeBodies = 8

export type ChartRepoHandler = (
  req: IncomingMessage,
  res: ServerResponse,
  requestId: string,
) => Promise<void>

interface Parts {
  readonly registry: Registry
  readonly indexes: ChartIndexes
  readonly bodies: Slots
  readonly options: EdgeOptions
}

export function createChartRepo(
  ground: { readonly registry: Registry; readonly indexes: ChartIndexes },
  options: EdgeOptions,
): ChartRepoHandler {
  const parts = { ...ground, options, bodies: new Slots(maxLargeBodies) }
  const { clock } = ground.registry
  let running = 0
  return async (req, res, requestId) => {
    const startedMs = clock.monotonicMs()
    const exchange = new Exchange(parts, req, res, requestId)
    running += 1
    try {
      if (running > options.maxRequests) {
        throw new ApiError('TOO_MANY_REQUESTS', { headers: { 'Retry-After': '1' } })
      }
      await exchange.answer()
    } catch (error) {
      await exchange.fail(error)
    } finally {
      running -= 1
      exchange.end()
      const ms = clock.monotonicMs() - startedMs
      options.observer.observe(exchange.routeKind, req.method ?? '', res.statusCode, ms)
    }
  }
}

const routeKinds: Readonly<Record<ChartRoute['kind'], RouteKind>> = {
  index: 'chart-index',
  file: 'chart-file',
  charts: 'charts',
  prov: 'charts',
}

/** The life of one request; the endpoints see it as their `ChartCall`. */
class Exchange implements ChartCall {
  readonly registry: Registry
  readonly indexes: ChartIndexes
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly isHead: boolean
  readonly method: string
  client: Client = noClient
  caller: Caller = anonymousCaller
  facts: FactsByPath | undefined
  readonly #parts: Parts
  readonly #requestId: string
  #instance: Instance | undefined
  #route: ChartRoute | undefined
  #namespace: Parameters<Call['uses']>[0] | undefined
  #controller: AbortController | undefined
  #unwatch: (() => void) | undefined

  constructor(parts: Parts, req: IncomingMessage, res: ServerResponse, requestId: string) {
    this.#parts = parts
    this.registry = parts.registry
    this.indexes = parts.indexes
    this.req = req
    this.res = res
    this.isHead = req.method === 'HEAD'
    this.method = this.isHead ? 'GET' : (req.method ?? 'GET')
    this.#requestId = requestId
  }

  get routeKind(): RouteKind {
    return this.#route ? routeKinds[this.#route.kind] : 'other'
  }

  /** Known from the moment that an endpoint is called. */
  get instance(): Instance {
    if (!this.#instance) throw new Error('no instance was found yet')
    return this.#instance
  }

  get query(): URLSearchParams {
    return parseQuery(this.req.url ?? '')
  }

  get origin(): Origin {
    return {
      actor: this.caller.name,
      credential: this.caller.credentialLabel,
      address: this.client.address,
      agent: this.req.headers['user-agent']?.slice(0, maxUserAgentChars) ?? null,
      requestId: this.#requestId,
    }
  }

  async answer(): Promise<void> {
    const { req, registry } = this
    const [pathname = ''] = (req.url ?? '').split('?', 1)
    const route = parseChartRoute(pathname)
    if (!route) throw new ApiError('NOT_FOUND')
    this.#route = route
    this.client = clientOf(connectionOf(req), this.#parts.options.trusted)
    const instance = await instanceOfHost(registry.directory, req, this.client)
    this.#instance = instance
    const context = { address: this.client.address ?? '' }
    const { authorization } = req.headers
    this.caller = await registry.authenticator.authenticate(authorization, instance, context)
    if (instance.kind === 'personal') throw noChartsHere()
    await this.#send(await dispatch(this, route))
  }

  async know(paths: readonly string[]): Promise<void> {
    if (!asksForFacts(this.caller.actor)) return
    const { id, ownerUin } = this.instance
    const resources = paths.map((path) => `repository/${id}/${path}`)
    this.facts = await findFacts(this.registry.db, ownerUin, resources)
  }

  withBody<T>(work: (bytes: Buffer) => Promise<T>): Promise<T> {
    const tooLarge = () =>
      new ApiError('REQUEST_TOO_LARGE', {
        message: `a chart has at most ${maxChartBytes} bytes, its provenance ${maxProvenanceBytes}`,
        detail: { maxChartBytes, maxProvenanceBytes },
      })
    // Of unknown length it may be large.
    const announced = Number(this.req.headers['content-length'] ?? maxBodyBytes)
    if (announced > maxBodyBytes) throw tooLarge()
    const read = async () => work(await readBody(this.body(), maxBodyBytes, tooLarge))
    return announced <= largeBodyBytes ? read() : this.#parts.bodies.run(read, this.signal())
  }

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
    const { res, registry } = this
    if (error instanceof ClientGone || res.destroyed) {
      res.destroy()
      return
    }
    const known = toChartError(error)
    this.#log(error, known)
    recordRefusal(registry.audit, error, {
      origin: this.origin,
      instanceId: this.#instance?.id ?? null,
      host: this.client.host,
      path: this.#route?.namespace,
    })
    if (res.headersSent) res.destroy()
    else await this.#send(known ? errorReply(known) : faultReply())
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

  #usageEvent(): Use['event'] {
    const { statusCode } = this.res
    if (this.method === 'POST') return statusCode === 201 ? 'push' : undefined
    const isPackage = this.#route?.kind === 'file' && !this.#route.isProvenance
    return isPackage && !this.isHead && statusCode === 200 ? 'pull' : undefined
  }
}

function noChartsHere(): ApiError {
  return new ApiError('NOT_FOUND', {
    message: 'the Personal edition has no chart repositories: push charts as OCI artifacts',
  })
}
