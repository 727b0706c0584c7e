// The job with each of its writes failing, and a second attempt after it: each row is deleted once, and counted once.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Tx } from '../db/database.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { type CrashTable, crashTable } from '../faults/crash-table.ts'
import { type Faults, faultyDatabase } from '../faults/faults.ts'
import { assertInvariants } from '../faults/invariants.ts'
import { Rights } from '../policies/rights.ts'
import { ownerOf } from '../registry/test-client.ts'
import { testApp } from '../test-app.ts'
import { bulkDeletionJobs } from './jobs.ts'

interface World {
  readonly faults: Faults
  readonly id: string
  readonly name: string
}

onEachDatabase('a deletion by a job whose calls fail', (_open, dialect) => {
  it('is finished by the next attempt', async () => {
    const app = await testApp({ dialect })
    const { db, clock } = app.app
    const owner = ownerOf(app)
    let round = 0

    async function attempt(id: string, faults?: Faults): Promise<void> {
      const faulty = faults ? faultyDatabase(db, faults) : db
      const rights = new Rights(faulty)
      const region = app.config.region
      const [job] = bulkDeletionJobs({ db: faulty, clock, rights, region })
      const { payload } = await db.read
        .selectFrom('jobs')
        .select('payload')
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      const write = <T>(work: (tx: Tx) => Promise<T>) => faulty.write(work)
      await job?.run({
        db: faulty,
        job: { id, key: id, attempt: 1 },
        payload: JSON.parse(payload),
        signal: new AbortController().signal,
        write,
        progress: async (value, held) => {
          const progress = JSON.stringify(value)
          const set = (tx: Tx) =>
            tx.updateTable('jobs').set({ progress }).where('id', '=', id).execute()
          await (held ? set(held) : write(set))
        },
        log: () => {},
      })
    }

    try {
      const table = {
        async open(faults: Faults) {
          round += 1
          const name = `r${round}`
          const { bytes } = await owner.pushImage(`demo/${name}`, 'a', name)
          await owner.putManifest(`demo/${name}`, 'b', bytes)
          const place = { RegistryId: app.instance.id, NamespaceName: 'demo' }
          const input = { ...place, RepositoryName: name, Tags: ['a', 'none', 'b'] }
          const { JobId } = await app.api('CreateTagDeletionJob', input, { product: 'entrepot' })
          return { faults, id: JobId as string, name }
        },
        run: ({ id, faults }) => attempt(id, faults),
        recover: ({ id }) => attempt(id),
        async check({ id, name }) {
          const { progress } = await db.read
            .selectFrom('jobs')
            .select('progress')
            .where('id', '=', id)
            .executeTakeFirstOrThrow()
          assert.deepEqual(JSON.parse(progress ?? ''), { done: 3, total: 3, failed: 1 })
          const deleted = await db.read
            .selectFrom('tag_history as h')
            .innerJoin('repositories as r', 'r.id', 'h.repository_id')
            .select('h.name')
            .where('r.path', '=', `demo/${name}`)
            .where('h.digest', 'is', null)
            .orderBy('h.name')
            .execute()
          assert.deepEqual(deleted, [{ name: 'a' }, { name: 'b' }])
          await db.write((tx) => tx.deleteFrom('jobs').where('id', '=', id).execute())
        },
      } satisfies CrashTable<World>
      // To die after one call is to die before the next.
      const failed = await crashTable(table, [{ when: 'after', how: 'dies' }])
      assert.ok(failed.length > 10, failed.join(', '))
      await assertInvariants({ db, store: app.store, clock: app.clock })
    } finally {
      await app.close()
    }
  })
})
