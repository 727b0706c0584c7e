// A namespace groups repositories and decides whether they can be pulled without a login.

import { ApiError } from '@entrepot/contract/errors.ts'
import { parseNamespaceName } from '@entrepot/oci/reference.ts'
import type { Origin } from '../audit/origin.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { newId } from '../db/ids.ts'
import { record } from '../events/record.ts'
import type { Instance } from '../instances/instances.ts'
import { Bill } from '../quotas/quotas.ts'

export interface Namespace {
  readonly id: string
  readonly name: string
  readonly isPublic: boolean
}

export interface NewNamespace {
  readonly name: string
  readonly isPublic: boolean
  readonly createdBy: number
  readonly at: number
}

/** 2–30 of `[a-z0-9]` with single separators inside (spec "Namespaces and repositories"). */
export function isNamespaceName(text: string): boolean {
  return parseNamespaceName(text) !== undefined
}

export async function createNamespace(
  tx: Tx,
  instance: Instance,
  input: NewNamespace,
  origin: Origin,
): Promise<Namespace> {
  if (!isNamespaceName(input.name)) {
    throw new ApiError('NAME_INVALID', {
      message:
        'a namespace name has 2 to 30 characters of a-z and 0-9, with single . _ or - between them',
      detail: { namespace: input.name },
    })
  }
  const id = newId()
  const inserted = await tx
    .insertInto('namespaces')
    .values({
      id,
      instance_id: instance.id,
      name: input.name,
      is_public: input.isPublic ? 1 : 0,
      created_at: input.at,
      created_by: input.createdBy,
    })
    .onConflict((oc) => oc.columns(['instance_id', 'name']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!inserted) throw new ApiError('NAMESPACE_EXISTS', { detail: { namespace: input.name } })
  await record(tx, {
    type: 'namespace.created',
    at: input.at,
    instanceId: instance.id,
    region: instance.region,
    origin,
    cause: 'user',
    payload: { namespace: input.name, isPublic: input.isPublic },
  })
  const bill = new Bill()
  bill.add(instance.id, 'namespaces', 1)
  await bill.settle(tx)
  return { id, name: input.name, isPublic: input.isPublic }
}

/** Public ↔ private; holds for the next request on every process. */
export async function setNamespaceAccess(
  tx: Tx,
  instance: Instance,
  name: string,
  access: { readonly isPublic: boolean; readonly at: number; readonly origin: Origin },
): Promise<void> {
  const updated = await tx
    .updateTable('namespaces')
    .set({ is_public: access.isPublic ? 1 : 0 })
    .where('instance_id', '=', instance.id)
    .where('name', '=', name)
    .returning('id')
    .executeTakeFirst()
  if (!updated) throw new ApiError('NAME_UNKNOWN', { detail: { namespace: name } })
  await record(tx, {
    type: 'namespace.access-changed',
    at: access.at,
    instanceId: instance.id,
    region: instance.region,
    origin: access.origin,
    cause: 'user',
    payload: { namespace: name, isPublic: access.isPublic },
  })
}

export async function findNamespace(
  db: Queryable,
  instanceId: string,
  name: string,
): Promise<Namespace | undefined> {
  const row = await db
    .selectFrom('namespaces')
    .select(['id', 'name', 'is_public'])
    .where('instance_id', '=', instanceId)
    .where('name', '=', name)
    .executeTakeFirst()
  return row && { id: row.id, name: row.name, isPublic: row.is_public === 1 }
}

export async function listNamespaceNames(
  db: Queryable,
  instanceId: string,
  which: { readonly ids: readonly string[]; readonly withPublic: boolean },
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('namespaces')
    .select('name')
    .where('instance_id', '=', instanceId)
    .where((eb) =>
      eb.or([
        ...(which.ids.length > 0 ? [eb('id', 'in', which.ids)] : []),
        ...(which.withPublic ? [eb('is_public', '=', 1)] : []),
      ]),
    )
    .execute()
  return rows.map((row) => row.name)
}
