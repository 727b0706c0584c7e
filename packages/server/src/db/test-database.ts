// For tests: a fresh, migrated database of either kind for each `open()`, gone when the test ends.

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe } from 'node:test'
import pg from 'pg'
import { type Clock, fakeClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import type { Database, Dialect } from './database.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open.ts'

/** Administrator's address of a PostgreSQL where databases may be made; set by the test runner. */
const adminUrl = process.env.ENTREPOT_TEST_POSTGRES

export interface TestDatabaseAddress {
  readonly url?: string
  readonly sqlitePath?: string
}

type Open = (options?: { clock?: Clock }) => Promise<Database>

/** Registers the suite once per database; without a PostgreSQL its half is skipped by name. */
export function onEachDatabase(name: string, suite: (open: Open, dialect: Dialect) => void): void {
  for (const dialect of ['sqlite', 'postgres'] as const) {
    const skip = dialect === 'postgres' && !adminUrl ? 'ENTREPOT_TEST_POSTGRES is not set' : false
    describe(`${name} (${dialect})`, { skip }, () => {
      const cleanups: (() => Promise<void>)[] = []
      afterEach(async () => {
        for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
      })
      suite(async ({ clock = fakeClock() } = {}) => {
        const { address, drop } = await createTestDatabase(dialect)
        cleanups.push(drop)
        const db = await openDatabase({ ...address, log: silentLog, clock })
        cleanups.push(() => db.close())
        await migrate(db)
        return db
      }, dialect)
    })
  }
}

/** An empty database that the caller opens, and drops when all of its connections are closed. */
export async function createTestDatabase(
  dialect: Dialect,
): Promise<{ address: TestDatabaseAddress; drop: () => Promise<void> }> {
  if (dialect === 'sqlite') {
    const folder = await mkdtemp(join(tmpdir(), 'entrepot-db-'))
    return {
      address: { sqlitePath: join(folder, 'entrepot.db') },
      drop: () => rm(folder, { recursive: true, force: true }),
    }
  }
  if (!adminUrl) throw new Error('ENTREPOT_TEST_POSTGRES is not set')
  const name = `entrepot_${randomBytes(8).toString('hex')}`
  await runAsAdmin(`create database ${name}`)
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return {
    address: { url: url.href },
    drop: () => runAsAdmin(`drop database if exists ${name} with (force)`),
  }
}

async function runAsAdmin(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
