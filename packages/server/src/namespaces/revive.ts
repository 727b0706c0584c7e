// The namespace of a repository that comes back: held against its deletion or, where it is gone and its name is free,
// made again of its own row, with its access and settings. What was deleted with it (rules, cloud tags, permissions of
// service accounts) stays deleted.

import type { Origin } from '../audit/origin.ts'
import type { Tx } from '../db/database.ts'
import { forUpdate, isUniqueViolation } from '../db/forms.ts'
import { record } from '../events/record.ts'
import type { Instance } from '../instances/instances.ts'
import { accountScope } from '../quotas/account-scope.ts'
import type { Bill } from '../quotas/quotas.ts'
import { namespaceTaken } from '../recycle-bin/refusals.ts'

interface Reviving {
  readonly instance: Instance
  readonly origin: Origin
  readonly at: number
}

interface RevivedNamespace {
  /** Null: it is the instance's. */
  readonly ownerUin: number | null
  readonly isMade: boolean
}

/** Throws NAMESPACE_EXISTS. */
export async function reviveNamespace(
  tx: Tx,
  bill: Bill,
  { instance, origin, at }: Reviving,
  namespaceId: string,
): Promise<RevivedNamespace> {
  const namespace = await tx
    .selectFrom('namespaces')
    .select(['name', 'is_public', 'owner_uin', 'deleted_at'])
    .where('id', '=', namespaceId)
    .$call((query) => forUpdate(tx, query))
    .executeTakeFirstOrThrow()
  const { name, owner_uin: ownerUin } = namespace
  if (namespace.deleted_at === null) return { ownerUin, isMade: false }
  const again = await tx
    .selectFrom('namespaces')
    .select('id')
    .where('instance_id', '=', instance.id)
    .where('name', '=', name)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (again) throw namespaceTaken(name)
  try {
    await tx
      .updateTable('namespaces')
      .set({ deleted_at: null })
      .where('id', '=', namespaceId)
      .execute()
  } catch (error) {
    // Made by somebody since we looked.
    if (isUniqueViolation(error)) throw namespaceTaken(name)
    throw error
  }
  await record(tx, {
    type: 'namespace.created',
    at,
    instanceId: instance.id,
    region: instance.region,
    origin,
    cause: 'restore',
    payload: { namespace: name, isPublic: namespace.is_public === 1 },
  })
  bill.add(instance.id, 'namespaces', 1)
  if (ownerUin !== null) bill.add(accountScope(ownerUin), 'namespaces', 1)
  return { ownerUin, isMade: true }
}
