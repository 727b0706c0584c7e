// An end to a job that somebody asks for: of its row, or of what it is about.

import type { cancelJob as cancelAction } from '@entrepot/contract/entrepot/jobs.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { assertMayDo } from '../actions/authority.ts'
import type { ChangeCall } from '../actions/define.ts'
import type { Queryable } from '../db/database.ts'
import { cancellableInstanceJobs } from '../instances/cancel.ts'
import { cancelJob } from '../jobs/jobs.ts'
import type { JobRow } from './queries.ts'

/** Of these jobs, those that may be cancelled. What reconciles would be back by its timer. */
export async function listCancellable(
  db: Queryable,
  jobs: readonly JobRow[],
): Promise<ReadonlySet<string>> {
  const live = jobs.filter(isLive)
  const found = live.filter(
    ({ cancellable, every_ms: every }) => cancellable === 1 && every === null,
  )
  const ids = new Set(found.map(({ id }) => id))
  for (const [kind, { listLive }] of Object.entries(cancellableInstanceJobs)) {
    const ofKind = live.filter((job) => job.kind === kind).map(({ id }) => id)
    for (const id of await listLive(db, ofKind)) ids.add(id)
  }
  return ids
}

/** Throws OPERATION_DENIED, UNAUTHORIZED_OPERATION. */
export async function cancel(call: ChangeCall<typeof cancelAction>, job: JobRow): Promise<void> {
  const { tx, at } = call
  const { instance_id: instanceId } = job
  if (!(await listCancellable(tx, [job])).has(job.id)) throw notCancellable(job)
  const ofInstance = cancellableInstanceJobs[job.kind]
  if (ofInstance && instanceId !== null) {
    await assertMayDo(call, ofInstance.permission, [`instance/${instanceId}`])
    return ofInstance.cancel(tx, instanceId, at)
  }
  if (!(await cancelJob(tx, job.id, at))) throw notCancellable(job)
}

export function isLive({ state }: JobRow): boolean {
  return state === 'waiting' || state === 'running'
}

function notCancellable(job: JobRow): ApiError {
  return new ApiError('OPERATION_DENIED', {
    message: isLive(job)
      ? { en: `${job.kind} can not be cancelled`, zh: `任务 ${job.kind} 不能取消` }
      : { en: 'the job has ended already', zh: '任务已经结束' },
    detail: { job: job.id },
  })
}
