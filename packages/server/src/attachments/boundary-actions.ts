// The API's actions on permission boundaries.

import {
  deleteRolePermissionsBoundary,
  deleteUserPermissionsBoundary,
  getRolePermissionBoundary,
  getUserPermissionBoundary,
  putRolePermissionsBoundary,
  putUserPermissionsBoundary,
} from '@entrepot/contract/cam/boundaries.ts'
import { getSubAccount } from '../accounts/users.ts'
import { change, type Handler, read } from '../actions/define.ts'
import type { Queryable } from '../db/database.ts'
import { askForPolicy } from '../policies/asked-policy.ts'
import { findVersion } from '../policies/queries.ts'
import { askForRole } from '../roles/asked-role.ts'
import { findRole, unknownRole } from '../roles/roles.ts'
import { findBoundary, setBoundary, type Target } from './attachments.ts'

export const boundaryHandlers: readonly Handler[] = [
  change(putUserPermissionsBoundary, async ({ tx, actor, input }) => {
    const target = { kind: 'user', id: input.TargetUin, ownerUin: actor.ownerUin } as const
    await setBoundary(tx, target, input.PolicyId)
    return {}
  }),

  read(getUserPermissionBoundary, async ({ db, actor, input }) => {
    const { uin: id, ownerUin } = await getSubAccount(db, actor.ownerUin, input.TargetUin)
    return describe(db, { kind: 'user', id, ownerUin })
  }),

  change(deleteUserPermissionsBoundary, async ({ tx, actor, input }) => {
    const target = { kind: 'user', id: input.TargetUin, ownerUin: actor.ownerUin } as const
    await setBoundary(tx, target, null)
    return {}
  }),

  change(putRolePermissionsBoundary, async (call) => {
    const { tx, input } = call
    const { permission } = putRolePermissionsBoundary
    const key = { id: input.RoleId, name: input.RoleName }
    const { id, ownerUin } = await askForRole(tx, call, permission, key)
    const policy = await askForPolicy(tx, call, permission, input.PolicyId)
    await setBoundary(tx, { kind: 'role', id, ownerUin }, policy.id)
    return {}
  }),

  read(getRolePermissionBoundary, async ({ db, actor, input }) => {
    const key = { id: input.RoleId }
    const role = await findRole(db, actor.ownerUin, key)
    if (!role) throw unknownRole(key)
    return describe(db, { kind: 'role', id: role.id, ownerUin: role.ownerUin })
  }),

  change(deleteRolePermissionsBoundary, async (call) => {
    const { tx, input } = call
    const key = { id: input.RoleId, name: input.RoleName }
    const { permission } = deleteRolePermissionsBoundary
    const { id, ownerUin } = await askForRole(tx, call, permission, key)
    await setBoundary(tx, { kind: 'role', id, ownerUin }, null)
    return {}
  }),
]

const none = {
  PolicyId: null,
  PolicyName: null,
  PolicyDocument: null,
  PolicyType: null,
  CreateMode: null,
}

/** All null where there is none. */
async function describe(db: Queryable, target: Target & { readonly kind: 'user' | 'role' }) {
  const policy = await findBoundary(db, target)
  if (!policy) return none
  const version = await findVersion(db, policy, policy.defaultVersion)
  return {
    PolicyId: policy.id,
    PolicyName: policy.name,
    PolicyDocument: version?.document ?? '',
    PolicyType: policy.isPreset ? 2 : 1,
    // Written as a policy.
    CreateMode: 2,
  }
}
