// Users: the sub-accounts of a main account (10 actions).

import { type Action, listed, operation, self } from '../action.ts'
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
  withDefault,
} from '../fields.ts'
import { action, asksForPerson, bit, nameRules, remark, totalNum } from './parameters.ts'

const uin = integer('Uin of the person', '子账号的 uin')
const uid = integer('Number of the person as a receiver of messages', '子账号的 UID')
const name = text('User name', '用户名')
/** The name of a user that must exist: a wrong one is not found, whatever its letters. */
const userName = required(text('User name', '用户名', { minChars: 1, maxChars: 128 }))
const consoleLogin = bit('1: may log in to the console', '1 允许登录控制台，0 不允许')
const needResetPassword = bit(
  '1: must choose a new password at the next login',
  '1 下次登录时须重设密码',
)
const phoneNum = text('Phone number', '手机号', { maxChars: 32 })
const countryCode = text('Country code of the phone number', '手机号区号', { maxChars: 8 })
const email = text('E-mail address', '邮箱', { maxChars: 254 })
const createTime = text('When it was made', '创建时间')

/** What hashing a password costs grows with it. */
const maxPasswordChars = 256

const password = text(
  'Console password; empty with ConsoleLogin 1: one of 32 characters is made',
  '控制台密码；ConsoleLogin 为 1 且为空时自动生成 32 位密码',
  { maxChars: maxPasswordChars, secret: true },
)

export const addUser = action('AddUser', {
  doc: { en: 'Makes a sub-account.', zh: '创建子账号。' },
  kind: 'write',
  access: operation,
  input: {
    Name: required(text('User name, unique in the account', '用户名，账号内唯一', nameRules)),
    Remark: remark,
    ConsoleLogin: consoleLogin,
    UseApi: bit('1: also makes an API key', '1 同时创建 API 密钥'),
    Password: password,
    NeedResetPassword: needResetPassword,
    PhoneNum: phoneNum,
    CountryCode: countryCode,
    Email: email,
  },
  output: {
    Uin: uin,
    Name: name,
    Password: text('The password, shown only here', '密码，仅此时可见', { secret: true }),
    SecretId: text('Id of the API key', 'API 密钥 ID'),
    SecretKey: text('The API key, shown only here', 'API 密钥，仅此时可见', { secret: true }),
    Uid: uid,
  },
})

export const getUser = action('GetUser', {
  doc: { en: 'Shows a sub-account.', zh: '查询子账号。' },
  kind: 'read',
  access: asksForPerson,
  input: { Name: userName },
  output: {
    Uin: uin,
    Name: name,
    Uid: uid,
    Remark: nullable(remark),
    ConsoleLogin: consoleLogin,
    PhoneNum: phoneNum,
    CountryCode: countryCode,
    Email: email,
    RecentlyLoginIP: nullable(text('Address of the last login', '最近登录 IP')),
    RecentlyLoginTime: nullable(text('Time of the last login', '最近登录时间')),
  },
})

export const updateUser = action('UpdateUser', {
  doc: {
    en: 'Changes a sub-account; what is left out stays.',
    zh: '修改子账号，未传入的字段保持不变。',
  },
  kind: 'write',
  access: asksForPerson,
  input: {
    Name: userName,
    Remark: remark,
    ConsoleLogin: consoleLogin,
    Password: password,
    NeedResetPassword: needResetPassword,
    PhoneNum: phoneNum,
    CountryCode: countryCode,
    Email: email,
  },
  output: {},
})

export const deleteUser = action('DeleteUser', {
  doc: {
    en: 'Deletes a sub-account; its credentials end at once.',
    zh: '删除子账号，其凭证立即失效。',
  },
  kind: 'write',
  access: asksForPerson,
  input: {
    Name: userName,
    Force: withDefault(
      bit(
        '1: deletes its API keys too; 0: refuses while it has any',
        '1 同时删除其 API 密钥，0 存在密钥时拒绝',
      ),
      0,
    ),
  },
  output: {},
})

const subAccountInfo = structure('SubAccountInfo', 'A sub-account', '子账号', {
  Uin: uin,
  Name: name,
  Uid: uid,
  Remark: remark,
  ConsoleLogin: consoleLogin,
  PhoneNum: phoneNum,
  CountryCode: countryCode,
  Email: email,
  CreateTime: nullable(createTime),
  NickName: nullable(text('Nickname', '昵称')),
})

export const listUsers = action('ListUsers', {
  doc: { en: 'Lists the sub-accounts.', zh: '查询子账号列表。' },
  kind: 'read',
  access: listed('uin/*'),
  input: {},
  output: { Data: listOf(subAccountInfo, 'The sub-accounts', '子账号列表') },
})

