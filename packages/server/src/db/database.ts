// What the rest of the server sees of a database. Rules that hold on both kinds:
// a transaction awaits nothing but its own statements (it may hold the only write lock there is);
// its work may run several times, so it has no effect outside; the answer comes after the commit is durable.

import type { Kysely } from 'kysely'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Prepared } from './prepared.ts'
import type { Schema } from './schema.ts'

export type Dialect = 'sqlite' | 'postgres'

/** What functions with SQL in them take first. */
export type Queryable = Kysely<Schema>

declare const txBrand: unique symbol

/** A `Queryable` inside `write()`: taken by functions that must be part of a transaction. */
export type Tx = Queryable & { readonly [txBrand]: true }

export interface WriteOptions {
  /**
   * What the transaction survives once it is answered: loss of power, unless only the end of our processes is
   * asked for (`kill`). That is for what promises no more, and is followed by no effect outside: a later write
   * for `power` makes it durable too, so nothing durable ever stands on what may be lost.
   */
  readonly survives?: 'power' | 'kill'
}

export interface Database {
  readonly dialect: Dialect
  /** Reads, each statement for itself. */
  readonly read: Queryable
  /** Statements that may take over 5 ms: a thread of its own on SQLite, a longer timeout on PostgreSQL. */
  readonly heavy: Queryable
  /**
   * `BEGIN IMMEDIATE` or `READ COMMITTED`. Repeated on 40001, 40P01 and SQLITE_BUSY.
   * Throws `TOO_MANY_REQUESTS`, `UNAVAILABLE` or `STORAGE_FULL` when the database is the reason.
   */
  write<T>(work: (tx: Tx) => Promise<T>, options?: WriteOptions): Promise<T>
  /** A prepared read without Kysely's layers; SQLite answers synchronously. */
  fetch<P extends object, R>(query: Prepared<P, R>, params: P): R[] | Promise<R[]>
  /** Milliseconds that the smallest question took. */
  ping(): Promise<number>
  close(): Promise<void>
}

export interface OpenOptions {
  readonly log: Log
  readonly clock: Clock
}
