// Connections to PostgreSQL, and a bounded wait for one. A lost connection fails what ran on it and is
// replaced by the next question, so the server may go and come back.

import { ApiError } from '@entrepot/contract/errors.ts'
import pg from 'pg'
import type { Log } from '../log.ts'
import type { Row, StatementOutcome } from './kysely.ts'
import { databaseBusy, fromPostgresError, isConnectionLoss } from './postgres-errors.ts'
import { valueParsers } from './postgres-values.ts'

const connectTimeoutMs = 10_000
const idleInTransactionTimeoutMs = 15_000
/** Callers that wait for a connection; beyond it they are told to come again. */
const maxWaiting = 10_000
/** After the server's own limit, for a server that does not answer at all. */
const unansweredMs = 5000

export interface PoolSettings {
  readonly url: string
  readonly connections: number
  /** The longest that the server works on one statement. */
  readonly timeoutMs: number
  readonly log: Log
}

export class PostgresPool {
  readonly #pool: pg.Pool

  constructor({ url, connections, timeoutMs, log }: PoolSettings) {
    this.#pool = new pg.Pool({
      connectionString: url,
      max: connections,
      connectionTimeoutMillis: connectTimeoutMs,
      statement_timeout: timeoutMs,
      query_timeout: timeoutMs + unansweredMs,
      idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
      application_name: 'entrepot',
      keepAlive: true,
      types: valueParsers,
    })
    this.#pool.on('connect', (client) => {
      // Without a listener the loss of a connection in use would end the process; its statement fails.
      client.on('error', () => {})
    })
    this.#pool.on('error', (error) => log.warn('a database connection was lost', { error }))
  }

  /** The caller releases it, with `true` when it must not be used again. */
  async acquire(): Promise<pg.PoolClient> {
    if (this.#pool.waitingCount >= maxWaiting) throw databaseBusy(undefined)
    try {
      return await this.#pool.connect()
    } catch (error) {
      const isExhausted = this.#pool.totalCount >= this.#pool.options.max
      if (isExhausted && isConnectTimeout(error)) throw databaseBusy(error)
      if (this.#pool.ending) throw new ApiError('UNAVAILABLE', { cause: error })
      throw fromPostgresError(error)
    }
  }

  async execute(sql: string, params: readonly unknown[]): Promise<StatementOutcome> {
    const client = await this.acquire()
    let broken = false
    try {
      const { rows, rowCount } = await client.query<Row>(sql, [...params])
      return { rows, changes: rowCount ?? 0 }
    } catch (error) {
      broken = isConnectionLoss(error)
      throw fromPostgresError(error)
    } finally {
      client.release(broken)
    }
  }

  close(): Promise<void> {
    return this.#pool.end()
  }
}

function isConnectTimeout(error: unknown): boolean {
  return (
    error instanceof Error && error.message.startsWith('timeout exceeded when trying to connect')
  )
}
