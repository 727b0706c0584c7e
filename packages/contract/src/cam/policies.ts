// Policies and their versions (11 actions); to whom they are attached is in `attachments.ts`.

import { type Action, listed, on, operation } from '../action.ts'
import {
  flag,
  integer,
  list,
  listOf,
  nullable,
  object,
  oneOf,
  required,
  structure,
  text,
  withDefault,
} from '../fields.ts'
import {
  action,
  asksForPolicy,
  bit,
  createMode,
  deactivated,
  keyword,
  nameRules,
  page,
  policyDocument,
  policyId,
  rowsPerPage,
  tags,
  totalNum,
  versionId,
} from './parameters.ts'

const policyNumber = integer('Number of the policy', '策略 ID')
const policyName = text('Name of the policy', '策略名称', nameRules)
const description = text('Description', '策略描述', { maxChars: 1024 })
const policyType = integer('1 custom, 2 preset', '1 自定义策略，2 预设策略')
const addTime = text('When it was made', '创建时间')
const updateTime = text('When it last changed', '最近修改时间')
const policyOnly = on('policyid/{PolicyId}')

export const createPolicy = action('CreatePolicy', {
  doc: { en: 'Makes a policy.', zh: '创建策略。' },
  kind: 'write',
  access: operation,
  input: {
    PolicyName: required(policyName),
    PolicyDocument: required(policyDocument),
    Description: description,
    Tags: tags,
  },
  output: { PolicyId: policyNumber },
})

export const getPolicy = action('GetPolicy', {
  doc: { en: 'Shows a policy.', zh: '查询策略详情。' },
  kind: 'read',
  access: policyOnly,
  input: { PolicyId: policyId },
  output: {
    PolicyName: text('Name of the policy', '策略名称'),
    Description: description,
    Type: policyType,
    AddTime: addTime,
    UpdateTime: updateTime,
    PolicyDocument: policyDocument,
    PresetAlias: nullable(text('Other name of a preset policy', '预设策略的别名')),
    IsServiceLinkedRolePolicy: bit('1: of a service-linked role', '1 服务相关角色的策略'),
    Tags: tags,
  },
})

export const updatePolicy = action('UpdatePolicy', {
  doc: {
    en: 'Changes a policy, named by PolicyId or PolicyName; a new document replaces the version in force.',
    zh: '修改策略，由 PolicyId 或 PolicyName 指定；新文档替换当前生效的版本。',
  },
  kind: 'write',
  access: asksForPolicy,
  input: {
    PolicyId: integer('Number of the policy; this or PolicyName', '策略 ID，与 PolicyName 二选一', {
      min: 1,
    }),
    PolicyName: text(
      'The new name; without PolicyId, which policy',
      '新名称；未传 PolicyId 时指定策略',
      nameRules,
    ),
    Description: description,
    PolicyDocument: policyDocument,
    Alias: text('Other name of a preset policy', '预设策略的别名', { maxChars: 128 }),
  },
  output: { PolicyId: policyNumber },
})

/** One call deletes or names at most this many. */
const maxDeletions = 100

export const deletePolicy = action('DeletePolicy', {
  doc: {
    en: 'Deletes policies with their attachments, all or none.',
    zh: '删除策略及其全部关联，全部成功或全部失败。',
  },
  kind: 'write',
  access: policyOnly,
  input: {
    PolicyId: required(
      list(integer('Number of a policy', '策略 ID', { min: 1 }), 'Which ones', '策略 ID 列表', {
        minItems: 1,
        maxItems: maxDeletions,
      }),
    ),
  },
  output: {},
})

const strategyInfo = structure('StrategyInfo', 'A policy', '策略', {
  PolicyId: policyNumber,
  PolicyName: text('Name of the policy', '策略名称'),
  AddTime: addTime,
  Type: policyType,
  Description: nullable(description),
  CreateMode: createMode,
  Attachments: integer('How many users it is attached to', '关联的用户数'),
  ServiceType: nullable(text('Product that it is about', '策略关联的产品')),
  IsAttached: nullable(bit('1: attached to the one asked about', '1 已关联所查询的实体')),
  Deactived: nullable(deactivated.Deactived),
  DeactivedDetail: nullable(deactivated.DeactivedDetail),
  IsServiceLinkedPolicy: nullable(bit('1: of a service-linked role', '1 服务相关角色的策略')),
  AttachEntityCount: nullable(
    integer('How many users, groups and roles it is attached to', '关联的实体数'),
  ),
  AttachEntityBoundaryCount: nullable(
    integer('How many have it as their boundary', '以其为权限边界的实体数'),
  ),
  UpdateTime: nullable(updateTime),
  Tags: tags,
  PermissionLevel: nullable(text('How far it reaches', '权限级别')),
})

export const listPolicies = action('ListPolicies', {
  doc: { en: 'Lists the policies.', zh: '查询策略列表。' },
  kind: 'read',
  access: listed('policyid/*'),
  paging: 'page-size',
  input: {
    Rp: rowsPerPage,
    Page: page,
    Scope: withDefault(
      oneOf(
        ['All', 'QCS', 'Local'],
        'All; QCS: only presets; Local: only custom ones',
        'All 全部，QCS 仅预设策略，Local 仅自定义策略',
      ),
      'All',
    ),
    Keyword: keyword,
  },
  output: {
    TotalNum: totalNum,
    List: nullable(listOf(strategyInfo, 'The policies', '策略列表')),
    ServiceTypeList: list(text('A product', '产品'), 'Products they are about', '策略关联的产品'),
  },
})

