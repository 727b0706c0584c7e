// The moves of instances between storage backends as people ask for them and see them; `gather.ts` does the work.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Selectable } from 'kysely'
import type { Queryable, Tx } from '../db/database.ts'
import { newId } from '../db/ids.ts'
import type { StorageMovesTable } from '../db/schema-storage.ts'
import { schedule } from '../jobs/jobs.ts'
import { type Backend, findBackend } from '../storage/backends.ts'
import { lockInstance } from './queries.ts'
import { insertSection, retireSections } from './sections.ts'

export type StorageMove = Selectable<StorageMovesTable>

export const moveJob = 'storage-move'
/** After these the move has failed; asked for again it goes on from where it was. */
export const maxMoveAttempts = 8
/** A large instance takes days; each attempt goes on from where the last one was. */
const moveDeadlineMs = 24 * 3_600_000

export function scheduleGather(
  tx: Tx,
  instanceId: string,
  times: { readonly at: number; readonly runAt?: number; readonly by?: string },
): Promise<string> {
  return schedule(tx, {
    kind: moveJob,
    key: `${moveJob}:${instanceId}`,
    payload: { instanceId },
    instanceId,
    // Not by its row alone: the move ends with it (`cancel.ts`).
    isCancellable: false,
    maxAttempts: maxMoveAttempts,
    deadlineMs: moveDeadlineMs,
    ...times,
  })
}

/** Returns the id of the job. New pushes go to the new backend from the commit on. Throws RESOURCE_IN_USE, INVALID_PARAMETER_VALUE. */
export async function startMove(
  tx: Tx,
  instanceId: string,
  target: Backend,
  { at, by }: { readonly at: number; readonly by: string },
): Promise<string> {
  const instance = await lockInstance(tx, instanceId)
  if (await findLiveMove(tx, instanceId)) {
    throw new ApiError('RESOURCE_IN_USE', {
      message: {
        en: `a storage move of ${instanceId} is under way: wait for it, or cancel it`,
        zh: `实例 ${instanceId} 正在搬迁存储，请等待完成或先取消`,
      },
    })
  }
  const source = await findBackend(tx, instance.backend_id)
  const last = await findLastMove(tx, instanceId)
  const isThere = (source?.store_id ?? source?.id) === target.id
  // A move that failed half-way is asked for again by the same words.
  const isRepeat = isThere && last?.state === 'failed' && last.target_id === instance.backend_id
  if (isThere && !isRepeat) {
    throw new ApiError('INVALID_PARAMETER_VALUE', {
      message: {
        en: `TargetStorageName: the instance lies on ${target.name} already`,
        zh: `TargetStorageName：实例已在存储 ${target.name} 上`,
      },
      detail: { parameter: 'TargetStorageName' },
    })
  }
  const targetId = isRepeat ? instance.backend_id : await insertSection(tx, target, instanceId, at)
  const jobId = await scheduleGather(tx, instanceId, { at, by })
  await tx
    .insertInto('storage_moves')
    .values({
      id: newId(),
      instance_id: instanceId,
      job_id: jobId,
      state: 'waiting',
      source_id: isRepeat ? last.source_id : instance.backend_id,
      target_id: targetId,
      source_name: isRepeat ? last.source_name : await storeNameOf(tx, source),
      target_name: target.name ?? target.id,
      reason: null,
      created_at: at,
      started_at: null,
      ended_at: null,
    })
    .execute()
  await tx
    .updateTable('instances')
    .set({ backend_id: targetId })
    .where('id', '=', instanceId)
    .execute()
  return jobId
}

async function storeNameOf(db: Queryable, backend: Backend | undefined): Promise<string> {
  if (!backend) return ''
  const store = backend.store_id === null ? backend : await findBackend(db, backend.store_id)
  return store?.name ?? backend.id
}

/** What was brought to the new backend comes back. Throws OPERATION_DENIED where nothing moves. */
export async function cancelMove(tx: Tx, instanceId: string, at: number): Promise<void> {
  await lockInstance(tx, instanceId)
  const move = await findLiveMove(tx, instanceId)
  if (!move) {
    throw new ApiError('OPERATION_DENIED', {
      message: {
        en: `no storage move of ${instanceId} is under way`,
        zh: `实例 ${instanceId} 没有正在进行的存储搬迁`,
      },
    })
  }
  await endMove(tx, instanceId, { state: 'cancelled', at })
  await tx
    .updateTable('instances')
    .set({ backend_id: move.source_id })
    .where('id', '=', instanceId)
    .execute()
  // What comes back late, or not at once, is looked for there.
  await retireSections(tx, instanceId, at)
  await scheduleGather(tx, instanceId, { at })
}

export async function endMove(
  tx: Tx,
  instanceId: string,
  end: {
    readonly state: 'succeeded' | 'failed' | 'cancelled'
    readonly at: number
    readonly reason?: string
  },
): Promise<void> {
  await tx
    .updateTable('storage_moves')
    .set({ state: end.state, reason: end.reason ?? null, ended_at: end.at })
    .where('instance_id', '=', instanceId)
    .where('state', 'in', ['waiting', 'running'])
    .execute()
}

export function findLiveMove(db: Queryable, instanceId: string): Promise<StorageMove | undefined> {
  return db
    .selectFrom('storage_moves')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .where('state', 'in', ['waiting', 'running'])
    .executeTakeFirst()
}

export function findLastMove(db: Queryable, instanceId: string): Promise<StorageMove | undefined> {
  return db
    .selectFrom('storage_moves')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
}
