// The workers of a primary: forked, replaced when they die, drained together, asked for their numbers.

import cluster, { type Worker } from 'node:cluster'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import { deploymentSnapshot } from '../metrics/server-metrics.ts'
import { mergeSnapshots, type ProcessSnapshot, withoutGauges } from '../metrics/snapshot.ts'
import { StartError } from '../start-error.ts'
import { isMessage, type ToPrimary, type ToWorker } from './messages.ts'

/** When a worker dies so often that replacing it is no help. */
export interface RestartPolicy {
  /** A worker that served for so long was well. */
  readonly wellAfterMs: number
  readonly firstDelayMs: number
  readonly maxDelayMs: number
  /** So many deaths in a row of workers that were not well end the server. */
  readonly maxDeaths: number
}

/** Ten tries in about a minute: longer than a database takes to start again. */
const restartPolicy: RestartPolicy = {
  wellAfterMs: 5000,
  firstDelayMs: 100,
  maxDelayMs: 15_000,
  maxDeaths: 10,
}

// A worker that does not answer in time is shown with its last numbers.
const metricsTimeoutMs = 2000
/** Beyond the limit of the transfers: to hand back leases and flush counts. */
const drainSlackMs = 10_000

const cleanExit = 'exit code 0'

interface Member {
  readonly worker: Worker
  readonly name: string
  listeningSinceMs: number | undefined
  last: ProcessSnapshot
}

interface PoolOptions {
  readonly config: Config
  readonly log: Log
  readonly clock: Pick<Clock, 'monotonicMs' | 'setTimer'>
  readonly policy?: RestartPolicy
}

export class WorkerPool {
  /** Rejects with StartError when workers die again and again. */
  readonly failed: Promise<never>
  readonly #options: PoolOptions
  readonly #policy: RestartPolicy
  readonly #members = new Map<number, Member>()
  readonly #started = Promise.withResolvers<readonly string[]>()
  readonly #failing = Promise.withResolvers<never>()
  readonly #asked = new Map<number, () => void>()
  #retired: ProcessSnapshot = []
  #state: 'starting' | 'serving' | 'draining' = 'starting'
  #allGone: (() => void) | undefined
  #deathsInARow = 0
  /** Of workers that were told to drain. */
  readonly #badEnds: string[] = []
  #lastRequest = 0
  /** The clock's timers keep nothing alive, and between a death and the next fork there may be no worker. */
  readonly #keepAlive = setInterval(() => {}, 2 ** 30)

  constructor(options: PoolOptions) {
    this.#options = options
    this.#policy = options.policy ?? restartPolicy
    this.failed = this.#failing.promise
    // Whoever waits for it sees the failure; without a waiter it is no crash.
    this.failed.catch(() => {})
    cluster.setupPrimary({ serialization: 'advanced' })
  }

