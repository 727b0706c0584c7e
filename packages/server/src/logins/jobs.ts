import type { Clock } from '../clock.ts'
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
      async run({ write, signal }) {
        for (const forget of [forgetOldWrong, forgetSessions]) {
          let forgotten: number
          do {
            signal.throwIfAborted()
            forgotten = await write((tx) => forget(tx, clock.now(), batchRows))
          } while (forgotten === batchRows)
        }
      },
    }),
  ]
}
