// Statements that the two databases do not share: both forms of each, side by side, and nowhere else.

import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Queryable, Tx } from './database.ts'
import { dialectOf } from './dialect.ts'
import { isPostgresUniqueViolation } from './postgres-errors.ts'
import type { Schema } from './schema.ts'
import { isSqliteUniqueViolation } from './sqlite-errors.ts'

/** A row with these values of a unique key was there before. */
export function isUniqueViolation(error: unknown): boolean {
  return isSqliteUniqueViolation(error) || isPostgresUniqueViolation(error)
}

/**
 * A limit that is a parameter. SQLite looks at the value of a bare one when it plans, and so plans the
 * statement anew on every run: 10 µs of the 27 that a page of 100 rows takes.
 */
export function boundLimit(limit: RawBuilder<number>): RawBuilder<number> {
  return sql<number>`cast(${limit} as integer)`
}

/** More texts become one parameter: both databases take some ten thousands of them. */
const maxListed = 16

export function isOneOf(
  db: Queryable,
  text: RawBuilder<string | null>,
  texts: readonly string[],
): RawBuilder<SqlBool> {
  if (texts.length <= maxListed) return sql<SqlBool>`(${text} in (${sql.join([...texts])}))`
  return dialectOf(db) === 'sqlite'
    ? sql<SqlBool>`(${text} in (select value from json_each(${JSON.stringify(texts)})))`
    : sql<SqlBool>`(${text} = any(${[...texts]}::text[]))`
}

/** One of these pairs of texts; PostgreSQL plans it as a join, SQLite as a look into an index. */
export function isOneOfPairs(
  db: Queryable,
  [left, right]: readonly [RawBuilder<string>, RawBuilder<string>],
  pairs: readonly (readonly [string, string])[],
): RawBuilder<SqlBool> {
  return dialectOf(db) === 'sqlite'
    ? sql<SqlBool>`((${left}, ${right}) in (select json_extract(value, '$[0]'),
        json_extract(value, '$[1]') from json_each(${JSON.stringify(pairs)})))`
    : sql<SqlBool>`((${left}, ${right}) in (select * from unnest(
        ${pairs.map(([first]) => first)}::text[], ${pairs.map(([, second]) => second)}::text[])))`
}

/** Of patterns for `LIKE`, in which `\\` escapes. */
export function matchesOneOf(
  db: Queryable,
  text: RawBuilder<string>,
  patterns: readonly string[],
): RawBuilder<SqlBool> {
  return dialectOf(db) === 'sqlite'
    ? sql<SqlBool>`exists (select 1 from json_each(${JSON.stringify(patterns)}) as pattern
        where ${text} like pattern.value escape '\\')`
    : sql<SqlBool>`exists (select 1 from unnest(${[...patterns]}::text[]) as pattern (value)
        where ${text} like pattern.value escape '\\')`
}

/** Milliseconds since 1970 by the database server; undefined where there is no server but this machine. */
export async function serverNow(db: Queryable): Promise<number | undefined> {
  if (dialectOf(db) === 'sqlite') return undefined
  const { rows } = await sql<{ now: number }>`
    select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(db)
  return rows[0]?.now
}

/** A read that holds its rows against deletion and change of key; SQLite has one writer. */
export function forKeyShare<Q extends { forKeyShare(): Q }>(db: Queryable, query: Q): Q {
  return dialectOf(db) === 'sqlite' ? query : query.forKeyShare()
}

/** A read that holds its rows against every other change and lock; SQLite has one writer. */
export function forUpdate<Q extends { forUpdate(): Q }>(tx: Tx, query: Q): Q {
  return dialectOf(tx) === 'sqlite' ? query : query.forUpdate()
}

type TableWithId = {
  [T in keyof Schema]: Schema[T] extends { id: string } ? T : never
}[keyof Schema]

/**
 * Holds rows against every other change and lock until the transaction ends. Ids are locked in ascending
 * order, so that two who lock some of the same rows cannot wait for each other. SQLite has one writer.
 */
export async function lockForUpdate(
  tx: Tx,
  table: TableWithId,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0 || dialectOf(tx) === 'sqlite') return
  await sql`select id from ${sql.table(table)} where id = any(${[...ids]}::text[])
    order by id for update`.execute(tx)
}

/**
 * Every transaction with an id below this is committed or rolled back: readers of `events` stay below it.
 * On SQLite transactions are serial and an event's `transaction_id` is 0: there is nothing to wait for.
 */
export async function decidedBelow(db: Queryable): Promise<number> {
  if (dialectOf(db) === 'sqlite') return Number.MAX_SAFE_INTEGER
  const { rows } = await sql<{ xmin: number }>`
    select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as xmin`.execute(db)
  return rows[0]?.xmin ?? 0
}

/** Transactions run one after the other, so that the numbers of rows are in the order of their commits. */
export function isSerial(db: Queryable): boolean {
  return dialectOf(db) === 'sqlite'
}

/**
 * Names the index to use, behind the table's name. Without statistics SQLite takes one more equality for little and
 * may prefer a shorter index; PostgreSQL has statistics.
 */
export function byIndex(db: Queryable, name: string): RawBuilder<unknown> {
  return dialectOf(db) === 'sqlite' ? sql`indexed by ${sql.id(name)}` : sql``
}

/** Held to the end of the transaction by the one process that migrates. */
export async function lockAgainstStarters(tx: Tx): Promise<void> {
  // `BEGIN IMMEDIATE` holds the only write lock already.
  if (dialectOf(tx) === 'sqlite') return
  await sql`select pg_advisory_xact_lock(${migrationLock})`.execute(tx)
}

/** Any fixed number; distinguishes our lock from others on the same PostgreSQL database. */
const migrationLock = 0x454e5452

export async function tableNames(db: Queryable): Promise<string[]> {
  const { rows } =
    dialectOf(db) === 'sqlite'
      ? await sql<{ name: string }>`select name from sqlite_schema
          where type = 'table' and name not like 'sqlite_%' order by name`.execute(db)
      : await sql<{ name: string }>`select tablename as name from pg_tables
          where schemaname = current_schema() order by tablename`.execute(db)
  return rows.map(({ name }) => name)
}
