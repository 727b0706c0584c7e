import type { Clock } from '../clock.ts'
import { inBatches } from '../jobs/in-batches.ts'
import { defineReconciler, type JobDefinition } from '../jobs/jobs.ts'
import { forgetUsed, loginMs } from './login-state.ts'

const batchRows = 500

/** Logins at providers that came back, once their time is over. */
export function providerLoginJobs({ clock }: { readonly clock: Clock }): readonly JobDefinition[] {
  return [
    defineReconciler({
      kind: 'provider-logins.forget',
      everyMs: loginMs,
      run: (context) =>
        inBatches(context, batchRows, (tx, maxRows) => forgetUsed(tx, clock.now(), maxRows)),
    }),
  ]
}
