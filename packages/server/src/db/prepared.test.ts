import assert from 'node:assert/strict'
import { it } from 'node:test'
import { columns, isChanged, prepare, run } from './prepared.ts'
import { onEachDatabase } from './test-database.ts'

const insert = prepare<{ key: string; value: string }>()((db, p) =>
  db
    .insertInto('meta')
    .values(columns(p, ['key', 'value']))
    .onConflict((oc) => oc.column('key').doNothing()),
)

const rename = prepare<{ key: string; value: string }>()((db, p) =>
  db
    .updateTable('meta')
    .set({ value: p('value') })
    .where('key', '=', p('key'))
    .returning(['key', 'value']),
)

const find = prepare<{ key: string }>()((db, p) =>
  db.selectFrom('meta').select('value').where('key', '=', p('key')),
)

onEachDatabase('a prepared statement', (open) => {
  it('is run in a transaction, and says what it changed', async () => {
    const db = await open()
    await db.write(async (tx) => {
      assert.equal(isChanged(await run(tx, insert, { key: 'a', value: '1' })), true)
      assert.equal(isChanged(await run(tx, insert, { key: 'a', value: '2' })), false)
      const { rows } = await run(tx, rename, { key: 'a', value: '3' })
      assert.deepEqual(rows, [{ key: 'a', value: '3' }])
      assert.equal(isChanged(await run(tx, rename, { key: 'b', value: '3' })), false)
    })
    assert.deepEqual(await db.fetch(find, { key: 'a' }), [{ value: '3' }])
  })

  it('goes with its transaction', async () => {
    const db = await open()
    const failing = db.write(async (tx) => {
      await run(tx, insert, { key: 'a', value: '1' })
      throw new Error('changed my mind')
    })
    await assert.rejects(failing, /changed my mind/)
    assert.deepEqual(await db.fetch(find, { key: 'a' }), [])
  })

  it('is refused after its end', async () => {
    const db = await open()
    const ended = await db.write(async (tx) => () => run(tx, insert, { key: 'a', value: '1' }))
    await assert.rejects(ended(), /after its end/)
  })
})