const isDefaultVersion = bit('1: the version in force', '1 当前生效的版本')
const createDate = text('When it was made', '创建时间')

export const createPolicyVersion = action('CreatePolicyVersion', {
  doc: { en: 'Makes a version of a policy.', zh: '新增策略版本。' },
  kind: 'write',
  access: policyOnly,
  input: {
    PolicyId: policyId,
    PolicyDocument: required(policyDocument),
    SetAsDefault: required(flag('True: it is in force at once', 'true 为立即生效')),
  },
  output: { VersionId: integer('Number of the version', '策略版本号') },
})

const policyVersionItem = structure('PolicyVersionItem', 'A version of a policy', '策略版本', {
  VersionId: integer('Number of the version', '策略版本号'),
  CreateDate: createDate,
  IsDefaultVersion: isDefaultVersion,
})

export const listPolicyVersions = action('ListPolicyVersions', {
  doc: { en: 'Lists the versions of a policy.', zh: '查询策略的版本列表。' },
  kind: 'read',
  access: policyOnly,
  input: { PolicyId: policyId },
  output: { Versions: listOf(policyVersionItem, 'The versions', '版本列表') },
})

const policyVersionDetail = structure(
  'PolicyVersionDetail',
  'A version of a policy with its document',
  '策略版本详情',
  {
    VersionId: nullable(integer('Number of the version', '策略版本号')),
    CreateDate: nullable(createDate),
    IsDefaultVersion: nullable(isDefaultVersion),
    Document: nullable(policyDocument),
  },
)

export const getPolicyVersion = action('GetPolicyVersion', {
  doc: { en: 'Shows a version of a policy.', zh: '查询策略版本详情。' },
  kind: 'read',
  access: policyOnly,
  input: { PolicyId: policyId, VersionId: versionId },
  output: { PolicyVersion: object(policyVersionDetail) },
})

export const setDefaultPolicyVersion = action('SetDefaultPolicyVersion', {
  doc: { en: 'Puts a version of a policy in force.', zh: '设置策略的生效版本。' },
  kind: 'write',
  access: policyOnly,
  input: { PolicyId: policyId, VersionId: versionId },
  output: {},
})

export const deletePolicyVersion = action('DeletePolicyVersion', {
  doc: {
    en: 'Deletes versions of a policy; the one in force stays.',
    zh: '删除策略版本，生效中的版本不能删除。',
  },
  kind: 'write',
  access: policyOnly,
  input: {
    PolicyId: policyId,
    VersionId: required(
      list(
        integer('Number of a version', '策略版本号', { min: 1 }),
        'Which ones',
        '策略版本号列表',
        { minItems: 1, maxItems: maxDeletions },
      ),
    ),
  },
  output: {},
})

const serviceNode = structure('ListGrantServiceAccessService', 'A product', '产品', {
  ServiceType: text('Short name', '产品简称'),
  ServiceName: text('Name', '产品名称'),
})

const actionNode = structure('ListGrantServiceAccessActionNode', 'An action', '接口', {
  Name: text('Name', '接口名'),
  Description: text('Description', '接口描述'),
})

const grantingPolicy = structure(
  'ListGrantServiceAccessPolicy',
  'A policy that grants',
  '授权策略',
  {
    PolicyId: text('Number of the policy, as text', '策略 ID（字符串）'),
    PolicyName: text('Name of the policy', '策略名称'),
    PolicyType: oneOf(
      ['Custom', 'Presetting'],
      'Custom or preset',
      'Custom 自定义，Presetting 预设',
    ),
    PolicyDescription: text('Description', '策略描述'),
  },
)

const accessNode = structure('ListGrantServiceAccessNode', 'What is granted', '已授予的权限', {
  Service: object(serviceNode),
  Action: listOf(actionNode, 'The actions', '接口列表'),
  Policy: listOf(grantingPolicy, 'The policies that grant them', '授权的策略'),
})

export const listPoliciesGrantingServiceAccess = action('ListPoliciesGrantingServiceAccess', {
  doc: {
    en: 'Lists the policies by which a user, role or group may use a product.',
    zh: '查询使用户、角色或用户组有权访问某产品的策略。',
  },
  kind: 'read',
  access: operation,
  input: {
    TargetUin: integer('Uin of the person; one of the three', '子账号的 uin，三选一', { min: 1 }),
    RoleId: integer('Id of the role, as a number', '角色 ID（数字），三选一', { min: 1 }),
    GroupId: integer('Number of the group', '用户组 ID，三选一', { min: 1 }),
    ServiceType: text('Only this product', '只查询该产品', { maxChars: 64 }),
  },
  output: { List: listOf(accessNode, 'By product', '按产品列出') },
})

export const policyActions: readonly Action[] = [
  createPolicy,
  getPolicy,
  updatePolicy,
  deletePolicy,
  listPolicies,
  createPolicyVersion,
  listPolicyVersions,
  getPolicyVersion,
  setDefaultPolicyVersion,
  deletePolicyVersion,
  listPoliciesGrantingServiceAccess,
]
