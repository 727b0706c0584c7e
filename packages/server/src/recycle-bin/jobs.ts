// What the recycle bin does by itself. That its entries' time is over the sweeps of `gc/` decide, which stand still
// while the clock is not to be trusted; what was let go by hand goes at once.

import { purgeReleased } from '../gc/purge.ts'
import { defineReconciler, type JobContext, type JobDefinition } from '../jobs/jobs.ts'
import { binPurge, binWeighing } from './job-kinds.ts'
import { weighDeletions } from './weigh.ts'

const hourMs = 3_600_000

export function recycleBinJobs(): readonly JobDefinition[] {
  return [
    defineReconciler({
      kind: binPurge,
      everyMs: hourMs,
      run: async (context) => {
        const manifests = await purgeReleased(withFence(context), context.signal)
        await context.progress({ manifests })
      },
    }),
    defineReconciler({
      kind: binWeighing,
      everyMs: hourMs,
      run: async (context) => {
        await context.progress({ weighed: await weighDeletions(context) })
      },
    }),
  ]
}

/** Every write of it carries the job's lease. */
function withFence(context: JobContext) {
  const { read, heavy } = context.db
  const write: JobContext['write'] = (work) => context.write(work)
  return { db: { read, heavy, write } }
}
