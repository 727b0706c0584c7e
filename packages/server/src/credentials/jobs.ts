import type { Clock } from '../clock.ts'
import { inBatches } from '../jobs/in-batches.ts'
import { defineReconciler, type JobDefinition } from '../jobs/jobs.ts'
import { forgetThrottles, throttleWindowMs } from './throttle.ts'

const batchRows = 500

export function credentialJobs({ clock }: { readonly clock: Clock }): readonly JobDefinition[] {
  return [
    // Failed logins whose time is over: somebody with many addresses leaves many rows.
    defineReconciler({
      kind: 'credentials.forget-throttles',
      everyMs: throttleWindowMs,
      run: (context) =>
        inBatches(context, batchRows, (tx, maxRows) => forgetThrottles(tx, clock.now(), maxRows)),
    }),
  ]
}
