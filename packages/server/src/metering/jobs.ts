import type { Clock } from '../clock.ts'
import type { ClockWatch } from '../jobs/clock-watch.ts'
import { defineReconciler, type JobDefinition } from '../jobs/jobs.ts'
import { meterHours, trimUsage } from './hours.ts'

const everyMs = 5 * 60_000

export function meteringJobs(ground: {
  readonly clock: Clock
  readonly clockWatch: Pick<ClockWatch, 'isPaused'>
}): readonly JobDefinition[] {
  return [
    defineReconciler({
      kind: 'metering.hours',
      everyMs,
      async run(context) {
        // Hours that only a clock which was set has passed are nobody's.
        if (await ground.clockWatch.isPaused()) return
        const now = await ground.clock.deployment(context.db.read)
        await meterHours(context, now)
        await trimUsage(context, now)
      },
    }),
  ]
}
