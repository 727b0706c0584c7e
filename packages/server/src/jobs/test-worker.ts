// For tests: a worker in a process of its own. It says when a job begins and goes on with it when told to
// on its standard input, so that the test can stop or kill it at a known place.

import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { systemClock } from '../clock.ts'
import { openDatabase } from '../db/open.ts'
import { silentLog } from '../log.ts'
import { defineJob } from './jobs.ts'
import { markDone, testLeaseMs, testPollMs } from './test-task.ts'
import { JobWorker } from './worker.ts'

const clock = systemClock()
const db = await openDatabase({ ...JSON.parse(process.argv[2] ?? '{}'), log: silentLog, clock })
const told = createInterface({ input: process.stdin })

const worker = new JobWorker({
  db,
  clock,
  log: silentLog,
  leaseMs: testLeaseMs,
  pollMs: testPollMs,
  jobs: [
    defineJob({
      kind: 'copy',
      parse: (payload) => payload,
      async run({ job, write }) {
        process.stdout.write(`began ${job.key}\n`)
        await once(told, 'line')
        const written = await write((tx) => markDone(tx, job.key)).then(
          () => 'wrote',
          (error: unknown) => (error instanceof Error ? error.name : 'failed'),
        )
        process.stdout.write(`${written} ${job.key}\n`)
      },
    }),
  ],
})
worker.start()