const userTypes = [
  'Owner',
  'SubUser',
  'CICUser',
  'WechatCorpUser',
  'AgentIdentity',
  'Collaborator',
  'MessageReceiver',
  'Unknown',
] as const

const userType = oneOf(userTypes, 'Kind of account', '账号类型')

const accountEntry = structure('ListAllUser', 'An account', '账号', {
  Uin: uin,
  Name: name,
  Uid: uid,
  Remark: remark,
  ConsoleLogin: consoleLogin,
  PhoneNum: phoneNum,
  CountryCode: countryCode,
  Email: email,
  CreateTime: createTime,
  UserType: userType,
})

export const listAccounts = action('ListAccounts', {
  doc: {
    en: 'Lists the main account and its sub-accounts, by marker.',
    zh: '查询主账号及其全部子账号，用标记翻页。',
  },
  kind: 'read',
  access: listed('uin/*'),
  input: {
    MaxItems: withDefault(
      integer('Entries a page: 20 unless told, 200 at most', '每页条数，默认 20，最大 200', {
        min: 1,
        max: 200,
      }),
      20,
    ),
    Marker: text('The Marker of the page before', '上一页返回的 Marker', { maxChars: 256 }),
    UserType: userType,
  },
  output: {
    Users: listOf(accountEntry, 'The accounts', '账号列表'),
    Marker: text('Of the next page; empty after the last', '下一页的标记，最后一页为空'),
    IsTruncated: flag('True: there is a next page', 'true 表示还有下一页'),
  },
})

export const listCollaborators = action('ListCollaborators', {
  doc: {
    en: 'Lists collaborators: main accounts that work in this one. There are none here.',
    zh: '查询协作者；此处没有协作者，始终为空。',
  },
  kind: 'read',
  access: listed('uin/*'),
  paging: 'record',
  input: {
    Limit: withDefault(integer('Entries a page', '每页条数', { max: 200 }), 20),
    Offset: withDefault(integer('How many to skip', '跳过的条数'), 0),
  },
  output: {
    TotalNum: totalNum,
    Data: listOf(subAccountInfo, 'The collaborators', '协作者列表'),
  },
})

const subAccountUser = structure('SubAccountUser', 'A sub-account and its last login', '子账号', {
  Uin: uin,
  Name: name,
  Uid: uid,
  Remark: remark,
  CreateTime: nullable(createTime),
  UserType: integer(
    '2 sub-account, 3 WeCom, 4 collaborator, 5 receiver of messages',
    '2 子账号，3 企业微信子账号，4 协作者，5 消息接收人',
  ),
  LastLoginIp: nullable(text('Address of the last login', '最近登录 IP')),
  LastLoginTime: nullable(
    text('Time of the last login; null before the first', '最近登录时间，未登录过为空'),
  ),
})

export const describeSubAccounts = action('DescribeSubAccounts', {
  doc: { en: 'Shows sub-accounts by their uin.', zh: '按 uin 查询子账号。' },
  kind: 'read',
  access: listed('uin/*'),
  input: {
    FilterSubAccountUin: required(
      list(integer('A uin', 'uin', { min: 1 }), 'Which ones, 50 at most', 'uin 列表，最多 50 个', {
        maxItems: 50,
      }),
    ),
  },
  output: { SubAccounts: listOf(subAccountUser, 'The sub-accounts', '子账号列表') },
})

export const getUserAppId = action('GetUserAppId', {
  doc: { en: 'Shows the numbers of the caller.', zh: '查询调用者的各个 ID。' },
  kind: 'read',
  access: self,
  input: {},
  output: {
    Uin: text('Uin of the caller', '调用者的 uin'),
    OwnerUin: text('Uin of the main account', '主账号的 uin'),
    AppId: integer('Application number of the main account', '主账号的 AppId'),
  },
})

export const getAccountSummary = action('GetAccountSummary', {
  doc: { en: 'Counts what the account has.', zh: '查询账号概览。' },
  kind: 'read',
  access: operation,
  input: {},
  output: {
    Policies: integer('Policies', '策略数'),
    Roles: integer('Roles', '角色数'),
    Idps: integer('Identity providers for roles', '角色身份提供商数'),
    User: integer('Sub-accounts', '子账号数'),
    Group: integer('Groups', '用户组数'),
    Member: integer('Collaborators and receivers', '协作者与消息接收人数'),
    IdentityProviders: integer('Identity providers in all', '身份提供商总数'),
  },
})

export const userActions: readonly Action[] = [
  addUser,
  getUser,
  updateUser,
  deleteUser,
  listUsers,
  listAccounts,
  listCollaborators,
  describeSubAccounts,
  getUserAppId,
  getAccountSummary,
]
