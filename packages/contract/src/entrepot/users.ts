// Users as a list shows them, holding one out, and the names behind uins (3 actions).

import { type Action, listed, self } from '../action.ts'
import { asksForPerson } from '../cam/parameters.ts'
import {
  flag,
  integer,
  list,
  listOf,
  nullable,
  oneOf,
  required,
  structure,
  text,
} from '../fields.ts'
import { totalCount } from '../tcr/parameters.ts'
import { action, limit, offset, personUin, time } from './parameters.ts'

const maxNamed = 200

const state = oneOf(
  ['Active', 'Suspended'],
  'Suspended: nothing of the user’s logs in',
  '状态，Suspended 为已停用，任何方式均不能登录',
)

const user = structure('UserEntry', 'A user', '用户', {
  Uin: integer('Uin', 'uin'),
  Name: text('Name', '用户名'),
  Remark: text('Remark', '备注'),
  Email: text('E-mail address', '邮箱'),
  State: state,
  ConsoleLogin: flag('True: may log in at the console', 'true 为允许登录控制台'),
  MustChangePassword: flag(
    'True: the password must be changed at the next login',
    'true 为下次登录须修改密码',
  ),
  HasMfaDevice: flag('True: there is an MFA device', 'true 为已绑定 MFA 设备'),
  GroupNames: list(text('A group', '用户组'), 'Groups', '所属用户组'),
  PolicyCount: integer('Policies attached directly', '直接关联的策略数'),
  ApiKeyCount: integer('API keys', 'API 密钥数'),
  CredentialCount: integer('Long-term credentials of instances', '长期访问凭证数'),
  CreateTime: time('When it was made', '创建时间'),
  LastLoginTime: nullable(time('The last login at the console', '最近登录控制台的时间')),
  LastLoginAddress: nullable(text('From which address', '最近登录的来源地址')),
})

export const describeUsers = action('DescribeUsers', {
  doc: {
    en: 'Lists sub-accounts by name, with groups, policies, keys and logins.',
    zh: '按名称查询子账号及其用户组、策略、密钥与登录信息。',
  },
  kind: 'read',
  access: listed('uin/*'),
  permission: 'cam:ListUsers',
  paging: 'record',
  input: {
    Search: text('Part of the name or remark, or a uin', '用户名或备注的一部分，或 uin', {
      maxChars: 128,
    }),
    Uins: list(integer('A uin', 'uin', { min: 1 }), 'Only these', 'uin 列表', {
      maxItems: maxNamed,
    }),
    State: state,
    ConsoleLogin: flag(
      'True: only those who may log in at the console; false: only the others',
      'true 只返回允许登录控制台的用户，false 只返回其他用户',
    ),
    Limit: limit,
    Offset: offset,
  },
  output: { Users: listOf(user, 'The users', '用户列表'), TotalCount: totalCount },
})

export const modifyUserState = action('ModifyUserState', {
  doc: {
    en: 'Suspends a sub-account or lets it back in: its sessions, keys and credentials stop working at once, and nothing is deleted.',
    zh: '停用或恢复子账号：停用后其会话、密钥与访问凭证立即失效，不删除任何内容。',
  },
  kind: 'write',
  access: asksForPerson,
  permission: 'cam:UpdateUser',
  input: { TargetUin: personUin, State: required(state) },
  output: {},
})

const personName = structure('PersonName', 'A person of the account', '账号内的用户', {
  Uin: integer('Uin', 'uin'),
  Name: text('Name', '用户名'),
})

export const describePersonNames = action('DescribePersonNames', {
  doc: {
    en: 'Tells the names behind uins of the caller’s account, for pages that name who did something; others are left out.',
    zh: '查询本账号内 uin 对应的用户名，用于显示操作者；其他 uin 不返回。',
  },
  kind: 'read',
  access: self,
  permission: 'cam:DescribePersonNames',
  input: {
    Uins: required(
      list(integer('A uin', 'uin', { min: 1 }), 'The uins', 'uin 列表', {
        minItems: 1,
        maxItems: maxNamed,
      }),
    ),
  },
  output: { People: listOf(personName, 'Those that are there', '存在的用户') },
})

export const userActions: readonly Action[] = [describeUsers, modifyUserState, describePersonNames]
