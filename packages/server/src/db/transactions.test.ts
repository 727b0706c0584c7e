import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setImmediate as tick } from 'node:timers/promises'
import type { Database, Queryable } from './database.ts'
import { prepare } from './prepared.ts'
import { onEachDatabase } from './test-database.ts'

async function insertMeta(db: Queryable, key: string, value = ''): Promise<void> {
  await db.insertInto('meta').values({ key, value }).execute()
}

async function listKeys(db: Queryable): Promise<string[]> {
  const rows = await db.selectFrom('meta').select('key').orderBy('key').execute()
  return rows.map(({ key }) => key)
}

const findMeta = prepare<{ key: string; atMost: number }>()((db, p) =>
  db
    .selectFrom('meta')
    .select(['key', 'value'])
    .where('key', '>=', p('key'))
    .where('value', '!=', 'constant')
    .orderBy('key')
    .limit(p('atMost')),
)

onEachDatabase('transactions', (open, dialect) => {
  it('keeps what committed and returns what the work returned', async () => {
    const db = await open()
    const value = await db.write(async (tx) => {
      await insertMeta(tx, 'a')
      return 7
    })
    assert.equal(value, 7)
    assert.deepEqual(await listKeys(db.read), ['a'])
    assert.deepEqual(await listKeys(db.heavy), ['a'])
  })

  it('rolls back a failing transaction alone among those that commit together', async () => {
    const db = await open()
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) =>
        db.write(async (tx) => {
          await insertMeta(tx, `k${String(i).padStart(2, '0')}`)
          if (i % 3 === 0) throw new Error(`refused ${i}`)
        }),
      ),
    )
    const kept = (await listKeys(db.read)).map((key) => Number(key.slice(1)))
    assert.deepEqual(
      kept,
      Array.from({ length: 20 }, (_, i) => i).filter((i) => i % 3 !== 0),
    )
    assert.equal(outcomes.filter(({ status }) => status === 'rejected').length, 7)
  })

  it('rolls back on a failed statement and goes on', async () => {
    const db = await open()
    await db.write((tx) => insertMeta(tx, 'a'))
    await assert.rejects(
      db.write(async (tx) => {
        await insertMeta(tx, 'b')
        await insertMeta(tx, 'a')
      }),
    )
    await db.write((tx) => insertMeta(tx, 'c'))
    assert.deepEqual(await listKeys(db.read), ['a', 'c'])
  })

  it('refuses a transaction that is used after its end', async () => {
    const db = await open()
    const leaked = await db.write(async (tx) => ({ tx }))
    await assert.rejects(insertMeta(leaked.tx, 'late'), /after its end/)
    assert.deepEqual(await listKeys(db.read), [])
  })

  it('gives plain rows and counts of changes', async () => {
    const db = await open()
    await db.write((tx) => insertMeta(tx, 'a', '1'))
    const rows = await db.read.selectFrom('meta').selectAll().execute()
    assert.deepStrictEqual(rows, [{ key: 'a', value: '1' }])
    const changed = await db.write((tx) =>
      tx.updateTable('meta').set({ value: '2' }).where('key', '=', 'a').executeTakeFirst(),
    )
    assert.equal(changed.numUpdatedRows, 1n)
    const returned = await db.write((tx) =>
      tx.deleteFrom('meta').where('key', '=', 'a').returning('value').execute(),
    )
    assert.deepStrictEqual(returned, [{ value: '2' }])
  })

  it('runs prepared queries', async () => {
    const db = await open()
    await db.write(async (tx) => {
      for (const key of ['a', 'b', 'c', 'd']) await insertMeta(tx, key, `v${key}`)
      await insertMeta(tx, 'e', 'constant')
    })
    assert.deepStrictEqual(await db.fetch(findMeta, { key: 'b', atMost: 2 }), [
      { key: 'b', value: 'vb' },
      { key: 'c', value: 'vc' },
    ])
    assert.deepStrictEqual(await db.fetch(findMeta, { key: 'd', atMost: 5 }), [
      { key: 'd', value: 'vd' },
    ])
    if (dialect === 'sqlite') assert.ok(Array.isArray(db.fetch(findMeta, { key: 'a', atMost: 1 })))
  })

  it('answers a ping', async () => {
    const db = await open()
    assert.ok((await db.ping()) >= 0)
  })
})

onEachDatabase('the rule of transactions', (open, dialect) => {
  const isSqlite = dialect === 'sqlite'

  // On PostgreSQL the server's timeout for idle transactions ends it.
  if (isSqlite)
    it('ends a transaction that awaits something else', async () => {
      const db = await open()
      const [stalled, other] = await Promise.allSettled([
        db.write(async (tx) => {
          await insertMeta(tx, 'stalled')
          await tick()
          await tick()
          await insertMeta(tx, 'later')
        }),
        db.write((tx) => insertMeta(tx, 'other')),
      ])
      assert.equal(stalled.status, 'rejected')
      assert.match(String(stalled.reason), /nothing is awaited but its own statements/)
      assert.equal(other.status, 'fulfilled')
      assert.deepEqual(await listKeys(db.read), ['other'])
    })

  it('finds a transaction within a transaction, and a read beside it', async () => {
    const db: Database = await open()
    const rule = /nothing is awaited but its own statements/
    await assert.rejects(
      db.write(async () => {
        await db.write((tx) => insertMeta(tx, 'inner'))
      }),
      rule,
    )
    await assert.rejects(
      db.write(async () => listKeys(db.read)),
      rule,
    )
    await assert.rejects(
      db.write(async () => db.fetch(findMeta, { key: 'a', atMost: 1 })),
      rule,
    )
    await db.write((tx) => insertMeta(tx, 'a'))
    assert.deepEqual(await listKeys(db.read), ['a'])
  })
})
