// The one writer of this process. Transactions queue in the order they came; those that wait together
// share one BEGIN and one COMMIT (`sqlite-batch.ts`).
//
// `busy_timeout` would sleep inside the event loop and starve (measured: one of four writers got one
// transaction in 4 s), so another process's lock is waited for with timers, and a process whose file
// others write too leaves the lock alone after each batch, for as long as they wait between two tries.

import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import { ApiError } from '@entrepot/contract/errors.ts'
import { systemClock } from '../clock.ts'
import type { Tx, WriteOptions } from './database.ts'
import { type QueuedWrite, WriteBatch } from './sqlite-batch.ts'
import { SqliteConnection } from './sqlite-connection.ts'
import { fromSqliteError, isBusy } from './sqlite-errors.ts'
import { assertOutsideTransaction } from './transaction-scope.ts'

export interface WriteLimits {
  readonly maxQueuedWrites: number
  /** How long a transaction waits for its turn and for other processes' locks. */
  readonly deadlineMs: number
}

/** More than 3,000 clients that push at once; beyond it callers are told to come again. */
const defaultLimits: WriteLimits = { maxQueuedWrites: 10_000, deadlineMs: 15_000 }
/** Between two tries for another process's lock, and what a process leaves it. */
const lockRetryMs = 1
/** A process that nobody was seen to share the file with leaves the lock alone this often at least. */
const maxHoldMs = 10
/** So long after another process wrote, the lock is left alone after each batch. */
const sharedForMs = 200
const maxBatchTransactions = 100
/** A batch takes no further transaction after this: the event loop has others to serve. */
const maxBatchMs = 4
const retryAfterSeconds = 1

// Waiting for a lock is real time, also where a test holds the product's clock still.
const clock = systemClock()

export class WriteQueue {
  readonly #path: string
  readonly #connection: SqliteConnection
  readonly #onBatch: (wantsEmptyLog: boolean) => void
  readonly #limits: WriteLimits
  #waiting: QueuedWrite[] = []
  #draining: Promise<void> | undefined
  #closed = false
  /** What the connection's commits survive now. */
  #survives: QueuedWrite['survives'] = 'power'
  #batchEndedAtMs = 0
  #leftAloneAtMs = 0
  #sharedAtMs = Number.NEGATIVE_INFINITY
  #dataVersion: unknown

  constructor(path: string, onBatch: (wantsEmptyLog: boolean) => void, limits = defaultLimits) {
    this.#path = path
    this.#connection = new SqliteConnection(path)
    this.#connection.exec('pragma busy_timeout = 0')
    // A savepoint keeps the pages that it may have to bring back. Of a batch they are too many to stay in
    // memory by default, and files for them cost each pushed image 90 writes.
    this.#connection.exec('pragma temp_store = memory')
    this.#dataVersion = this.#askDataVersion()
    this.#onBatch = onBatch
    this.#limits = limits
  }

  run<T>(work: (tx: Tx) => Promise<T>, { survives = 'power' }: WriteOptions = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      assertOutsideTransaction()
      if (this.#closed) throw new ApiError('UNAVAILABLE')
      if (this.#waiting.length >= this.#limits.maxQueuedWrites) throw overloaded()
      this.#waiting.push({
        work,
        survives,
        queuedAtMs: clock.monotonicMs(),
        inContext: AsyncLocalStorage.snapshot(),
        // What `work` returned is what its caller gets.
        resolve: (value) => resolve(value as T),
        reject: (error) => reject(fromSqliteError(error, this.#path)),
        alone: false,
      })
      this.#draining ??= this.#drain()
    })
  }

  /** After what is queued. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#draining
    this.#connection.close()
  }

  async #drain(): Promise<void> {
    // Writers of the same tick join the first batch.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      await this.#leaveAlone()
      this.#refuseOverdue()
      if (!(await this.#begin())) continue
      await this.#runBatch()
      this.#batchEndedAtMs = clock.monotonicMs()
    }
    this.#draining = undefined
  }

  async #leaveAlone(): Promise<void> {
    const nowMs = clock.monotonicMs()
    if (nowMs - this.#batchEndedAtMs < lockRetryMs) {
      const isShared = nowMs - this.#sharedAtMs < sharedForMs
      if (!isShared && nowMs - this.#leftAloneAtMs < maxHoldMs) {
        // A turn of the event loop, in which answers leave and further writers come.
        await nextTurn()
        return
      }
      await delay(lockRetryMs)
    }
    this.#leftAloneAtMs = clock.monotonicMs()
  }

  /** True with the write lock held; false when nobody waits for it any more or the database failed. */
  async #begin(): Promise<boolean> {
    while (this.#waiting.length > 0) {
      try {
        this.#surviveWith(this.#waiting)
        this.#connection.execute('begin immediate', [])
        this.#noticeOthers()
        return true
      } catch (error) {
        if (!isBusy(error)) {
          for (const write of this.#waiting.splice(0)) write.reject(error)
          return false
        }
        this.#refuseOverdue()
        await delay(lockRetryMs)
      }
    }
    return false
  }

  /**
   * Only a batch of nothing but writes that need not survive power loss is committed without an fsync; the
   * next fsync of the log covers it. The level can't be changed within a transaction.
   */
  #surviveWith(writes: readonly QueuedWrite[]): void {
    const survives = writes.every((write) => write.survives === 'kill') ? 'kill' : 'power'
    if (survives === this.#survives) return
    this.#connection.exec(`pragma synchronous = ${survives === 'kill' ? 'normal' : 'full'}`)
    this.#survives = survives
  }

  /** `data_version` changes when another connection, in our case another process, has written. */
  #noticeOthers(): void {
    const version = this.#askDataVersion()
    if (version !== this.#dataVersion) this.#sharedAtMs = clock.monotonicMs()
    this.#dataVersion = version
  }

  #askDataVersion(): unknown {
    return this.#connection.all('pragma data_version', [])[0]?.data_version
  }

  #refuseOverdue(): void {
    const overdueMs = clock.monotonicMs() - this.#limits.deadlineMs
    while (this.#waiting[0] && this.#waiting[0].queuedAtMs < overdueMs) {
      this.#waiting.shift()?.reject(overloaded())
    }
  }

  async #runBatch(): Promise<void> {
    const startedAtMs = clock.monotonicMs()
    const batch = new WriteBatch(this.#connection)
    while (batch.size < maxBatchTransactions) {
      const write = this.#waiting[0]
      if (!write || (write.alone && batch.size > 0)) break
      if (write.survives === 'power' && this.#survives === 'kill') break
      this.#waiting.shift()
      if (!(await batch.run(write))) {
        this.#waiting.unshift(...batch.toRepeat())
        this.#onBatch(batch.wantsEmptyLog)
        return
      }
      if (write.alone || clock.monotonicMs() - startedAtMs > maxBatchMs) break
    }
    this.#waiting.unshift(...batch.commit())
    this.#onBatch(batch.wantsEmptyLog)
  }
}

function overloaded(): ApiError {
  return new ApiError('TOO_MANY_REQUESTS', {
    message: 'the database is busy; repeat in a moment',
    headers: { 'Retry-After': String(retryAfterSeconds) },
  })
}
