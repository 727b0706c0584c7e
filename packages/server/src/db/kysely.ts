// Kysely as it is used here: it types and compiles statements; connections and transactions are ours.

import {
  type CompiledQuery,
  type ConnectionProvider,
  type DatabaseConnection,
  type DatabaseIntrospector,
  DefaultQueryExecutor,
  type DialectAdapter,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Dialect, Queryable } from './database.ts'
import type { Schema } from './schema.ts'

export type Row = Record<string, unknown>

export interface StatementOutcome {
  readonly rows: Row[]
  readonly changes: number
}

type Execute = (
  sql: string,
  params: readonly unknown[],
) => StatementOutcome | Promise<StatementOutcome>

// Both are without state of their own, and a transaction's Kysely is made anew each time.
const adapters: Record<Dialect, DialectAdapter> = {
  sqlite: new SqliteAdapter(),
  postgres: new PostgresAdapter(),
}

const compilers: Record<Dialect, QueryCompiler> = {
  sqlite: new SqliteQueryCompiler(),
  postgres: new PostgresQueryCompiler(),
}

/** A Kysely whose statements go through `execute`; it begins no transactions itself. */
export function kyselyOver(dialect: Dialect, execute: Execute): Queryable {
  const connection: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const { rows, changes } = await execute(query.sql, query.parameters)
      return { rows: rows as R[], numAffectedRows: BigInt(changes) }
    },
    streamQuery() {
      throw new Error('a list is read in pages, not as a stream')
    },
  }
  const adapter = adapters[dialect]
  const compiler = compilers[dialect]
  // Put together by hand: Kysely's own provider and driver would add turns to each statement, for
  // connections that it would open, log and release.
  const provider: ConnectionProvider = { provideConnection: (consume) => consume(connection) }
  const executor = new DefaultQueryExecutor(compiler, adapter, provider)
  const parts = {
    createAdapter: () => adapter,
    createDriver: () => driver,
    createIntrospector: introspectors[dialect],
    createQueryCompiler: () => compiler,
  }
  return new Kysely<Schema>({ config: { dialect: parts }, dialect: parts, driver, executor })
}

const introspectors: Record<Dialect, (db: Kysely<unknown>) => DatabaseIntrospector> = {
  sqlite: (db) => new SqliteIntrospector(db),
  postgres: (db) => new PostgresIntrospector(db),
}

const driver: Driver = {
  init: async () => {},
  acquireConnection: refuseTransaction,
  beginTransaction: refuseTransaction,
  commitTransaction: refuseTransaction,
  rollbackTransaction: refuseTransaction,
  releaseConnection: async () => {},
  destroy: async () => {},
}

async function refuseTransaction(): Promise<never> {
  throw new Error('transactions are begun by Database.write() only')
}
