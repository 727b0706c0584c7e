import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../clock.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { silentLog } from '../log.ts'
import { defineJob, schedule } from './jobs.ts'
import { trimJobs } from './trim.ts'
import { JobWorker } from './worker.ts'

const dayMs = 24 * 60 * 60_000

onEachDatabase('trimming jobs', (open) => {
  test('ended jobs go with their logs: succeeded after 7 days, others after 30', async () => {
    const clock = fakeClock()
    const db = await open({ clock })
    const copy = defineJob({
      kind: 'copy',
      parse: (payload) => payload,
      async run({ job, log }) {
        log(job.key)
        if (job.key === 'fails') throw new Error('no')
      },
    })
    const trim = trimJobs({ clock, clockWatch: { isPaused: async () => false } })
    const worker = new JobWorker({ db, clock, log: silentLog, jobs: [copy, trim] })
    const enqueue = (key: string, runAt?: number) =>
      db.write((tx) => schedule(tx, { kind: 'copy', key, at: clock.now(), runAt, maxAttempts: 1 }))
    const left = async () => {
      const jobs = await db.read
        .selectFrom('jobs')
        .select('key')
        .where('kind', '=', 'copy')
        .orderBy('key')
        .execute()
      const lines = await db.read.selectFrom('job_logs').select('line').orderBy('line').execute()
      return [jobs.map(({ key }) => key), lines.map(({ line }) => line)]
    }
    await enqueue('fails')
    await enqueue('succeeds')
    await enqueue('waits', clock.now() + 365 * dayMs)
    await worker.idle()
    clock.advance(7 * dayMs)
    await worker.idle()
    assert.deepEqual(await left(), [
      ['fails', 'succeeds', 'waits'],
      ['fails', 'succeeds'],
    ])
    clock.advance(dayMs)
    await worker.idle()
    assert.deepEqual(await left(), [['fails', 'waits'], ['fails']])
    clock.advance(23 * dayMs)
    await worker.idle()
    assert.deepEqual(await left(), [['waits'], []])
  })

  test('while the clock is not trusted nothing goes', async () => {
    const clock = fakeClock()
    const db = await open({ clock })
    const copy = defineJob({ kind: 'copy', parse: (payload) => payload, run: async () => {} })
    const trim = trimJobs({ clock, clockWatch: { isPaused: async () => true } })
    const worker = new JobWorker({ db, clock, log: silentLog, jobs: [copy, trim] })
    await db.write((tx) => schedule(tx, { kind: 'copy', key: 'a', at: clock.now() }))
    await worker.idle()
    clock.jump(365 * dayMs)
    await worker.idle()
    const rows = await db.read.selectFrom('jobs').select('key').where('kind', '=', 'copy').execute()
    assert.equal(rows.length, 1)
  })
})
