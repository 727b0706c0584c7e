import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { decidedBelow, isUniqueViolation, lockForUpdate, serverNow } from './forms.ts'
import { onEachDatabase } from './test-database.ts'

onEachDatabase('forms', (open, dialect) => {
  it('tells a unique violation from other errors', async () => {
    const db = await open()
    const insert = () =>
      db.write((tx) => tx.insertInto('meta').values({ key: 'a', value: '' }).execute())
    await insert()
    const error = await insert().catch((error: unknown) => error)
    assert.ok(isUniqueViolation(error))
    const other = await db
      .write((tx) => sql`insert into meta (key) values ('b')`.execute(tx))
      .catch((error: unknown) => error)
    assert.ok(other instanceof Error)
    assert.ok(!isUniqueViolation(other))
  })

  it('locks rows, and none', async () => {
    const db = await open()
    await db.write(async (tx) => {
      await lockForUpdate(tx, 'blobs', ['b', 'a'])
      await lockForUpdate(tx, 'blobs', [])
    })
  })

  it('divides whole numbers alike', async () => {
    const db = await open()
    const five = dialect === 'sqlite' ? sql`${5}` : sql`${5}::bigint`
    const { rows } = await sql<{ half: number }>`select ${five} / 2 as half`.execute(db.read)
    assert.deepEqual(rows, [{ half: 2 }])
  })

  it('knows the time of the server and which transactions are decided', async () => {
    const db = await open()
    const now = await serverNow(db.read)
    assert.equal(typeof now, dialect === 'sqlite' ? 'undefined' : 'number')
    assert.ok(Number.isSafeInteger(await decidedBelow(db.read)))
  })
})
