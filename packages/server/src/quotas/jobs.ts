import { defineReconciler, type JobDefinition } from '../jobs/jobs.ts'
import { foldScope } from './quotas.ts'

const foldEveryMs = 10_000
/** Counters of one run; what is left waits for the next. */
const maxCounters = 1000

/** Moves counter deltas into their counters, so that few rows must be added up. */
export function quotaJobs(): readonly JobDefinition[] {
  return [
    defineReconciler({
      kind: 'quotas.fold',
      everyMs: foldEveryMs,
      async run({ db, signal, write }) {
        const open = await db.read
          .selectFrom('counter_deltas')
          .select(['scope_id', 'metric'])
          .distinct()
          .limit(maxCounters)
          .execute()
        for (const { scope_id: scopeId, metric } of open) {
          signal.throwIfAborted()
          await write((tx) => foldScope(tx, scopeId, metric))
        }
      },
    }),
  ]
}
