// Instances, namespaces and repositories in numbers: what their lists leave out, a page of them at once (3 actions).

import { type Action, listed } from '../action.ts'
import { flag, integer, list, listOf, nullable, structure, text } from '../fields.ts'
import { registryId, totalCount } from '../tcr/parameters.ts'
import { quota } from './instances.ts'
import { action, limit, offset, time } from './parameters.ts'

const maxNamed = 200

const bytes = integer('Bytes: each blob and manifest once', '字节数，相同的数据块与清单只计一次')
const tagCount = integer('Tags', '版本数')
const repositoryCount = integer('Repositories', '镜像仓库数')
const pullCount = integer('Pulls, ever', '累计拉取次数')
const lastPullTime = nullable(time('The last pull', '最近拉取时间'))
const lastPushTime = nullable(time('The last push', '最近推送时间'))

const instanceStatistics = structure('InstanceStatistics', 'An instance in numbers', '实例统计', {
  RegistryId: text('The instance', '实例 ID'),
  NamespaceCount: integer('Namespaces', '命名空间数'),
  RepositoryCount: repositoryCount,
  TagCount: tagCount,
  StoredBytes: bytes,
  LimitBytes: nullable(integer('Their quota; null: none', '字节配额，为空表示不限')),
  Quotas: listOf(quota, 'All quotas', '全部配额'),
})

export const describeInstanceStatistics = action('DescribeInstanceStatistics', {
  doc: {
    en: 'Counts what instances hold. Tags are counted anew every minute.',
    zh: '查询实例的各项数量与容量；版本数每分钟更新。',
  },
  kind: 'read',
  access: listed('instance/{RegistryIds}'),
  permission: 'tcr:DescribeInstances',
  paging: 'record',
  input: {
    RegistryIds: list(
      text('Id of an instance', '实例 ID', { maxChars: 64 }),
      'Only these; left out: all that the caller may see',
      '实例 ID 列表，不传为可见的全部实例',
      { maxItems: maxNamed },
    ),
    Limit: limit,
    Offset: offset,
  },
  output: {
    Statistics: listOf(instanceStatistics, 'By instance', '按实例列出'),
    TotalCount: totalCount,
  },
})

const namespaceStatistics = structure(
  'NamespaceStatistics',
  'A namespace in numbers',
  '命名空间统计',
  {
    NamespaceName: text('Its name', '命名空间'),
    IsPublic: flag('True: anyone may pull', 'true 为公开'),
    RepositoryCount: repositoryCount,
    TagCount: tagCount,
    StoredBytes: bytes,
    LimitBytes: nullable(integer('Their quota; null: none', '字节配额，为空表示不限')),
    PullCount: pullCount,
    LastPullTime: lastPullTime,
  },
)

export const describeNamespaceStatistics = action('DescribeNamespaceStatistics', {
  doc: {
    en: 'Counts repositories, tags, bytes and pulls of namespaces.',
    zh: '查询命名空间的仓库数、版本数、容量与拉取次数。',
  },
  kind: 'read',
  access: listed('repository/{RegistryId}/*'),
  permission: 'tcr:DescribeNamespaces',
  paging: 'record',
  input: {
    RegistryId: registryId,
    NamespaceNames: list(
      text('A namespace', '命名空间', { maxChars: 256 }),
      'Only these; left out: all that the caller may see',
      '命名空间列表，不传为可见的全部命名空间',
      { maxItems: maxNamed },
    ),
    Limit: limit,
    Offset: offset,
  },
  output: {
    Statistics: listOf(namespaceStatistics, 'By namespace', '按命名空间列出'),
    TotalCount: totalCount,
  },
})

const repositoryStatistics = structure(
  'RepositoryStatistics',
  'A repository in numbers',
  '镜像仓库统计',
  {
    NamespaceName: text('Its namespace', '命名空间'),
    RepositoryName: text('Its name', '镜像仓库名称'),
    TagCount: tagCount,
    ManifestCount: integer('Manifests', '清单数'),
    StoredBytes: bytes,
    PullCount: pullCount,
    LastPullTime: lastPullTime,
    LastPushTime: lastPushTime,
  },
)

export const describeRepositoryStatistics = action('DescribeRepositoryStatistics', {
  doc: {
    en: 'Counts tags, bytes and pulls of repositories.',
    zh: '查询镜像仓库的版本数、容量与拉取次数。',
  },
  kind: 'read',
  access: listed('repository/{RegistryId}/*'),
  permission: 'tcr:DescribeRepositories',
  paging: 'record',
  input: {
    RegistryId: registryId,
    NamespaceName: text('Only of this namespace', '只查询该命名空间', { maxChars: 256 }),
    RepositoryName: text('Only this repository of it', '只查询该镜像仓库', { maxChars: 256 }),
    RepositoryPaths: list(
      text('`<namespace>/<name>`, as DescribeRepositories names them', '仓库全名：命名空间/仓库', {
        maxChars: 512,
      }),
      'Only these; left out: all that the caller may see',
      '仓库全名列表，不传为可见的全部仓库',
      { maxItems: maxNamed },
    ),
    Limit: limit,
    Offset: offset,
  },
  output: {
    Statistics: listOf(repositoryStatistics, 'By repository', '按镜像仓库列出'),
    TotalCount: totalCount,
  },
})

export const statisticsActions: readonly Action[] = [
  describeInstanceStatistics,
  describeNamespaceStatistics,
  describeRepositoryStatistics,
]
