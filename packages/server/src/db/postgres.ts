// PostgreSQL (14 and later) through two pools: one for short statements, one for `heavy` ones.

import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { PoolClient } from 'pg'
import { systemClock } from '../clock.ts'
import type { Database, OpenOptions, Tx } from './database.ts'
import { kyselyOver } from './kysely.ts'
import { checkPostgres } from './postgres-check.ts'
import { fromPostgresError, isConnectionLoss, isRetryable, isStalePlan } from './postgres-errors.ts'
import { PostgresPool } from './postgres-pool.ts'
import type { Prepared } from './prepared.ts'
import {
  assertOpen,
  assertOutsideTransaction,
  type TransactionScope,
  withinTransaction,
} from './transaction-scope.ts'

/** More than one process of Node can keep busy; all processes together stay below the usual 100. */
const poolConnections = 10
const heavyConnections = 2
const statementTimeoutMs = 15_000
const heavyTimeoutMs = 10 * 60_000
/** How often a transaction is run that others got in the way of. */
const maxAttempts = 8
const attemptDelayMs = 10

const clock = systemClock()

export async function openPostgres(url: string, { log }: OpenOptions): Promise<Database> {
  const pool = new PostgresPool({
    url,
    log,
    connections: poolConnections,
    timeoutMs: statementTimeoutMs,
  })
  try {
    await checkPostgres(pool, url)
  } catch (error) {
    await pool.close()
    throw error
  }
  const heavyPool = new PostgresPool({
    url,
    log,
    connections: heavyConnections,
    timeoutMs: heavyTimeoutMs,
  })
  return {
    dialect: 'postgres',
    read: kyselyOver('postgres', (sql, params) => {
      assertOutsideTransaction()
      return pool.execute(sql, params)
    }),
    heavy: kyselyOver('postgres', (sql, params) => {
      assertOutsideTransaction()
      return heavyPool.execute(sql, params)
    }),
    // Whatever it is to survive: without waiting for the disk, rows would not survive the server's end.
    write: (work) => write(pool, work),
    fetch: (query, params) => fetch(pool, query, params),
    async ping() {
      const startedAtMs = clock.monotonicMs()
      await pool.execute('select 1', [])
      return clock.monotonicMs() - startedAtMs
    },
    async close() {
      await Promise.all([pool.close(), heavyPool.close()])
    },
  }
}

async function write<T>(pool: PostgresPool, work: (tx: Tx) => Promise<T>): Promise<T> {
  assertOutsideTransaction()
  for (let attempts = 1; ; attempts += 1) {
    const client = await pool.acquire()
    let broken = false
    try {
      return await transact(client, work)
    } catch (error) {
      // A lost connection took its transaction with it, also when nobody hears the rollback.
      broken = isConnectionLoss(error) || !(await rollback(client))
      if (!isRetryable(error) || attempts >= maxAttempts) throw fromPostgresError(error)
    } finally {
      client.release(broken)
    }
    await delay(attemptDelayMs * attempts * Math.random())
  }
}

/** Errors are the server's own, so that the caller can tell which are worth another attempt. */
async function transact<T>(client: PoolClient, work: (tx: Tx) => Promise<T>): Promise<T> {
  const scope: TransactionScope = { open: true }
  const tx = kyselyOver('postgres', async (sql, params) => {
    assertOpen(scope)
    const { rows, rowCount } = await client.query(sql, [...params])
    return { rows, changes: rowCount ?? 0 }
  })
  try {
    await client.query('begin isolation level read committed')
    // Here, and only here, a `Queryable` becomes a `Tx`.
    const value = await withinTransaction(scope, () => work(tx as Tx))
    scope.open = false
    // After a failed statement whose error the work swallowed, COMMIT succeeds as a ROLLBACK.
    const { command } = await client.query('commit')
    assert.equal(command, 'COMMIT', 'a statement of this transaction failed and was ignored')
    return value
  } finally {
    scope.open = false
  }
}

async function rollback(client: PoolClient): Promise<boolean> {
  try {
    await client.query('rollback')
    return true
  } catch {
    // The connection goes instead, and the server rolls back what was open on it.
    return false
  }
}

async function fetch<P extends object, R>(
  pool: PostgresPool,
  query: Prepared<P, R>,
  params: P,
): Promise<R[]> {
  assertOutsideTransaction()
  const statement = query.compiled('postgres')
  for (let attempts = 1; ; attempts += 1) {
    const client = await pool.acquire()
    let broken = false
    try {
      const { rows } = await client.query({
        name: statement.name,
        text: statement.sql,
        values: statement.bind(params),
      })
      // The columns are those that the query was compiled from.
      return rows as R[]
    } catch (error) {
      broken = isConnectionLoss(error) || isStalePlan(error)
      if (!isStalePlan(error) || attempts >= maxAttempts) throw fromPostgresError(error)
    } finally {
      client.release(broken)
    }
  }
}
