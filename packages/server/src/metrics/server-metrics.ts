// What the server counts, by name. One object per process, passed to whoever counts.

import type { Socket } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Counter, type Histogram, Metrics } from './registry.ts'
import type { FamilySnapshot, ProcessSnapshot } from './snapshot.ts'

// From a lookup in memory to a transfer of minutes.
const requestBounds = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300,
]
const operationBounds = [0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30]

/** The requests of one route, found once per route. */
export interface RouteMetrics {
  finished(method: string, status: number, seconds: number): void
}

export interface ServerMetrics {
  /** `name` is the route's pattern, never a client's path. */
  route(name: string): RouteMetrics
  /** A call of the management API; `action` is a declared one or `other`, `code` an error's or `ok`. */
  apiCall(action: string, code: string, seconds: number): void
  /** Seconds of one kind of statement. */
  databaseSeconds(operation: string): Histogram
  /** Seconds of one driver call. */
  storageSeconds(operation: string): Histogram
  /** Of the registry's own listeners; counts its bytes from now on. */
  watchConnection(socket: Socket): void
  /** `read` tells how many pulls and refusals no audit row will tell of. */
  watchDroppedAudits(read: () => number): void
  snapshot(): ProcessSnapshot
  close(): void
}

const knownMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'other'] as const

/** `processName` tells the processes apart where a sum would say nothing (memory). */
export function serverMetrics(processName: string): ServerMetrics {
  const metrics = new Metrics()
  const requests = metrics.counter('entrepot_http_requests_total', 'Requests answered.', [
    'route',
    'method',
    'status',
  ])
  const seconds = metrics.histogram(
    'entrepot_http_request_seconds',
    'Time from the head of a request to the end of its answer.',
    ['route', 'method'],
    requestBounds,
  )
  const calls = metrics.counter('entrepot_api_calls_total', 'Calls of the management API.', [
    'action',
    'code',
  ])
  const callSeconds = metrics.histogram(
    'entrepot_api_call_seconds',
    'Time of calls of the management API.',
    ['action'],
    requestBounds,
  )
  const connections = watchConnections(metrics)
  const database = metrics.histogram(
    'entrepot_database_seconds',
    'Time of database operations.',
    ['operation'],
    operationBounds,
  )
  const storage = metrics.histogram(
    'entrepot_storage_seconds',
    'Time of storage operations.',
    ['operation'],
    operationBounds,
  )
  const droppedAudits = metrics.counter(
    'entrepot_audit_dropped_total',
    'Pulls and refusals that were not recorded, since the database was away too long.',
    [],
  )()
  const stopWatching = watchProcess(metrics, processName)
  return {
    route: (name) => routeMetrics(name, requests, seconds),
    apiCall(action, code, seconds) {
      calls(action, code).add(1)
      callSeconds(action).observe(seconds)
    },
    databaseSeconds: (operation) => database(operation),
    storageSeconds: (operation) => storage(operation),
    watchConnection: connections,
    watchDroppedAudits: (read) => watchTotal(metrics, droppedAudits, read),
    snapshot: () => metrics.snapshot(),
    close: stopWatching,
  }
}

/** A total that somebody else counts. */
function watchTotal(metrics: Metrics, counter: Counter, read: () => number): void {
  let seen = 0
  metrics.beforeSnapshot(() => {
    const total = read()
    counter.add(total - seen)
    seen = total
  })
}

interface MethodSeries {
  readonly label: string
  readonly seconds: Histogram
  /** By status; filled as statuses are seen. */
  readonly byStatus: (Counter | undefined)[]
}

function routeMetrics(
  route: string,
  requests: (...labels: readonly string[]) => Counter,
  histogram: (...labels: readonly string[]) => Histogram,
): RouteMetrics {
  const methods = new Map<string, MethodSeries>()
  function seriesOf(method: string): MethodSeries {
    const label = knownMethods.find((known) => known === method) ?? 'other'
    const known = methods.get(label)
    if (known !== undefined) return known
    const made: MethodSeries = { label, seconds: histogram(route, label), byStatus: [] }
    methods.set(label, made)
    return made
  }
  return {
    finished(method, status, seconds) {
      const series = methods.get(method) ?? seriesOf(method)
      series.seconds.observe(seconds)
      let counter = series.byStatus[status]
      if (counter === undefined) {
        counter = requests(route, series.label, String(status))
        series.byStatus[status] = counter
      }
      counter.add(1)
    },
  }
}

interface Seen {
  read: number
  written: number
}

/**
 * Bytes are counted by connection and read off when somebody asks, so a request costs nothing: the sockets
 * know them, heads of requests and answers included.
 */
