// Rules run by time, and what is left of runs goes. A time that was missed while nobody ran comes once.

import { sql } from 'kysely'
import { systemOrigin } from '../audit/origin.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { forUpdate } from '../db/forms.ts'
import { inBatches } from '../jobs/in-batches.ts'
import { defineJob, defineReconciler, type JobContext, type JobDefinition } from '../jobs/jobs.ts'
import { clockPause } from './pause.ts'
import { startPersonalRuns } from './personal.ts'
import { dayMs } from './retention.ts'
import { fromRow, listDue } from './rules.ts'
import { type RunGround, runRetention } from './run.ts'
import { endRun, findOpenRun, runJob, startRun } from './runs.ts'
import { nextRunAt } from './schedule.ts'
import { untaggedReconciler } from './untagged.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** As long as anything can lie in the bin: what went can be asked for until then. */
const runDays = 90
/** Why tags stayed is asked of the last runs only, and is most of what runs say. */
const keptDays = 7
const rowsAtOnce = 500

export interface RetentionGround extends RunGround {
  readonly region: string
  readonly timeZone: string
}

export function retentionJobs(ground: RetentionGround): readonly JobDefinition[] {
  return [
    defineJob({
      kind: runJob,
      parse: () => undefined,
      run: (job) => runRetention(ground, job),
    }),
    defineReconciler({
      kind: 'retention.schedule',
      everyMs: minuteMs,
      async run(job) {
        await closeRuns(ground, job)
        if (await ground.isPaused()) return job.log(clockPause)
        await startDue(ground, job)
        await startPersonalRuns(ground, job)
      },
    }),
    defineReconciler({
      kind: 'retention.trim',
      everyMs: hourMs,
      run: (job) => trim(ground, job),
    }),
    untaggedReconciler(ground),
  ]
}

async function startDue(ground: RetentionGround, job: JobContext): Promise<void> {
  const now = await ground.clock.deployment(job.db.read)
  for (const namespaceId of await listDue(job.db.read, now)) {
    job.signal.throwIfAborted()
    await job.write((tx) => startOne(tx, ground, namespaceId))
  }
}

/** One that runs just now is waited for: its time stays. */
async function startOne(tx: Tx, ground: RetentionGround, namespaceId: string): Promise<void> {
  const now = await ground.clock.deployment(tx)
  const row = await tx
    .selectFrom('retention_rules as r')
    .innerJoin('namespaces as n', 'n.id', 'r.namespace_id')
    .selectAll('r')
    .select(['n.name', 'n.instance_id'])
    .where('r.namespace_id', '=', namespaceId)
    .where('r.next_run_at', '<=', now)
    .$call((query) => forUpdate(tx, query))
    .executeTakeFirst()
  if (!row || (await findOpenRun(tx, namespaceId))) return
  const rule = fromRow(row)
  await startRun(tx, {
    instanceId: row.instance_id,
    namespaceId,
    ruleNumber: rule.number,
    items: rule.items,
    revision: rule.revision,
    startedBy: 'time',
    isDry: false,
    by: systemOrigin('retention').actor,
    at: now,
  })
  await tx
    .updateTable('retention_rules')
    .set({ next_run_at: nextRunAt(rule.schedule, now, ground.timeZone) })
    .where('namespace_id', '=', namespaceId)
    .execute()
}

/** Those whose job was cancelled, or failed too often: it could not write their end. */
async function closeRuns(ground: RetentionGround, job: JobContext): Promise<void> {
  const rows = await job.db.read
    .selectFrom('retention_runs as u')
    .leftJoin('jobs as j', 'j.id', 'u.id')
    .select(['u.id', 'j.state', 'j.error'])
    .where('u.ended_at', 'is', null)
    .where((eb) =>
      eb.or([eb('j.id', 'is', null), eb('j.state', 'in', ['succeeded', 'failed', 'cancelled'])]),
    )
    .execute()
  for (const { id, state, error } of rows) {
    await job.write(async (tx) => {
      const at = await ground.clock.deployment(tx)
      const isStopped = state === 'cancelled'
      await endRun(tx, id, { state: isStopped ? 'stopped' : 'failed', reason: error, at })
    })
  }
}

async function trim(ground: RetentionGround, job: JobContext): Promise<void> {
  const now = await ground.clock.deployment(job.db.read)
  await inBatches(job, rowsAtOnce, async (tx, limit) => {
    const { rows } = await sql<{ run_id: string }>`
      delete from retention_fates where (run_id, task_number, fate, position) in (
        select f.run_id, f.task_number, f.fate, f.position from retention_runs u
        join retention_fates f on f.run_id = u.id and f.fate = 'kept'
        where u.created_at < ${now - keptDays * dayMs} limit ${limit})
      returning run_id`.execute(tx)
    return rows.length
  })
  // With its tasks and fates: few at once.
  await inBatches(job, 10, async (tx, limit) => {
    const ids = await listOld(tx, now - runDays * dayMs, limit)
    if (ids.length > 0) await tx.deleteFrom('retention_runs').where('id', 'in', ids).execute()
    return ids.length
  })
}

async function listOld(db: Queryable, before: number, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('retention_runs')
    .select('id')
    .where('created_at', '<', before)
    .where('ended_at', 'is not', null)
    .orderBy('created_at')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}
