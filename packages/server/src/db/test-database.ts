// For tests: a fresh, migrated database of either kind for each `open()`, gone when the test ends.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe } from 'node:test'
import { type Clock, fakeClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import type { Database, Dialect } from './database.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open.ts'
import { newDatabaseName, query, takeReadyDatabase, urlOf } from './test-ready-databases.ts'

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
        const { address, drop } = await createMigratedDatabase(dialect)
        cleanups.push(drop)
        const db = await openDatabase({ ...address, log: silentLog, clock })
        cleanups.push(() => db.close())
        await migrate(db)
        return db
      }, dialect)
    })
  }
}

interface TestDatabase {
  readonly address: TestDatabaseAddress
  readonly drop: () => Promise<void>
}

/** As `createTestDatabase`; one of PostgreSQL is migrated already. */
export async function createMigratedDatabase(dialect: Dialect): Promise<TestDatabase> {
  if (dialect === 'sqlite') return createTestDatabase(dialect)
  const { url, giveBack } = await takeReadyDatabase(getAdminUrl())
  return { address: { url }, drop: giveBack }
}

/** An empty database that the caller opens, and drops when all of its connections are closed. */
export async function createTestDatabase(dialect: Dialect): Promise<TestDatabase> {
  if (dialect === 'sqlite') {
    const folder = await mkdtemp(join(tmpdir(), 'entrepot-db-'))
    return {
      address: { sqlitePath: join(folder, 'entrepot.db') },
      drop: () => rm(folder, { recursive: true, force: true }),
    }
  }
  const admin = getAdminUrl()
  const name = newDatabaseName()
  const run = (statement: string) => query(admin, (client) => client.query(statement))
  await run(`create database ${name}`)
  return {
    address: { url: urlOf(admin, name) },
    drop: async () => {
      await run(`drop database if exists ${name} with (force)`)
    },
  }
}

function getAdminUrl(): string {
  if (!adminUrl) throw new Error('ENTREPOT_TEST_POSTGRES is not set')
  return adminUrl
}
