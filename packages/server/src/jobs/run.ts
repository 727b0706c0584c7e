// One run of one job in this process, from its claim to its end.

import assert from 'node:assert/strict'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { Clock, Timer } from '../clock.ts'
import type { ClaimedJob } from '../db/claim-jobs.ts'
import type { Database, Tx } from '../db/database.ts'
import type { Log } from '../log.ts'
import { backOffMs, type Outcome } from './ending.ts'
import type { JobContext, JobDefinition } from './jobs.ts'
import { endRun, holdLease, type Lease, LeaseLostError } from './lease.ts'

const maxProgressChars = 4 * 1024
const maxLogLines = 1000
const maxLogLineChars = 2000

export interface RunEnvironment {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  /** What a job that was told to stop may still take before it is given up. */
  readonly graceMs: number
  /** Between two tries to write the end while the database is away. */
  readonly retryMs: number
}

export type StopReason = 'cancelled' | 'over its deadline' | 'handed back' | 'taken over'

interface LogLine {
  readonly at: number
  readonly line: string
}

export class JobRun {
  readonly lease: Lease
  /** Resolves when nothing of this run is left to do here; never rejects. */
  readonly done: Promise<void>
  readonly #environment: RunEnvironment
  readonly #job: ClaimedJob
  readonly #definition: JobDefinition
  readonly #controller = new AbortController()
  readonly #lines: LogLine[] = []
  #lineCount = 0
  #stopReason: StopReason | undefined
  #isEnding = false
  /** Resolved when this process may not or will not wait for the database to write the end. */
  readonly #leave = Promise.withResolvers<void>()
  #isLeaving = false
  #giveUp: () => void = () => {}
  #graceTimer: Timer | undefined

  constructor(
    environment: RunEnvironment,
    definition: JobDefinition,
    job: ClaimedJob,
    token: string,
  ) {
    this.#environment = environment
    this.#definition = definition
    this.#job = job
    this.lease = { id: job.id, token }
    this.done = this.#run()
  }

  get isWaiting(): boolean {
    return this.#definition.isWaiting ?? false
  }

  /** Its end is being written: what the database says of it is about to change. */
  get isEnding(): boolean {
    return this.#isEnding
  }

