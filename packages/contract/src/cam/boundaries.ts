// Permission boundaries: a policy that bounds what a person or a role may ever do (6 actions).

import { type Action, on } from '../action.ts'
import { integer, nullable, required, text } from '../fields.ts'
import {
  action,
  asksForRole,
  policyDocument,
  policyId,
  roleId,
  roleName,
  targetUin,
} from './parameters.ts'

/** All null where there is no boundary. */
const boundary = {
  PolicyId: nullable(integer('Number of the policy', '策略 ID')),
  PolicyName: nullable(text('Name of the policy', '策略名称')),
  PolicyDocument: nullable(policyDocument),
  PolicyType: nullable(integer('1 custom, 2 preset', '1 自定义策略，2 预设策略')),
  CreateMode: nullable(
    integer(
      'Made by: 1 product or project, 2 policy, 3 generator, 4 tag, 5 rule of boundaries',
      '创建方式：1 产品或项目，2 策略语法，3 策略生成器，4 标签授权，5 权限边界规则',
    ),
  ),
} as const

export const putUserPermissionsBoundary = action('PutUserPermissionsBoundary', {
  doc: { en: 'Sets the boundary of a user.', zh: '设置子账号的权限边界。' },
  kind: 'write',
  access: on('uin/{TargetUin}', 'policyid/{PolicyId}'),
  input: { TargetUin: targetUin, PolicyId: policyId },
  output: {},
})

export const getUserPermissionBoundary = action('GetUserPermissionBoundary', {
  doc: { en: 'Shows the boundary of a user.', zh: '查询子账号的权限边界。' },
  kind: 'read',
  access: on('uin/{TargetUin}'),
  input: { TargetUin: targetUin },
  output: boundary,
})

export const deleteUserPermissionsBoundary = action('DeleteUserPermissionsBoundary', {
  doc: { en: 'Takes the boundary from a user.', zh: '移除子账号的权限边界。' },
  kind: 'write',
  access: on('uin/{TargetUin}'),
  input: { TargetUin: targetUin },
  output: {},
})

export const putRolePermissionsBoundary = action('PutRolePermissionsBoundary', {
  doc: { en: 'Sets the boundary of a role.', zh: '设置角色的权限边界。' },
  kind: 'write',
  access: asksForRole,
  input: { PolicyId: policyId, RoleId: roleId, RoleName: roleName },
  output: {},
})

export const getRolePermissionBoundary = action('GetRolePermissionBoundary', {
  doc: { en: 'Shows the boundary of a role.', zh: '查询角色的权限边界。' },
  kind: 'read',
  access: on('role/{RoleId}'),
  input: { RoleId: required(text('Id of the role', '角色 ID', { minChars: 1, maxChars: 64 })) },
  output: boundary,
})

export const deleteRolePermissionsBoundary = action('DeleteRolePermissionsBoundary', {
  doc: { en: 'Takes the boundary from a role.', zh: '移除角色的权限边界。' },
  kind: 'write',
  access: asksForRole,
  input: { RoleId: roleId, RoleName: roleName },
  output: {},
})

export const boundaryActions: readonly Action[] = [
  putUserPermissionsBoundary,
  getUserPermissionBoundary,
  deleteUserPermissionsBoundary,
  putRolePermissionsBoundary,
  getRolePermissionBoundary,
  deleteRolePermissionsBoundary,
]
