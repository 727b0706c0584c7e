// What only SQLite can get wrong: another process's lock, a full disk, a log that grows, numbers too big.

import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, it } from 'node:test'
import { ApiError } from '@entrepot/contract/errors.ts'
import { sql } from 'kysely'
import { fakeClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import type { Database, Tx } from './database.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open.ts'
import { WriteQueue } from './sqlite-queue.ts'
import { createTestDatabase } from './test-database.ts'

const cleanups: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function openFile(): Promise<{ db: Database; path: string }> {
  const { address, drop } = await createTestDatabase('sqlite')
  cleanups.push(drop)
  const db = await openDatabase({ ...address, log: silentLog, clock: fakeClock() })
  cleanups.push(() => db.close())
  await migrate(db)
  return { db, path: address.sqlitePath ?? '' }
}

function insert(tx: Tx, key: string, value = ''): Promise<unknown> {
  return tx.insertInto('meta').values({ key, value }).execute()
}

async function keys(db: Database): Promise<string[]> {
  const rows = await db.read.selectFrom('meta').select('key').orderBy('key').execute()
  return rows.map(({ key }) => key)
}

function isApiError(code: string): (error: unknown) => boolean {
  return (error) => error instanceof ApiError && error.code === code
}

/** A connection of somebody else, as another process would have. */
function openStranger(path: string): DatabaseSync {
  const stranger = new DatabaseSync(path)
  cleanups.push(() => stranger.close())
  return stranger
}

describe("another process's lock", () => {
  it('is waited for, in order, and nothing is lost', async () => {
    const { db, path } = await openFile()
    const stranger = openStranger(path)
    stranger.exec('begin immediate')
    const order: string[] = []
    const writes = ['a', 'b', 'c'].map((key) =>
      db.write(async (tx) => {
        order.push(key)
        await insert(tx, key)
      }),
    )
    // Reads go on meanwhile.
    assert.deepEqual(await keys(db), [])
    stranger.exec('commit')
    await Promise.all(writes)
    assert.deepEqual(order, ['a', 'b', 'c'])
  })

  it('is waited for up to the deadline, then the caller is told when to come again', async () => {
    const { path } = await openFile()
    const stranger = openStranger(path)
    const queue = new WriteQueue(path, () => {}, { maxQueuedWrites: 2, deadlineMs: 20 })
    stranger.exec('begin immediate')
    const write = () => queue.run((tx) => insert(tx, 'a'))
    const waiting = [write(), write()]
    const refusedAtOnce = write()
    const outcomes = await Promise.allSettled([...waiting, refusedAtOnce])
    for (const outcome of outcomes) {
      assert.equal(outcome.status, 'rejected')
      assert.ok(isApiError('TOO_MANY_REQUESTS')(outcome.reason))
      assert.equal(outcome.reason.headers['Retry-After'], '1')
    }
    stranger.exec('commit')
    await write()
    await queue.close()
  })
})

describe('what a commit survives', () => {
  /** SQLite's `synchronous`: 2 is an fsync with each commit, 1 none. */
  const level = async (tx: Tx) => {
    const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(tx)
    return rows[0]?.synchronous
  }

  it('is power loss, unless a whole batch asks for less', async () => {
    const { db } = await openFile()
    assert.equal(await db.write(level), 2)
    assert.equal(await db.write(level, { survives: 'kill' }), 1)
    assert.equal(await db.write(level), 2)
    const kill = { survives: 'kill' } as const
    assert.deepEqual(await Promise.all([db.write(level, kill), db.write(level, kill)]), [1, 1])
    assert.deepEqual(await Promise.all([db.write(level, kill), db.write(level)]), [2, 2])
  })

  it('is not less for who comes while such a batch runs', async () => {
    const { db } = await openFile()
    // Somebody else, who asks meanwhile.
    const outside = AsyncLocalStorage.snapshot()
    let late: Promise<unknown> | undefined
    const early = await db.write(
      async (tx) => {
        late ??= outside(() => db.write(level))
        return level(tx)
      },
      { survives: 'kill' },
    )
    assert.deepEqual([early, await late], [1, 2])
  })
})

describe('a full disk', () => {
  it('refuses what has no room, keeps the rest, and forgets nothing', async () => {
    const { db } = await openFile()
    await db.write((tx) => insert(tx, 'before'))
    const big = randomBytes(256 * 1024).toString('hex')
    // The limit stands for the disk: SQLite answers both with SQLITE_FULL.
    await db.write(async (tx) => {
      const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(tx)
      await sql.raw(`pragma max_page_count = ${(rows[0]?.page_count ?? 0) + 8}`).execute(tx)
    })
    const outcomes = await Promise.allSettled([
      db.write((tx) => insert(tx, 'small-1')),
      db.write((tx) => insert(tx, 'big', big)),
      db.write((tx) => insert(tx, 'small-2')),
    ])
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    const [, refused] = outcomes
    assert.ok(refused?.status === 'rejected' && isApiError('STORAGE_FULL')(refused.reason))
    assert.deepEqual(await keys(db), ['before', 'small-1', 'small-2'])

    await db.write((tx) => tx.deleteFrom('meta').where('key', '=', 'before').execute())
    await db.write((tx) => sql.raw('pragma max_page_count = 1000000').execute(tx))
    await db.write((tx) => insert(tx, 'big', big))
    assert.deepEqual(await keys(db), ['big', 'small-1', 'small-2'])
  })
})

describe('the log of SQLite', () => {
  it('starts over while writes go on', async () => {
    const { db } = await openFile()
    const value = randomBytes(32 * 1024).toString('hex')
    // Ends at the first restart, long before; a log that only grows would come to 1.2 GiB.
    const maxWrites = 20_000
    let longest = 0
    for (let i = 0; i < maxWrites; i += 1) {
      await db.write((tx) =>
        tx
          .insertInto('meta')
          .values({ key: 'same', value: `${i}${value}` })
          .onConflict((conflict) =>
            conflict.column('key').doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })),
          )
          .execute(),
      )
      if (i % 20 > 0) continue
      const { rows } = await sql<{ log: number }>`pragma wal_checkpoint(noop)`.execute(db.heavy)
      const frames = rows[0]?.log ?? 0
      if (frames < longest) return
      longest = frames
    }
    assert.fail(`the log has ${longest} frames`)
  })

  it('is empty after an orderly close', async () => {
    const { address, drop } = await createTestDatabase('sqlite')
    cleanups.push(drop)
    const db = await openDatabase({ ...address, log: silentLog, clock: fakeClock() })
    await migrate(db)
    await db.heavy.selectFrom('meta').selectAll().execute()
    await db.close()
    assert.throws(() => statSync(`${address.sqlitePath}-wal`), { code: 'ENOENT' })
    assert.equal(statSync(address.sqlitePath ?? '').mode & 0o777, 0o600)
  })
})

