// A second try at what failed, or was cancelled: a new job, for whoever may ask for the work itself.

import type { retryJob } from '@entrepot/contract/entrepot/jobs.ts'
import { assertMayDo } from '../actions/authority.ts'
import type { ChangeCall } from '../actions/define.ts'
import { getOwnInstance } from '../instances/own-instance.ts'
import { nothingToRepeat, repeatableInstanceJobs } from '../instances/repeat.ts'
import { findMigration, migrationJob, scheduleMigration } from '../personal-migration/migrations.ts'
import type { JobRow } from './queries.ts'

type Call = ChangeCall<typeof retryJob>

export function canRetry({ kind, state, instance_id: instanceId }: JobRow): boolean {
  const hasEnded = state === 'failed' || state === 'cancelled'
  const isKnown = kind === migrationJob || Object.hasOwn(repeatableInstanceJobs, kind)
  return hasEnded && isKnown && instanceId !== null
}

/** Returns the id of the new job. Throws OPERATION_DENIED, UNAUTHORIZED_OPERATION. */
export async function retry(call: Call, job: JobRow): Promise<string> {
  const { tx, at, origin } = call
  const { instance_id: instanceId } = job
  if (!canRetry(job) || instanceId === null) throw nothingToRepeat()
  if (job.kind === migrationJob) return retryMigration(call, job.id, instanceId)
  const repeatable = repeatableInstanceJobs[job.kind]
  if (!repeatable) throw nothingToRepeat()
  await assertMayDo(call, repeatable.permission, [`instance/${instanceId}`])
  const payload: unknown = JSON.parse(job.payload)
  return repeatable.repeat(tx, { instanceId, payload, at, by: origin.actor })
}

/** What was copied already is passed over. */
async function retryMigration(call: Call, id: string, instanceId: string): Promise<string> {
  const { tx, at, actor, origin } = call
  const last = await findMigration(tx, id)
  if (!last || last.ownerUin !== actor.ownerUin) throw nothingToRepeat()
  await assertMayDo(call, 'tcr:PushRepository', [`repository/${instanceId}/*`])
  for (const { from } of last.pairs) {
    await assertMayDo(call, 'tcr:PullRepositoryPersonal', [`repo/${from}/*`])
  }
  const { pairs, overrides, ownerUin } = last
  const instance = await getOwnInstance(tx, instanceId, ownerUin)
  const wanted = { instance, ownerUin, pairs, overrides, createdBy: actor.uin, at }
  return scheduleMigration(tx, { ...wanted, by: origin.actor })
}
