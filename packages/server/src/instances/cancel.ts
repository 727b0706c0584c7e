// Jobs of instances whose end is more than that of their row: cancelled as jobs, what they are about is cancelled.

import type { Queryable, Tx } from '../db/database.ts'
import { cancelMove, moveJob } from './moves.ts'

interface CancellableJob {
  /** What whoever asks must be allowed to do on the instance. */
  readonly permission: string
  /** Of these jobs, those that can be cancelled at present. */
  listLive(db: Queryable, jobIds: readonly string[]): Promise<readonly string[]>
  /** Throws OPERATION_DENIED where it is no longer to be done. */
  cancel(tx: Tx, instanceId: string, at: number): Promise<void>
}

export const cancellableInstanceJobs: Readonly<Record<string, CancellableJob>> = {
  [moveJob]: {
    permission: 'tcr:ModifyInstanceStorage',
    listLive: listLiveMoves,
    // The job runs on: it brings back what it has moved.
    cancel: cancelMove,
  },
}

async function listLiveMoves(db: Queryable, jobIds: readonly string[]): Promise<string[]> {
  if (jobIds.length === 0) return []
  const rows = await db
    .selectFrom('storage_moves')
    .select('job_id')
    .where('job_id', 'in', jobIds)
    .where('state', 'in', ['waiting', 'running'])
    .execute()
  return rows.flatMap(({ job_id: id }) => id ?? [])
}
