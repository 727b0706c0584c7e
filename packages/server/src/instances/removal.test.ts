import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { tableNames } from '../db/forms.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { removedTables } from './removal.ts'

/** They tell what was, also of an instance that is gone, or go with its row. */
const others: readonly string[] = [
  ...['events', 'audit', 'jobs', 'usage_days', 'personal_migrations', 'gc_runs'],
  // Keys whose bytes are still to go.
  'condemned_objects',
]

onEachDatabase('the end of an instance', (open, dialect) => {
  test('deals with every table that names instances', async () => {
    const db = await open()
    const naming: string[] = []
    for (const table of await tableNames(db.read)) {
      const { rows } =
        dialect === 'sqlite'
          ? await sql<{ name: string }>`select name from pragma_table_info(${table})`.execute(
              db.read,
            )
          : await sql<{ name: string }>`select column_name as name from information_schema.columns
              where table_schema = current_schema() and table_name = ${table}`.execute(db.read)
      if (rows.some(({ name }) => name === 'instance_id')) naming.push(table)
    }
    const left = naming.filter((table) => !removedTables.includes(table))
    assert.deepEqual(
      left.filter((table) => !others.includes(table)),
      [],
    )
  })
})
