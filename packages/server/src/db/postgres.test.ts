// What only PostgreSQL can get wrong: transactions that meet, connections that go, a server that is
// killed and comes back.

import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { ApiError } from '@entrepot/contract/errors.ts'
import { sql } from 'kysely'
import { startPostgres, type TestPostgres } from '../../../../test/postgres.ts'
import { fakeClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import type { Database, Queryable, Tx } from './database.ts'
import { lockForUpdate } from './forms.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open.ts'
import { prepare } from './prepared.ts'
import { createTestDatabase } from './test-database.ts'

const cleanups: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const findValue = prepare<{ key: string }>()((db, p) =>
  db.selectFrom('meta').selectAll().where('key', '=', p('key')),
)

async function open(url: string): Promise<Database> {
  const db = await openDatabase({ url, log: silentLog, clock: fakeClock() })
  cleanups.push(() => db.close())
  return db
}

async function openFresh(): Promise<{ db: Database; other: Database; url: string }> {
  const { address, drop } = await createTestDatabase('postgres')
  cleanups.push(drop)
  const url = address.url ?? ''
  const db = await open(url)
  await migrate(db)
  return { db, other: await open(url), url }
}

function insert(tx: Tx, key: string): Promise<unknown> {
  return tx.insertInto('meta').values({ key, value: '' }).execute()
}

async function addOne(tx: Queryable, key: string): Promise<void> {
  await tx
    .updateTable('meta')
    .set((eb) => ({ value: eb('value', '||', 'x') }))
    .where('key', '=', key)
    .execute()
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof ApiError && error.code === code
}

/** Ends every other connection to this database, as an administrator would. */
async function endConnections(db: Database): Promise<void> {
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`.execute(db.read)
}

const needsServer = {
  skip: process.env.ENTREPOT_TEST_POSTGRES ? false : 'ENTREPOT_TEST_POSTGRES is not set',
}

describe('transactions that meet (postgres)', needsServer, () => {
  it('repeat after a deadlock', async () => {
    const { db } = await openFresh()
    await db.write(async (tx) => {
      await insert(tx, 'a')
      await insert(tx, 'b')
    })
    let runs = 0
    const firstLocks = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const bothHold = Promise.all(firstLocks.map(({ promise }) => promise))
    const cross = (index: number, first: string, second: string) =>
      db.write(async (tx) => {
        runs += 1
        await addOne(tx, first)
        firstLocks[index]?.resolve()
        // The rule is broken on purpose: only so do both hold a lock that the other wants.
        await bothHold
        await addOne(tx, second)
      })
    await Promise.all([cross(0, 'a', 'b'), cross(1, 'b', 'a')])
    // One was chosen to give way, once or more.
    assert.ok(runs > 2, `${runs} runs`)
    assert.deepEqual(await db.fetch(findValue, { key: 'a' }), [{ key: 'a', value: 'xx' }])
  })

  it('hold what they lock, in any order of asking', async () => {
    const { db } = await openFresh()
    const ids = ['b', 'a']
    await db.write((tx) =>
      tx
        .insertInto('storage_backends')
        .values(
          ids.map((id) => ({
            id,
            kind: 'memory' as const,
            settings_wrapped: new Uint8Array(),
            created_at: 0,
          })),
        )
        .execute(),
    )
    await Promise.all([
      ...ids.map(() => db.write((tx) => lockForUpdate(tx, 'storage_backends', ids))),
      ...ids.map(() => db.write((tx) => lockForUpdate(tx, 'storage_backends', ids.toReversed()))),
    ])
  })

  it('are not kept when a failed statement was ignored', async () => {
    const { db } = await openFresh()
    await assert.rejects(
      db.write(async (tx) => {
        await insert(tx, 'a')
        await sql`select * from nothing_here`.execute(tx).catch(() => undefined)
      }),
      /was ignored/,
    )
    assert.deepEqual(await db.fetch(findValue, { key: 'a' }), [])
  })
})

describe('connections that go (postgres)', needsServer, () => {
  it('are replaced when they were idle', async () => {
    const { db, other } = await openFresh()
    await db.fetch(findValue, { key: 'a' })
    await endConnections(other)
    // The pool may hand out one whose end it has not heard of yet; it does so once for each.
    await untilItAnswers(() => db.fetch(findValue, { key: 'a' }))
    await db.write((tx) => insert(tx, 'a'))
  })

  it('fail the transaction that ran on them, and only that', async () => {
    const { db, other } = await openFresh()
    const inserted = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<void>()
    const writing = db.write(async (tx) => {
      await insert(tx, 'lost')
      inserted.resolve()
      // The rule is broken on purpose: the connection goes in the midst of the transaction.
      await ended.promise
      await insert(tx, 'later')
    })
    await inserted.promise
    await endConnections(other)
    ended.resolve()
    await assert.rejects(writing, hasCode('UNAVAILABLE'))
    await untilItAnswers(() => db.write((tx) => insert(tx, 'kept')))
    const rows = await db.read.selectFrom('meta').select('key').execute()
    assert.deepEqual(rows, [{ key: 'kept' }])
  })

  it('plan a prepared query anew when a migration changed its table', async () => {
    const { db, other } = await openFresh()
    await db.write((tx) => insert(tx, 'a'))
    assert.deepEqual(await db.fetch(findValue, { key: 'a' }), [{ key: 'a', value: '' }])
    await sql`alter table meta add column note text not null default 'n'`.execute(other.read)
    assert.deepEqual(await db.fetch(findValue, { key: 'a' }), [{ key: 'a', value: '', note: 'n' }])
  })
})

async function untilItAnswers(ask: () => Promise<unknown> | unknown[]): Promise<void> {
  for (;;) {
    try {
      await ask()
      return
    } catch (error) {
      if (!hasCode('UNAVAILABLE')(error)) throw error
    }
  }
}

describe('a server that is killed (postgres)', needsServer, () => {
  it('has all that was answered when it is back, and its clients go on', async () => {
    const postgres = await startPostgres()
    cleanups.push(() => postgres.stop())
    const db = await open(postgres.url)
    await migrate(db)

    const answered: string[] = []
    for (let round = 0; round < 3; round += 1) {
      await writeUntilKilled(db, postgres, { round, answered })
      await assert.rejects(async () => db.fetch(findValue, { key: 'a' }), hasCode('UNAVAILABLE'))
      await assert.rejects(
        db.write((tx) => insert(tx, 'while-away')),
        hasCode('UNAVAILABLE'),
      )
      await assert.rejects(db.ping(), hasCode('UNAVAILABLE'))
      await postgres.restart()
      await untilItAnswers(() => db.ping().then(() => []))
    }
    const rows = await db.read.selectFrom('meta').select('key').execute()
    const kept = new Set(rows.map(({ key }) => key))
    assert.ok(answered.length > 0)
    for (const key of answered) assert.ok(kept.has(key), `${key} is lost`)
    assert.ok(!kept.has('while-away'))
  })
})

/** Several write at once; the server dies in the midst of them. */
async function writeUntilKilled(
  db: Database,
  postgres: TestPostgres,
  { round, answered }: { round: number; answered: string[] },
): Promise<void> {
  const writers = 4
  const writesBeforeKill = 60
  let done = 0
  const writeOn = async (writer: number) => {
    for (let i = 0; ; i += 1) {
      const key = `${round}-${writer}-${i}`
      await db.write((tx) => insert(tx, key))
      answered.push(key)
      done += 1
      if (done === writesBeforeKill) postgres.kill()
    }
  }
  const outcomes = await Promise.allSettled(Array.from({ length: writers }, (_, i) => writeOn(i)))
  for (const outcome of outcomes) {
    assert.ok(outcome.status === 'rejected' && hasCode('UNAVAILABLE')(outcome.reason))
  }
}
