// What is used, by instance, namespace and day, and what takes the space (2 actions).

import { type Action, listed } from '../action.ts'
import {
  fraction,
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
import { registryId, totalCount } from '../tcr/parameters.ts'
import { action, day, limit, offset, time } from './parameters.ts'

const metrics = [
  'BasicHours',
  'StandardHours',
  'PremiumHours',
  'StoredBytes',
  'PublicBytesOut',
  'PrivateBytesOut',
  'PublicBytesIn',
  'PrivateBytesIn',
  'Requests',
  'Pulls',
  'Pushes',
] as const

const metric = oneOf(
  metrics,
  'Hours of the edition, bytes stored, bytes out or in by network, requests, pulls, pushes',
  '指标：各规格小时数、存储字节数、公网与内网的流出流入字节数、请求数、拉取数、推送数',
)

const grain = oneOf(['Day', 'Month', 'All'], 'By day, by month, or in one', '按天、按月或合计')
const level = oneOf(['Instance', 'Namespace'], 'By instance or by namespace', '按实例或按命名空间')

const usage = structure('Usage', 'A number of use', '用量', {
  RegistryId: text('The instance', '实例 ID'),
  NamespaceName: nullable(
    text('The namespace; null: of the instance, or of none', '命名空间，为空表示属于整个实例'),
  ),
  Date: day('First day of what is counted', '统计起始日期'),
  Metric: metric,
  Value: fraction(
    'How much; of bytes stored, the mean over the time',
    '用量，存储字节数为统计时间内的平均值',
  ),
})

export const describeUsage = action('DescribeUsage', {
  doc: {
    en: 'Shows what instances used. Bytes are counted once an instance; a day counts in UTC.',
    zh: '查询实例用量；存储在实例内去重，按 UTC 日期统计。',
  },
  kind: 'read',
  access: listed('instance/{RegistryIds}'),
  permission: 'tcr:DescribeUsage',
  paging: 'record',
  input: {
    RegistryIds: list(
      text('Id of an instance', '实例 ID', { maxChars: 64 }),
      'Only these; left out: all that the caller may see',
      '实例 ID 列表，不传为可见的全部实例',
      { maxItems: 100 },
    ),
    NamespaceName: text('Only of this namespace', '只查询该命名空间', { maxChars: 256 }),
    StartDate: required(day('First day', '起始日期')),
    EndDate: required(day('Last day, at most 400 days later', '结束日期，跨度不超过 400 天')),
    Metrics: list(metric, 'Only these', '指标列表', { maxItems: metrics.length }),
    Grain: withDefault(grain, 'Day'),
    Level: withDefault(level, 'Instance'),
    Limit: limit,
    Offset: offset,
  },
  output: { Usage: listOf(usage, 'The numbers', '用量列表'), TotalCount: totalCount },
})

const maxSpaceEntries = 500

const namespaceSpace = structure('NamespaceSpace', 'A namespace and its bytes', '命名空间的容量', {
  NamespaceName: text('The namespace', '命名空间'),
  StoredBytes: integer('Bytes: each blob once in it', '字节数，命名空间内去重'),
})

const repositorySpace = structure(
  'RepositorySpace',
  'A repository and its bytes',
  '镜像仓库的容量',
  {
    NamespaceName: text('Its namespace', '命名空间'),
    RepositoryName: text('Its name', '镜像仓库名称'),
    StoredBytes: integer('Bytes: each blob once in it', '字节数，仓库内去重'),
  },
)

export const describeSpaceUsage = action('DescribeSpaceUsage', {
  doc: {
    en: 'Shows what takes the space of an instance: its largest namespaces and repositories. What these share is counted in each; repositories are added up anew every ten minutes.',
    zh: '查询占用实例空间最多的命名空间与镜像仓库；相互共享的数据在各处均计入，仓库容量每 10 分钟更新。',
  },
  kind: 'read',
  access: listed('repository/{RegistryId}/*'),
  permission: 'tcr:DescribeRepositories',
  ratePerSecond: 5,
  input: {
    RegistryId: registryId,
    NamespaceName: text('Only of this namespace', '只查询该命名空间', { maxChars: 256 }),
    Top: withDefault(
      integer('How many repositories, 500 at most', '仓库条数，最大 500', {
        min: 1,
        max: maxSpaceEntries,
      }),
      100,
    ),
  },
  output: {
    StoredBytes: integer(
      'Bytes of the instance, or of the namespace: each blob once',
      '实例或命名空间的字节数，去重',
    ),
    Namespaces: listOf(namespaceSpace, 'Namespaces, the largest first', '命名空间，从大到小', {
      maxItems: 1000,
    }),
    Repositories: listOf(repositorySpace, 'Repositories, the largest first', '镜像仓库，从大到小', {
      maxItems: maxSpaceEntries,
    }),
    RepositoryCount: integer('Repositories that the caller may list', '可见的镜像仓库总数'),
    CountTime: time('When repositories were added up', '仓库容量的统计时间'),
  },
})

export const meteringActions: readonly Action[] = [describeUsage, describeSpaceUsage]
