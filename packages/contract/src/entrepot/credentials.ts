// What lists of credentials leave out: which feature made each, and when it was last used (2 actions).

import { type Action, on } from '../action.ts'
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
import { registryId, totalCount } from '../tcr/parameters.ts'
import { action, limit, offset, time } from './parameters.ts'

const kind = oneOf(
  ['LongTerm', 'ServiceAccount'],
  'Long-term credential of the caller, or service account',
  '调用者的长期访问凭证，或服务级账号',
)

const recentPulls = integer('Pulls within seven days', '最近 7 天的拉取次数')

const credentialUse = structure(
  'CredentialUse',
  'A credential and its use',
  '访问凭证及其使用情况',
  {
    Kind: kind,
    CredentialId: text(
      'Id of a long-term credential; name of a service account',
      '长期访问凭证的 ID，或服务级账号名称',
    ),
    MadeBy: oneOf(
      ['User', 'Build', 'Sync', 'Kubernetes'],
      'A person, or the feature that breaks without it',
      '创建者：用户，或依赖它的功能',
    ),
    Enabled: flag('True: it may log in', 'true 为可以登录'),
    ExpireTime: nullable(time('When it ends', '过期时间')),
    LastUsedTime: nullable(time('When it was last used', '最近使用时间')),
    LastUsedAddress: nullable(text('From which address', '最近使用的来源地址')),
    RecentPulls: recentPulls,
  },
)

export const describeCredentialUse = action('DescribeCredentialUse', {
  doc: {
    en: 'Shows which feature made credentials of an instance, when they were last used, and how much they pulled lately.',
    zh: '查询实例访问凭证的创建来源、最近使用时间与最近的拉取次数。',
  },
  kind: 'read',
  // Long-term credentials are the caller's own; service accounts are there for whoever may list them, which the handler
  // asks as `tcr:DescribeServiceAccounts`.
  access: on('instance/{RegistryId}'),
  permission: 'tcr:DescribeInstanceToken',
  paging: 'record',
  input: { RegistryId: registryId, Kind: kind, Limit: limit, Offset: offset },
  output: {
    Credentials: listOf(credentialUse, 'The credentials', '访问凭证列表'),
    TotalCount: totalCount,
  },
})

export const describeCredentialDeletion = action('DescribeCredentialDeletion', {
  doc: {
    en: 'Tells who would be cut off if a credential were disabled or deleted. Changes nothing.',
    zh: '查询禁用或删除访问凭证的影响，不会更改。',
  },
  kind: 'read',
  // A service account is there for whoever may list them, which the handler asks as `tcr:DescribeServiceAccounts`.
  access: on('instance/{RegistryId}'),
  permission: 'tcr:DescribeInstanceToken',
  input: {
    RegistryId: registryId,
    Kind: required(kind),
    CredentialId: required(
      text(
        'Id of a long-term credential of the caller; name of a service account, with or without `tcr$`',
        '调用者的长期访问凭证 ID，或服务级账号名称（可省略 tcr$）',
        { minChars: 1, maxChars: 256 },
      ),
    ),
  },
  output: {
    RecentPulls: recentPulls,
    RecentPushes: integer('Pushes within seven days', '最近 7 天的推送次数'),
    RecentAddresses: list(
      text('An address', '来源地址'),
      'From where, ten at most, the busiest first',
      '来源地址，最多 10 个，按次数排列',
    ),
    LastUsedTime: nullable(time('When it was last used', '最近使用时间')),
    LastUsedAddress: nullable(text('From which address', '最近使用的来源地址')),
  },
})

export const credentialActions: readonly Action[] = [
  describeCredentialUse,
  describeCredentialDeletion,
]
