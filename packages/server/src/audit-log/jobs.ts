import type { Clock } from '../clock.ts'
import type { ClockWatch } from '../jobs/clock-watch.ts'
import { defineReconciler, type JobDefinition } from '../jobs/jobs.ts'
import { forwardAudit, type Sending } from './forward.ts'
import { trimAudit } from './retention.ts'

const trimEveryMs = 60 * 60_000
const forwardEveryMs = 5000

export function auditJobs(ground: {
  readonly clock: Clock
  readonly clockWatch: Pick<ClockWatch, 'isPaused'>
  readonly sending: Sending
}): readonly JobDefinition[] {
  return [
    defineReconciler({
      kind: 'audit.trim',
      everyMs: trimEveryMs,
      async run(context) {
        if (await ground.clockWatch.isPaused()) return
        await trimAudit(context, await ground.clock.deployment(context.db.read))
      },
    }),
    defineReconciler({
      kind: 'audit.forward',
      everyMs: forwardEveryMs,
      run: (context) => forwardAudit(context, ground.sending),
    }),
  ]
}
