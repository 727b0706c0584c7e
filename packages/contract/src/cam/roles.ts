// Roles and service-linked roles (13 actions).

import { type Action, listed, operation } from '../action.ts'
import {
  integer,
  list,
  listOf,
  nullable,
  object,
  oneOf,
  required,
  structure,
  text,
} from '../fields.ts'
import {
  action,
  asksForRole,
  bit,
  keyword,
  nameRules,
  requiredPage,
  requiredRows,
  roleId,
  roleName,
  roleNumber,
  roleTags,
  totalNum,
  trustDocument,
} from './parameters.ts'

const roleKey = text('Id of the role', '角色 ID')
const description = text('Description', '角色描述', { maxChars: 1024 })
const consoleLogin = bit('1: it may be taken on in the console', '1 允许在控制台使用，0 不允许')
const sessionDuration = integer(
  'The longest session, in seconds; 0: as long as any',
  '会话最长时间（秒），0 表示不另行限制',
  { max: 43_200 },
)

export const createRole = action('CreateRole', {
  doc: { en: 'Makes a role.', zh: '创建角色。' },
  kind: 'write',
  access: operation,
  input: {
    RoleName: required(text('Name, unique in the account', '角色名称，账号内唯一', nameRules)),
    PolicyDocument: required(trustDocument),
    Description: description,
    ConsoleLogin: consoleLogin,
    SessionDuration: sessionDuration,
    Tags: roleTags,
  },
  output: { RoleId: roleKey },
})

const roleInfo = structure('RoleInfo', 'A role', '角色', {
  RoleId: roleKey,
  RoleName: text('Name', '角色名称'),
  PolicyDocument: trustDocument,
  Description: description,
  AddTime: text('When it was made', '创建时间'),
  UpdateTime: text('When it last changed', '最近修改时间'),
  ConsoleLogin: consoleLogin,
  RoleType: nullable(oneOf(['user', 'system', 'service_linked'], 'Kind of role', '角色类型')),
  SessionDuration: nullable(sessionDuration),
  DeletionTaskId: nullable(text('Task that deletes it', '删除任务 ID')),
  Tags: nullable(roleTags),
  RoleArn: nullable(text('Its full name for AssumeRole', '角色的资源描述，用于 AssumeRole')),
})

export const getRole = action('GetRole', {
  doc: { en: 'Shows a role.', zh: '查询角色详情。' },
  kind: 'read',
  access: asksForRole,
  input: { RoleId: roleId, RoleName: roleName },
  output: { RoleInfo: object(roleInfo) },
})

export const describeRoleList = action('DescribeRoleList', {
  doc: { en: 'Lists the roles.', zh: '查询角色列表。' },
  kind: 'read',
  access: listed('role/*'),
  paging: 'page-size',
  // The cloud’s own has no Keyword: it is here for the console’s list.
  input: { Page: requiredPage, Rp: requiredRows, Tags: roleTags, Keyword: keyword },
  output: { List: listOf(roleInfo, 'The roles', '角色列表'), TotalNum: totalNum },
})

export const updateRoleDescription = action('UpdateRoleDescription', {
  doc: { en: 'Changes the description of a role.', zh: '修改角色的描述。' },
  kind: 'write',
  access: asksForRole,
  input: { Description: required(description), RoleId: roleId, RoleName: roleName },
  output: {},
})

export const updateRoleConsoleLogin = action('UpdateRoleConsoleLogin', {
  doc: {
    en: 'Says whether a role may be taken on in the console.',
    zh: '修改角色是否可在控制台使用。',
  },
  kind: 'write',
  access: asksForRole,
  input: { ConsoleLogin: required(consoleLogin), RoleId: roleNumber, RoleName: roleName },
  output: {},
})

export const updateRoleSessionDuration = action('UpdateRoleSessionDuration', {
  doc: { en: 'Limits how long a session of a role lasts.', zh: '修改角色会话的最长时间。' },
  kind: 'write',
  access: asksForRole,
  input: { SessionDuration: required(sessionDuration), RoleName: roleName, RoleId: roleNumber },
  output: {},
})

