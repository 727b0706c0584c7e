// The transactions that share one commit. Each runs in a savepoint of its own, so that a failing one
// rolls back alone; every answer, refusals included, follows the fsync of the commit, since a refusal
// may rest on what an earlier transaction of the batch wrote.

import assert from 'node:assert/strict'
import type { Tx } from './database.ts'
import { kyselyOver } from './kysely.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import { isBusy, isFullDisk } from './sqlite-errors.ts'
import {
  assertOpen,
  type TransactionScope,
  transactionRule,
  withinTransaction,
} from './transaction-scope.ts'

export interface QueuedWrite {
  readonly work: (tx: Tx) => Promise<unknown>
  readonly survives: 'power' | 'kill'
  readonly queuedAtMs: number
  /** Calls a function in the asynchronous context of whoever asked for this transaction. */
  readonly inContext: <T>(fn: () => T) => T
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
  /** Its batch failed as a whole: it goes again by itself, to get its own answer. */
  alone: boolean
}

export class WriteBatch {
  readonly #connection: SqliteConnection
  readonly #ran: QueuedWrite[] = []
  readonly #answers: (() => void)[] = []

  /**
   * The log is to be emptied: the disk was full, for one of them or for all together, or an fsync failed. What
   * others committed without one is then copied while the operating system still has it.
   */
  wantsEmptyLog = false

  constructor(connection: SqliteConnection) {
    this.#connection = connection
  }

  get size(): number {
    return this.#ran.length
  }

  /**
   * Leaves the transaction open, with the work of this one in it or not at all. False: SQLite gave the
   * whole transaction up (no room, a failed read) and `toRepeat` did nothing wrong.
   */
  async run(write: QueuedWrite): Promise<boolean> {
    try {
      const value = await this.#runInSavepoint(write)
      this.#answers.push(() => write.resolve(value))
    } catch (error) {
      this.wantsEmptyLog ||= isFullDisk(error)
      if (!this.#connection.isTransaction) {
        write.reject(error)
        return false
      }
      this.#answers.push(() => write.reject(error))
    }
    this.#ran.push(write)
    return true
  }

  /** Commits and answers. What it returns is to be run again; all else is answered. */
  commit(): QueuedWrite[] {
    try {
      this.#connection.execute('commit', [])
    } catch (error) {
      this.wantsEmptyLog ||= !isBusy(error)
      if (this.#connection.isTransaction) this.#connection.execute('rollback', [])
      // No room for all may be room for some. A failed fsync, though, is not repeated: the operating
      // system may have dropped the pages and would report success.
      if (isBusy(error) || (this.size > 1 && isFullDisk(error))) return this.toRepeat()
      for (const write of this.#ran) write.reject(error)
      return []
    }
    for (const answer of this.#answers) answer()
    return []
  }

  toRepeat(): QueuedWrite[] {
    for (const write of this.#ran) write.alone = true
    return this.#ran
  }

  async #runInSavepoint(write: QueuedWrite): Promise<unknown> {
    const scope: TransactionScope = { open: true }
    const tx = kyselyOver('sqlite', (sql, params) => {
      assertOpen(scope)
      return this.#connection.execute(sql, params)
    })
    this.#connection.execute('savepoint one', [])
    // Statements answer in microtasks; when a turn of the event loop ends first, something else is awaited.
    let turnEnd: NodeJS.Immediate | undefined
    const stalled = new Promise<never>((_, reject) => {
      turnEnd = setImmediate(() => reject(new assert.AssertionError({ message: transactionRule })))
    })
    try {
      const working = write.inContext(() =>
        // Here, and on PostgreSQL's side, and nowhere else, a `Queryable` becomes a `Tx`.
        withinTransaction(scope, () => write.work(tx as Tx)),
      )
      const value = await Promise.race([working, stalled])
      scope.open = false
      this.#connection.execute('release one', [])
      return value
    } catch (error) {
      scope.open = false
      this.#rollBackOne()
      throw error
    } finally {
      clearImmediate(turnEnd)
    }
  }

  #rollBackOne(): void {
    if (!this.#connection.isTransaction) return
    try {
      this.#connection.execute('rollback to one', [])
      this.#connection.execute('release one', [])
    } catch {
      // Nothing half-done may be committed: then all of the batch goes back, and again.
      if (this.#connection.isTransaction) this.#connection.execute('rollback', [])
    }
  }
}
