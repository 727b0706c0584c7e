// Cleaning as reconcilers: no input, a timer, and a fenced write, so that a process that was paused past its
// lease removes nothing more. While the clock is not to be trusted nothing is swept; while the database may
// be older than its store only the store is looked at.

import { inBatches } from '../jobs/in-batches.ts'
import { defineReconciler, type JobContext, type JobDefinition, nudge } from '../jobs/jobs.ts'
import { type Collector, collectBlobs } from './collect.ts'
import { type Expiry, expireUploads } from './expiry.ts'
import { deleteCondemned, findHold, type ObjectSweeper, sweepOrphans } from './objects.ts'
import { besidePushes, Pace } from './pace.ts'
import { purgeDeleted } from './purge.ts'
import { sweepReferrers } from './referrers.ts'
import { gcRunJobs } from './run.ts'
import { recordHourly, trimItems, trimRuns } from './runs.ts'
import { Tally } from './tally.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

export interface Cleaner extends Omit<Expiry & Collector & ObjectSweeper, 'db'> {
  /** True while the clock can't be trusted with deletions. */
  readonly isPaused: () => Promise<boolean>
}

export function gcJobs(cleaner: Cleaner): readonly JobDefinition[] {
  return [
    defineReconciler({
      kind: 'gc.uploads',
      everyMs: 10 * minuteMs,
      run: unlessPaused(cleaner, async (context) => {
        const expired = await expireUploads(withFence(cleaner, context), context.signal)
        if (expired > 0) context.log(`${expired} uploads expired`)
      }),
    }),
    defineReconciler({
      kind: 'gc.blobs',
      everyMs: hourMs,
      run: unlessHeld(cleaner, async (context) => {
        await sweepRows(cleaner, context)
      }),
    }),
    gcRunJobs(cleaner),
    defineReconciler({
      kind: 'gc.objects',
      everyMs: minuteMs,
      run: unlessHeld(cleaner, async (context) => {
        const deleted = await deleteCondemned(withFence(cleaner, context), context.signal)
        if (deleted > 0) context.log(`${deleted} condemned objects deleted`)
      }),
    }),
    defineReconciler({
      kind: 'gc.orphans',
      everyMs: 6 * hourMs,
      run: unlessPaused(cleaner, async (context) => {
        const swept = await sweepOrphans(withFence(cleaner, context), context.signal)
        await context.progress(swept)
      }),
    }),
  ]
}

const trimRows = 500

async function sweepRows(cleaner: Cleaner, context: JobContext): Promise<void> {
  const { clock } = cleaner
  const fenced = { ...withFence(cleaner, context), pace: new Pace(clock, besidePushes) }
  const tally = new Tally()
  const { signal } = context
  try {
    const referrers = await sweepReferrers(fenced, signal, { tally })
    const manifests = await purgeDeleted(fenced, signal, { tally })
    const collected = await collectBlobs(fenced, signal, { tally })
    await context.progress({ referrers, manifests, ...collected })
  } finally {
    // What went before a failure went all the same.
    if (tally.instances.length > 0) {
      const at = await clock.deployment(context.db.read)
      await context.write((tx) => recordHourly(tx, tally, at))
    }
  }
  const now = await clock.deployment(context.db.read)
  await inBatches(context, trimRows, (tx, maxRows) => trimItems(tx, now, maxRows))
  await inBatches(context, trimRows, (tx, maxRows) => trimRuns(tx, now, maxRows))
}

/** What the job may do: every write carries its lease. */
function withFence<C extends object>(cleaner: C, context: JobContext) {
  const { read, heavy } = context.db
  const write: JobContext['write'] = (work) => context.write(work)
  return { ...cleaner, db: { read, heavy, write } }
}

function unlessPaused(cleaner: Cleaner, run: (context: JobContext) => Promise<void>) {
  return async (context: JobContext): Promise<void> => {
    if (await cleaner.isPaused()) {
      context.log('the clock jumped: nothing is swept until a grace period has passed')
      return
    }
    await run(context)
  }
}

function unlessHeld(cleaner: Cleaner, run: (context: JobContext) => Promise<void>) {
  return unlessPaused(cleaner, async (context) => {
    const now = await cleaner.clock.deployment(context.db.read)
    const hold = await findHold(context.db.read, now)
    if (!hold) return run(context)
    context.log(
      'nobody ran for a while: nothing is deleted until the store was compared with the database',
    )
    if (hold === 'to be listed') await context.write((tx) => nudge(tx, 'gc.orphans'))
  })
}
