// Runs jobs: as many as `parallel` at once in this process, beside any number of other processes. A process
// can be killed at any line: its jobs' leases stand still and another worker takes them over.

import type { Clock, Timer } from '../clock.ts'
import { claimJobs, hasDueJobs } from '../db/claim-jobs.ts'
import type { Database } from '../db/database.ts'
import { isUniqueViolation } from '../db/forms.ts'
import { newId } from '../db/ids.ts'
import type { Log } from '../log.ts'
import { ensureReconciler, type JobDefinition } from './jobs.ts'
import { LeaseWatch, listRunning, renewLeases, takeOver } from './lease.ts'
import { Poller } from './poller.ts'
import { JobRun, type RunEnvironment } from './run.ts'
import { pullBackWaits } from './waits.ts'
import type { Wake } from './wake.ts'

const defaultParallel = 4
/** Beside them, of jobs that mostly wait for an answer from outside. */
const waitingParallel = 16
/** How long a job waits that another process enqueued. */
const defaultPollMs = 1000
/** A killed process's jobs go on after this and a poll. */
const defaultLeaseMs = 15_000
const defaultGraceMs = 10_000
const renewalsPerLease = 3
/** Clocks of one deployment differ by less; more is a clock that was set. */
export const maxClockStepMs = 2 * 60_000

export interface WorkerOptions {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
  readonly jobs: readonly JobDefinition[]
  readonly wake?: Wake
  /** 0 ≤ x < 1; jitters the back-off. */
  readonly random?: () => number
  readonly parallel?: number
  readonly pollMs?: number
  readonly leaseMs?: number
  readonly graceMs?: number
}

export class JobWorker {
  readonly #environment: RunEnvironment
  readonly #definitions: ReadonlyMap<string, JobDefinition>
  readonly #parallel: number
  readonly #leaseMs: number
  readonly #wake: Wake | undefined
  readonly #poller: Poller
  readonly #leaseWatch: LeaseWatch
  readonly #runs = new Map<string, JobRun>()
  #startedRuns = 0
  #isPrepared = false
  #isStopping = false
  #lastLook: { readonly wallMs: number; readonly monotonicMs: number } | undefined
  #looking: Promise<void> = Promise.resolve()
  #renewal: Timer | undefined
  #unlisten: () => void = () => {}

