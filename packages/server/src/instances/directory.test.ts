import assert from 'node:assert/strict'
import test from 'node:test'
import { sql } from 'kysely'
import { onEachDatabase } from '../db/test-database.ts'
import { defaultInstance } from './directory.ts'

onEachDatabase('the default instance', (open, dialect) => {
  // PostgreSQL plans by its statistics, so there is nothing to hold.
  if (dialect === 'postgres') return
  test('is found by its index, which no bound value would use', async () => {
    const db = await open()
    const plan = await sql<{ detail: string }>`explain query plan ${sql.raw(
      defaultInstance.compiled(dialect).sql,
    )}`.execute(db.read)
    assert.match(plan.rows.map(({ detail }) => detail).join(), /instances_default/)
  })
})
