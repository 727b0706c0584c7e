import assert from 'node:assert/strict'
import { it } from 'node:test'
import { nextNumber } from './numbering.ts'
import { onEachDatabase } from './test-database.ts'

onEachDatabase('numbers', (open) => {
  it('are given once, ascending, to those who ask at the same time', async () => {
    const db = await open()
    const given = await Promise.all(
      Array.from({ length: 40 }, () => db.write((tx) => nextNumber(tx, 'policy'))),
    )
    const sorted = given.toSorted((a, b) => a - b)
    assert.equal(new Set(given).size, given.length)
    assert.deepEqual(
      sorted,
      Array.from(given, (_, index) => 10_000_001 + index),
    )
  })

  it('of one kind leave the others alone', async () => {
    const db = await open()
    const first = await db.write((tx) => nextNumber(tx, 'group'))
    await db.write((tx) => nextNumber(tx, 'role'))
    assert.equal(await db.write((tx) => nextNumber(tx, 'group')), first + 1)
  })
})
