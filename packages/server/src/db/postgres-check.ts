// What must hold of a PostgreSQL before anything is asked of it.

import { ApiError } from '@entrepot/contract/errors.ts'
import { StartError } from '../start-error.ts'
import type { PostgresPool } from './postgres-pool.ts'

const oldestVersion = 14

export async function checkPostgres(pool: PostgresPool, url: string): Promise<void> {
  const { version, encoding } = await askServer(pool, url)
  if (version < oldestVersion * 10_000) {
    const found = Math.floor(version / 10_000)
    throw new StartError(
      `the database server is PostgreSQL ${found}; ${oldestVersion} or later is needed.`,
    )
  }
  if (encoding !== 'UTF8') {
    throw new StartError(
      `the database ${place(url)} has the encoding ${encoding}. Create one with the encoding UTF8.`,
    )
  }
}

async function askServer(pool: PostgresPool, url: string) {
  try {
    const { rows } = await pool.execute(
      `select current_setting('server_version_num')::int as version,
        pg_encoding_to_char(encoding) as encoding
      from pg_database where datname = current_database()`,
      [],
    )
    return { version: Number(rows[0]?.version), encoding: rows[0]?.encoding }
  } catch (error) {
    throw new StartError(
      `the database ${place(url)} can't be reached: ${reasonOf(error)}. Start it, or correct ENTREPOT_DATABASE_URL.`,
      error,
    )
  }
}

/** The address without its user and password. */
function place(url: string): string {
  if (!URL.canParse(url)) return 'of ENTREPOT_DATABASE_URL'
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}

function reasonOf(error: unknown): string {
  const cause = error instanceof ApiError ? error.cause : error
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join('; ')
  return cause instanceof Error ? cause.message : String(cause)
}
