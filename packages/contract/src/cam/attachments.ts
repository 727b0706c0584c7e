// Which users, groups and roles have which policies (11 actions).

import { type Action, on } from '../action.ts'
import {
  integer,
  listOf,
  nullable,
  oneOf,
  required,
  structure,
  text,
  withDefault,
} from '../fields.ts'
import {
  action,
  asksForRole,
  bit,
  createMode,
  deactivated,
  keyword,
  page,
  policyId,
  requiredPage,
  requiredRows,
  roleId,
  roleName,
  rowsPerPage,
  targetUin,
  totalNum,
} from './parameters.ts'

const policyNumber = integer('Number of the policy', '策略 ID')
const policyName = text('Name of the policy', '策略名称')
const description = text('Description', '策略描述')
const addTime = text('When it was attached', '关联时间')
const policyType = text('`User` custom, `QCS` preset', 'User 自定义策略，QCS 预设策略')

const personUin = required(integer('Uin of the person', '子账号的 uin', { min: 1 }))
const attachedGroupId = required(integer('Number of the group', '用户组 ID', { min: 1 }))

export const attachUserPolicy = action('AttachUserPolicy', {
  doc: { en: 'Attaches a policy to a user.', zh: '为子账号关联策略。' },
  kind: 'write',
  access: on('uin/{AttachUin}', 'policyid/{PolicyId}'),
  input: { PolicyId: policyId, AttachUin: personUin },
  output: {},
})

export const detachUserPolicy = action('DetachUserPolicy', {
  doc: { en: 'Takes a policy from a user.', zh: '解除子账号关联的策略。' },
  kind: 'write',
  access: on('uin/{DetachUin}', 'policyid/{PolicyId}'),
  input: { PolicyId: policyId, DetachUin: personUin },
  output: {},
})

export const attachGroupPolicy = action('AttachGroupPolicy', {
  doc: { en: 'Attaches a policy to a group.', zh: '为用户组关联策略。' },
  kind: 'write',
  access: on('groupid/{AttachGroupId}', 'policyid/{PolicyId}'),
  input: { PolicyId: policyId, AttachGroupId: attachedGroupId },
  output: {},
})

export const detachGroupPolicy = action('DetachGroupPolicy', {
  doc: { en: 'Takes a policy from a group.', zh: '解除用户组关联的策略。' },
  kind: 'write',
  access: on('groupid/{DetachGroupId}', 'policyid/{PolicyId}'),
  input: { PolicyId: policyId, DetachGroupId: attachedGroupId },
  output: {},
})

const eitherPolicyId = integer(
  'Number of the policy; this or PolicyName',
  '策略 ID，与 PolicyName 二选一',
  { min: 1 },
)
const eitherPolicyName = text(
  'Name of the policy; this or PolicyId',
  '策略名称，与 PolicyId 二选一',
  { maxChars: 128 },
)

// Role and policy may both be named by name: the handler finds them and asks for `role/<id>` and `policyid/<id>`.

export const attachRolePolicy = action('AttachRolePolicy', {
  doc: { en: 'Attaches a policy to a role.', zh: '为角色关联策略。' },
  kind: 'write',
  access: asksForRole,
  input: {
    PolicyId: eitherPolicyId,
    AttachRoleId: text('Id of the role; this or AttachRoleName', '角色 ID，与名称二选一', {
      maxChars: 64,
    }),
    AttachRoleName: text('Name of the role; this or AttachRoleId', '角色名称，与 ID 二选一', {
      maxChars: 128,
    }),
    PolicyName: eitherPolicyName,
  },
  output: {},
})

export const detachRolePolicy = action('DetachRolePolicy', {
  doc: { en: 'Takes a policy from a role.', zh: '解除角色关联的策略。' },
  kind: 'write',
  access: asksForRole,
  input: {
    PolicyId: eitherPolicyId,
    DetachRoleId: text('Id of the role; this or DetachRoleName', '角色 ID，与名称二选一', {
      maxChars: 64,
    }),
    DetachRoleName: text('Name of the role; this or DetachRoleId', '角色名称，与 ID 二选一', {
      maxChars: 128,
    }),
    PolicyName: eitherPolicyName,
  },
  output: {},
})

const attachPolicyInfo = structure('AttachPolicyInfo', 'An attached policy', '已关联的策略', {
  PolicyId: policyNumber,
  PolicyName: policyName,
  AddTime: addTime,
  CreateMode: createMode,
  PolicyType: policyType,
  Remark: text('Remark', '策略备注'),
  OperateOwnerUin: nullable(text('Main account that attached it', '关联操作者的主账号')),
  OperateUin: nullable(
    text('Who attached it: a uin or the id of a role', '关联操作者：子账号 uin 或角色 ID'),
  ),
  OperateUinType: nullable(
    bit('0: OperateUin is a uin; 1: a role', 'OperateUin 的类型：0 子账号 uin，1 角色 ID'),
  ),
  ...deactivated,
})

const attachedPolicies = listOf(attachPolicyInfo, 'The policies', '策略列表')

