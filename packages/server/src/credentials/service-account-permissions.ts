// What service accounts may do: rows of namespace and action. A row goes with its account or its namespace.

import { ApiError } from '@entrepot/contract/errors.ts'
import { type GrantableAction, grantableActions } from '../access/actions.ts'
import { everyNamespace } from '../access/actor.ts'
import { batches } from '../db/batches.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { forKeyShare } from '../db/forms.ts'
import { namespaceUnknown } from '../namespaces/namespaces.ts'

/** A robot's permissions are read with it. */
export const maxPermissions = 500

export interface Permission {
  /** A namespace's id, or `everyNamespace`. */
  readonly namespaceId: string
  /** `readOnly`, `readWrite`, or what is granted by name. */
  readonly actions: readonly GrantableAction[]
}

/** The same as people write it: a namespace's name, or `everyNamespace`. */
export interface NamedPermission {
  readonly namespace: string
  readonly actions: readonly GrantableAction[]
}

/**
 * Holds the namespaces, so that none goes before the permission on it is there to go with it.
 * Throws NAMESPACE_UNKNOWN, INVALID_PARAMETER_VALUE.
 */
export async function toPermissions(
  tx: Tx,
  instanceId: string,
  named: readonly NamedPermission[],
): Promise<readonly Permission[]> {
  const names = new Set(named.map(({ namespace }) => namespace))
  names.delete(everyNamespace)
  for (const name of names) if (name.includes('/')) throw illegalResource(name)
  const ids = new Map([[everyNamespace, everyNamespace]])
  for (const batch of batches([...names].sort())) {
    const rows = await tx
      .selectFrom('namespaces')
      .select(['id', 'name'])
      .where('instance_id', '=', instanceId)
      .where('deleted_at', 'is', null)
      .where('name', 'in', batch)
      .orderBy('id')
      .$call((query) => forKeyShare(tx, query))
      .execute()
    for (const { id, name } of rows) ids.set(name, id)
  }
  return named.map(({ namespace, actions }) => {
    const namespaceId = ids.get(namespace)
    if (namespaceId === undefined) throw namespaceUnknown(namespace)
    return { namespaceId, actions }
  })
}

export async function insertPermissions(
  tx: Tx,
  id: string,
  permissions: readonly Permission[],
): Promise<void> {
  const granted = new Map<string, Set<GrantableAction>>()
  for (const { namespaceId, actions } of permissions) {
    const known = granted.get(namespaceId) ?? new Set()
    for (const action of actions) known.add(action)
    granted.set(namespaceId, known)
  }
  checkPermissions(granted)
  const rows = [...granted].flatMap(([namespaceId, actions]) =>
    [...actions].map((action) => ({
      service_account_id: id,
      namespace_id: namespaceId,
      action,
    })),
  )
  for (const batch of batches(rows)) {
    await tx.insertInto('service_account_permissions').values(batch).execute()
  }
}

function checkPermissions(granted: ReadonlyMap<string, ReadonlySet<GrantableAction>>): void {
  if (granted.size === 0 || granted.size > maxPermissions) {
    throw invalid({
      en: `a service account has 1 to ${maxPermissions} permissions`,
      zh: `服务级账号应有 1 到 ${maxPermissions} 条权限`,
    })
  }
  for (const [namespaceId, actions] of granted) {
    for (const action of actions) {
      if (grantableActions.includes(action)) continue
      throw invalid({ en: `not support action: ${action}`, zh: `不支持操作：${action}` })
    }
    const isNamed = namespaceId === everyNamespace || /^[0-9a-v]{20}$/.test(namespaceId)
    if (!isNamed || actions.size === 0) {
      throw invalid({
        en: 'a permission names a namespace and actions',
        zh: '每条权限应包含命名空间和操作',
      })
    }
  }
}

function invalid(message: { readonly en: string; readonly zh: string }): ApiError {
  return new ApiError('PARAMETER_INVALID', { message })
}

function illegalResource(name: string): ApiError {
  return new ApiError('INVALID_PARAMETER_VALUE', {
    message: {
      en: `custom account for resource(${name}) is illegal: permissions are by namespace`,
      zh: `服务级账号的资源 (${name}) 不合法：权限以命名空间为单位`,
    },
  })
}

export async function deletePermissions(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('service_account_permissions').where('service_account_id', '=', id).execute()
}

/** By account id; in the order of the namespaces' names, `everyNamespace` first. */
export async function findPermissions(
  db: Queryable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly NamedPermission[]>> {
  const found = new Map<string, { namespace: string; actions: GrantableAction[] }[]>()
  for (const batch of batches(ids)) {
    const rows = await db
      .selectFrom('service_account_permissions as g')
      .leftJoin('namespaces as n', 'n.id', 'g.namespace_id')
      .select(['g.service_account_id', 'g.namespace_id', 'g.action', 'n.name'])
      .where('g.service_account_id', 'in', batch)
      .orderBy('g.service_account_id')
      .orderBy((eb) => eb.fn.coalesce('n.name', 'g.namespace_id'))
      .orderBy('g.action')
      .execute()
    for (const row of rows) {
      const permissions = found.get(row.service_account_id) ?? []
      const namespace = row.name ?? row.namespace_id
      const last = permissions.at(-1)
      // Rows are written by `insertPermissions` only, which takes nothing else.
      const action = row.action as GrantableAction
      if (last?.namespace === namespace) last.actions.push(action)
      else permissions.push({ namespace, actions: [action] })
      found.set(row.service_account_id, permissions)
    }
  }
  return found
}
