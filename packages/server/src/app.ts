// The program of one process, built once: the only file that sees everything.

import { randomBytes } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { buildHandlers } from './actions.ts'
import { AuditBatch } from './audit/batch.ts'
import { buildEventDelivery, buildJobWorker } from './background.ts'
import { RunningHashes } from './blobs/hashing.ts'
import { OpenUploads } from './blobs/open-uploads.ts'
import { type ChartRepoHandler, createChartRepo } from './chartrepo/handler.ts'
import { isChartRepo } from './chartrepo/routes.ts'
import { ChartIndexes } from './charts/namespace-index.ts'
import { type Clock, systemClock } from './clock.ts'
import { dispatchGround } from './cloud-api/dispatch.ts'
import {
  type CloudApiHandler,
  type CloudApiOptions,
  createCloudApi,
  isCloudApi,
} from './cloud-api/handler.ts'
import type { Config, Listener } from './config.ts'
import { consoleFolder, docsFolder } from './console/folders.ts'
import { type ConsoleEdge, createConsole } from './console/handler.ts'
import { isConsole } from './console/routes.ts'
import { ApiKeys } from './credentials/api-keys.ts'
import { Authenticator } from './credentials/authenticate.ts'
import { LastUses } from './credentials/last-use.ts'
import { Logins } from './credentials/login.ts'
import { Standings } from './credentials/standing.ts'
import { LoginThrottle } from './credentials/throttle.ts'
import { TokenKeys } from './credentials/token-keys.ts'
import { Tokens } from './credentials/tokens.ts'
import { openVault, type Vault } from './crypto/vault.ts'
import type { Database } from './db/database.ts'
import { openDatabase } from './db/open.ts'
import type { EventDelivery } from './events/delivery.ts'
import { addressSet } from './http/addresses.ts'
import { acceptProxyProtocol } from './http/proxy-protocol.ts'
import { createHttpServer, drainServer, listen } from './http/server.ts'
import { ProviderKeys } from './identity-providers/provider-keys.ts'
import { InstanceDirectory } from './instances/directory.ts'
import { findDefaultInstance } from './instances/instances.ts'
import { ClockWatch } from './jobs/clock-watch.ts'
import { Wake } from './jobs/wake.ts'
import type { JobWorker } from './jobs/worker.ts'
import type { Log } from './log.ts'
import { UsageMeter } from './metering/usage.ts'
import { Rights } from './policies/rights.ts'
import type { Registry } from './registry/call.ts'
import {
  createRegistryHandler,
  type RegistryHandler,
  type RequestObserver,
} from './registry/handler.ts'
import { TokenService } from './registry/token.ts'
import { backendSource, defaultBackend, type OpenStore } from './storage/backends.ts'
import { BufferBudget } from './storage/buffers.ts'
import type { Driver } from './storage/driver.ts'
import { openDriver } from './storage/open.ts'
import { SmallObjects } from './storage/small-objects.ts'
import { Stores } from './storage/stores.ts'
import { TemporaryKeys } from './sts/standing.ts'
import { ProcessBeat } from './system/processes.ts'
import { recordPulls } from './webhooks/pulls.ts'

export interface Observer extends RequestObserver {
  /** A call of the management API; `code` is an error's, or `ok`. */
  observeCall: CloudApiOptions['observe']
}

export interface AppOptions {
  readonly log: Log
  readonly clock?: Clock
  readonly observer: Observer
  /** Told of each connection of a client. */
  readonly onConnection?: (socket: Socket) => void
  /** How this process opens stores; their calls may be counted. */
  readonly openStore?: OpenStore
  /** Instead of the one that the settings name: tests. */
  readonly store?: Driver
  readonly db?: Database
  /** The release. */
  readonly version?: string
  /** Instead of the one beside the sources: tests. */
  readonly consoleFolder?: string
}

export interface App {
  readonly db: Database
  readonly clock: Clock
  readonly vault: Vault
  readonly registry: Registry
  readonly jobs: JobWorker
  readonly events: EventDelivery
  /** From then on this process takes background work. */
  startJobs(): void
  /** The ports that were taken, in the order of the settings. Throws StartError. */
  listen(): Promise<readonly number[]>
  /** No new connections; what runs may finish within the limit. Then everything is written and closed. */
  drain(limitMs: number): Promise<void>
  close(): Promise<void>
}

