// The side of the event loop: hands statements to the worker thread and asks it for checkpoints.

import { Worker } from 'node:worker_threads'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { Log } from '../log.ts'
import type { StatementOutcome } from './kysely.ts'
import { fromSqliteError } from './sqlite-errors.ts'

/** They run one after the other: more of them waiting means that someone asks too often. */
const maxQueuedHeavy = 100
/** After a commit, at most this often the worker looks whether the log needs a checkpoint. */
const checkpointEveryMs = 50

export type WorkerRequest =
  | { id: number; kind: 'execute'; sql: string; params: readonly unknown[] }
  | { id: number; kind: 'checkpoint'; isForced: boolean }
  | { id: number; kind: 'close' }

export type WorkerReply =
  | ({ id: number } & StatementOutcome)
  | { id: number; error: { message: string; errcode: number | undefined } }

interface Pending {
  readonly resolve: (outcome: StatementOutcome) => void
  readonly reject: (error: unknown) => void
}

export class HeavyWorker {
  readonly #path: string
  readonly #log: Log
  /** Started by the first question, and anew by the next one after it died. */
  #worker: Worker | undefined
  readonly #pending = new Map<number, Pending>()
  #lastId = 0
  #checkpointTimer: NodeJS.Timeout | undefined
  /** Until a checkpoint has succeeded. */
  #isForced = false
  #closed = false

  constructor(path: string, log: Log) {
    this.#path = path
    this.#log = log
  }

  async execute(sql: string, params: readonly unknown[]): Promise<StatementOutcome> {
    if (this.#pending.size >= maxQueuedHeavy) {
      throw new ApiError('TOO_MANY_REQUESTS', { headers: { 'Retry-After': '5' } })
    }
    if (this.#closed) throw new ApiError('UNAVAILABLE')
    return this.#ask({ id: this.#nextId(), kind: 'execute', sql, params })
  }

  /**
   * Called after each commit; forced, when one failed for the disk: the log is emptied then, however short,
   * which also gives the disk its length back. Looks soon, and once for many commits.
   */
  nudgeCheckpoint(isForced: boolean): void {
    this.#isForced ||= isForced
    if (this.#checkpointTimer || this.#closed) return
    this.#checkpointTimer = setTimeout(() => {
      this.#checkpointTimer = undefined
      const forced = this.#isForced
      this.#isForced = false
      this.#ask({ id: this.#nextId(), kind: 'checkpoint', isForced: forced }).catch(
        (error: unknown) => {
          this.#isForced ||= forced
          this.#log.warn('the database log could not be checkpointed', { error })
        },
      )
    }, checkpointEveryMs)
    this.#checkpointTimer.unref()
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#checkpointTimer)
    const worker = this.#worker
    if (!worker) return
    await this.#ask({ id: this.#nextId(), kind: 'close' })
    await worker.terminate()
  }

  #nextId(): number {
    this.#lastId += 1
    return this.#lastId
  }

  #ask(request: WorkerRequest): Promise<StatementOutcome> {
    const worker = this.#worker ?? this.#start()
    this.#worker = worker
    return new Promise((resolve, reject) => {
      this.#pending.set(request.id, { resolve, reject })
      // A question that waits keeps the process; an idle worker does not.
      worker.ref()
      worker.postMessage(request)
    })
  }

  #start(): Worker {
    const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), {
      workerData: { path: this.#path },
    })
    worker.on('message', (reply: WorkerReply) => this.#settle(reply))
    worker.on('error', (error) => this.#end(error))
    worker.on('exit', () => this.#end(undefined))
    return worker
  }

  #settle(reply: WorkerReply): void {
    const pending = this.#pending.get(reply.id)
    this.#pending.delete(reply.id)
    if (this.#pending.size === 0) this.#worker?.unref()
    if (!pending) return
    if ('error' in reply) {
      const error = Object.assign(new Error(reply.error.message), { errcode: reply.error.errcode })
      pending.reject(fromSqliteError(error, this.#path))
    } else {
      pending.resolve(reply)
    }
  }

  #end(cause: unknown): void {
    this.#worker = undefined
    if (cause) this.#log.error('the database worker ended', { error: cause })
    for (const { reject } of this.#pending.values()) reject(new ApiError('UNAVAILABLE', { cause }))
    this.#pending.clear()
  }
}
