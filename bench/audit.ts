// How long look-ups in an audit log of ten million rows take, on SQLite and on PostgreSQL: the first time that a page
// is asked for and the median of the next ones. Rows are made inside the database, before its indexes.
//
// A folder and an address keep what was filled for the next time.
//
//   node bench/audit.ts [rows] [folder of a SQLite database] [address of a PostgreSQL database]

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { sql } from 'kysely'
import { recordAudit } from '../packages/server/src/audit/audit.ts'
import {
  listEventNames,
  type Search,
  searchAudit,
  type Wanted,
} from '../packages/server/src/audit-log/search.ts'
import { systemClock } from '../packages/server/src/clock.ts'
import type { Database } from '../packages/server/src/db/database.ts'
import { migrate } from '../packages/server/src/db/migrate.ts'
import { openDatabase } from '../packages/server/src/db/open.ts'
import { silentLog } from '../packages/server/src/log.ts'
import { startPostgres } from '../test/postgres.ts'
import { median } from './report.ts'

const [rowsText = '10000000', keptFolder, keptUrl] = process.argv.slice(2)
const rows = Number(rowsText)
const runs = 20
const goalMs = 100
const owner = 100_000_000_001
const firstAt = Date.UTC(2026, 5, 1)
const spanMs = 30 * 24 * 60 * 60_000
const clock = systemClock()

/** Nine of ten rows are pulls of one large account; the rest is everything else, and one needle of each kind. */
const row = `
  ${firstAt} + cast(i * ${spanMs / rows} as bigint),
  case when i % 10 = 9 then 'tcr-' || (i % 50) else 'tcr-0' end,
  case when i = ${rows / 2} then 'needle' else '1000' || (i * 7919 % 1000) end,
  case when i = ${rows / 2} then 'api-key:needle' else 'long-term:' || (i * 104729 % 2000) end,
  case when i = ${rows / 2} then '203.0.113.9' else '192.0.' || (i * 31 % 20) || '.' || (i * 17 % 250) end,
  'docker/29.0.0',
  case when i = ${rows / 2} then 'tcr:DeleteInstance' when i % 10 < 9 then 'tcr:PullRepository'
    when i % 1000 = 9 then 'tcr:CreateNamespace' else 'tcr:PushRepository' end,
  case when i = ${rows / 2} then 'instance/needle' else 'team-' || (i * 13 % 200) || '/app-' || (i * 37 % 20000) end,
  'v1',
  case when i % 50000 = 7 then 'refused' else 'ok' end,
  case when i % 50000 = 7 then 'not-granted' end,
  'request-' || i,
  1,
  case when i % 100 = 99 then ${owner} + i % 200 else ${owner} end,
  case when i = ${rows / 2} then 'DeleteInstance' when i % 10 < 9 then 'PullRepository'
    when i % 1000 = 9 then 'CreateNamespace' else 'PushRepository' end,
  case when i = ${rows / 2} then 'needle' else 'team-' || (i * 13 % 200) || '/app-' || (i * 37 % 20000) end`

const columns = `at, instance_id, actor, credential, address, agent, action, resource, reference, result,
  reason, request_id, count, owner_uin, event, resource_name`

async function fill(db: Database): Promise<void> {
  const { count } = await db.heavy
    .selectFrom('audit')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  if (Number(count) >= rows) return
  const indexes = await listIndexes(db)
  for (const { name } of indexes) await sql`drop index ${sql.id(name)}`.execute(db.heavy)
  const numbers =
    db.dialect === 'sqlite'
      ? `(with recursive n (i) as (select 1 union all select i + 1 from n where i < ${rows}) select i from n)`
      : `generate_series(1::bigint, ${rows}::bigint)`
  await sql
    .raw(
      `insert into audit (${columns}) select ${row} from ${numbers} as n (i)`.replace(
        db.dialect === 'sqlite' ? ' as n (i)' : '\0',
        '',
      ),
    )
    .execute(db.heavy)
  for (const { definition } of indexes) await sql.raw(definition).execute(db.heavy)
  if (db.dialect === 'postgres') await sql`analyze audit`.execute(db.heavy)
}

async function listIndexes(db: Database): Promise<{ name: string; definition: string }[]> {
  const { rows } =
    db.dialect === 'sqlite'
      ? await sql<{ name: string; definition: string }>`select name, sql as definition
          from sqlite_schema where type = 'index' and tbl_name = 'audit'`.execute(db.heavy)
      : await sql<{ name: string; definition: string }>`select indexname as name,
          indexdef as definition from pg_indexes
          where tablename = 'audit' and indexname <> 'audit_pkey'`.execute(db.heavy)
  return rows
}