  /** Resolves with the addresses when every worker listens; rejects, with no worker left, when one can't. */
  async start(): Promise<readonly string[]> {
    for (let index = 1; index <= this.#options.config.processes; index++) this.#fork(String(index))
    try {
      return await this.#started.promise
    } catch (error) {
      this.#state = 'draining'
      this.kill()
      throw error
    }
  }

  /** Rejects with StartError when a worker did not end as it should: then a transfer or a count may be lost. */
  async drain(limitMs: number): Promise<void> {
    this.#state = 'draining'
    const gone = Promise.withResolvers<void>()
    this.#allGone = gone.resolve
    for (const { worker } of this.#members.values()) tell(worker, { kind: 'drain', limitMs })
    if (this.#members.size === 0) gone.resolve()
    const timer = this.#options.clock.setTimer(limitMs + drainSlackMs, () => this.kill())
    await gone.promise
    timer.cancel()
    clearInterval(this.#keepAlive)
    if (this.#badEnds.length > 0) {
      throw new StartError(
        `draining failed in a worker process (${this.#badEnds.join(', ')}); the log says why.`,
      )
    }
  }

  kill(): void {
    clearInterval(this.#keepAlive)
    for (const { worker } of this.#members.values()) worker.process.kill('SIGKILL')
  }

  /** The numbers of all workers, those that ended included, and the deployment's. */
  async snapshots(): Promise<readonly ProcessSnapshot[]> {
    const listening = [...this.#members.values()].filter((member) => member.listeningSinceMs)
    await Promise.all(listening.map((member, index) => this.#ask(member, index === 0)))
    return [this.#retired, ...[...this.#members.values()].map((member) => member.last)]
  }

  #fork(name: string): void {
    const worker = cluster.fork()
    const member: Member = { worker, name, listeningSinceMs: undefined, last: [] }
    this.#members.set(worker.id, member)
    worker.on('message', (message: unknown) => {
      if (isMessage<ToPrimary>(message)) this.#onMessage(member, message)
    })
    // A channel that breaks is a worker that dies, which `exit` tells.
    worker.on('error', (error) => this.#options.log.warn('a worker was not reached', { error }))
    worker.once('exit', (code, signal) => this.#onExit(member, signal ?? `exit code ${code}`))
  }

  #onMessage(member: Member, message: ToPrimary): void {
    switch (message.kind) {
      case 'ready':
        tell(member.worker, {
          kind: 'start',
          config: this.#options.config,
          processName: member.name,
        })
        return
      case 'listening':
        member.listeningSinceMs = this.#options.clock.monotonicMs()
        if ([...this.#members.values()].every((other) => other.listeningSinceMs !== undefined)) {
          if (this.#state === 'starting') this.#state = 'serving'
          this.#started.resolve(message.addresses)
        }
        return
      case 'failed':
        if (this.#state === 'starting') this.#started.reject(new StartError(message.line))
        else this.#options.log.error(`a worker could not start: ${message.line}`)
        return
      case 'metrics':
        member.last = message.gauges
          ? [...message.snapshot, ...deploymentSnapshot(message.gauges)]
          : message.snapshot
        this.#asked.get(message.request)?.()
        return
    }
  }

  #onExit(member: Member, reason: string): void {
    this.#members.delete(member.worker.id)
    this.#retired = mergeSnapshots([this.#retired, withoutGauges(member.last)])
    switch (this.#state) {
      case 'draining':
        if (reason !== cleanExit) this.#badEnds.push(reason)
        if (this.#members.size === 0) this.#allGone?.()
        return
      case 'starting':
        this.#started.reject(
          new StartError(`a worker process ended before it served (${reason}); the log says why.`),
        )
        return
      case 'serving':
        this.#replace(member, reason)
        return
    }
  }

  #replace({ name, listeningSinceMs }: Member, reason: string): void {
    const { clock, log } = this.#options
    const served = listeningSinceMs === undefined ? 0 : clock.monotonicMs() - listeningSinceMs
    const wasWell = served >= this.#policy.wellAfterMs
    this.#deathsInARow = wasWell ? 0 : this.#deathsInARow + 1
    if (this.#deathsInARow >= this.#policy.maxDeaths) {
      this.#failing.reject(
        new StartError(
          `worker processes ended ${this.#deathsInARow} times in a row as soon as they began (last: ${reason}); the log says why.`,
        ),
      )
      return
    }
    const delayMs = wasWell
      ? 0
      : Math.min(this.#policy.maxDelayMs, this.#policy.firstDelayMs * 2 ** (this.#deathsInARow - 1))
    log.warn('a worker process ended and is replaced', { worker: name, reason, delayMs })
    clock.setTimer(delayMs, () => {
      if (this.#state === 'serving') this.#fork(name)
    })
  }

  async #ask({ worker }: Member, withGauges: boolean): Promise<void> {
    const request = ++this.#lastRequest
    const answered = Promise.withResolvers<void>()
    const timer = this.#options.clock.setTimer(metricsTimeoutMs, answered.resolve)
    this.#asked.set(request, answered.resolve)
    tell(worker, { kind: 'metrics', request, withGauges })
    await answered.promise
    timer.cancel()
    this.#asked.delete(request)
  }
}

function tell(worker: Worker, message: ToWorker): void {
  // A worker that is just dying can't be told; its exit settles what was asked of it.
  if (worker.isConnected()) worker.send(message, () => {})
}
