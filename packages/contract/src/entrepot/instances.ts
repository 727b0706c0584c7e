// Instances: anonymous pulls, quotas, and the move of their bytes (8 actions).

import { type Action, on, operator } from '../action.ts'
import { flag, integer, listOf, nullable, oneOf, required, structure, text } from '../fields.ts'
import { namespaceName, registryId } from '../tcr/parameters.ts'
import { action, targetRegistryId, time } from './parameters.ts'

const instanceOnly = on('instance/{RegistryId}')

export const modifyInstanceAnonymousAccess = action('ModifyInstanceAnonymousAccess', {
  doc: {
    en: 'Says whether public namespaces of an instance may be pulled without a login.',
    zh: '设置实例的公开命名空间是否允许匿名拉取。',
  },
  kind: 'write',
  access: instanceOnly,
  permission: 'tcr:ModifyInstanceAnonymousAccess',
  input: {
    RegistryId: registryId,
    EnableAnonymous: required(flag('True: they may', 'true 为允许匿名拉取')),
  },
  output: {},
})

const openNamespace = structure('OpenNamespace', 'A public namespace', '公开的命名空间', {
  NamespaceName: text('The namespace', '命名空间'),
  RepositoryCount: integer('Repositories', '镜像仓库数'),
})

export const describeInstanceAnonymousAccess = action('DescribeInstanceAnonymousAccess', {
  doc: {
    en: 'Tells what anybody may pull from an instance without a login, or could if it were allowed, and how much that was used.',
    zh: '查询实例中允许（或开启后将允许）匿名拉取的内容及使用情况。',
  },
  kind: 'read',
  access: instanceOnly,
  permission: 'tcr:DescribeInstances',
  input: { RegistryId: registryId },
  output: {
    EnableAnonymous: flag('True: anonymous pulls are allowed', 'true 为允许匿名拉取'),
    Namespaces: listOf(
      openNamespace,
      'Public namespaces that the caller may list',
      '可见的公开命名空间',
      { maxItems: 1000 },
    ),
    RecentPulls: integer('Anonymous pulls within seven days', '最近 7 天的匿名拉取次数'),
  },
})

export const quotaName = oneOf(
  ['Namespaces', 'Repositories', 'ChartRepositories', 'VpcLinks', 'StoredBytes'],
  'What is counted',
  '配额项',
)

export const quota = structure('InstanceQuota', 'A quota of an instance', '实例配额', {
  Name: quotaName,
  Used: integer('How many there are', '已用量'),
  Limit: nullable(integer('How many there may be; null: no quota', '配额上限，为空表示不限')),
  EditionLimit: nullable(
    integer('What the edition gives; null: no quota', '该规格的配额，为空表示不限'),
  ),
})

export const describeInstanceQuota = action('DescribeInstanceQuota', {
  doc: { en: 'Shows the quotas of an instance and what is used.', zh: '查询实例的配额与用量。' },
  kind: 'read',
  access: instanceOnly,
  permission: 'tcr:DescribeInstanceQuota',
  input: { RegistryId: registryId },
  output: { Quotas: listOf(quota, 'The quotas', '配额列表') },
})

/** As a request writes it, where null is what is left out. */
const noQuota = -1

const quotaChange = structure('InstanceQuotaChange', 'A quota to set', '要设置的配额', {
  Name: required(quotaName),
  Limit: integer(
    'How many there may be; -1: no quota; left out: as the edition says',
    '配额上限，-1 为不限，不传恢复为规格默认值',
    { min: noQuota },
  ),
})

export const modifyInstanceQuota = action('ModifyInstanceQuota', {
  doc: {
    en: 'Sets quotas of an instance; one below what is used stops growth and deletes nothing.',
    zh: '设置实例的配额；低于已用量时只阻止增长，不删除数据。',
  },
  kind: 'write',
  access: operator,
  input: {
    TargetRegistryId: targetRegistryId,
    Quotas: required(
      listOf(quotaChange, 'The quotas to set', '要设置的配额', { minItems: 1, maxItems: 10 }),
    ),
  },
  output: {},
})

const namespaceOnly = on('repository/{RegistryId}/{NamespaceName}')

export const describeNamespaceQuota = action('DescribeNamespaceQuota', {
  doc: { en: 'Shows the bytes of a namespace and their quota.', zh: '查询命名空间的容量与配额。' },
  kind: 'read',
  access: namespaceOnly,
  permission: 'tcr:DescribeNamespaceQuota',
  input: { RegistryId: registryId, NamespaceName: namespaceName },
  output: {
    UsedBytes: integer('Bytes, each blob once', '已用字节数，相同数据块只计一次'),
    LimitBytes: nullable(integer('Their quota; null: none', '字节配额，为空表示不限')),
  },
})

export const modifyNamespaceQuota = action('ModifyNamespaceQuota', {
  doc: { en: 'Sets how many bytes a namespace may hold.', zh: '设置命名空间的容量配额。' },
  kind: 'write',
  access: namespaceOnly,
  permission: 'tcr:ModifyNamespaceQuota',
  input: {
    RegistryId: registryId,
    NamespaceName: namespaceName,
    LimitBytes: required(integer('Bytes; -1: no quota', '字节数，-1 为不限', { min: noQuota })),
  },
  output: {},
})

export const describeInstanceStorageMove = action('DescribeInstanceStorageMove', {
  doc: {
    en: 'Shows how the move of ModifyInstanceStorage goes; the last one once it is over.',
    zh: '查询 ModifyInstanceStorage 的搬迁进度，结束后返回最近一次。',
  },
  kind: 'read',
  access: instanceOnly,
  permission: 'tcr:DescribeInstanceStorageMove',
  input: { RegistryId: registryId },
  output: {
    State: oneOf(
      ['None', 'Waiting', 'Running', 'Succeeded', 'Failed', 'Cancelled'],
      'None: it was never moved',
      '状态，None 表示从未搬迁',
    ),
    JobId: nullable(text('Its job', '任务 ID')),
    SourceStorageName: nullable(text('From which storage backend', '原后端存储')),
    TargetStorageName: nullable(text('To which', '目标后端存储')),
    TotalBytes: nullable(integer('Bytes to move', '需搬迁的字节数')),
    MovedBytes: nullable(integer('Bytes moved', '已搬迁的字节数')),
    TotalBlobs: nullable(integer('Blobs to move', '需搬迁的数据块数')),
    MovedBlobs: nullable(integer('Blobs moved', '已搬迁的数据块数')),
    Reason: nullable(text('Why it failed', '失败原因')),
    StartTime: nullable(time('When it began', '开始时间')),
    EndTime: nullable(time('When it ended', '结束时间')),
  },
})

export const cancelInstanceStorageMove = action('CancelInstanceStorageMove', {
  doc: {
    en: 'Stops the move of an instance’s bytes; it stays on its storage backend.',
    zh: '取消实例存储的搬迁，实例继续使用原后端存储。',
  },
  kind: 'write',
  access: instanceOnly,
  permission: 'tcr:ModifyInstanceStorage',
  input: { RegistryId: registryId },
  output: {},
})

export const instanceActions: readonly Action[] = [
  modifyInstanceAnonymousAccess,
  describeInstanceAnonymousAccess,
  describeInstanceQuota,
  modifyInstanceQuota,
  describeNamespaceQuota,
  modifyNamespaceQuota,
  describeInstanceStorageMove,
  cancelInstanceStorageMove,
]
