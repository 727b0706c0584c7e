// Console sessions (3 actions).

import type { Action } from '../action.ts'
import { flag, integer, listOf, nullable, oneOf, required, structure, text } from '../fields.ts'
import { totalCount } from '../tcr/parameters.ts'
import { action, limit, offset, ownerUin, ownOrAsks, time } from './parameters.ts'

const session = structure('Session', 'A console session', '控制台会话', {
  SessionId: text('Its id', '会话 ID'),
  Uin: integer('Whose', '用户的 uin'),
  RoleId: nullable(text('The role taken on', '扮演的角色 ID')),
  SessionName: nullable(text('Its name under the role', '扮演角色时的会话名称')),
  LoginMethod: oneOf(['Password', 'Oidc', 'Saml'], 'How he logged in', '登录方式'),
  ProviderName: nullable(text('The identity provider', '身份提供商名称')),
  MfaUsed: flag('True: with an MFA code', 'true 为经过 MFA 验证'),
  Address: nullable(text('From where', '来源地址')),
  UserAgent: nullable(text('With which browser', '浏览器标识')),
  CreateTime: time('When it began', '登录时间'),
  LastSeenTime: time('When it was last used', '最近使用时间'),
  ExpireTime: time('When it ends', '过期时间'),
  IsCurrent: flag('True: the one that asks', 'true 为当前会话'),
})

export const describeSessions = action('DescribeSessions', {
  doc: { en: 'Lists the console sessions of a person.', zh: '查询用户的控制台会话。' },
  kind: 'read',
  access: ownOrAsks,
  permission: 'cam:DescribeSessions',
  paging: 'record',
  input: { TargetUin: ownerUin, Limit: limit, Offset: offset },
  output: { Sessions: listOf(session, 'The sessions', '会话列表'), TotalCount: totalCount },
})

export const deleteSession = action('DeleteSession', {
  doc: { en: 'Ends a console session, at once.', zh: '结束控制台会话，立即生效。' },
  kind: 'write',
  access: ownOrAsks,
  permission: 'cam:DeleteSession',
  input: {
    SessionId: required(text('Which one', '会话 ID', { minChars: 1, maxChars: 64 })),
    TargetUin: ownerUin,
  },
  output: {},
})

export const deleteUserSessions = action('DeleteUserSessions', {
  doc: {
    en: 'Ends all console sessions of a person, except the one that asks.',
    zh: '结束用户的全部控制台会话，发起请求的会话除外。',
  },
  kind: 'write',
  access: ownOrAsks,
  permission: 'cam:DeleteSession',
  input: { TargetUin: ownerUin },
  output: { EndedCount: integer('How many ended', '结束的会话数') },
})

export const sessionActions: readonly Action[] = [
  describeSessions,
  deleteSession,
  deleteUserSessions,
]
