// A deleted repository comes back by its one row, with everything that was there when it was deleted: it is visible at
// once or not at all, however large it is. Its namespace, if that is gone, is made again of its own row.

import type { Tx } from '../db/database.ts'
import { forUpdate, isUniqueViolation } from '../db/forms.ts'
import { record } from '../events/record.ts'
import { reviveNamespace } from '../namespaces/revive.ts'
import { accountScope } from '../quotas/account-scope.ts'
import { Bill } from '../quotas/quotas.ts'
import type { HeldDeletion } from './queries.ts'
import { contentGone, repositoryTaken } from './refusals.ts'
import type { Restoring } from './restore.ts'

/** Throws RESOURCE_NOT_FOUND, REPOSITORY_EXISTS, NAMESPACE_EXISTS, QUOTA_EXCEEDED. */
export async function restoreRepository(
  tx: Tx,
  change: Omit<Restoring, 'leavesTaken'>,
  deletion: HeldDeletion,
): Promise<{ readonly madeNamespace: boolean }> {
  const { instance, origin, at } = change
  const repository = await tx
    .selectFrom('repositories')
    .select(['id', 'path', 'namespace_id', 'counted_as'])
    .where('deletion_id', '=', deletion.id)
    .$call((query) => forUpdate(tx, query))
    .executeTakeFirst()
  if (!repository) throw contentGone(deletion)
  const { path } = repository
  await assertPathFree(tx, instance.id, path)
  const bill = new Bill()
  const namespace = await reviveNamespace(tx, bill, change, repository.namespace_id)
  const { ownerUin } = namespace
  try {
    await tx
      .updateTable('repositories')
      .set({ deleted_at: null, deleted_by: null, delete_cause: null, deletion_id: null })
      .where('id', '=', repository.id)
      .execute()
  } catch (error) {
    // A push made one since we looked.
    if (isUniqueViolation(error)) throw repositoryTaken(path, false)
    throw error
  }
  await tx.deleteFrom('deletions').where('id', '=', deletion.id).execute()
  await record(tx, {
    type: 'repository.created',
    at,
    instanceId: instance.id,
    region: instance.region,
    repository: { id: repository.id, path },
    origin,
    cause: 'restore',
    payload: {},
  })
  bill.add(instance.id, repository.counted_as ?? 'repositories', 1)
  if (ownerUin !== null) bill.add(accountScope(ownerUin), 'repositories', 1)
  await bill.settle(tx)
  return { madeNamespace: namespace.isMade }
}

async function assertPathFree(tx: Tx, instanceId: string, path: string): Promise<void> {
  const taken = await tx
    .selectFrom('repositories')
    .select('born_at')
    .where('instance_id', '=', instanceId)
    .where('path', '=', path)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (taken) throw repositoryTaken(path, taken.born_at !== null)
}
