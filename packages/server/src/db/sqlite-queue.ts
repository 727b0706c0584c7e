// The one writer of this process. Transactions queue in the order they came; those that wait together
// share one BEGIN and one COMMIT, each in a savepoint of its own, so that a failing one rolls back alone,
// and every answer follows the fsync of the shared commit.
//
// `busy_timeout` would sleep inside the event loop and starve (measured: one of four writers got one
// transaction in 4 s), so another process's lock is waited for with timers, and a process whose file
// others write too leaves the lock alone after each batch, for as long as they wait between two tries.

import assert from 'node:assert/strict'
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import { ApiError } from '@entrepot/contract/errors.ts'
import { systemClock } from '../clock.ts'
import type { Tx } from './database.ts'
import { kyselyOver } from './kysely.ts'
import { SqliteConnection } from './sqlite-connection.ts'
import { fromSqliteError, isBusy, isFullDisk } from './sqlite-errors.ts'
import {
  assertOpen,
  assertOutsideTransaction,
  type TransactionScope,
  transactionRule,
  withinTransaction,
} from './transaction-scope.ts'

/** More than 3,000 clients that push at once; beyond it callers are told to come again. */
const maxQueuedWrites = 10_000
/** How long a transaction waits for its turn and for other processes' locks. */
const writeDeadlineMs = 15_000
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

interface QueuedWrite {
  readonly work: (tx: Tx) => Promise<unknown>
  readonly queuedAtMs: number
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
  /** Its batch failed as a whole: it goes again by itself, to get its own answer. */
  alone: boolean
}

interface Done {
  readonly write: QueuedWrite
  readonly value: unknown
}

// Waiting for a lock is real time, also where a test holds the product's clock still.
const clock = systemClock()

export class WriteQueue {
  readonly #path: string
  readonly #connection: SqliteConnection
  readonly #onCommit: () => void
  #waiting: QueuedWrite[] = []
  #draining: Promise<void> | undefined
  #batchEndedAtMs = 0
  #leftAloneAtMs = 0
  #sharedAtMs = Number.NEGATIVE_INFINITY
  #dataVersion: unknown
  #closed = false

  constructor(path: string, onCommit: () => void) {
    this.#path = path
    this.#connection = new SqliteConnection(path)
    this.#connection.exec('pragma busy_timeout = 0')
    this.#onCommit = onCommit
  }

  run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      assertOutsideTransaction()
      if (this.#closed) throw new ApiError('UNAVAILABLE')
      if (this.#waiting.length >= maxQueuedWrites) throw overloaded()
      this.#waiting.push({
        work,
        queuedAtMs: clock.monotonicMs(),
        // What `work` returned is what its caller gets.
        resolve: (value) => resolve(value as T),
        reject,
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
      if (!(await this.#begin())) continue
      await this.#runBatch()
      this.#batchEndedAtMs = clock.monotonicMs()
    }
    this.#draining = undefined
  }

  async #leaveAlone(): Promise<void> {
    const now = clock.monotonicMs()
    if (now - this.#batchEndedAtMs < lockRetryMs) {
      const isShared = now - this.#sharedAtMs < sharedForMs
      if (!isShared && now - this.#leftAloneAtMs < maxHoldMs) {
        // A turn of the event loop, in which answers leave and further writers come.
        await nextTurn()
        return
      }
      await delay(lockRetryMs)
    }
    this.#leftAloneAtMs = clock.monotonicMs()
  }

  /** `data_version` changes when another connection, in our case another process, has written. */
  #noticeOthers(): void {
    const version = this.#connection.all('pragma data_version', [])[0]?.data_version
    if (version !== this.#dataVersion) this.#sharedAtMs = clock.monotonicMs()
    this.#dataVersion = version
  }

  /** True with the write lock held; false when nobody waits for it any more or the database failed. */
  async #begin(): Promise<boolean> {
    while (this.#waiting.length > 0) {
      try {
        this.#connection.execute('begin immediate', [])
        this.#noticeOthers()
        return true
      } catch (error) {
        if (!isBusy(error)) {
          const failed = this.#waiting.splice(0, maxBatchTransactions)
          for (const write of failed) write.reject(fromSqliteError(error, this.#path))
          return false
        }
        this.#refuseOverdue()
        await delay(lockRetryMs)
      }
    }
    return false
  }

  #refuseOverdue(): void {
    const overdue = clock.monotonicMs() - writeDeadlineMs
    while (this.#waiting[0] && this.#waiting[0].queuedAtMs < overdue) {
      this.#waiting.shift()?.reject(overloaded())
    }
  }

  async #runBatch(): Promise<void> {
    const startedAtMs = clock.monotonicMs()
    const done: Done[] = []
    for (let count = 0; count < maxBatchTransactions; count += 1) {
      const write = this.#waiting[0]
      if (!write || (write.alone && count > 0)) break
      this.#waiting.shift()
      try {
        done.push({ write, value: await this.#runOne(write) })
      } catch (error) {
        if (!this.#connection.isTransaction) {
          // SQLite gave up the whole transaction (full disk, failed read): the others did nothing wrong.
          this.#again(done)
          write.reject(fromSqliteError(error, this.#path))
          return
        }
        write.reject(fromSqliteError(error, this.#path))
      }
      if (write.alone || clock.monotonicMs() - startedAtMs > maxBatchMs) break
    }
    this.#commit(done)
  }

  /** Leaves the transaction open, with the work of this one in it or not at all. */
  async #runOne(write: QueuedWrite): Promise<unknown> {
    this.#connection.execute('savepoint one', [])
    const scope: TransactionScope = { open: true }
    const tx = kyselyOver('sqlite', (sql, params) => {
      assertOpen(scope)
      return this.#connection.execute(sql, params)
    })
    let watch: NodeJS.Immediate | undefined
    const stalled = new Promise<never>((_, reject) => {
      watch = setImmediate(() => reject(new assert.AssertionError({ message: transactionRule })))
    })
    try {
      // Here, and only here, a `Queryable` becomes a `Tx`.
      const value = await Promise.race([
        withinTransaction(scope, () => write.work(tx as Tx)),
        stalled,
      ])
      scope.open = false
      this.#connection.execute('release one', [])
      return value
    } catch (error) {
      scope.open = false
      if (this.#connection.isTransaction) {
        this.#connection.execute('rollback to one', [])
        this.#connection.execute('release one', [])
      }
      throw error
    } finally {
      clearImmediate(watch)
    }
  }

  #commit(done: readonly Done[]): void {
    if (done.length === 0) {
      this.#connection.execute('rollback', [])
      return
    }
    try {
      this.#connection.execute('commit', [])
    } catch (error) {
      if (this.#connection.isTransaction) this.#connection.execute('rollback', [])
      // No room for all may be room for some. A failed fsync, though, is not repeated: the operating
      // system may have dropped the pages and would report success.
      if (done.length > 1 && isFullDisk(error)) this.#again(done)
      else for (const { write } of done) write.reject(fromSqliteError(error, this.#path))
      return
    }
    for (const { write, value } of done) write.resolve(value)
    this.#onCommit()
  }

  #again(done: readonly Done[]): void {
    for (const { write } of done) write.alone = true
    this.#waiting = [...done.map(({ write }) => write), ...this.#waiting]
  }
}

function overloaded(): ApiError {
  return new ApiError('TOO_MANY_REQUESTS', {
    message: 'the database is busy; repeat in a moment',
    headers: { 'Retry-After': String(retryAfterSeconds) },
  })
}
