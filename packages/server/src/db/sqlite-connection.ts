// One connection to the SQLite file, with its statements kept by their text.

import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { Row, StatementOutcome } from './kysely.ts'

/** More texts than the program has; lists of varying length (`in (?, ?, …)`) push the oldest out. */
const maxCachedStatements = 500

/** While a process recovers the log of one that was killed, readers wait: milliseconds, at start only. */
const openTimeoutMs = 10_000

interface CachedStatement {
  readonly statement: StatementSync
  readonly columns: readonly string[]
}

export class SqliteConnection {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, CachedStatement>()

  constructor(path: string) {
    this.#db = new DatabaseSync(path, { timeout: openTimeoutMs })
    this.#db.exec('pragma journal_mode = wal')
    this.#db.exec('pragma synchronous = full')
    this.#db.exec('pragma foreign_keys = on')
    // A checkpoint within a commit would stall the event loop: the worker's connection does them.
    this.#db.exec('pragma wal_autocheckpoint = 0')
    this.#db.exec('pragma cache_size = -16000')
  }

  get isTransaction(): boolean {
    return this.#db.isTransaction
  }

  /** For statements without parameters and rows: begin, commit, pragma. */
  exec(sql: string): void {
    this.#db.exec(sql)
  }

  all(sql: string, params: readonly unknown[]): Row[] {
    const { statement, columns } = this.#prepared(sql)
    return toRows(statement.all(...toInput(params)), columns)
  }

  execute(sql: string, params: readonly unknown[]): StatementOutcome {
    const cached = this.#prepared(sql)
    if (cached.columns.length > 0) {
      const rows = toRows(cached.statement.all(...toInput(params)), cached.columns)
      return { rows, changes: rows.length }
    }
    const { changes } = cached.statement.run(...toInput(params))
    return { rows: [], changes: Number(changes) }
  }

  close(): void {
    this.#statements.clear()
    this.#db.close()
  }

  #prepared(sql: string): CachedStatement {
    const found = this.#statements.get(sql)
    if (found) return found
    // As arrays: the driver's own rows are objects without a prototype, and slower to make.
    const statement = this.#db.prepare(sql, { returnArrays: true })
    const cached = { statement, columns: statement.columns().map((column) => column.name) }
    if (this.#statements.size >= maxCachedStatements) {
      const oldest = this.#statements.keys().next()
      if (!oldest.done) this.#statements.delete(oldest.value)
    }
    this.#statements.set(sql, cached)
    return cached
  }
}

/** The driver binds a number as a real; on PostgreSQL whole ones are integers, so here too (`? / 2`). */
function toInput(params: readonly unknown[]): SQLInputValue[] {
  return params.map((value) =>
    // The driver refuses what is not a value of SQLite.
    Number.isSafeInteger(value) ? BigInt(value as number) : (value as SQLInputValue),
  )
}

function toRows(arrays: unknown, columns: readonly string[]): Row[] {
  // With `returnArrays` a row is an array, which the driver's types do not say.
  return (arrays as unknown[][]).map((values) => {
    const row: Row = {}
    for (let i = 0; i < columns.length; i += 1) row[columns[i] as string] = values[i]
    return row
  })
}
