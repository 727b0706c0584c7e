// `entrepot serve`: the program that the processes run, made of `app.ts` and `deployment.ts`.

import { ApiError } from '@entrepot/contract/errors.ts'
import {
  createApp,
  type Observer,
  openConfiguredDatabase,
  openConfiguredStore,
  storeOpener,
} from '../app.ts'
import { forwardingLags } from '../audit-log/forwardings.ts'
import { blobLimitWarning } from '../blobs/limit.ts'
import { type Clock, systemClock } from '../clock.ts'
import type { Config, Listener } from '../config.ts'
import type { Database } from '../db/database.ts'
import { SchemaTooNewError } from '../db/migrate.ts'
import { ignoredAdminSettings, prepareDeployment } from '../deployment.ts'
import { eventsBehind } from '../events/trim.ts'
import { jobCounts } from '../jobs/jobs.ts'
import type { Log } from '../log.ts'
import { meteredDatabase } from '../metrics/metered-database.ts'
import type { DeploymentGauges, RouteMetrics, ServerMetrics } from '../metrics/server-metrics.ts'
import type { FirstCredentials } from '../processes/first-start.ts'
import type { App, Program } from '../processes/program.ts'
import { StartError } from '../start-error.ts'
import type { OpenStore } from '../storage/backends.ts'
import { StorageError } from '../storage/driver.ts'
import { meteredDriver } from '../storage/metered.ts'
import { webhookGauges } from '../webhooks/deliveries.ts'

/** The first start writes a handful of rows and one object. */
const prepareLimitMs = 60_000

export function serverProgram(version: string): Program {
  const clock = systemClock()
  return {
    version,
    prepareDeployment: (config, log) => asStartErrors(() => prepare(config, log, clock)),
    createApp: (config, { log, metrics }) =>
      asStartErrors(async () => {
        const observer = requestObserver(metrics)
        const onConnection = metrics.watchConnection
        const opened = await openConfiguredDatabase(config, { log, clock })
        const db = meteredDatabase(opened, clock, metrics)
        const openPlain = storeOpener(config, clock)
        const openStore: OpenStore = async (settings) =>
          meteredDriver(await openPlain(settings), clock, ({ operation, durationMs }) => {
            metrics.storageSeconds(operation).observe(durationMs / 1000)
          })
        const app = await createApp(config, {
          ...{ log, clock, observer, onConnection, db, openStore, version },
        })
        metrics.watchDroppedAudits(() => app.registry.audit.dropped)
        return serverApp(app, config, clock)
      }),
  }
}

async function prepare(
  config: Config,
  log: Log,
  clock: Clock,
): Promise<FirstCredentials | undefined> {
  const db = await openConfiguredDatabase(config, { log, clock })
  try {
    const store = await openConfiguredStore(config, clock)
    try {
      const signal = AbortSignal.timeout(prepareLimitMs)
      const first = await prepareDeployment({ db, clock, store }, config, signal)
      const ignored = first ? undefined : await ignoredAdminSettings(db, config)
      if (ignored) log.warn(ignored)
      const tooMuch = blobLimitWarning(config.limits.maxBlobBytes, store)
      if (tooMuch) log.warn(tooMuch)
      return first && { uin: first.uin, ...first.credentials }
    } finally {
      await store.close()
    }
  } finally {
    await db.close()
  }
}

function serverApp(app: Awaited<ReturnType<typeof createApp>>, config: Config, clock: Clock): App {
  return {
    async listen() {
      const ports = await asStartErrors(() => app.listen())
      app.startJobs()
      return ports.map((port, index) => addressOf(config.listen[index], port))
    },
    drain: (limitMs) => app.drain(limitMs),
    close: () => app.close(),
    gauges: () => readGauges(app.db, clock),
  }
}

function addressOf(listener: Listener | undefined, port: number): string {
  const { kind = 'plain', host = 'localhost' } = listener ?? {}
  const shownHost = host.includes(':') ? `[${host}]` : host
  return `${kind === 'tls' ? 'https' : 'http'}://${shownHost}:${port}`
}

function requestObserver(metrics: ServerMetrics): Observer {
  const routes = new Map<string, RouteMetrics>()
  return {
    observe(route, method, status, ms) {
      let known = routes.get(route)
      if (known === undefined) {
        known = metrics.route(route)
        routes.set(route, known)
      }
      known.finished(method, status, ms / 1000)
    },
    observeCall: (action, code, ms) => metrics.apiCall(action, code, ms / 1000),
  }
}

async function readGauges(db: Database, clock: Clock): Promise<DeploymentGauges> {
  const [nowMs, uploads, jobs, behind, forwardings, webhooks] = await Promise.all([
    clock.deployment(db.heavy),
    db.heavy
      .selectFrom('uploads')
      .select((select) => select.fn.countAll<number>().as('open'))
      .executeTakeFirstOrThrow(),
    jobCounts(db.heavy),
    eventsBehind(db.heavy),
    forwardingLags(db.heavy),
    webhookGauges(db.heavy),
  ])
  return {
    uploadsOpen: uploads.open,
    jobs: jobs.map(({ state, count, oldestAt }) => ({
      state,
      count,
      oldestSeconds: Math.max(0, nowMs - oldestAt) / 1000,
    })),
    eventsBehind: behind,
    webhooks,
    forwardings: forwardings.map(({ forwarding, oldestAt }) => ({
      forwarding,
      behindSeconds: oldestAt === undefined ? 0 : Math.max(0, nowMs - oldestAt) / 1000,
    })),
  }
}

/** What an operator can help is told as such: the ground's errors say what, this says of what. */
async function asStartErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw startErrorFor(error) ?? error
  }
}

export function startErrorFor(error: unknown): StartError | undefined {
  if (error instanceof StartError) return error
  if (error instanceof SchemaTooNewError) return new StartError(`${error.message}.`, error)
  if (error instanceof StorageError) {
    return new StartError(
      `the storage can't be used: ${error.message}. Check ENTREPOT_STORAGE; entrepot doctor says more.`,
      error,
    )
  }
  if (error instanceof ApiError && error.status >= 500) {
    const reason = error.cause instanceof Error ? `: ${error.cause.message}` : ''
    return new StartError(
      `the database can't be used${reason}. Check ENTREPOT_DATABASE_URL and that it runs; entrepot doctor says more.`,
      error,
    )
  }
  return undefined
}