export const updateAssumeRolePolicy = action('UpdateAssumeRolePolicy', {
  doc: { en: 'Says anew who may take on a role.', zh: '修改角色的信任策略。' },
  kind: 'write',
  access: asksForRole,
  input: { PolicyDocument: required(trustDocument), RoleId: roleId, RoleName: roleName },
  output: {},
})

export const deleteRole = action('DeleteRole', {
  doc: {
    en: 'Deletes a role; its temporary keys end at once.',
    zh: '删除角色，其临时密钥立即失效。',
  },
  kind: 'write',
  access: asksForRole,
  input: { RoleId: roleId, RoleName: roleName },
  output: {},
})

export const tagRole = action('TagRole', {
  doc: { en: 'Adds cloud tags to a role, or changes them.', zh: '为角色添加或修改云标签。' },
  kind: 'write',
  access: asksForRole,
  input: { Tags: required(roleTags), RoleName: roleName, RoleId: roleId },
  output: {},
})

export const untagRole = action('UntagRole', {
  doc: { en: 'Takes cloud tags from a role.', zh: '移除角色的云标签。' },
  kind: 'write',
  access: asksForRole,
  input: {
    TagKeys: required(
      list(text('A key', '标签键', { maxChars: 127 }), 'Which ones', '标签键列表', {
        minItems: 1,
        maxItems: 50,
      }),
    ),
    RoleName: roleName,
    RoleId: roleId,
  },
  output: {},
})

const serviceName = text('Name of a service', '服务名', {
  minChars: 1,
  maxChars: 96,
  rule: {
    pattern: /^[a-z0-9]+([.-][a-z0-9]+)*$/,
    words: {
      en: 'small letters and digits, joined by . and -',
      zh: '小写字母与数字，以 . 或 - 连接',
    },
  },
})

export const createServiceLinkedRole = action('CreateServiceLinkedRole', {
  doc: { en: 'Makes the role by which a service acts.', zh: '创建服务相关角色。' },
  kind: 'write',
  access: operation,
  input: {
    QCSServiceName: required(
      list(serviceName, 'The services', '服务列表', { minItems: 1, maxItems: 10 }),
    ),
    CustomSuffix: text('End of its name, to tell several apart', '自定义后缀，用于区分', {
      ...nameRules,
      maxChars: 64,
    }),
    Description: description,
    Tags: roleTags,
  },
  output: { RoleId: roleKey },
})

export const deleteServiceLinkedRole = action('DeleteServiceLinkedRole', {
  doc: { en: 'Begins to delete a service-linked role.', zh: '提交删除服务相关角色的任务。' },
  kind: 'write',
  access: asksForRole,
  input: {
    RoleName: required(text('Name of the role', '角色名称', { minChars: 1, maxChars: 128 })),
  },
  output: { DeletionTaskId: text('Task that deletes it', '删除任务 ID') },
})

export const getServiceLinkedRoleDeletionStatus = action('GetServiceLinkedRoleDeletionStatus', {
  doc: {
    en: 'Shows how the deletion of a service-linked role goes.',
    zh: '查询删除服务相关角色的进度。',
  },
  kind: 'read',
  access: operation,
  input: {
    DeletionTaskId: required(
      text('Of DeleteServiceLinkedRole', '删除任务 ID', { minChars: 1, maxChars: 64 }),
    ),
  },
  output: {
    Status: oneOf(
      ['NOT_STARTED', 'IN_PROGRESS', 'SUCCEEDED', 'FAILED'],
      'How far it is',
      '任务状态',
    ),
    Reason: text('Why it failed', '失败原因'),
    ServiceType: nullable(text('Short name of the service', '服务类型')),
    ServiceName: nullable(text('Name of the service', '服务名称')),
  },
})

export const roleActions: readonly Action[] = [
  createRole,
  getRole,
  describeRoleList,
  updateRoleDescription,
  updateRoleConsoleLogin,
  updateRoleSessionDuration,
  updateAssumeRolePolicy,
  deleteRole,
  tagRole,
  untagRole,
  createServiceLinkedRole,
  deleteServiceLinkedRole,
  getServiceLinkedRoleDeletionStatus,
]
