// API keys of people (5 actions). Tencent calls them access keys here and API keys in policies.

import { type Action, listed } from '../action.ts'
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
import { action, asksForPerson } from './parameters.ts'

const owner = integer('Whose; the caller unless told', '所属子账号的 uin，默认为调用者', { min: 1 })
const secretId = required(text('SecretId of the key', '密钥 ID', { minChars: 1, maxChars: 128 }))
const status = oneOf(['Active', 'Inactive'], 'Active or disabled', 'Active 启用，Inactive 禁用')

const description = text('Description', '密钥描述', {
  maxChars: 1024,
  rule: {
    pattern: /^[\w+=,.@:/-]*$/,
    words: { en: 'letters, digits and _ + = , . @ : / -', zh: '字母、数字和 _ + = , . @ : / -' },
  },
})

const keyFields = {
  AccessKeyId: text('SecretId', '密钥 ID'),
  Status: status,
  CreateTime: text('When it was made', '创建时间'),
  Description: nullable(description),
} as const

const accessKeyDetail = structure('AccessKeyDetail', 'An API key just made', '新建的 API 密钥', {
  ...keyFields,
  SecretAccessKey: text('SecretKey, shown only here', 'SecretKey，仅此时可见', { secret: true }),
})

export const createAccessKey = action('CreateAccessKey', {
  doc: { en: 'Makes an API key.', zh: '创建 API 密钥。' },
  kind: 'write',
  access: asksForPerson,
  input: { TargetUin: owner, Description: description },
  output: { AccessKey: nullable(object(accessKeyDetail)) },
})

const accessKey = structure('AccessKey', 'An API key', 'API 密钥', keyFields)

export const listAccessKeys = action('ListAccessKeys', {
  doc: { en: 'Lists the API keys of a person.', zh: '查询子账号的 API 密钥。' },
  kind: 'read',
  access: asksForPerson,
  input: { TargetUin: owner },
  output: { AccessKeys: nullable(listOf(accessKey, 'The keys', '密钥列表')) },
})

export const updateAccessKey = action('UpdateAccessKey', {
  doc: { en: 'Enables or disables an API key, at once.', zh: '启用或禁用 API 密钥，立即生效。' },
  kind: 'write',
  access: asksForPerson,
  input: { AccessKeyId: secretId, Status: required(status), TargetUin: owner },
  output: {},
})

export const deleteAccessKey = action('DeleteAccessKey', {
  doc: { en: 'Deletes an API key.', zh: '删除 API 密钥。' },
  kind: 'write',
  access: asksForPerson,
  permission: 'cam:DeleteApiKey',
  input: { AccessKeyId: secretId, TargetUin: owner },
  output: {},
})

const secretIdLastUsed = structure('SecretIdLastUsed', 'Last use of a key', '密钥的最近使用', {
  SecretId: text('SecretId', '密钥 ID'),
  LastUsedDate: nullable(text('Day of the last use', '最近使用日期')),
  LastSecretUsedDate: nullable(
    integer('Time of the last use, Unix seconds', '最近使用时间，Unix 秒'),
  ),
})

export const getSecurityLastUsed = action('GetSecurityLastUsed', {
  doc: { en: 'Shows when API keys were last used.', zh: '查询 API 密钥的最近使用时间。' },
  kind: 'read',
  access: listed('uin/*'),
  input: {
    SecretIdList: required(
      list(text('A SecretId', '密钥 ID', { maxChars: 128 }), 'Which keys', '密钥 ID 列表', {
        minItems: 1,
        maxItems: 10,
      }),
    ),
  },
  output: {
    SecretIdLastUsedRows: listOf(secretIdLastUsed, 'One for each key', '每个密钥一条'),
  },
})

export const accessKeyActions: readonly Action[] = [
  createAccessKey,
  listAccessKeys,
  updateAccessKey,
  deleteAccessKey,
  getSecurityLastUsed,
]