/** Opens everything; nothing listens yet. Throws StartError. */
export async function createApp(config: Config, options: AppOptions): Promise<App> {
  const { log, clock = systemClock() } = options
  const wake = new Wake()
  const db = wake.watch(options.db ?? (await openConfiguredDatabase(config, { log, clock })))
  const openStore = options.openStore ?? storeOpener(config, clock)
  const store = options.store ?? (await openStore(config.storage))
  const vault = await openVault({ db, clock }, config.masterKey)
  const source = backendSource({ db, vault: async () => vault, openStore })
  const stores = new Stores(clock, config.limits.diskReserveBytes, source)
  stores.add(defaultBackend, store)
  const audit = new AuditBatch({ db, clock, log, onPulls: recordPulls })
  const rights = new Rights(db)
  const signing = await openTokens({ config, db, clock, vault })
  const ground = { config, log, clock, db, stores, vault, audit, rights }
  const registry = buildRegistry({ ...ground, ...signing })
  const { graceMs } = config.limits
  const clockWatch = new ClockWatch({ db, clock, log, graceMs })
  const sending = {
    guard: { clock, allowed: addressSet(config.outboundAllow) },
    region: config.region,
    folder: join(config.dataFolder, 'audit'),
  }
  const { timeZone, region, baseDomain } = config
  const jobs = buildJobWorker({
    ...registry,
    vault,
    baseDomain,
    rights,
    graceMs,
    region,
    timeZone,
    wake,
    clockWatch,
    sending,
  })
  const events = buildEventDelivery({ db, clock, log, wake, baseDomain })
  const edge = {
    trusted: { addresses: addressSet(config.trustedProxies), header: 'x-forwarded' },
    maxRequests: config.limits.maxRequests,
  } as const
  const { observer } = options
  const handler = createRegistryHandler(registry, { ...edge, observer })
  const indexes = new ChartIndexes({ db, clock })
  const chartRepo = createChartRepo({ registry, indexes }, { ...edge, observer })
  const { directory } = registry
  const operatorUin = await findOperatorUin(db, config)
  const actionGround = {
    db,
    clock,
    log,
    vault,
    stores,
    openStore,
    tokens: signing.tokens,
    directory,
    region,
    timeZone,
    baseDomain,
    operatorUin,
    outbound: sending.guard,
    providerKeys: new ProviderKeys({ db, clock, outbound: sending.guard }),
    program: {
      version: options.version ?? 'unknown',
      maxBlobBytes: config.limits.maxBlobBytes,
      graceMs,
      settings: config.shown,
    },
  }
  const dispatch = dispatchGround(
    { ground: actionGround, audit, handlers: buildHandlers(clock) },
    config.limits.apiRateFactor,
  )
  const calls = { ...edge, stallMs: config.limits.stallMs, observe: observer.observeCall }
  const apiKeys = new ApiKeys({ db, clock, vault, rights })
  const temporaryKeys = new TemporaryKeys({ db, clock, vault, rights })
  const cloudApi = createCloudApi({ dispatch, apiKeys, temporaryKeys }, calls)
  const consoleEdge = createConsole(
    { dispatch, rights },
    {
      ...calls,
      folder: options.consoleFolder ?? consoleFolder,
      docsFolder,
      version: options.version ?? 'unknown',
    },
  )
  const version = options.version ?? 'unknown'
  const processBeat = new ProcessBeat({ db, clock, log, version })
  const { onConnection } = options
  const front = new Front({
    config,
    clock,
    db,
    handler,
    chartRepo,
    cloudApi,
    consoleEdge,
    onConnection,
  })
  const closeAll = async (): Promise<void> => {
    await front.close()
    await processBeat.stop()
    await events.stop()
    await jobs.stop()
    await clockWatch.stop()
    await registry.authenticator.close()
    await audit.stop()
    await registry.usage.stop()
    await stores.close()
    await db.close()
  }
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    closing ??= closeAll()
    return closing
  }
  return {
    db,
    clock,
    vault,
    registry,
    jobs,
    events,
    startJobs() {
      processBeat.start()
      clockWatch.start()
      jobs.start()
      events.start()
    },
    listen: () => front.listen(),
    async drain(limitMs) {
      await Promise.all([front.drain(limitMs), jobs.stop()])
      await close()
    },
    close,
  }
}

interface Parts {
  readonly config: Config
  readonly log: Log
  readonly clock: Clock
  readonly db: Database
  readonly stores: Stores
  readonly vault: Vault
  readonly audit: AuditBatch
  readonly rights: Rights
  readonly keys: TokenKeys
  readonly tokens: Tokens
}

async function openTokens({
  config,
  db,
  clock,
  vault,
}: Pick<Parts, 'config' | 'db' | 'clock' | 'vault'>): Promise<Pick<Parts, 'keys' | 'tokens'>> {
  const keys = new TokenKeys({ db, clock, vault })
  await keys.load()
  return { keys, tokens: new Tokens(keys, clock, config.limits.tokenMs) }
}

function buildRegistry(parts: Parts): Registry {
  const { config, log, clock, db, stores, vault, audit, rights, keys, tokens } = parts
  const { limits } = config
  const standings = new Standings(db, clock, rights)
  const throttle = new LoginThrottle(db, clock)
  const logins = new Logins({ db, clock, tokens, throttle })
  const uses = new LastUses({ db, clock, log })
  const authenticator = new Authenticator({ clock, keys, tokens, standings, logins, uses })
  return {
    log,
    clock,
    db,
    vault,
    stores,
    hashes: new RunningHashes(),
    smallObjects: new SmallObjects(),
    openUploads: new OpenUploads(db, clock, limits.maxOpenUploads),
    directory: new InstanceDirectory(db, clock, config.baseDomain),
    authenticator,
    tokens: new TokenService({ db, vault, tokens, authenticator }),
    audit,
    usage: new UsageMeter({ db, clock, log }),
    maxBlobBytes: limits.maxBlobBytes,
    uploadExpiryMs: limits.uploadExpiryMs,
    settings: {
      stallMs: limits.stallMs,
      graceMs: limits.graceMs,
    },
  }
}

