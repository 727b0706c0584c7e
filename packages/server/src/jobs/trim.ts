// Ended jobs are kept for a while, for people to see how they ended, and then go with their logs. A
// reconciler's row stays; of its log only the latest lines do.

import { sql } from 'kysely'
import type { Clock } from '../clock.ts'
import type { ClockWatch } from './clock-watch.ts'
import { inBatches } from './in-batches.ts'
import { defineReconciler, type JobContext, type JobDefinition } from './jobs.ts'

const everyMs = 60 * 60_000
const keepSucceededMs = 7 * 24 * 60 * 60_000
const keepOthersMs = 30 * 24 * 60 * 60_000
const batchJobs = 500

export function trimJobs(app: {
  readonly clock: Clock
  readonly clockWatch: Pick<ClockWatch, 'isPaused'>
}): JobDefinition {
  return defineReconciler({
    kind: 'jobs.trim',
    everyMs,
    async run(context) {
      if (await app.clockWatch.isPaused()) return
      const now = await app.clock.deployment(context.db.read)
      await trimEnded(context, ['succeeded'], now - keepSucceededMs)
      await trimEnded(context, ['failed', 'cancelled'], now - keepOthersMs)
      await trimReconcilerLogs(context, now - keepSucceededMs)
    },
  })
}

function trimEnded(
  context: JobContext,
  states: readonly ('succeeded' | 'failed' | 'cancelled')[],
  endedBefore: number,
): Promise<void> {
  return inBatches(context, batchJobs, async (tx, maxRows) => {
    const result = await tx
      .deleteFrom('jobs')
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('jobs as ended')
          .select('ended.id')
          .where('ended.ended_at', '<', endedBefore)
          .where('ended.state', 'in', states)
          .orderBy('ended.ended_at')
          .limit(maxRows),
      )
      .executeTakeFirst()
    return result.numDeletedRows
  })
}

function trimReconcilerLogs(context: JobContext, before: number): Promise<void> {
  return inBatches(context, batchJobs, async (tx, maxRows) => {
    const result = await tx
      .deleteFrom('job_logs')
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('job_logs as line')
          .innerJoin('jobs', 'jobs.id', 'line.job_id')
          .select('line.id')
          .where('jobs.every_ms', 'is not', null)
          .where(sql<boolean>`line.at < ${before}`)
          .limit(maxRows),
      )
      .executeTakeFirst()
    return result.numDeletedRows
  })
}
