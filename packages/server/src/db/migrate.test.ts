import assert from 'node:assert/strict'
import { join } from 'node:path'
import { it } from 'node:test'
import { sql } from 'kysely'
import { fakeClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import { StartError } from '../start-error.ts'
import { tableNames } from './forms.ts'
import { findSchemaVersion, migrate, SchemaTooNewError, schemaVersion } from './migrate.ts'
import { openDatabase } from './open.ts'
import { createTestDatabase, onEachDatabase } from './test-database.ts'
import { dumpSchema } from './test-schema-dump.ts'

onEachDatabase('migrations', (open, dialect) => {
  // `node --test --test-update-snapshots` writes the file anew; its diff is part of the review.
  it('make the schema of the golden file', async (t) => {
    const db = await open()
    const golden = join(import.meta.dirname, `schema-${dialect}.txt`)
    t.assert.fileSnapshot(await dumpSchema(db), golden, { serializers: [(text) => text] })
  })

  it('are applied once by those who start together', async () => {
    const { address, drop } = await createTestDatabase(dialect)
    const starters = await Promise.all(
      Array.from({ length: 4 }, () =>
        openDatabase({ ...address, log: silentLog, clock: fakeClock() }),
      ),
    )
    try {
      await Promise.all(starters.map((db) => migrate(db)))
      for (const db of starters) {
        assert.equal(await findSchemaVersion(db.read), schemaVersion)
        await migrate(db)
      }
    } finally {
      await Promise.all(starters.map((db) => db.close()))
      await drop()
    }
  })

  it('refuse a schema newer than the program, and change nothing', async () => {
    const db = await open()
    await db.write((tx) =>
      sql`insert into schema_migrations (version, name)
        values (${schemaVersion + 1}, 'of a later release')`.execute(tx),
    )
    const before = await dumpSchema(db)
    await assert.rejects(migrate(db), (error) => {
      assert.ok(error instanceof SchemaTooNewError && error instanceof StartError)
      assert.ok(!error.message.includes('\n'))
      return true
    })
    assert.equal(await dumpSchema(db), before)
  })

  it('leave nothing of one that fails', async () => {
    const { address, drop } = await createTestDatabase(dialect)
    const db = await openDatabase({ ...address, log: silentLog, clock: fakeClock() })
    try {
      // In the way of the last table.
      await db.write((tx) => sql`create table clock_state (id integer)`.execute(tx))
      await assert.rejects(migrate(db))
      assert.deepEqual(await tableNames(db.read), ['clock_state'])
      await db.write((tx) => sql`drop table clock_state`.execute(tx))
      await migrate(db)
      assert.equal(await findSchemaVersion(db.read), schemaVersion)
    } finally {
      await db.close()
      await drop()
    }
  })
})
