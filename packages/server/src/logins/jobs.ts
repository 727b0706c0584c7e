import type { Clock } from '../clock.ts'
import { inBatches } from '../jobs/in-batches.ts'
import { defineReconciler, type JobDefinition } from '../jobs/jobs.ts'
import { forgetOldWrong, lockMs } from './lockout.ts'
import { forgetSessions } from './sessions.ts'

const batchRows = 500

/** Wrong passwords and sessions whose time is over. */
export function loginJobs({ clock }: { readonly clock: Clock }): readonly JobDefinition[] {
  return [
    defineReconciler({
      kind: 'logins.forget',
      everyMs: lockMs,
      async run(context) {
        for (const forget of [forgetOldWrong, forgetSessions]) {
          await inBatches(context, batchRows, (tx, maxRows) => forget(tx, clock.now(), maxRows))
        }
      },
    }),
  ]
}
