// Kysely as it is used here: it types and compiles statements; connections and transactions are ours.

import {
  type CompiledQuery,
  type DatabaseConnection,
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

const adapters: Record<Dialect, () => DialectAdapter> = {
  sqlite: () => new SqliteAdapter(),
  postgres: () => new PostgresAdapter(),
}

const compilers: Record<Dialect, () => QueryCompiler> = {
  sqlite: () => new SqliteQueryCompiler(),
  postgres: () => new PostgresQueryCompiler(),
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
  const driver: Driver = {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: refuseTransaction,
    commitTransaction: refuseTransaction,
    rollbackTransaction: refuseTransaction,
    releaseConnection: async () => {},
    destroy: async () => {},
  }
  return new Kysely<Schema>({
    dialect: {
      createAdapter: adapters[dialect],
      createDriver: () => driver,
      createIntrospector: (db) =>
        dialect === 'sqlite' ? new SqliteIntrospector(db) : new PostgresIntrospector(db),
      createQueryCompiler: compilers[dialect],
    },
  })
}

async function refuseTransaction(): Promise<never> {
  throw new Error('transactions are begun by Database.write() only')
}
