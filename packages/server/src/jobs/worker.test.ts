import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FakeClock, fakeClock, systemClock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { silentLog } from '../log.ts'
import { cancelJob, defineJob, type JobContext, type JobDefinition, schedule } from './jobs.ts'
import { LeaseLostError } from './lease.ts'
import { Wake } from './wake.ts'
import { JobWorker } from './worker.ts'

const weekMs = 7 * 24 * 60 * 60_000
const leaseMs = 6000
const pollMs = 1000

interface Gate {
  readonly entered: Promise<void>
  readonly opened: Promise<void>
  enter(): void
  open(): void
}

/** A job that says when it runs and ends when it is told. */
function gate(): Gate {
  const entered = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<void>()
  return {
    entered: entered.promise,
    opened: opened.promise,
    enter: entered.resolve,
    open: opened.resolve,
  }
}

function copyTask(run: (context: JobContext) => Promise<void>): JobDefinition {
  return defineJob({ kind: 'copy', parse: (payload) => payload, run })
}

function enqueue(db: Database, clock: FakeClock, key: string, deadlineMs = weekMs) {
  return db.write((tx) => schedule(tx, { kind: 'copy', key, at: clock.now(), deadlineMs }))
}

async function stateOf(db: Database, id: string) {
  return db.read
    .selectFrom('jobs')
    .select(['state', 'error', 'attempts', 'run_at'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

/** A database of which it can be awaited that what was begun (by a timer, say) is written. */
function watchWrites(db: Database) {
  const begun: Promise<unknown>[] = []
  const watched: Database = {
    ...db,
    write(work) {
      const writing = db.write(work)
      begun.push(writing)
      return writing
    },
  }
  async function settle(): Promise<void> {
    await Promise.allSettled(begun.splice(0))
    // Whoever waited for the write has gone on by then, and set its next timer.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { watched, settle }
}

/** Time passes as it does for a worker: with a look each second. */
async function passTime(clock: FakeClock, worker: JobWorker, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += pollMs) {
    clock.advance(pollMs)
    await worker.idle()
  }
}

onEachDatabase('workers', (open) => {
  async function start() {
    const clock = fakeClock()
    const db = await open({ clock })
    const worker = (job: JobDefinition, log = silentLog) =>
      new JobWorker({ db, clock, log, jobs: [job], leaseMs, pollMs, random: () => 0 })
    return { clock, db, worker }
  }

  test('what a job writes after another process took it over is refused', async () => {
    const { clock, db, worker } = await start()
    const { entered, enter, opened, open: openGate } = gate()
    const late = Promise.withResolvers<unknown>()
    // A worker whose heart never beats: its process is paused.
    const pausedClock = { ...clock, setTimer: () => ({ cancel() {} }) }
    const paused = new JobWorker({
      db,
      clock: pausedClock,
      log: silentLog,
      leaseMs,
      jobs: [
        copyTask(async ({ write }) => {
          enter()
          await opened
          const writing = write((tx) =>
            tx.insertInto('meta').values({ key: 'written', value: 'late' }).execute(),
          )
          late.resolve(await writing.catch((error: unknown) => error))
        }),
      ],
    })
    const other = worker(
      copyTask(async ({ write }) => {
        await write((tx) =>
          tx.insertInto('meta').values({ key: 'written', value: 'other' }).execute(),
        )
      }),
    )
    const id = await enqueue(db, clock, 'a')
    const pausedIdle = paused.idle()
    await entered
    await passTime(clock, other, leaseMs + pollMs)
    assert.equal((await stateOf(db, id)).state, 'succeeded')
    openGate()
    assert.ok((await late.promise) instanceof LeaseLostError)
    await pausedIdle
    const written = await db.read
      .selectFrom('meta')
      .select('value')
      .where('key', '=', 'written')
      .execute()
    assert.deepEqual(written, [{ value: 'other' }])
    assert.equal((await stateOf(db, id)).state, 'succeeded')
  })

  for (const [name, jumpMs] of [
    ['forward', weekMs],
    ['back', -weekMs],
  ] as const) {
    test(`a clock set ${name} by a week takes no job from a process that lives`, async () => {
      const { clock, db, worker } = await start()
      const { entered, enter, opened, open: openGate } = gate()
      const { watched, settle } = watchWrites(db)
      const holder = new JobWorker({
        db: watched,
        clock,
        log: silentLog,
        leaseMs,
        jobs: [
          copyTask(async () => {
            enter()
            await opened
          }),
        ],
      })
      const other = worker(copyTask(async () => assert.fail('it ran twice at once')))
      await enqueue(db, clock, 'a')
      const idle = holder.idle()
      await entered
      await other.idle()
      clock.jump(jumpMs)
      for (let second = 0; second < 60; second += 1) {
        clock.advance(1000)
        await settle()
        assert.equal(await other.idle(), 0)
      }
      openGate()
      await idle
    })

    test(`a clock set ${name} by a week leaves no job with a process that died`, async () => {
      const { clock, db, worker } = await start()
      const { entered, enter } = gate()
      const dead = new JobWorker({
        db,
        clock: { ...clock, setTimer: () => ({ cancel() {} }) },
        log: silentLog,
        leaseMs,
        jobs: [
          copyTask(() => {
            enter()
            return new Promise(() => {})
          }),
        ],
      })
      let ran = 0
      const other = worker(
        copyTask(async () => {
          ran += 1
        }),
      )
      await enqueue(db, clock, 'a')
      void dead.idle()
      await entered
      await other.idle()
      clock.jump(jumpMs)
      await passTime(clock, other, leaseMs + 2 * pollMs)
      assert.equal(ran, 1)
    })
  }

  test('a clock set back by a week makes no back-off a week longer', async () => {
    const { clock, db, worker } = await start()
    let attempts = 0
    const failing = worker(
      copyTask(async () => {
        attempts += 1
        throw new Error('no')
      }),
    )
    await enqueue(db, clock, 'a')
    await failing.idle()
    clock.jump(-weekMs)
    await failing.idle()
    assert.equal(attempts, 2)
    // The same where the clock was set while no process ran.
    clock.jump(-weekMs)
    const next = worker(
      copyTask(async () => {
        attempts += 1
      }),
    )
    await next.idle()
    assert.equal(attempts, 3)
  })

  test('a clock set back leaves a date that was asked for alone', async () => {
    const { clock, db, worker } = await start()
    await db.write((tx) =>
      schedule(tx, { kind: 'copy', key: 'a', at: clock.now(), runAt: clock.now() + 3_600_000 }),
    )
    clock.jump(-weekMs)
    assert.equal(await worker(copyTask(async () => {})).idle(), 0)
  })

  test('a running job that is cancelled hears it and ends cancelled', async () => {
    const { clock, db, worker } = await start()
    const { entered, enter } = gate()
    const copying = worker(
      copyTask(async ({ signal }) => {
        enter()
        const aborted = Promise.withResolvers<void>()
        signal.addEventListener('abort', () => aborted.resolve())
        await aborted.promise
        signal.throwIfAborted()
      }),
    )
    const id = await enqueue(db, clock, 'a')
    const idle = copying.idle()
    await entered
    await db.write((tx) => cancelJob(tx, id, clock.now()))
    copying.start()
    await idle
    await copying.stop()
    assert.equal((await stateOf(db, id)).state, 'cancelled')
  })

  test('a job that does not hear its deadline is given up and writes nothing more', async () => {
    const { clock, db, worker } = await start()
    const { entered, enter, opened, open: openGate } = gate()
    const late = Promise.withResolvers<unknown>()
    const stuck = worker(
      copyTask(async ({ write, job }) => {
        if (job.attempt > 1) return
        enter()
        await opened
        late.resolve(await write(async () => 'written').catch((error: unknown) => error))
      }),
    )
    const id = await enqueue(db, clock, 'a', 30_000)
    const idle = stuck.idle()
    await entered
    clock.advance(30_000)
    clock.advance(10_000)
    await idle
    assert.partialDeepStrictEqual(await stateOf(db, id), {
      state: 'waiting',
      error: 'it took longer than 30000 ms',
    })
    openGate()
    assert.ok((await late.promise) instanceof LeaseLostError)
  })

  test('a worker that stops hands its jobs back: another goes on at once', async () => {
    const { clock, db, worker } = await start()
    const { entered, enter } = gate()
    const stopping = worker(
      copyTask(async ({ signal }) => {
        enter()
        await new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
        })
      }),
    )
    const id = await enqueue(db, clock, 'a')
    const idle = stopping.idle()
    await entered
    await stopping.stop()
    await idle
    assert.partialDeepStrictEqual(await stateOf(db, id), { state: 'waiting', attempts: 0 })
    assert.equal(await worker(copyTask(async () => {})).idle(), 1)
    assert.equal((await stateOf(db, id)).state, 'succeeded')
  })

  test('a commit in this process starts the job without a poll', async () => {
    const clock = fakeClock()
    const wake = new Wake()
    const db = wake.watch(await open({ clock }))
    const { entered, enter } = gate()
    const worker = new JobWorker({
      db,
      clock,
      log: silentLog,
      wake,
      jobs: [copyTask(async () => enter())],
    })
    worker.start()
    await worker.idle()
    await enqueue(db, clock, 'a')
    await entered
    await worker.stop()
  })

  test('1000 jobs on four workers all end, each once, one at a time in a lane', async () => {
    const clock = systemClock()
    const db = await open({ clock })
    const runs = new Map<string, number>()
    const busyLanes = new Set<string>()
    const job = defineJob({
      kind: 'copy',
      parse: (payload) => String(payload),
      async run({ job: { key }, payload: lane, write }) {
        assert.ok(!busyLanes.has(lane), 'two jobs of a lane ran at once')
        busyLanes.add(lane)
        runs.set(key, (runs.get(key) ?? 0) + 1)
        await write(async () => {})
        busyLanes.delete(lane)
      },
    })
    const count = 1000
    const lanes = 50
    await db.write(async (tx) => {
      for (let n = 0; n < count; n += 1) {
        const lane = n % 2 === 0 ? `lane ${n % lanes}` : undefined
        const payload = lane ?? `alone ${n}`
        await schedule(tx, { kind: 'copy', key: `job ${n}`, lane, payload, at: clock.now() })
      }
    })
    const workers = Array.from(
      { length: 4 },
      () => new JobWorker({ db, clock, log: silentLog, jobs: [job], parallel: 8 }),
    )
    await Promise.all(workers.map((worker) => worker.idle()))
    assert.equal(runs.size, count)
    assert.deepEqual([...new Set(runs.values())], [1])
    const left = await db.read
      .selectFrom('jobs')
      .select('id')
      .where('state', '!=', 'succeeded')
      .execute()
    assert.deepEqual(left, [])
  })
})
