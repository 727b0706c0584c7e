import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FakeClock, fakeClock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { silentLog } from '../log.ts'
import {
  cancelJob,
  defineJob,
  defineReconciler,
  type JobContext,
  type JobDefinition,
  jobCounts,
  type NewJob,
  nudge,
  schedule,
} from './jobs.ts'
import { JobWorker } from './worker.ts'

const noDelay = () => 0

function task(kind: string, run: (context: JobContext) => Promise<void>): JobDefinition {
  return defineJob({ kind, parse: (payload) => payload, run })
}

/** Enqueues as a change would, at the clock's time. */
function enqueue(db: Database, clock: FakeClock, job: Omit<NewJob, 'at'>): Promise<string> {
  return db.write((tx) => schedule(tx, { ...job, at: clock.now() }))
}

function findJob(db: Database, id: string) {
  return db.read.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

onEachDatabase('jobs', (open) => {
  async function start(...jobs: readonly JobDefinition[]) {
    const clock = fakeClock()
    const db = await open({ clock })
    const worker = new JobWorker({ db, clock, log: silentLog, jobs, random: noDelay })
    return { clock, db, worker }
  }

  test('a job enqueued in a transaction that fails is not there', async () => {
    const { clock, db, worker } = await start(task('copy', async () => {}))
    const failing = db.write(async (tx) => {
      await schedule(tx, { kind: 'copy', key: 'a', at: clock.now() })
      throw new Error('rolled back')
    })
    await assert.rejects(failing, /rolled back/)
    assert.equal(await worker.idle(), 0)
  })

  test('enqueued twice before it starts: it runs once, with the newer payload', async () => {
    const seen: unknown[] = []
    const { clock, db, worker } = await start(
      task('copy', async ({ payload }) => {
        seen.push(payload)
      }),
    )
    const first = await enqueue(db, clock, { kind: 'copy', key: 'a', payload: { n: 1 } })
    const second = await enqueue(db, clock, { kind: 'copy', key: 'a', payload: { n: 2 } })
    assert.equal(first, second)
    await worker.idle()
    assert.deepEqual(seen, [{ n: 2 }])
    assert.equal((await findJob(db, first)).state, 'succeeded')
  })

  test('enqueued while it runs: it runs again, once', async () => {
    const seen: unknown[] = []
    const world = await start(
      task('copy', async ({ payload }) => {
        seen.push(payload)
        if (seen.length > 1) return
        await enqueue(db, clock, { kind: 'copy', key: 'a', payload: 2 })
        await enqueue(db, clock, { kind: 'copy', key: 'a', payload: 3 })
      }),
    )
    const { clock, db, worker } = world
    await enqueue(db, clock, { kind: 'copy', key: 'a', payload: 1 })
    assert.equal(await worker.idle(), 2)
    assert.deepEqual(seen, [1, 3])
  })

  test('a job with a date waits for it; an earlier enqueuing brings it forward', async () => {
    const { clock, db, worker } = await start(task('copy', async () => {}))
    await enqueue(db, clock, { kind: 'copy', key: 'a', runAt: clock.now() + 60_000 })
    await enqueue(db, clock, { kind: 'copy', key: 'b', runAt: clock.now() + 60_000 })
    await enqueue(db, clock, { kind: 'copy', key: 'b' })
    assert.equal(await worker.idle(), 1)
    clock.advance(60_000)
    assert.equal(await worker.idle(), 1)
  })

  test('a failing job comes back later each time, and ends where people can see it', async () => {
    const { clock, db, worker } = await start(
      task('copy', async ({ job, log }) => {
        log(`attempt ${job.attempt}`)
        throw new Error('no route to host')
      }),
    )
    const id = await enqueue(db, clock, { kind: 'copy', key: 'a', maxAttempts: 3 })
    await worker.idle()
    assert.partialDeepStrictEqual(await findJob(db, id), {
      state: 'waiting',
      error: 'no route to host',
      run_at: clock.now() + 5000,
    })
    clock.advance(4999)
    assert.equal(await worker.idle(), 0)
    clock.advance(1)
    await worker.idle()
    clock.advance(10_000)
    await worker.idle()
    assert.partialDeepStrictEqual(await findJob(db, id), {
      state: 'failed',
      attempts: 3,
      error: 'no route to host',
      ended_at: clock.now(),
    })
    const lines = await db.read.selectFrom('job_logs').select('line').orderBy('id').execute()
    assert.deepEqual(
      lines.map(({ line }) => line),
      ['attempt 1', 'attempt 2', 'attempt 3'],
    )
  })

  test('enqueuing what waits for its next attempt does not shorten the wait', async () => {
    const { clock, db, worker } = await start(
      task('copy', async () => {
        throw new Error('no')
      }),
    )
    await enqueue(db, clock, { kind: 'copy', key: 'a' })
    await worker.idle()
    await enqueue(db, clock, { kind: 'copy', key: 'a' })
    assert.equal(await worker.idle(), 0)
  })

  test('a lane runs one at a time and in order; a failing head delays its lane only', async () => {
    const ran: string[] = []
    let fails = true
    const { clock, db, worker } = await start(
      task('copy', async ({ job }) => {
        if (job.key === 'a1' && fails) throw new Error('poison')
        ran.push(job.key)
      }),
    )
    for (const key of ['a1', 'a2', 'b1', 'a3', 'b2']) {
      await enqueue(db, clock, { kind: 'copy', key, lane: key.slice(0, 1) })
    }
    await worker.idle()
    assert.deepEqual(ran, ['b1', 'b2'])
    fails = false
    clock.advance(5000)
    await worker.idle()
    assert.deepEqual(ran, ['b1', 'b2', 'a1', 'a2', 'a3'])
  })

  test('what runs again goes behind what its lane got meanwhile', async () => {
    const ran: string[] = []
    const world = await start(
      task('copy', async ({ job }) => {
        ran.push(job.key)
        if (ran.length > 1) return
        await enqueue(db, clock, { kind: 'copy', key: 'second', lane: 'l' })
        await enqueue(db, clock, { kind: 'copy', key: 'first', lane: 'l' })
      }),
    )
    const { clock, db, worker } = world
    await enqueue(db, clock, { kind: 'copy', key: 'first', lane: 'l' })
    await worker.idle()
    assert.deepEqual(ran, ['first', 'second', 'first'])
  })

  test('when the head of a lane has failed for good, the lane goes on', async () => {
    const ran: string[] = []
    const { clock, db, worker } = await start(
      task('copy', async ({ job }) => {
        if (job.key === 'poison') throw new Error('poison')
        ran.push(job.key)
      }),
    )
    await enqueue(db, clock, { kind: 'copy', key: 'poison', lane: 'l', maxAttempts: 1 })
    await enqueue(db, clock, { kind: 'copy', key: 'next', lane: 'l' })
    await worker.idle()
    assert.deepEqual(ran, ['next'])
  })

  test('jobs of a kind that this release does not know stay', async () => {
    const { clock, db, worker } = await start(task('copy', async () => {}))
    const id = await enqueue(db, clock, { kind: 'of-the-next-release', key: 'a' })
    assert.equal(await worker.idle(), 0)
    assert.equal((await findJob(db, id)).state, 'waiting')
  })

  test('progress and log are there while it runs', async () => {
    const { clock, db, worker } = await start(
      task('copy', async ({ job, log, progress }) => {
        log('half of it')
        await progress({ done: 1, of: 2 })
        const row = await findJob(db, job.id)
        assert.equal(row.progress, '{"done":1,"of":2}')
        const lines = await db.read.selectFrom('job_logs').select('line').execute()
        assert.deepEqual(lines, [{ line: 'half of it' }])
      }),
    )
    const id = await enqueue(db, clock, { kind: 'copy', key: 'a', maxAttempts: 1 })
    await worker.idle()
    assert.partialDeepStrictEqual(await findJob(db, id), { state: 'succeeded', error: null })
  })

  test('of a log without end the first 1000 lines are kept', async () => {
    const { clock, db, worker } = await start(
      task('copy', async ({ log }) => {
        for (let line = 1; line <= 1500; line += 1) log(`line ${line}`)
      }),
    )
    await enqueue(db, clock, { kind: 'copy', key: 'a' })
    await worker.idle()
    const lines = await db.read.selectFrom('job_logs').select('line').orderBy('id').execute()
    assert.equal(lines.length, 1000)
    assert.equal(lines.at(-1)?.line, '… (further lines are not kept)')
  })

  test('a reconciler runs by its timer and when nudged, and keeps its one row', async () => {
    let runs = 0
    const { clock, db, worker } = await start(
      defineReconciler({
        kind: 'sweep',
        everyMs: 60_000,
        run: async () => {
          runs += 1
          if (runs === 2) throw new Error('once')
        },
      }),
    )
    assert.equal(await worker.idle(), 1)
    assert.equal(await worker.idle(), 0)
    clock.advance(60_000)
    assert.equal(await worker.idle(), 1)
    await db.write((tx) => nudge(tx, 'sweep'))
    assert.equal(await worker.idle(), 1)
    const rows = await db.read.selectFrom('jobs').select(['state', 'error', 'key']).execute()
    assert.deepEqual(rows, [{ state: 'waiting', error: null, key: 'sweep' }])
  })

  test('a nudge while it runs has it run once more', async () => {
    let runs = 0
    const { db, worker } = await start(
      defineReconciler({
        kind: 'sweep',
        everyMs: 60_000,
        run: async ({ write }) => {
          runs += 1
          if (runs === 1) await write((tx) => nudge(tx, 'sweep'))
        },
      }),
    )
    assert.ok(db)
    assert.equal(await worker.idle(), 2)
  })

  test('a waiting job is cancelled at once; a waiting reconciler is not', async () => {
    const { clock, db, worker } = await start(
      task('copy', async () => assert.fail('it was cancelled')),
      defineReconciler({ kind: 'sweep', everyMs: 60_000, run: async () => {} }),
    )
    const id = await enqueue(db, clock, { kind: 'copy', key: 'a' })
    assert.equal(await db.write((tx) => cancelJob(tx, id, clock.now())), true)
    assert.equal(await db.write((tx) => cancelJob(tx, id, clock.now())), false)
    await worker.idle()
    assert.partialDeepStrictEqual(await findJob(db, id), {
      state: 'cancelled',
      ended_at: clock.now(),
    })
    const sweep = await db.read
      .selectFrom('jobs')
      .select('id')
      .where('kind', '=', 'sweep')
      .executeTakeFirstOrThrow()
    assert.equal(await db.write((tx) => cancelJob(tx, sweep.id, clock.now())), false)
  })

  test('counts by state, with the age of the oldest', async () => {
    const { clock, db, worker } = await start(task('copy', async () => {}))
    await enqueue(db, clock, { kind: 'copy', key: 'done' })
    await worker.idle()
    const startedAt = clock.now()
    clock.advance(1000)
    await enqueue(db, clock, { kind: 'copy', key: 'a' })
    clock.advance(1000)
    await enqueue(db, clock, { kind: 'copy', key: 'b' })
    assert.deepEqual(await jobCounts(db.heavy), [
      { state: 'succeeded', count: 1, oldestAt: startedAt },
      { state: 'waiting', count: 2, oldestAt: startedAt + 1000 },
    ])
  })
})
