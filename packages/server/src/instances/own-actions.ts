// The own actions on instances: anonymous pulls, quotas, and the move of their bytes.

import type { ActionReply } from '@entrepot/contract/action.ts'
import {
  cancelInstanceStorageMove,
  describeInstanceQuota,
  describeInstanceStorageMove,
  describeNamespaceQuota,
  modifyInstanceAnonymousAccess,
  modifyInstanceQuota,
  modifyNamespaceQuota,
} from '@entrepot/contract/entrepot/instances.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { isoUtc } from '../actions/times.ts'
import type { Queryable } from '../db/database.ts'
import { findNamespace, type Namespace, namespaceUnknown } from '../namespaces/namespaces.ts'
import { getUsage, setQuota } from '../quotas/quotas.ts'
import { updateInstanceSwitches } from './instances.ts'
import { cancelMove, findLastMove, type StorageMove } from './moves.ts'
import { lockInstance } from './queries.ts'
import { changeQuota, describeQuotas, findQuota, quotaOf } from './quotas.ts'

export const ownInstanceHandlers: readonly Handler[] = [
  change(modifyInstanceAnonymousAccess, async ({ tx, instance, input }) => {
    await updateInstanceSwitches(tx, instance.id, { anonymousPull: input.EnableAnonymous })
    return {}
  }),

  read(describeInstanceQuota, async ({ db, instance }) => ({
    Quotas: await describeQuotas(db, instance),
  })),

  change(modifyInstanceQuota, async ({ tx, input }) => {
    const instance = await lockInstance(tx, input.TargetRegistryId)
    for (const { Name, Limit } of input.Quotas) await changeQuota(tx, instance, Name, Limit)
    return {}
  }),

  read(describeNamespaceQuota, async ({ db, instance, input }) => {
    const { id } = await getNamespace(db, instance.id, input.NamespaceName)
    return {
      UsedBytes: await getUsage(db, id, 'bytes'),
      LimitBytes: await findQuota(db, id, 'bytes'),
    }
  }),

  change(modifyNamespaceQuota, async ({ tx, instance, input }) => {
    const { id } = await getNamespace(tx, instance.id, input.NamespaceName)
    await setQuota(tx, id, 'bytes', quotaOf(input.LimitBytes))
    return {}
  }),

  read(describeInstanceStorageMove, async ({ db, instance }) =>
    moveToWire(await findLastMove(db, instance.id)),
  ),

  change(cancelInstanceStorageMove, async ({ tx, at, instance }) => {
    await cancelMove(tx, instance.id, at)
    return {}
  }),
]

async function getNamespace(db: Queryable, instanceId: string, name: string): Promise<Namespace> {
  const namespace = await findNamespace(db, instanceId, name)
  if (!namespace) throw namespaceUnknown(name)
  return namespace
}

type WireMove = ActionReply<typeof describeInstanceStorageMove>

const wireStates = {
  waiting: 'Waiting',
  running: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  cancelled: 'Cancelled',
} as const satisfies Record<StorageMove['state'], WireMove['State']>

function moveToWire(move: StorageMove | undefined): WireMove {
  return {
    State: move ? wireStates[move.state] : 'None',
    JobId: move?.job_id ?? null,
    SourceStorageName: move?.source_name ?? null,
    TargetStorageName: move?.target_name ?? null,
    // What was pushed to the old backend meanwhile came on top.
    TotalBytes: move ? Math.max(move.total_bytes, move.moved_bytes) : null,
    MovedBytes: move?.moved_bytes ?? null,
    TotalBlobs: move ? Math.max(move.total_blobs, move.moved_blobs) : null,
    MovedBlobs: move?.moved_blobs ?? null,
    Reason: move?.reason ?? null,
    StartTime: timeOf(move?.started_at),
    EndTime: timeOf(move?.ended_at),
  }
}

function timeOf(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : isoUtc(ms)
}