describe('the thread for long statements', () => {
  it('passes values and errors through', async () => {
    const { db } = await openFile()
    const { rows } = await sql<{ bytes: Uint8Array; text: string; none: null }>`
      select ${new Uint8Array([1, 2, 3])} as bytes, ${'x'} as text, ${null} as none`.execute(
      db.heavy,
    )
    assert.deepEqual(rows, [{ bytes: new Uint8Array([1, 2, 3]), text: 'x', none: null }])
    await assert.rejects(sql`select * from nothing_here`.execute(db.heavy), /no such table/)
  })

  it('sees what was committed before it was asked', async () => {
    const { db } = await openFile()
    for (let i = 0; i < 20; i += 1) {
      await db.write((tx) => insert(tx, `k${i}`))
      const { count } = await db.heavy
        .selectFrom('meta')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      assert.equal(count, i + 1)
    }
  })
})

describe('the statements of a connection', () => {
  it('are compiled anew when another process widened a table', async () => {
    const { db, path } = await openFile()
    await db.write((tx) => insert(tx, 'a', 'b'))
    const select = () => db.read.selectFrom('meta').selectAll().execute()
    assert.deepEqual(await select(), [{ key: 'a', value: 'b' }])
    openStranger(path).exec("alter table meta add column note text not null default 'n'")
    assert.deepEqual(await select(), [{ key: 'a', value: 'b', note: 'n' }])
  })
})
