import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { defineJob, schedule } from '../jobs/jobs.ts'
import { JobWorker } from '../jobs/worker.ts'
import { silentLog } from '../log.ts'
import { crashTable } from './crash-table.ts'
import { faultyCalls, faultyDatabase } from './faults.ts'

async function keysOf(db: Database): Promise<readonly string[]> {
  const rows = await db.read.selectFrom('meta').select('key').orderBy('key').execute()
  return rows.map(({ key }) => key)
}

async function put(db: Database, ...keys: readonly string[]): Promise<void> {
  await db.write(async (tx) => {
    for (const key of keys) await tx.insertInto('meta').values({ key, value: '' }).execute()
  })
}

/** One database serves all rounds: making one takes longer than a round. */
async function empty(db: Database): Promise<void> {
  await db.write(async (tx) => {
    await tx.deleteFrom('meta').execute()
    await tx.deleteFrom('jobs').execute()
  })
}

onEachDatabase('crash table', (open) => {
  test('every statement, commit and call fails in its turn; a transaction is whole or not at all', async () => {
    const db = await open()
    const seen = new Set<string>()
    const failed = await crashTable({
      async open(faults) {
        await empty(db)
        const stored = new Set<string>()
        const store = { put: async (key: string) => stored.add(key) }
        return {
          db,
          stored,
          faultyStore: faultyCalls(store, 'store', faults),
          faulty: faultyDatabase(db, faults),
        }
      },
      async run({ faulty, faultyStore }) {
        await faultyStore.put('bytes')
        await put(faulty, 'a', 'b')
      },
      recover: async () => {},
      async check({ db, stored }, { answered, fault }) {
        const keys = await keysOf(db)
        if (answered) assert.deepEqual(keys, ['a', 'b'])
        assert.ok(keys.length === 0 || keys.length === 2)
        // Bytes come before the rows that name them.
        if (keys.length === 2) assert.ok(stored.has('bytes'))
        seen.add(`${fault.when} ${keys.length} rows, ${stored.size} stored`)
      },
    })
    const calls = ['store.put', 'statement InsertQueryNode', 'statement InsertQueryNode', 'commit']
    assert.deepEqual(failed, [...calls, ...calls, ...calls, ...calls])
    assert.deepEqual([...seen].sort(), [
      'after 0 rows, 1 stored',
      'after 2 rows, 1 stored',
      'before 0 rows, 0 stored',
      'before 0 rows, 1 stored',
      'before 2 rows, 1 stored',
    ])
  })

  test('a change that is torn is found, with the call that tore it', async () => {
    const db = await open()
    const torn = crashTable({
      async open(faults) {
        await empty(db)
        return { db, faulty: faultyDatabase(db, faults) }
      },
      async run({ faulty }) {
        await put(faulty, 'a')
        await put(faulty, 'b')
      },
      recover: async () => {},
      async check({ db }) {
        assert.notEqual((await keysOf(db)).length, 1)
      },
    })
    await assert.rejects(torn, /call 3 \(statement InsertQueryNode\) fails before its effect/)
  })

  test('a job ends whatever call of it fails, and its effect is there once', async () => {
    const clock = fakeClock()
    const db = await open({ clock })
    const failed = await crashTable({
      async open(faults) {
        await empty(db)
        const worker = (on: Database) => {
          const job = defineJob({
            kind: 'copy',
            parse: (payload) => payload,
            async run({ write }) {
              await write((tx) =>
                tx
                  .insertInto('meta')
                  .values({ key: 'copied', value: '1' })
                  .onConflict((conflict) => conflict.column('key').doNothing())
                  .execute(),
              )
            },
          })
          const options = { clock, log: silentLog, jobs: [job], leaseMs: 4000 }
          return new JobWorker({ db: on, ...options })
        }
        await db.write((tx) => schedule(tx, { kind: 'copy', key: 'a', at: clock.now() }))
        const first = worker(faultyDatabase(db, faults))
        return { clock, db, worker, first }
      },
      async run({ clock, first }) {
        let isOver = false
        const idle = first.idle().finally(() => {
          isOver = true
        })
        idle.catch(() => {})
        // It tries for a while to write the end of its job; then its process is asked to stop.
        for (let second = 0; second < 10 && !isOver; second += 1) {
          await new Promise((resolve) => setImmediate(resolve))
          clock.advance(1000)
        }
        await first.stop()
        await idle
      },
      async recover({ clock, db, worker }) {
        const next = worker(db)
        for (let second = 0; second < 12; second += 1) {
          await next.idle()
          clock.advance(1000)
        }
      },
      async check({ db }) {
        const job = await db.read.selectFrom('jobs').select('state').executeTakeFirst()
        assert.deepEqual(job, { state: 'succeeded' })
        assert.deepEqual(await keysOf(db), ['copied'])
      },
    })
    assert.ok(failed.includes('commit'))
  })
})
