// What the recycle bin does by itself. That its entries' time is over the sweeps of `gc/` decide, which stand still
// while the clock is not to be trusted; what was let go by hand goes at once.

import type { Clock } from '../clock.ts'
import type { Queryable } from '../db/database.ts'
import { purgeReleased } from '../gc/purge.ts'
import {
  defineJob,
  defineReconciler,
  type JobContext,
  type JobDefinition,
  nudge,
} from '../jobs/jobs.ts'
import { endOfPrefix } from '../policies/reach.ts'
import { trimHistory } from '../tags/trim.ts'
import { binEmptying, binPurge, binWeighing } from './job-kinds.ts'
import { release, releaseBatch } from './release.ts'
import { weighDeletions } from './weigh.ts'

const hourMs = 3_600_000

interface Emptying {
  readonly instanceId: string
  /** Null: of all. */
  readonly namespace: string | null
  /** What was deleted since stays. */
  readonly until: number
}

interface Keeper {
  readonly clock: Pick<Clock, 'deployment'>
}

export function recycleBinJobs({ clock }: Keeper): readonly JobDefinition[] {
  return [
    defineJob<Emptying>({
      kind: binEmptying,
      parse: (payload) => payload as Emptying,
      run: empty,
    }),
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
    defineReconciler({
      kind: 'tags.history',
      everyMs: 24 * hourMs,
      run: async (context) => {
        const now = await clock.deployment(context.db.read)
        await context.progress({ trimmed: await trimHistory(context, now) })
      },
    }),
  ]
}

/** Repeatable: it goes on with what is left. */
async function empty({
  db,
  signal,
  payload,
  write,
  progress,
  log,
}: JobContext<Emptying>): Promise<void> {
  let released = 0
  for (;;) {
    signal.throwIfAborted()
    const ids = await listUntil(db.read, payload)
    if (ids.length > 0) released += await write((tx) => release(tx, ids))
    await progress({ done: null, released })
    if (ids.length < releaseBatch) break
  }
  log(`${released} entries left the recycle bin for good`)
  await write((tx) => nudge(tx, binPurge))
}

async function listUntil(
  db: Queryable,
  { instanceId, namespace, until }: Emptying,
): Promise<readonly string[]> {
  let query = db
    .selectFrom('deletions')
    .select('id')
    .where('instance_id', '=', instanceId)
    .where('deleted_at', '<=', until)
  if (namespace !== null) {
    const prefix = `${namespace}/`
    query = query.where('path', '>=', prefix).where('path', '<', endOfPrefix(prefix))
  }
  const rows = await query.orderBy('deleted_at').limit(releaseBatch).execute()
  return rows.map(({ id }) => id)
}

/** Every write of it carries the job's lease. */
function withFence(context: JobContext) {
  const { read, heavy } = context.db
  const write: JobContext['write'] = (work) => context.write(work)
  return { db: { read, heavy, write } }
}
