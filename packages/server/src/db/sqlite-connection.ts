// One connection to the SQLite file, with its statements kept by their text.

import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { Row, StatementOutcome } from './kysely.ts'

/** More texts than the program has; lists of varying length (`in (?, ?, …)`) push the oldest out. */
const maxCachedStatements = 500

/** Pages of each connection; the operating system keeps the rest at a µs a page. */
const cacheKib = 8192

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
    this.#db.exec(`pragma cache_size = -${cacheKib}`)
  }

  get isTransaction(): boolean {
    return this.#db.isTransaction
  }

  /** For statements without parameters and rows: begin, commit, pragma. */
  exec(sql: string): void {
    this.#db.exec(sql)
  }

  all(sql: string, params: readonly unknown[]): Row[] {
    return this.execute(sql, params).rows
  }

  execute(sql: string, params: readonly unknown[]): StatementOutcome {
    const { statement, columns } = this.#prepared(sql)
    if (columns.length === 0) {
      return { rows: [], changes: Number(statement.run(...toInput(params)).changes) }
    }
    // With `returnArrays` a row is an array, which the driver's types do not say.
    const arrays = statement.all(...toInput(params)) as unknown as unknown[][]
    // A migration by another process may have widened `select *`: the driver compiles it anew, silently.
    const isWidened = arrays[0] && arrays[0].length !== columns.length
    const rows = toRows(arrays, isWidened ? columnNames(statement) : columns)
    return { rows, changes: rows.length }
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
    const cached = { statement, columns: columnNames(statement) }
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

function columnNames(statement: StatementSync): string[] {
  return statement.columns().map((column) => column.name)
}

function toRows(arrays: readonly unknown[][], columns: readonly string[]): Row[] {
  return arrays.map((values) => {
    const row: Row = {}
    for (let i = 0; i < columns.length; i += 1) row[columns[i] as string] = values[i]
    return row
  })
}
