// The API's actions on jobs: what runs, how far it is, what it says, and an end to it.

import type { ActionReply } from '@entrepot/contract/action.ts'
import {
  cancelJob as cancelAction,
  describeJob,
  describeJobs,
  retryJob,
} from '@entrepot/contract/entrepot/jobs.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { mayDo, reachFor } from '../actions/authority.ts'
import { type ActionCall, change, type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { isoUtc } from '../actions/times.ts'
import { cancel, isLive, listCancellable } from './cancel.ts'
import { countLines, findJob, type JobRow, listJobs, listLines } from './queries.ts'
import { canRetry, retry } from './retry.ts'

export const jobHandlers: readonly Handler[] = [
  read(describeJobs, async (call) => {
    const { ground, actor, input } = call
    const { permission, paging } = describeJobs
    const reach = await reachFor(call, permission, 'instance/')
    const { total, jobs } = await listJobs(
      ground.db.heavy,
      {
        ownerUin: isOperator(call) && reach.kind === 'all' ? undefined : actor.ownerUin,
        reach,
        instanceId: input.RegistryId,
        kinds: input.Kinds ?? [],
        states: (input.States ?? []).map((state) => stateOf[state]),
        isAskedFor: !input.IncludeBackground,
      },
      pageRange(paging, input),
    )
    const cancellable = await listCancellable(ground.db.read, jobs)
    return { Jobs: jobs.map((job) => toWire(job, cancellable)), TotalCount: total }
  }),

  read(describeJob, async (call) => {
    const { db, input } = call
    const job = await visible(
      call,
      describeJob.permission,
      input.JobId,
      await findJob(db, input.JobId),
    )
    const { AfterLine: after, MaxLines: limit } = input
    const lines = await listLines(db, job.id, { after, limit: limit + 1 })
    return {
      Job: toWire(job, await listCancellable(db, [job])),
      Log: lines.slice(0, limit).map(({ at, line }, index) => ({
        Number: after + index + 1,
        Time: isoUtc(at),
        Text: line,
      })),
      LineCount: await countLines(db, job.id),
      LogOver: lines.length <= limit,
    }
  }),

  change(
    cancelAction,
    async (call) => {
      const { tx, input } = call
      const { permission } = cancelAction
      const job = await visible(call, permission, input.JobId, await findJob(tx, input.JobId))
      await cancel(call, job)
      return {}
    },
    undefined,
    ({ JobId }) => ({ resource: `job/${JobId}` }),
  ),

  change(
    retryJob,
    async (call) => {
      const { tx, input } = call
      const found = await findJob(tx, input.JobId)
      const job = await visible(call, retryJob.permission, input.JobId, found)
      return { JobId: await retry(call, job) }
    },
    undefined,
    ({ JobId }) => ({ resource: `job/${JobId}` }),
  ),
]

type Asking = Pick<
  ActionCall<typeof describeJob>,
  'ground' | 'actor' | 'client' | 'region' | 'nowMs'
>

function isOperator({ actor, ground }: Asking): boolean {
  return actor.ownerUin === ground.operatorUin
}

/** Whoever may not look at its instance is not told that there is such a job. */
async function visible(
  call: Asking,
  permission: string,
  id: string,
  job: JobRow | undefined,
): Promise<JobRow> {
  const isOwn = job?.owner_uin === call.actor.ownerUin
  const resource = job?.instance_id && isOwn ? `instance/${job.instance_id}` : 'instance/*'
  const isKnown = isOwn || isOperator(call)
  if (job && isKnown && (await mayDo(call, permission, [resource]))) return job
  throw new ApiError('RESOURCE_NOT_FOUND', {
    message: { en: `there is no job ${id}`, zh: `没有任务 ${id}` },
    detail: { job: id },
  })
}

const stateOf = {
  Waiting: 'waiting',
  Running: 'running',
  Succeeded: 'succeeded',
  Failed: 'failed',
  Cancelled: 'cancelled',
} as const

const stateNames = {
  waiting: 'Waiting',
  running: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  cancelled: 'Cancelled',
} as const

type WireJob = NonNullable<ActionReply<typeof describeJob>['Job']>

function toWire(job: JobRow, cancellable: ReadonlySet<string>): WireJob {
  return {
    JobId: job.id,
    Kind: job.kind,
    RegistryId: job.instance_id,
    State: stateNames[job.state],
    Done: shareOf(job),
    Progress: job.progress,
    Attempts: job.attempts,
    Reason: job.error,
    CanCancel: cancellable.has(job.id),
    CanRetry: canRetry(job),
    CreatedBy: job.created_by,
    CreateTime: isoUtc(job.created_at),
    StartTime: job.started_at === null ? null : isoUtc(job.started_at),
    // One that waits for its next attempt has ended one.
    EndTime: isLive(job) || job.ended_at === null ? null : isoUtc(job.ended_at),
  }
}

/** Jobs that know their end say `{ "done": 3, "total": 10 }` in their progress. */
function shareOf({ state, progress }: JobRow): number | null {
  if (state === 'succeeded') return 1
  const { done, total } = (JSON.parse(progress ?? 'null') ?? {}) as Readonly<
    Record<string, unknown>
  >
  if (typeof done !== 'number' || typeof total !== 'number' || !(total > 0)) return null
  return Math.min(1, Math.max(0, done / total))
}