function watchConnections(metrics: Metrics): (socket: Socket) => void {
  const received = metrics.counter(
    'entrepot_http_received_bytes_total',
    'Bytes from clients.',
    [],
  )()
  const sent = metrics.counter('entrepot_http_sent_bytes_total', 'Bytes to clients.', [])()
  const open = new Map<Socket, Seen>()
  function count(socket: Socket, seen: Seen): void {
    received.add(socket.bytesRead - seen.read)
    sent.add(socket.bytesWritten - seen.written)
    seen.read = socket.bytesRead
    seen.written = socket.bytesWritten
  }
  metrics.beforeSnapshot(() => {
    for (const [socket, seen] of open) count(socket, seen)
  })
  metrics.gauge({
    name: 'entrepot_http_connections_open',
    help: 'Connections of clients.',
    labels: [],
    merge: 'sum',
    read: () => [{ labels: [], value: open.size }],
  })
  return (socket) => {
    const seen: Seen = { read: 0, written: 0 }
    open.set(socket, seen)
    socket.once('close', () => {
      count(socket, seen)
      open.delete(socket)
    })
  }
}

const loopSampleMs = 20
const loopQuantiles = [0.5, 0.99, 1]

function watchProcess(metrics: Metrics, processName: string): () => void {
  const delay = monitorEventLoopDelay({ resolution: loopSampleMs })
  delay.enable()
  metrics.gauge({
    name: 'entrepot_event_loop_delay_seconds',
    help: 'Delay of the event loop since the last reading, of the worst process.',
    labels: ['quantile'],
    merge: 'max',
    read: () => {
      // The histogram holds the whole time between two samples, in ns.
      const values = loopQuantiles.map((quantile) => ({
        labels: [String(quantile)],
        value: Math.max(0, delay.percentile(quantile * 100) / 1e9 - loopSampleMs / 1000),
      }))
      delay.reset()
      return values
    },
  })
  metrics.gauge({
    name: 'entrepot_process_resident_bytes',
    help: 'Resident memory.',
    labels: ['process'],
    merge: 'sum',
    read: () => [{ labels: [processName], value: process.memoryUsage.rss() }],
  })
  metrics.gauge({
    name: 'entrepot_process_cpu_seconds',
    help: 'CPU time since the process began.',
    labels: ['process'],
    merge: 'sum',
    read: () => {
      const { user, system } = process.cpuUsage()
      return [{ labels: [processName], value: (user + system) / 1e6 }]
    },
  })
  return () => {
    delay.disable()
  }
}

/** What is read from the database for the whole deployment, once per question. */
export interface DeploymentGauges {
  readonly uploadsOpen: number
  readonly jobs: readonly {
    readonly state: string
    readonly count: number
    /** Age of the oldest one. */
    readonly oldestSeconds: number
  }[]
  readonly eventsBehind: readonly { readonly subscriber: string; readonly events: number }[]
  /** Of the audit log. */
  readonly forwardings: readonly { readonly forwarding: string; readonly behindSeconds: number }[]
  readonly webhooks: { readonly waiting: number; readonly failingTargets: number }
}

export function deploymentSnapshot(gauges: DeploymentGauges): ProcessSnapshot {
  const { uploadsOpen, jobs, eventsBehind, forwardings, webhooks } = gauges
  return [
    gaugeFamily(
      'entrepot_uploads_open',
      'Unfinished uploads.',
      [],
      [{ labels: [], value: uploadsOpen }],
    ),
    gaugeFamily(
      'entrepot_jobs',
      'Jobs by state.',
      ['state'],
      jobs.map(({ state, count }) => ({ labels: [state], value: count })),
    ),
    gaugeFamily(
      'entrepot_jobs_oldest_seconds',
      'Age of the oldest job of a state.',
      ['state'],
      jobs.map(({ state, oldestSeconds }) => ({ labels: [state], value: oldestSeconds })),
    ),
    gaugeFamily(
      'entrepot_events_behind',
      'Events that a subscriber has not seen yet.',
      ['subscriber'],
      eventsBehind.map(({ subscriber, events }) => ({ labels: [subscriber], value: events })),
    ),
    gaugeFamily(
      'entrepot_audit_forwarding_behind_seconds',
      'Age of the oldest row of the audit log that a forwarding has not sent.',
      ['forwarding'],
      forwardings.map(({ forwarding, behindSeconds }) => ({
        labels: [forwarding],
        value: behindSeconds,
      })),
    ),
    gaugeFamily(
      'entrepot_webhooks_waiting',
      'Requests of triggers that wait to be sent, also again.',
      [],
      [{ labels: [], value: webhooks.waiting }],
    ),
    gaugeFamily(
      'entrepot_webhook_targets_failing',
      'Targets of triggers whose last attempt failed, or that were switched off.',
      [],
      [{ labels: [], value: webhooks.failingTargets }],
    ),
  ]
}

function gaugeFamily(
  name: string,
  help: string,
  labels: readonly string[],
  series: readonly { readonly labels: readonly string[]; readonly value: number }[],
): FamilySnapshot {
  return { kind: 'gauge', name, help, labels, merge: 'max', series }
}
