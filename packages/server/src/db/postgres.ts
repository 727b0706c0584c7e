// PostgreSQL (14 and later) through a pool of connections.

import assert from 'node:assert/strict'
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Database, OpenOptions, Tx } from './database.ts'
import { kyselyOver, type Row, type StatementOutcome } from './kysely.ts'
import { fromPostgresError, isRetryable } from './postgres-errors.ts'
import { valueParsers } from './postgres-values.ts'
import type { Prepared } from './prepared.ts'

const poolConnections = 20
const heavyConnections = 2
const connectTimeoutMs = 10_000
const statementTimeoutMs = 15_000
const heavyTimeoutMs = 10 * 60_000
const idleInTransactionTimeoutMs = 15_000
/** How often a transaction is repeated that another one got in the way of. */
const maxAttempts = 8
const attemptDelayMs = 10

export async function openPostgres(url: string, options: OpenOptions): Promise<Database> {
  const pool = openPool(url, poolConnections, statementTimeoutMs, options)
  const heavyPool = openPool(url, heavyConnections, heavyTimeoutMs, options)

  return {
    dialect: 'postgres',
    read: kyselyOver('postgres', (sql, params) => execute(pool, sql, params)),
    heavy: kyselyOver('postgres', (sql, params) => execute(heavyPool, sql, params)),
    async write(work) {
      for (let attempts = 1; ; attempts += 1) {
        try {
          return await transact(pool, work)
        } catch (error) {
          if (!isRetryable(error) || attempts >= maxAttempts) throw fromPostgresError(error)
          await delay(attemptDelayMs * attempts * Math.random())
        }
      }
    },
    async fetch<P extends object, R>(query: Prepared<P, R>, params: P) {
      const { name, sql, bind } = query.compiled('postgres')
      try {
        const { rows } = await pool.query({ name, text: sql, values: bind(params) })
        return rows as R[]
      } catch (error) {
        throw fromPostgresError(error)
      }
    },
    async ping() {
      const startedAt = performance.now()
      await execute(pool, 'select 1', [])
      return performance.now() - startedAt
    },
    async close() {
      await Promise.all([pool.end(), heavyPool.end()])
    },
  }
}

/** One attempt. Errors are the server's own, so that the caller can tell which are worth another. */
async function transact<T>(pool: pg.Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let open = true
  let broken = false
  const tx = kyselyOver('postgres', async (sql, params) => {
    assert(open, 'a transaction was used after its end')
    return toOutcome(await client.query(sql, [...params]))
  })
  try {
    await client.query('begin isolation level read committed')
    // Here, and only here, a `Queryable` becomes a `Tx`.
    const value = await work(tx as Tx)
    open = false
    // After a failed statement whose error the work swallowed, COMMIT succeeds as a ROLLBACK.
    const { command } = await client.query('commit')
    assert.equal(command, 'COMMIT', 'a statement of this transaction failed and was ignored')
    return value
  } catch (error) {
    open = false
    await client.query('rollback').catch(() => {
      // The connection is gone and the transaction with it.
      broken = true
    })
    throw error
  } finally {
    client.release(broken)
  }
}

async function execute(
  pool: pg.Pool,
  sql: string,
  params: readonly unknown[],
): Promise<StatementOutcome> {
  try {
    return toOutcome(await pool.query(sql, [...params]))
  } catch (error) {
    throw fromPostgresError(error)
  }
}

function toOutcome({ rows, rowCount }: pg.QueryResult<Row>): StatementOutcome {
  return { rows, changes: rowCount ?? 0 }
}

function openPool(url: string, max: number, timeoutMs: number, { log }: OpenOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: timeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    application_name: 'entrepot',
    keepAlive: true,
    types: valueParsers,
  })
  // Without a listener the loss of an idle connection would end the process; the pool replaces it.
  pool.on('error', (error) => log.warn({ err: error }, 'a database connection was lost'))
  return pool
}