/** Whoever owns the instance of the first start runs the deployment. */
async function findOperatorUin(db: Database, config: Config): Promise<number> {
  const instance = await findDefaultInstance(db.read)
  return instance?.ownerUin ?? Number(config.admin.uin)
}

export function openConfiguredDatabase(
  config: Config,
  ground: { readonly log: Log; readonly clock: Clock },
): Promise<Database> {
  const { database } = config
  return openDatabase(
    database.kind === 'postgres'
      ? { ...ground, url: database.url }
      : { ...ground, sqlitePath: database.path },
  )
}

/** All stores of a process share its budget of buffers. */
export function storeOpener(config: Config, clock: Clock): OpenStore {
  const budget = new BufferBudget(config.limits.bufferBytes)
  // Beside the data, because /tmp may be memory. Only parts on their way to S3 rest there.
  const spoolFolder = config.dataFolder
  return (settings) => openDriver(settings, { clock, budget, spoolFolder })
}

export function openConfiguredStore(config: Config, clock: Clock): Promise<Driver> {
  return storeOpener(config, clock)(config.storage)
}

/** A proxy sends its header with the first bytes of a connection. */
const proxyHeaderMs = 5000

interface FrontParts {
  readonly config: Config
  readonly clock: Clock
  readonly db: Database
  readonly handler: RegistryHandler
  readonly chartRepo: ChartRepoHandler
  readonly cloudApi: CloudApiHandler
  readonly consoleEdge: ConsoleEdge
  readonly onConnection: AppOptions['onConnection']
}

/** The listeners, and what they answer beside the registry. */
class Front {
  readonly #config: Config
  readonly #clock: Clock
  readonly #db: Database
  readonly #handler: RegistryHandler
  readonly #chartRepo: ChartRepoHandler
  readonly #cloudApi: CloudApiHandler
  readonly #consoleEdge: ConsoleEdge
  readonly #servers: Server[] = []
  readonly #idPrefix = randomBytes(6).toString('hex')
  #requests = 0
  #isDraining = false

  readonly #onConnection: AppOptions['onConnection']

  constructor(parts: FrontParts) {
    this.#config = parts.config
    this.#clock = parts.clock
    this.#db = parts.db
    this.#handler = parts.handler
    this.#chartRepo = parts.chartRepo
    this.#cloudApi = parts.cloudApi
    this.#consoleEdge = parts.consoleEdge
    this.#onConnection = parts.onConnection
  }

  async listen(): Promise<readonly number[]> {
    const ports: number[] = []
    for (const listener of this.#config.listen) ports.push(await this.#open(listener))
    return ports
  }

  #open(listener: Listener): Promise<number> {
    const { tls } = this.#config
    const files = tls.kind === 'files' ? tls : undefined
    const server = createHttpServer(listener, files, (req, res) => this.#answer(req, res))
    if (this.#config.proxyProtocol) {
      acceptProxyProtocol(server, {
        clock: this.#clock,
        trusted: addressSet(this.#config.trustedProxies),
        headerMs: proxyHeaderMs,
      })
    }
    if (this.#onConnection) {
      server.on(listener.kind === 'tls' ? 'secureConnection' : 'connection', this.#onConnection)
    }
    this.#servers.push(server)
    return listen(server, listener)
  }

  #answer(req: IncomingMessage, res: ServerResponse): void {
    if (this.#isDraining) res.shouldKeepAlive = false
    const url = req.url ?? ''
    if (url === '/healthz') sendText(res, 200, 'ok\n')
    else if (url === '/readyz') void this.#ready(res)
    else if (isCloudApi(req)) void this.#cloudApi(req, res)
    else if (isConsole(req)) void this.#consoleEdge.answer(req, res)
    else {
      this.#requests += 1
      const answer = isChartRepo(url) ? this.#chartRepo : this.#handler
      void answer(req, res, `${this.#idPrefix}-${this.#requests.toString(36)}`)
    }
  }

  async #ready(res: ServerResponse): Promise<void> {
    if (this.#isDraining) return sendText(res, 503, 'draining\n')
    try {
      await this.#db.ping()
      sendText(res, 200, 'ready\n')
    } catch {
      // The caller is a load balancer: which part is missing stands in the metrics and the log.
      sendText(res, 503, 'the database does not answer\n')
    }
  }

  async drain(limitMs: number): Promise<void> {
    this.#isDraining = true
    // Together: nothing new comes in while streams end, and a stream ends before the others' limit.
    await Promise.all([
      this.#consoleEdge.endStreams(),
      ...this.#servers.map((server) => drainServer(server, this.#clock, limitMs)),
    ])
    this.#servers.length = 0
  }

  async close(): Promise<void> {
    for (const server of this.#servers) server.closeAllConnections()
    await this.drain(0)
  }
}

function sendText(res: ServerResponse, status: number, text: string): void {
  res.writeHead(status, { 'Content-Type': 'text/plain', 'Content-Length': text.length })
  res.end(text)
}
