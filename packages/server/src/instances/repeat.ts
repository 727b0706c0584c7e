// What failed to become of an instance, asked for once more.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Tx } from '../db/database.ts'
import { schedule } from '../jobs/jobs.ts'
import { findBackend } from '../storage/backends.ts'
import { deleteJob, deployJob, maxDeleteAttempts, maxDeployAttempts } from './jobs.ts'
import { findLastMove, moveJob, startMove } from './moves.ts'
import { type InstanceRecord, lockInstance } from './queries.ts'

export interface Repeat {
  readonly instanceId: string
  readonly payload: unknown
  readonly at: number
  readonly by: string
}

interface RepeatableJob {
  /** What whoever asks must be allowed to do on the instance. */
  readonly permission: string
  /** Returns the id of the new job. Throws OPERATION_DENIED where it is no longer to be done. */
  repeat(tx: Tx, repeat: Repeat): Promise<string>
}

export const repeatableInstanceJobs: Readonly<Record<string, RepeatableJob>> = {
  [deployJob]: {
    permission: 'tcr:CreateInstance',
    repeat: (tx, repeat) => restart(tx, repeat, { from: 'failed', to: 'pending', kind: deployJob }),
  },
  [deleteJob]: {
    permission: 'tcr:DeleteInstance',
    repeat: (tx, repeat) =>
      restart(tx, repeat, { from: 'delete-failed', to: 'deleting', kind: deleteJob }),
  },
  [moveJob]: { permission: 'tcr:ModifyInstanceStorage', repeat: repeatMove },
}

const attempts = { [deployJob]: maxDeployAttempts, [deleteJob]: maxDeleteAttempts }

interface Restart {
  readonly from: InstanceRecord['state']
  readonly to: InstanceRecord['state']
  readonly kind: typeof deployJob | typeof deleteJob
}

async function restart(
  tx: Tx,
  { instanceId, payload, at, by }: Repeat,
  { from, to, kind }: Restart,
): Promise<string> {
  const { state } = await lockInstance(tx, instanceId)
  if (state !== from) throw nothingToRepeat()
  await tx
    .updateTable('instances')
    .set({ state: to, state_reason: '' })
    .where('id', '=', instanceId)
    .execute()
  return schedule(tx, {
    kind,
    key: `${kind}:${instanceId}`,
    payload,
    instanceId,
    isCancellable: false,
    at,
    by,
    maxAttempts: attempts[kind],
  })
}

/** It goes on from where it was. */
async function repeatMove(tx: Tx, { instanceId, at, by }: Repeat): Promise<string> {
  const last = await findLastMove(tx, instanceId)
  if (last?.state !== 'failed') throw nothingToRepeat()
  const section = await findBackend(tx, last.target_id)
  const target = section?.store_id ? await findBackend(tx, section.store_id) : section
  if (!target) throw nothingToRepeat()
  return startMove(tx, instanceId, target, { at, by })
}

export function nothingToRepeat(): ApiError {
  return new ApiError('OPERATION_DENIED', {
    message: {
      en: 'there is nothing left to do again: what it was about has changed since',
      zh: '任务所针对的对象已发生变化，无需再次执行',
    },
  })
}