const middle = `request-${rows / 2 + 1}`
const cases: readonly (readonly [string, Wanted, Partial<Search>?])[] = [
  ['no attribute, newest', {}],
  ['no attribute, oldest 1000 (export)', {}, { order: 'oldest', limit: 1000 }],
  ['no attribute, after half of them', {}, { after: { at: firstAt + spanMs / 2, id: rows / 2 } }],
  ['PrincipalId, common', { actor: '10007' }],
  ['PrincipalId, once', { actor: 'needle' }],
  ['AccessKeyId, four kinds of credential', credentials('7')],
  ['AccessKeyId, once', credentials('needle')],
  ['EventName, nine of ten', { events: ['PullRepository'] }],
  ['EventName, once', { events: ['DeleteInstance'] }],
  ['ActionType Write, after a look at which there are', {}],
  ['ResourceName', { resourceName: 'team-13/app-37' }],
  ['ResourceName, once', { resourceName: 'needle' }],
  ['ResourceId, an instance', { instanceIds: ['tcr-9'] }],
  ['SourceIPAddress', { address: '192.0.1.7' }],
  ['SourceIPAddress, once', { address: '203.0.113.9' }],
  ['RequestId', { requestId: middle }],
  ['ApiErrorCode, refused', { results: ['refused'] }],
  ['ApiErrorCode, a reason', { results: ['refused'], reason: 'not-granted' }],
  ['two, both common', { events: ['PushRepository'], actor: '10009' }],
  ['two, both common, nothing has both', { actor: '10007', address: '192.0.3.8' }],
  ['nothing has it', { actor: 'nobody' }],
]

function credentials(id: string): Wanted {
  const kinds = ['api-key', 'temporary-key', 'long-term', 'service-account']
  return { credentials: kinds.map((kind) => `${kind}:${id}`) }
}

async function look(db: Database, name: string, wanted: Wanted, more: Partial<Search>) {
  const owners = [owner, 0]
  let asked = wanted
  if (name.startsWith('ActionType')) {
    const events = await listEventNames(db.heavy, owners)
    asked = { events: events.filter((event) => event !== 'PullRepository') }
  }
  return searchAudit(db.heavy, clock, {
    owners,
    from: firstAt,
    until: firstAt + spanMs,
    wanted: asked,
    order: 'newest',
    after: undefined,
    limit: 50,
    ...more,
  })
}

interface Times {
  readonly firstMs: number
  readonly medianMs: number
  readonly found: number
}

async function measure(db: Database): Promise<Map<string, Times>> {
  const times = new Map<string, Times>()
  for (const [name, wanted, more = {}] of cases) {
    const ms: number[] = []
    let found = 0
    for (let run = 0; run <= runs; run += 1) {
      const startedMs = performance.now()
      found = (await look(db, name, wanted, more)).rows.length
      ms.push(performance.now() - startedMs)
    }
    const [firstMs = 0, ...later] = ms
    times.set(name, { firstMs, medianMs: median(later), found })
  }
  return times
}

/** What a push pays for its row: a transaction of a hundred of them, in milliseconds each. */
async function measureWriting(db: Database): Promise<number> {
  const ms: number[] = []
  for (let run = 0; run < runs; run += 1) {
    const startedMs = performance.now()
    await db.write(async (tx) => {
      for (let i = 0; i < 100; i += 1) {
        await recordAudit(tx, {
          at: firstAt + spanMs + run * 100 + i,
          instanceId: null,
          ownerUin: owner,
          origin: {
            actor: `1000${i}`,
            credential: `long-term:${i}`,
            address: `192.0.1.${i}`,
            agent: 'docker/29.0.0',
            requestId: `written-${run}-${i}`,
          },
          action: 'tcr:PushRepository',
          resource: `team-${i}/app-${i}`,
          reference: 'v1',
          result: 'ok',
        })
      }
    })
    ms.push((performance.now() - startedMs) / 100)
  }
  return median(ms)
}

async function bench(db: Database): Promise<{ times: Map<string, Times>; writeMs: number }> {
  await migrate(db)
  const startedMs = performance.now()
  await fill(db)
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0)
  console.log(`${db.dialect}: ${rows} rows after ${seconds} s`)
  const times = await measure(db)
  const writeMs = await measureWriting(db)
  await db.close()
  return { times, writeMs }
}

const folder = keptFolder ?? mkdtempSync(join(tmpdir(), 'entrepot-audit-'))
const postgres = keptUrl === undefined ? await startPostgres() : undefined
try {
  const ground = { log: silentLog, clock }
  const path = join(folder, 'audit.sqlite')
  const sqlite = await bench(await openDatabase({ ...ground, sqlitePath: path }))
  const server = await bench(await openDatabase({ ...ground, url: keptUrl ?? postgres?.url ?? '' }))
  console.log(
    '\n| look-up | found | SQLite: first; median ms | PostgreSQL: first; median ms |\n|---|---|---|---|',
  )
  for (const [name, first] of sqlite.times) {
    const other = server.times.get(name)
    const cell = (times: Times | undefined) =>
      `${times?.firstMs.toFixed(1)}; ${times?.medianMs.toFixed(1)}`
    console.log(`| ${name} | ${first.found} | ${cell(first)} | ${cell(other)} |`)
  }
  const worst = Math.max(
    ...[...sqlite.times.values(), ...server.times.values()].map(({ medianMs }) => medianMs),
  )
  console.log(`\nworst median ${worst.toFixed(1)} ms (goal: ${goalMs})`)
  const written = [sqlite.writeMs, server.writeMs].map((ms) => (ms * 1000).toFixed(0))
  console.log(`writing a row: SQLite ${written[0]} µs, PostgreSQL ${written[1]} µs`)
} finally {
  await postgres?.stop()
  if (keptFolder === undefined) rmSync(folder, { recursive: true })
}
