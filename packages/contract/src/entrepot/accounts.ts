// Main accounts, which the operator makes, suspends and deletes; and the console passwords of people (8 actions).

import { type Action, operator, self } from '../action.ts'
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
  withDefault,
} from '../fields.ts'
import { totalCount } from '../tcr/parameters.ts'
import {
  action,
  limit,
  maxPasswordChars,
  newPassword,
  offset,
  personUin,
  time,
} from './parameters.ts'

const uin = integer('Uin of the main account', '主账号的 uin')
const accountUin = required(integer('Uin of the main account', '主账号的 uin', { min: 1 }))
const name = text('Name, for people to tell accounts apart', '名称，便于识别', {
  minChars: 1,
  maxChars: 128,
})
const email = text('E-mail address', '邮箱', { maxChars: 254 })
const remark = text('Remark', '备注', { maxChars: 1024 })
const state = oneOf(
  ['Active', 'Suspended'],
  'Active; Suspended: nobody in it may do anything, nothing is deleted',
  'Active 正常；Suspended 已停用，账号内任何人都不能操作，数据保留',
)
const madePassword = text('The password, shown only here', '密码，仅此时可见', { secret: true })

export const createAccount = action('CreateAccount', {
  doc: { en: 'Makes a main account.', zh: '创建主账号。' },
  kind: 'write',
  access: operator,
  input: {
    Name: required(name),
    Email: email,
    Remark: remark,
    Password: newPassword,
    NeedResetPassword: withDefault(
      flag(
        'True unless told: a new password is chosen at the first login',
        '默认 true，首次登录时须重设密码',
      ),
      true,
    ),
    CreateApiKey: flag('True: also makes an API key', 'true 为同时创建 API 密钥'),
  },
  output: {
    Uin: uin,
    Password: madePassword,
    SecretId: nullable(text('SecretId of the API key', 'API 密钥的 SecretId')),
    SecretKey: nullable(
      text('SecretKey, shown only here', 'API 密钥的 SecretKey，仅此时可见', { secret: true }),
    ),
  },
})

const account = structure('Account', 'A main account', '主账号', {
  Uin: uin,
  Name: name,
  Email: email,
  Remark: remark,
  State: state,
  SuspendReason: nullable(text('Why it is suspended', '停用原因')),
  IsOperator: flag('True: it runs the deployment', 'true 为部署的运营者'),
  SubAccountCount: integer('Sub-accounts', '子账号数'),
  InstanceCount: integer('Instances', '实例数'),
  CreateTime: time('When it was made', '创建时间'),
  LastLoginTime: nullable(time('Last console login', '最近登录控制台的时间')),
})

export const describeAccounts = action('DescribeAccounts', {
  doc: { en: 'Lists the main accounts.', zh: '查询主账号列表。' },
  kind: 'read',
  access: operator,
  paging: 'record',
  input: {
    Uins: list(integer('A uin', 'uin', { min: 1 }), 'Only these', '只查询这些主账号', {
      maxItems: 100,
    }),
    Keyword: text('Part of the name', '名称关键字', { maxChars: 128 }),
    State: state,
    Limit: limit,
    Offset: offset,
  },
  output: { Accounts: listOf(account, 'The accounts', '主账号列表'), TotalCount: totalCount },
})

export const modifyAccount = action('ModifyAccount', {
  doc: {
    en: 'Changes, suspends or resumes a main account; a suspended one is held out at once.',
    zh: '修改、停用或恢复主账号；停用立即生效。',
  },
  kind: 'write',
  access: operator,
  input: {
    Uin: accountUin,
    Name: name,
    Email: email,
    Remark: remark,
    State: state,
    SuspendReason: text('Why, for the operator', '停用原因，供运营者查看', { maxChars: 1024 }),
  },
  output: {},
})

const remaining = structure('RemainingResource', 'What must go first', '须先删除的资源', {
  ResourceType: text(
    '`instance`, or `repo`: a namespace of the Personal edition',
    '资源类型：instance，或 repo（个人版命名空间）',
  ),
  ResourceId: text('Its id or name', '资源 ID 或名称'),
})

export const deleteAccount = action('DeleteAccount', {
  doc: {
    en: 'Deletes a main account with its people, keys and policies; refused while it has instances, or namespaces of the Personal edition.',
    zh: '删除主账号及其用户、密钥和策略；仍有实例或个人版命名空间时拒绝。',
  },
  kind: 'write',
  access: operator,
  input: {
    Uin: accountUin,
    DryRun: flag('True: only says what would stand against it', 'true 为只检查，不删除'),
  },
  output: {
    Remaining: listOf(remaining, 'What stands against it; empty: nothing', '须先删除的资源'),
  },
})

export const resetAccountPassword = action('ResetAccountPassword', {
  doc: {
    en: 'Sets the console password of a main account anew and ends its sessions.',
    zh: '重设主账号的控制台密码，并结束其会话。',
  },
  kind: 'write',
  access: operator,
  input: {
    Uin: accountUin,
    Password: newPassword,
    DeleteMfaDevice: flag('True: its MFA device goes too', 'true 为同时删除其 MFA 设备'),
  },
  output: { Password: madePassword },
})

export const modifyPassword = action('ModifyPassword', {
  doc: {
    en: 'Changes the console password of the caller and ends his other sessions.',
    zh: '修改调用者自己的控制台密码，并结束其他会话。',
  },
  kind: 'write',
  access: self,
  input: {
    OldPassword: required(
      text('The present one', '当前密码', { maxChars: maxPasswordChars, secret: true }),
    ),
    NewPassword: required(
      text('The new one', '新密码', { maxChars: maxPasswordChars, secret: true }),
    ),
  },
  output: {},
})

export const unlockUser = action('UnlockUser', {
  doc: {
    en: 'Lets a person try his password again from every address at once.',
    zh: '解除用户因密码错误在各地址上的锁定。',
  },
  kind: 'write',
  access: asksForPerson,
  permission: 'cam:UnlockUser',
  input: { TargetUin: personUin },
  output: {},
})

const loginLock = structure('LoginLock', 'An address held out', '被锁定的地址', {
  Address: text('The address', '地址'),
  Failures: integer('Wrong passwords in a row', '连续错误次数'),
  LastFailureTime: time('The last of them', '最近一次错误的时间'),
  LockedUntil: nullable(time('When it may try again', '锁定截止时间')),
})

export const describeUserLogin = action('DescribeUserLogin', {
  doc: {
    en: 'Shows how a person logs in: password, MFA, sessions, and addresses held out.',
    zh: '查询用户的登录状况：密码、MFA、会话和被锁定的地址。',
  },
  kind: 'read',
  access: asksForPerson,
  permission: 'cam:DescribeUserLogin',
  input: { TargetUin: personUin },
  output: {
    HasPassword: flag('True: he has a console password', 'true 为已设置控制台密码'),
    PasswordChangeTime: nullable(time('When it last changed', '密码最近修改时间')),
    NeedResetPassword: flag('True: he must choose a new one', 'true 为下次登录须重设密码'),
    HasMfaDevice: flag('True: an MFA device is active', 'true 为已启用 MFA 设备'),
    SessionCount: integer('Console sessions', '控制台会话数'),
    Locks: listOf(loginLock, 'Addresses with wrong passwords', '有错误记录的地址'),
  },
})

export const accountActions: readonly Action[] = [
  createAccount,
  describeAccounts,
  modifyAccount,
  deleteAccount,
  resetAccountPassword,
  modifyPassword,
  unlockUser,
  describeUserLogin,
]