  constructor(options: WorkerOptions) {
    const { db, clock, log, random = Math.random } = options
    const pollMs = options.pollMs ?? defaultPollMs
    const graceMs = options.graceMs ?? defaultGraceMs
    this.#environment = { db, clock, log, random, graceMs, retryMs: pollMs }
    this.#definitions = new Map(options.jobs.map((definition) => [definition.kind, definition]))
    this.#parallel = options.parallel ?? defaultParallel
    this.#leaseMs = options.leaseMs ?? defaultLeaseMs
    this.#leaseWatch = new LeaseWatch(this.#leaseMs)
    this.#wake = options.wake
    this.#poller = new Poller({
      clock,
      everyMs: pollMs,
      poll: () => this.#look(),
      onError: (error) => log.warn('jobs could not be looked for', { error }),
    })
  }

  start(): void {
    this.#unlisten = this.#wake?.listen(() => this.#poller.wake()) ?? this.#unlisten
    this.#poller.start()
  }

  /** Claims nothing more, tells what runs to stop, and hands back what did not end: others go on with it. */
  async stop(): Promise<void> {
    this.#isStopping = true
    this.#unlisten()
    await this.#poller.stop()
    await this.#looking
    for (const run of this.#runs.values()) run.stop('handed back')
    await this.#runsDone()
    this.#renewal?.cancel()
  }

  /** Looks and runs until nothing is due; returns how many runs that took. For tests and `verify`. */
  async idle(): Promise<number> {
    const before = this.#startedRuns
    for (;;) {
      const started = this.#startedRuns
      await this.#look()
      await this.#runsDone()
      if (started === this.#startedRuns && this.#runs.size === 0) return started - before
    }
  }

  async #runsDone(): Promise<void> {
    while (this.#runs.size > 0) {
      await Promise.all([...this.#runs.values()].map((run) => run.done))
    }
  }

  /** One look at a time, whoever asks. */
  #look(): Promise<void> {
    const next = this.#looking.then(() => this.#lookOnce())
    this.#looking = next.catch(() => {})
    return next
  }

  async #lookOnce(): Promise<void> {
    if (this.#isStopping) return
    const { db, clock } = this.#environment
    const now = await clock.deployment(db.read)
    await this.#prepare(now)
    await this.#noticeClock(now)
    await this.#checkLeases(now)
    await this.#claim(now, { isWaiting: false, parallel: this.#parallel })
    await this.#claim(now, { isWaiting: true, parallel: waitingParallel })
  }

  async #prepare(now: number): Promise<void> {
    if (this.#isPrepared) return
    const reconcilers = [...this.#definitions.values()].filter(
      ({ everyMs }) => everyMs !== undefined,
    )
    if (reconcilers.length > 0) {
      await this.#environment.db.write(async (tx) => {
        for (const definition of reconcilers) await ensureReconciler(tx, definition, now)
      })
    }
    this.#isPrepared = true
  }

  /** Waits that were begun before the clock was set back would last by as much longer. */
  async #noticeClock(now: number): Promise<void> {
    const last = this.#lastLook
    const monotonicMs = this.#environment.clock.monotonicMs()
    this.#lastLook = { wallMs: now, monotonicMs }
    const step = last ? now - last.wallMs - (monotonicMs - last.monotonicMs) : undefined
    // Unknown for the first look: the clock may have been set while nobody ran.
    if (step !== undefined && step > -maxClockStepMs) return
    await this.#environment.db.write((tx) => pullBackWaits(tx, now, maxClockStepMs))
  }

  async #checkLeases(now: number): Promise<void> {
    const { db, clock, log } = this.#environment
    const mine = [...this.#runs.values()]
    const running = await listRunning(db.read)
    const byId = new Map(running.map((row) => [row.id, row]))
    for (const run of mine) {
      const row = byId.get(run.lease.id)
      if (run.isEnding || !this.#runs.has(run.lease.id)) continue
      if (row?.lease_token !== run.lease.token) run.stop('taken over')
      else if (row.cancel_requested === 1) run.stop('cancelled')
    }
    const others = running.filter((row) => this.#runs.get(row.id)?.lease.token !== row.lease_token)
    for (const seen of this.#leaseWatch.look(others, clock.monotonicMs())) {
      const taken = await db.write((tx) => takeOver(tx, seen, now))
      if (taken)
        log.warn('a job was taken over: its process ended or stood still', { job: seen.id })
    }
  }

  async #claim(
    now: number,
    { isWaiting, parallel }: { readonly isWaiting: boolean; readonly parallel: number },
  ): Promise<void> {
    const { db } = this.#environment
    const kinds = [...this.#definitions.values()]
      .filter((definition) => (definition.isWaiting ?? false) === isWaiting)
      .map(({ kind }) => kind)
    const running = [...this.#runs.values()].filter((run) => run.isWaiting === isWaiting).length
    const claim = { kinds, limit: parallel - running, now }
    if (claim.limit <= 0 || kinds.length === 0) return
    if (!(await hasDueJobs(db.read, claim))) return
    const token = newId()
    try {
      const claimed = await db.write((tx) => claimJobs(tx, claim, token))
      for (const job of claimed) {
        // The claim takes only kinds that are defined here.
        const definition = this.#definitions.get(job.kind)
        if (definition) this.#startRun(new JobRun(this.#environment, definition, job, token))
      }
    } catch (error) {
      // Two claimed in one lane at once; the other has it.
      if (!isUniqueViolation(error)) throw error
    }
  }

  #startRun(run: JobRun): void {
    this.#startedRuns += 1
    this.#runs.set(run.lease.id, run)
    this.#renewal ??= this.#scheduleRenewal()
    void run.done.then(() => {
      if (this.#runs.get(run.lease.id) === run) this.#runs.delete(run.lease.id)
      this.#poller.wake()
    })
  }

  #scheduleRenewal(): Timer {
    const { clock, log } = this.#environment
    return clock.setTimer(this.#leaseMs / renewalsPerLease, () => {
      this.#renew()
        .catch((error) => log.warn('leases of jobs could not be renewed', { error }))
        .finally(() => {
          this.#renewal = this.#runs.size > 0 ? this.#scheduleRenewal() : undefined
        })
    })
  }

  async #renew(): Promise<void> {
    const tokens = [...new Set([...this.#runs.values()].map(({ lease }) => lease.token))]
    if (tokens.length > 0) await this.#environment.db.write((tx) => renewLeases(tx, tokens))
  }
}
