// SQLite in WAL mode: one connection that reads, one that writes, and a worker with its own for whatever
// would stall the event loop. Several processes may have the file open.

import { systemClock } from '../clock.ts'
import type { Database, OpenOptions, Tx, WriteOptions } from './database.ts'
import { kyselyOver } from './kysely.ts'
import type { Prepared } from './prepared.ts'
import { createPrivately } from './private-file.ts'
import { SqliteConnection } from './sqlite-connection.ts'
import { fromSqliteError } from './sqlite-errors.ts'
import { HeavyWorker } from './sqlite-heavy.ts'
import { WriteQueue } from './sqlite-queue.ts'
import { assertOutsideTransaction } from './transaction-scope.ts'

/** Readers wait for no writer; only for another process that recovers the log of a killed one. */
const readTimeoutMs = 1000

const clock = systemClock()

export function openSqlite(path: string, options: OpenOptions): Database {
  // Its log gets the same mode; password hashes and wrapped keys are nobody else's.
  createPrivately(path)
  const reader = new SqliteConnection(path)
  reader.exec('pragma query_only = on')
  reader.exec(`pragma busy_timeout = ${readTimeoutMs}`)
  const worker = new HeavyWorker(path, options.log)
  const queue = new WriteQueue(path, (isForced) => worker.nudgeCheckpoint(isForced))

  const guarded = <T>(ask: () => T): T => {
    assertOutsideTransaction()
    try {
      return ask()
    } catch (error) {
      throw fromSqliteError(error, path)
    }
  }

  return {
    dialect: 'sqlite',
    read: kyselyOver('sqlite', (sql, params) => guarded(() => reader.execute(sql, params))),
    heavy: kyselyOver('sqlite', (sql, params) => {
      assertOutsideTransaction()
      return worker.execute(sql, params)
    }),
    write: <T>(work: (tx: Tx) => Promise<T>, options?: WriteOptions) => queue.run(work, options),
    fetch<P extends object, R>(query: Prepared<P, R>, params: P) {
      const statement = query.compiled('sqlite')
      // The columns are those that the query was compiled from.
      return guarded(() => reader.all(statement.sql, statement.bind(params))) as R[]
    },
    async ping() {
      const startedAtMs = clock.monotonicMs()
      guarded(() => reader.all('select 1', []))
      return clock.monotonicMs() - startedAtMs
    },
    async close() {
      await queue.close()
      await worker.close()
      reader.close()
    },
  }
}