export const listAttachedUserPolicies = action('ListAttachedUserPolicies', {
  doc: { en: 'Lists the policies attached to a user himself.', zh: '查询直接关联到子账号的策略。' },
  kind: 'read',
  access: on('uin/{TargetUin}'),
  paging: 'page-size',
  input: { TargetUin: targetUin, Page: page, Rp: rowsPerPage },
  output: { TotalNum: totalNum, List: attachedPolicies },
})

const groupOfPolicy = structure(
  'AttachedUserPolicyGroupInfo',
  'A group that brings the policy',
  '带来该策略的用户组',
  {
    GroupId: integer('Number of the group', '用户组 ID'),
    GroupName: text('Name of the group', '用户组名称'),
  },
)

const attachedUserPolicy = structure(
  'AttachedUserPolicy',
  'A policy of a user, his own or through groups',
  '子账号的策略，直接关联或随组关联',
  {
    PolicyId: text('Number of the policy, as text', '策略 ID（字符串）'),
    PolicyName: policyName,
    Description: description,
    AddTime: addTime,
    StrategyType: text('`1` custom, `2` preset', '1 自定义策略，2 预设策略（字符串）'),
    CreateMode: text(
      '`1`: made by product or project; else written as a policy',
      '1 按产品或项目创建，其他为按策略语法创建（字符串）',
    ),
    Groups: listOf(groupOfPolicy, 'The groups that bring it', '随组关联信息'),
    ...deactivated,
  },
)

export const listAttachedUserAllPolicies = action('ListAttachedUserAllPolicies', {
  doc: {
    en: 'Lists the policies of a user, his own and those of his groups.',
    zh: '查询子账号的全部策略，包括随组关联的。',
  },
  kind: 'read',
  access: on('uin/{TargetUin}'),
  paging: 'page-size',
  input: {
    TargetUin: targetUin,
    Rp: requiredRows,
    Page: requiredPage,
    AttachType: required(
      integer('0 all, 1 his own, 2 through groups', '0 全部，1 直接关联，2 随组关联', {
        values: [0, 1, 2],
      }),
    ),
    StrategyType: integer('1 custom, 2 preset', '1 自定义策略，2 预设策略', { values: [1, 2] }),
    Keyword: keyword,
  },
  output: {
    PolicyList: listOf(attachedUserPolicy, 'The policies', '策略列表'),
    TotalNum: totalNum,
  },
})

export const listAttachedGroupPolicies = action('ListAttachedGroupPolicies', {
  doc: { en: 'Lists the policies attached to a group.', zh: '查询用户组关联的策略。' },
  kind: 'read',
  access: on('groupid/{TargetGroupId}'),
  paging: 'page-size',
  input: { TargetGroupId: attachedGroupId, Page: page, Rp: rowsPerPage, Keyword: keyword },
  output: { TotalNum: totalNum, List: attachedPolicies },
})

const attachedPolicyOfRole = structure('AttachedPolicyOfRole', 'A policy of a role', '角色的策略', {
  PolicyId: policyNumber,
  PolicyName: policyName,
  AddTime: addTime,
  PolicyType: policyType,
  CreateMode: createMode,
  ...deactivated,
  Description: description,
})

export const listAttachedRolePolicies = action('ListAttachedRolePolicies', {
  doc: { en: 'Lists the policies attached to a role.', zh: '查询角色关联的策略。' },
  kind: 'read',
  access: asksForRole,
  paging: 'page-size',
  input: {
    Page: requiredPage,
    Rp: requiredRows,
    RoleId: roleId,
    RoleName: roleName,
    PolicyType: oneOf(
      ['User', 'QCS'],
      'Only custom or preset ones',
      '只查询 User 自定义或 QCS 预设',
    ),
    Keyword: keyword,
  },
  output: {
    List: listOf(attachedPolicyOfRole, 'The policies', '策略列表'),
    TotalNum: totalNum,
  },
})

const attachedEntity = structure(
  'AttachEntityOfPolicy',
  'A user, group or role with the policy',
  '关联了策略的实体',
  {
    Id: text('Its id', '实体 ID'),
    Name: text('Its name', '实体名称'),
    Uin: integer('Uin of a user, else 0', '子账号的 uin，其他为 0'),
    RelatedType: integer('1 user, 2 group, 3 role', '1 用户，2 用户组，3 角色'),
    AttachmentTime: text('When it was attached', '关联时间'),
  },
)

export const listEntitiesForPolicy = action('ListEntitiesForPolicy', {
  doc: { en: 'Lists who has a policy.', zh: '查询关联了策略的实体。' },
  kind: 'read',
  access: on('policyid/{PolicyId}'),
  paging: 'page-size',
  input: {
    PolicyId: policyId,
    Page: page,
    Rp: rowsPerPage,
    EntityFilter: withDefault(
      oneOf(['All', 'User', 'Group', 'Role'], 'Only these', '实体类型'),
      'All',
    ),
  },
  output: { TotalNum: totalNum, List: listOf(attachedEntity, 'The entities', '实体列表') },
})

export const attachmentActions: readonly Action[] = [
  attachUserPolicy,
  detachUserPolicy,
  attachGroupPolicy,
  detachGroupPolicy,
  attachRolePolicy,
  detachRolePolicy,
  listAttachedUserPolicies,
  listAttachedUserAllPolicies,
  listAttachedGroupPolicies,
  listAttachedRolePolicies,
  listEntitiesForPolicy,
]
