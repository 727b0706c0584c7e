import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../clock.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { silentLog } from '../log.ts'
import { defineJob, schedule } from './jobs.ts'
import { Wake } from './wake.ts'
import { JobWorker } from './worker.ts'

onEachDatabase('jobs that wait for an answer from outside', (open) => {
  test('take no place from those that work', async () => {
    const clock = fakeClock()
    const wake = new Wake()
    const db = wake.watch(await open({ clock }))
    const answer = Promise.withResolvers<void>()
    const copied = Promise.withResolvers<void>()
    let asking = 0
    const ask = defineJob({
      kind: 'ask',
      isWaiting: true,
      parse: (payload) => payload,
      run: async () => {
        asking += 1
        await answer.promise
      },
    })
    const copy = defineJob({
      kind: 'copy',
      parse: (payload) => payload,
      run: async () => copied.resolve(),
    })
    const worker = new JobWorker({
      db,
      clock,
      log: silentLog,
      wake,
      jobs: [ask, copy],
      parallel: 1,
    })
    worker.start()
    const at = clock.now()
    await db.write(async (tx) => {
      for (const key of ['1', '2', '3']) await schedule(tx, { kind: 'ask', key, at })
      await schedule(tx, { kind: 'copy', key: '4', at })
    })
    await copied.promise
    while (asking < 3) await new Promise((resolve) => setImmediate(resolve))
    answer.resolve()
    assert.equal(await worker.idle(), 0)
    await worker.stop()
    const states = await db.read.selectFrom('jobs').select('state').distinct().execute()
    assert.deepEqual(states, [{ state: 'succeeded' }])
  })
})
