// Workers in processes that are killed and stopped.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface, type Interface } from 'node:readline'
import { afterEach, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../clock.ts'
import type { Database, Dialect } from '../db/database.ts'
import { migrate } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
import { createTestDatabase, type TestDatabaseAddress } from '../db/test-database.ts'
import { silentLog } from '../log.ts'
import { defineJob, schedule } from './jobs.ts'
import { markDone, testLeaseMs, testPollMs } from './test-task.ts'
import { JobWorker } from './worker.ts'

const program = fileURLToPath(new URL('test-worker.ts', import.meta.url))
const clock = systemClock()

class WorkerProcess {
  readonly child: ChildProcess
  readonly #lines: Interface
  readonly #said: string[] = []
  #heard: () => void = () => {}

  constructor(address: TestDatabaseAddress) {
    this.child = spawn(process.execPath, [program, JSON.stringify(address)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    assert(this.child.stdout, 'its output is a pipe')
    this.#lines = createInterface({ input: this.child.stdout })
    this.#lines.on('line', (line) => {
      this.#said.push(line)
      this.#heard()
    })
  }

  /** Resolves when it has said `count` lines. */
  async said(count: number): Promise<readonly string[]> {
    while (this.#said.length < count) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve
      })
    }
    return this.#said
  }

  goOn(): void {
    this.child.stdin?.write('\n')
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const gone = new Promise((resolve) => this.child.once('exit', resolve))
    this.child.kill('SIGKILL')
    await gone
  }
}

for (const dialect of ['sqlite', 'postgres'] as const satisfies readonly Dialect[]) {
  const skip =
    dialect === 'postgres' && !process.env.ENTREPOT_TEST_POSTGRES
      ? 'ENTREPOT_TEST_POSTGRES is not set'
      : false

  describe(`jobs in several processes (${dialect})`, { skip }, () => {
    const cleanups: (() => Promise<void>)[] = []
    afterEach(async () => {
      for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
    })

    async function start(jobCount: number) {
      const { address, drop } = await createTestDatabase(dialect)
      cleanups.push(drop)
      const db = await openDatabase({ ...address, log: silentLog, clock })
      cleanups.push(() => db.close())
      await migrate(db)
      await db.write(async (tx) => {
        for (let n = 0; n < jobCount; n += 1) {
          await schedule(tx, { kind: 'copy', key: `job ${n}`, at: Date.now() })
        }
      })
      const process = new WorkerProcess(address)
      cleanups.push(() => process.kill())
      return { db, process }
    }

    /** A worker in this process; resolves when it has done so many jobs. */
    async function workHere(db: Database, count: number): Promise<void> {
      const done = Promise.withResolvers<void>()
      let left = count
      const job = defineJob({
        kind: 'copy',
        parse: (payload) => payload,
        async run({ job: { key }, write }) {
          await write((tx) => markDone(tx, key))
          left -= 1
          if (left === 0) done.resolve()
        },
      })
      const worker = new JobWorker({
        db,
        clock,
        log: silentLog,
        jobs: [job],
        leaseMs: testLeaseMs,
        pollMs: testPollMs,
      })
      // The program's timers keep no process alive.
      const alive = setInterval(() => {}, 2 ** 30)
      worker.start()
      await done.promise
      await worker.idle()
      await worker.stop()
      clearInterval(alive)
    }

    async function attemptsByState(db: Database) {
      const rows = await db.read.selectFrom('jobs').select(['state', 'attempts']).execute()
      return rows.map(({ state, attempts }) => `${state} ${attempts}`).sort()
    }

    test('kill -9 of a worker loses no job and does none twice', async () => {
      const { db, process } = await start(10)
      const running = 4
      await process.said(running)
      process.goOn()
      // The four that waited have written, and four more have begun.
      await process.said(running * 3)
      await process.kill()
      await workHere(db, 6)
      const done = await db.read
        .selectFrom('meta')
        .select('key')
        .where('key', 'like', 'done %')
        .execute()
      assert.equal(done.length, 10)
      assert.deepEqual(await attemptsByState(db), [
        ...Array(6).fill('succeeded 1'),
        ...Array(4).fill('succeeded 2'),
      ])
    })

    test('a process stopped for longer than its lease writes nothing when it goes on', async () => {
      const { db, process } = await start(1)
      await process.said(1)
      process.child.kill('SIGSTOP')
      await workHere(db, 1)
      process.child.kill('SIGCONT')
      process.goOn()
      assert.deepEqual(await process.said(2), ['began job 0', 'LeaseLostError job 0'])
      assert.deepEqual(await attemptsByState(db), ['succeeded 2'])
      const done = await db.read
        .selectFrom('meta')
        .select('value')
        .where('key', '=', 'done job 0')
        .executeTakeFirst()
      assert.equal(done?.value, String(globalThis.process.pid))
    })
  })
}
