import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sql } from 'kysely'
import type { Queryable } from './database.ts'
import { toSafeNumber } from './postgres-values.ts'
import { onEachDatabase } from './test-database.ts'

const name = { scope_id: 's', metric: 'bytes' } as const

async function store(tx: Queryable, literal: string): Promise<void> {
  await sql`insert into counters (scope_id, metric, value) values ('s', 'bytes', ${sql.raw(literal)})`.execute(
    tx,
  )
}

onEachDatabase('numbers', (open) => {
  it('reads what a number can be, up to 2^53-1', async () => {
    const db = await open()
    await db.write((tx) => store(tx, '9007199254740991'))
    const row = await db.read
      .selectFrom('counters')
      .select('value')
      .where('scope_id', '=', name.scope_id)
      .executeTakeFirstOrThrow()
    assert.equal(row.value, Number.MAX_SAFE_INTEGER)
  })

  it('refuses what it cannot be', async () => {
    const db = await open()
    await db.write((tx) => store(tx, '9007199254740992'))
    await assert.rejects(db.read.selectFrom('counters').select('value').execute())
    await assert.rejects(
      db.read
        .selectFrom('counters')
        .select((eb) => eb.fn.sum<number>('value').as('sum'))
        .execute(),
    )
  })

  it('gives sums and counts as numbers', async () => {
    const db = await open()
    await db.write((tx) => store(tx, '12'))
    const row = await db.read
      .selectFrom('counters')
      .select((eb) => [eb.fn.sum<number>('value').as('sum'), eb.fn.countAll<number>().as('count')])
      .executeTakeFirstOrThrow()
    assert.deepEqual(row, { sum: 12, count: 1 })
  })
})

describe('toSafeNumber', () => {
  const cases: readonly [string, number | 'refused'][] = [
    ['0', 0],
    ['-5', -5],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740992', 'refused'],
    ['-9007199254740992', 'refused'],
    ['99999999999999999999999', 'refused'],
    ['1.5', 1.5],
  ]
  for (const [text, expected] of cases) {
    it(`${text} → ${expected}`, () => {
      if (expected === 'refused') assert.throws(() => toSafeNumber(text), RangeError)
      else assert.equal(toSafeNumber(text), expected)
    })
  }
})
