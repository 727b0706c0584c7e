import type { Clock } from '../clock.ts'
import { defineReconciler, type JobDefinition } from '../jobs/jobs.ts'
import { forgetThrottles, throttleWindowMs } from './throttle.ts'

const batchRows = 500

export function credentialJobs({ clock }: { readonly clock: Clock }): readonly JobDefinition[] {
  return [
    // Failed logins whose time is over: somebody with many addresses leaves many rows.
    defineReconciler({
      kind: 'credentials.forget-throttles',
      everyMs: throttleWindowMs,
      async run({ write, signal }) {
        let forgotten: number
        do {
          signal.throwIfAborted()
          forgotten = await write((tx) => forgetThrottles(tx, clock.now(), batchRows))
        } while (forgotten === batchRows)
      },
    }),
  ]
}