  stop(reason: StopReason): void {
    if (reason === 'handed back' || reason === 'taken over') {
      this.#isLeaving = true
      this.#leave.resolve()
    }
    if (this.#stopReason !== undefined && reason !== 'taken over') return
    this.#stopReason = reason
    this.#controller.abort(new Error(`the job was ${reason}`))
    if (reason === 'taken over') this.#giveUp()
    else
      this.#graceTimer ??= this.#environment.clock.setTimer(this.#environment.graceMs, this.#giveUp)
  }

  async #run(): Promise<void> {
    const { clock } = this.#environment
    const givenUp = new Promise<void>((resolve) => {
      this.#giveUp = resolve
    })
    const deadline = clock.setTimer(this.#job.deadline_ms, () => this.stop('over its deadline'))
    let thrown: { readonly error: unknown } | undefined
    let hasReturned = false
    const running = (async () => this.#definition.run(this.#context()))()
    const work = running.then(
      () => {
        hasReturned = true
      },
      (error: unknown) => {
        thrown = { error }
      },
    )
    await Promise.race([work, givenUp])
    deadline.cancel()
    this.#graceTimer?.cancel()
    const outcome = hasReturned ? ({ kind: 'succeeded' } as const) : this.#outcomeOf(thrown)
    await this.#end(outcome)
  }

  #outcomeOf(thrown: { readonly error: unknown } | undefined): Outcome {
    switch (this.#stopReason) {
      case 'cancelled':
        return { kind: 'cancelled' }
      case 'handed back':
        return { kind: 'handed-back' }
      case 'over its deadline':
        return this.#failure(`it took longer than ${this.#job.deadline_ms} ms`)
      case 'taken over':
      case undefined:
        this.#tellFailure(thrown?.error)
        return this.#failure(messageOf(thrown?.error))
    }
  }

  #tellFailure(error: unknown): void {
    const fields = { ...this.#who(), attempt: this.#job.attempts, error }
    if (error instanceof ApiError) this.#environment.log.warn('a job failed', fields)
    else if (!(error instanceof LeaseLostError)) this.#environment.log.error('a job failed', fields)
  }

  #failure(error: string): Outcome {
    const delay = backOffMs(this.#job.attempts, this.#environment.random)
    return { kind: 'failed', error, backOffMs: delay }
  }

  async #end(outcome: Outcome): Promise<void> {
    const { db, clock, retryMs } = this.#environment
    for (;;) {
      // Nobody waits for this row any more: who took it over writes its end.
      if (this.#stopReason === 'taken over') return this.#tellLost()
      try {
        const now = await clock.deployment(db.read)
        this.#isEnding = true
        await db.write(async (tx) => {
          await endRun(tx, this.lease, outcome, now)
          await this.#insertLines(tx, this.#lines)
        })
        return
      } catch (error) {
        this.#isEnding = false
        if (error instanceof LeaseLostError) return this.#tellLost()
        this.#environment.log.warn('the end of a job could not be written', {
          error,
          ...this.#who(),
        })
        // The lease is renewed meanwhile, so that nobody else does what is done.
        if (this.#isLeaving) return
        const retry = new Promise<void>((resolve) => clock.setTimer(retryMs, resolve))
        await Promise.race([retry, this.#leave.promise])
      }
    }
  }

  #tellLost(): void {
    this.#environment.log.warn('a job was taken over by another process', this.#who())
  }

  #who() {
    return { job: this.#job.id, kind: this.#job.kind, key: this.#job.key }
  }

  #context(): JobContext {
    const { db } = this.#environment
    return {
      db,
      job: { id: this.#job.id, key: this.#job.key, attempt: this.#job.attempts },
      payload: JSON.parse(this.#job.payload),
      signal: this.#controller.signal,
      write: (work) => this.#write(work),
      progress: async (value, held) => {
        const progress = JSON.stringify(value)
        assert(progress.length <= maxProgressChars, 'the progress of a job is too long')
        const set = (tx: Tx) =>
          tx.updateTable('jobs').set({ progress }).where('id', '=', this.#job.id).execute()
        await (held ? set(held) : this.#write(set))
      },
      log: (line) => this.#keepLine(line),
    }
  }

  async #write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    // After a stop that it didn't answer the job counts as ended here, whatever the row says yet.
    if (this.#isEnding) throw new LeaseLostError()
    const lines = [...this.#lines]
    try {
      const value = await this.#environment.db.write(async (tx) => {
        await holdLease(tx, this.lease)
        await this.#insertLines(tx, lines)
        return work(tx)
      })
      this.#lines.splice(0, lines.length)
      return value
    } catch (error) {
      if (error instanceof LeaseLostError) this.stop('taken over')
      throw error
    }
  }

  #keepLine(line: string): void {
    this.#lineCount += 1
    if (this.#lineCount > maxLogLines) return
    const text = this.#lineCount === maxLogLines ? '… (further lines are not kept)' : line
    this.#lines.push({ at: this.#environment.clock.now(), line: text.slice(0, maxLogLineChars) })
  }

  async #insertLines(tx: Tx, lines: readonly LogLine[]): Promise<void> {
    if (lines.length === 0) return
    await tx
      .insertInto('job_logs')
      .values(lines.map(({ at, line }) => ({ job_id: this.#job.id, at, line })))
      .execute()
  }
}

/** What the people who run the registry are shown. */
function messageOf(error: unknown): string {
  if (error instanceof ApiError) return `${error.code}: ${error.message}`
  return error instanceof Error ? error.message : 'something that is no error was thrown'
}
