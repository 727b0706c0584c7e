// Queries that are compiled once: the hot reads of a pull and the hot writes of a push. Kysely types them and
// writes their SQL; afterwards only their text and the order of their parameters is used. Building and
// compiling a statement anew costs more than SQLite needs to run it.

import { CompiledQuery, type QueryResult, type RawBuilder, sql } from 'kysely'
import type { Database, Dialect, Queryable, Tx } from './database.ts'
import { dialectOf } from './dialect.ts'
import { kyselyOver } from './kysely.ts'

class Placeholder {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** The placeholder of a parameter, by its name. */
export type Param<P> = <K extends keyof P & string>(name: K) => RawBuilder<P[K]>

/** Placeholders for a row's columns, each with the column's name. */
export function columns<P, K extends keyof P & string>(
  p: Param<P>,
  names: readonly K[],
): { [N in K]: RawBuilder<P[N]> } {
  const entries = names.map((name) => [name, p(name)])
  // One entry for each name, of the type that `p` says.
  return Object.fromEntries(entries) as { [N in K]: RawBuilder<P[N]> }
}

interface Compilable<R> {
  compile(): CompiledQuery<R>
}

export interface CompiledStatement {
  /** Names the statement on a PostgreSQL connection. */
  readonly name: string
  readonly sql: string
  bind(params: object): unknown[]
}

export interface Prepared<P extends object, R> {
  compiled(dialect: Dialect): CompiledStatement
  /** Only for the compiler: what goes in and what comes out. */
  readonly signature?: (params: P) => R
}

// They compile and never run anything.
const compilers: Record<Dialect, Queryable> = {
  sqlite: kyselyOver('sqlite', refuseToRun),
  postgres: kyselyOver('postgres', refuseToRun),
}

let preparedCount = 0

/** `prepare<{ id: string }>()((db, p) => db.selectFrom('tags').selectAll().where('id', '=', p('id')))` */
export function prepare<P extends object>() {
  return <R>(build: (db: Queryable, p: Param<P>) => Compilable<R>): Prepared<P, R> => {
    preparedCount += 1
    const name = `q${preparedCount}`
    const byDialect = new Map<Dialect, CompiledStatement>()
    const p: Param<P> = (parameter) => sql`${new Placeholder(parameter)}`
    return {
      compiled(dialect) {
        let statement = byDialect.get(dialect)
        if (!statement) {
          statement = toStatement(name, build(compilers[dialect], p).compile())
          byDialect.set(dialect, statement)
        }
        return statement
      },
    }
  }
}

/** Runs one in a transaction; `numAffectedRows` says how many rows it changed. */
export function run<P extends object, R>(
  tx: Tx,
  query: Prepared<P, R>,
  params: P,
): Promise<QueryResult<R>> {
  const statement = query.compiled(dialectOf(tx))
  // The columns are those that the query was compiled from.
  return tx.executeQuery(CompiledQuery.raw(statement.sql, statement.bind(params))) as Promise<
    QueryResult<R>
  >
}

/** In a transaction nothing is read beside it. */
export async function fetchFrom<P extends object, R>(
  from: Database | Tx,
  query: Prepared<P, R>,
  params: P,
): Promise<R[]> {
  return 'fetch' in from ? from.fetch(query, params) : (await run(from, query, params)).rows
}

/** It inserted, changed or deleted a row. */
export function isChanged({ numAffectedRows }: Pick<QueryResult<unknown>, 'numAffectedRows'>) {
  return (numAffectedRows ?? 0n) > 0n
}

function toStatement(name: string, query: CompiledQuery): CompiledStatement {
  const slots = query.parameters
  return {
    name,
    sql: query.sql,
    bind(params) {
      const values = params as Readonly<Record<string, unknown>>
      return slots.map((slot) => (slot instanceof Placeholder ? values[slot.name] : slot))
    },
  }
}

function refuseToRun(): never {
  throw new Error('a prepared query is run by Database.fetch() or run()')
}
