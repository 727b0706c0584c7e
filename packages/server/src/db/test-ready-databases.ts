// Migrated PostgreSQL databases that tests take and give back, emptied: making one takes longer than most tests. Those
// that wait stand in a table of the administrator's database, for the next file too; one whose test died never does.

import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { fakeClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open.ts'

/** Rows that are gone still take room: after so many uses a new one is faster. */
const maxUses = 100

interface Ready {
  readonly name: string
  /** Of its tables, indexes and migrations: a test that changed them is the last. */
  readonly shape: string
  readonly uses: number
}

export async function takeReadyDatabase(
  adminUrl: string,
): Promise<{ readonly url: string; readonly giveBack: () => Promise<void> }> {
  const ready = (await takeWaiting(adminUrl)) ?? (await makeReady(adminUrl))
  const url = urlOf(adminUrl, ready.name)
  return {
    url,
    async giveBack() {
      const used = { ...ready, uses: ready.uses + 1 }
      const isEmpty = used.uses < maxUses && (await query(url, (client) => empty(client, used)))
      await query(adminUrl, (client) =>
        isEmpty
          ? client.query('insert into ready_databases values ($1, $2, $3, $4)', [
              ...[used.name, schema(), used.shape, used.uses],
            ])
          : client.query(`drop database if exists ${used.name} with (force)`),
      )
    },
  }
}

export function urlOf(adminUrl: string, name: string): string {
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return url.href
}

export async function query<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

export function newDatabaseName(): string {
  return `entrepot_${randomBytes(8).toString('hex')}`
}

let schemaHash: string | undefined

/** What the migrations are today: a server that outlives a change of theirs may hold databases of before. */
function schema(): string {
  if (schemaHash !== undefined) return schemaHash
  const hash = createHash('sha256')
  const folder = join(import.meta.dirname, 'migrations')
  for (const name of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, name)))
  schemaHash = hash.update(readFileSync(join(import.meta.dirname, 'migrate.ts'))).digest('hex')
  return schemaHash
}

async function takeWaiting(adminUrl: string): Promise<Ready | undefined> {
  return query(adminUrl, async (client) => {
    // Held until the connection ends: two that make the table at once would collide.
    await client.query("select pg_advisory_lock(hashtext('ready_databases'))")
    await client.query(`create table if not exists ready_databases
      (name text primary key, schema text not null, shape text not null, uses int not null)`)
    const { rows } = await client.query<Ready>(
      `delete from ready_databases where name =
        (select name from ready_databases where schema = $1 order by uses limit 1)
        returning name, shape, uses`,
      [schema()],
    )
    return rows[0]
  })
}

async function makeReady(adminUrl: string): Promise<Ready> {
  const name = newDatabaseName()
  await query(adminUrl, (client) => client.query(`create database ${name}`))
  const url = urlOf(adminUrl, name)
  const db = await openDatabase({ url, log: silentLog, clock: fakeClock() })
  await migrate(db)
  await db.close()
  return { name, shape: await query(url, findShape), uses: 0 }
}

async function findShape(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ shape: string }>(
    `select md5(string_agg(c.relname || '.' || a.attname, ',' order by c.relname, a.attname))
        || (select string_agg(version::text, ',' order by version) from schema_migrations) as shape
      from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace`,
  )
  return rows[0]?.shape ?? ''
}

/** False: it can't be used again. */
async function empty(client: pg.Client, { shape }: Ready): Promise<boolean> {
  // A process that the test let die may still hold locks.
  await client.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`)
  if ((await findShape(client)) !== shape) return false
  const tables = await client.query<{ name: string }>(
    `select tablename as name from pg_tables
      where schemaname = 'public' and tablename <> 'schema_migrations'`,
  )
  const sequences = await client.query<{ name: string }>(
    "select sequencename as name from pg_sequences where schemaname = 'public'",
  )
  await client.query(
    [
      // Foreign keys would want an order, and hold nothing of what goes altogether.
      'set session_replication_role = replica',
      ...tables.rows.map(({ name }) => `delete from "${name}"`),
      ...sequences.rows.map(({ name }) => `alter sequence "${name}" restart`),
    ].join(';'),
  )
  return true
}
