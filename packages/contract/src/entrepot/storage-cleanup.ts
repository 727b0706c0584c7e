// What the clean-up of storage did, would do, and what takes the space (3 actions).

import { type Action, on } from '../action.ts'
import {
  flag,
  integer,
  list,
  listOf,
  nullable,
  object,
  oneOf,
  required,
  structure,
  text,
  withDefault,
} from '../fields.ts'
import { registryId, totalCount } from '../tcr/parameters.ts'
import { action, limit, offset, time } from './parameters.ts'

const permission = 'tcr:DescribeGCJobs'

const types = ['Manual', 'Dryrun', 'Hourly'] as const

const cleanupId = integer('Id of the clean-up', '清理任务 ID', { min: 1 })

const counts = structure('CleanupCounts', 'What went, or would go', '清理数量', {
  Referrers: integer('Artifacts about an image that is gone, into the bin', '无主体的引用制品数'),
  Manifests: integer('Manifests that were deleted', '已删除的清单数'),
  Links: integer('Blobs that a repository holds and names no more', '仓库不再引用的数据块数'),
  Blobs: integer('Blobs that no repository holds', '无仓库持有的数据块数'),
  Uploads: integer('Uploads that nobody goes on with', '过期的上传数'),
  Objects: integer('Objects deleted from the store', '从存储中删除的对象数'),
  Orphans: integer('Objects of the store that no row names', '存储中无记录的对象数'),
  Bytes: integer('Bytes of the manifests and blobs', '清单与数据块的字节数'),
})

const reasons = ['Grace', 'Bin', 'Delay', 'Clock', 'Hold', 'Operator'] as const

const stay = structure('CleanupStay', 'What stays for now', '暂不清理的内容', {
  Reason: oneOf(
    reasons,
    'Grace: nothing names it, but not yet for long enough; Bin: it can come back; Delay: its bytes go in minutes; Clock: the clock was set; Hold: nobody ran for a while; Operator: so much that the operator is asked',
    'Grace：宽限期内；Bin：在回收站中；Delay：数分钟后删除；Clock：时钟被调整；Hold：服务曾中断；Operator：待运营方确认',
  ),
  Count: integer('How many', '数量'),
  Bytes: integer('Their bytes', '字节数'),
  DueTime: nullable(time('When the first of them may go', '最早可清理的时间')),
  LastDueTime: nullable(time('When all of them may', '全部可清理的时间')),
})

const cleanup = structure('StorageCleanup', 'A clean-up of storage', '制品清理任务', {
  CleanupId: cleanupId,
  Type: oneOf(types, 'By hand, as a dry run, or by itself', '手动、模拟或自动'),
  State: oneOf(['Waiting', 'Running', 'Succeeded', 'Failed', 'Cancelled'], 'How it stands', '状态'),
  JobId: nullable(text('Its job, with log', '任务 ID')),
  Counts: object(counts),
  Stays: listOf(stay, 'What stays, why and until when', '暂不清理的内容与原因'),
  ExpectedSeconds: nullable(
    integer('Of a dry run: what the real one is expected to take', '预计耗时，单位秒'),
  ),
  ItemCount: integer('Entries of the list of a dry run', '模拟清理的明细条数'),
  CreatedBy: nullable(text('Who asked for it; null: the program', '提交者，为空表示系统')),
  CreateTime: time('When it was asked for', '提交时间'),
  StartTime: nullable(time('When it began', '开始时间')),
  EndTime: nullable(time('When it ended', '结束时间')),
})

export const describeStorageCleanups = action('DescribeStorageCleanups', {
  doc: {
    en: 'Lists the clean-ups of the storage of an instance, newest first.',
    zh: '查询实例的制品清理任务，按时间倒序。',
  },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  permission,
  paging: 'record',
  input: {
    RegistryId: registryId,
    CleanupId: integer('Only this one', '只查询该任务', { min: 1 }),
    Types: list(oneOf(types, 'A type', '类型'), 'Only of these types', '类型列表', {
      maxItems: types.length,
    }),
    Limit: limit,
    Offset: offset,
  },
  output: {
    Cleanups: listOf(cleanup, 'The clean-ups', '制品清理任务'),
    TotalCount: totalCount,
  },
})

const itemKinds = ['Referrer', 'Manifest', 'Link', 'Blob', 'Upload', 'Object'] as const

const item = structure('CleanupItem', 'What a dry run found', '模拟清理明细', {
  Kind: oneOf(
    itemKinds,
    'Link: a blob that a repository holds and names no more',
    'Link 表示仓库不再引用的数据块',
  ),
  RepositoryPath: nullable(text('The repository it lies in', '所属镜像仓库')),
  Digest: text('Its digest; of an upload or object its key', '摘要；上传与对象为存储键'),
  SizeBytes: integer('Its bytes', '字节数'),
  Reason: oneOf(
    [
      'SubjectDeleted',
      'SubjectMissing',
      'Deleted',
      'InBin',
      'Unnamed',
      'Unheld',
      'Expired',
      'Condemned',
    ],
    'Why it goes',
    '清理原因',
  ),
  DueTime: nullable(time('When it may go; null: now', '可清理的时间，为空表示立即')),
})

export const describeStorageCleanupItems = action('DescribeStorageCleanupItems', {
  doc: {
    en: 'Lists what a dry run found: what would go now, and what later. The first 10,000 are kept, for 7 days.',
    zh: '查询模拟清理的明细：立即可清理的和之后可清理的内容，最多保留 10000 条、7 天。',
  },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  permission,
  paging: 'record',
  input: {
    RegistryId: registryId,
    CleanupId: required(cleanupId),
    Kinds: list(oneOf(itemKinds, 'A kind', '种类'), 'Only of these kinds', '种类列表', {
      maxItems: itemKinds.length,
    }),
    Search: text('Part of a repository or digest', '镜像仓库或摘要的一部分', { maxChars: 256 }),
    OnlyDue: withDefault(flag('True: only what would go now', 'true 为只查询立即可清理的'), false),
    Limit: limit,
    Offset: offset,
  },
  output: { Items: listOf(item, 'What it found', '明细'), TotalCount: totalCount },
})

export const describeReclaimableSpace = action('DescribeReclaimableSpace', {
  doc: {
    en: 'Tells what takes the space of an instance, and what of it will be free by when. Counted anew every minute.',
    zh: '查询实例的空间构成与可释放的空间，每分钟更新。',
  },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  permission,
  input: { RegistryId: registryId },
  output: {
    StoredBytes: integer('All of it, each blob and manifest once', '已用空间，相同内容只计一次'),
    KeptBytes: integer('What a tag leads to', '版本引用的字节数'),
    UntaggedBytes: integer('What only untagged manifests name', '仅被无版本清单引用的字节数'),
    BinBytes: integer('What only deleted manifests name', '仅被已删除清单引用的字节数'),
    UnreferencedBytes: integer('What no manifest names any more', '不再被引用的字节数'),
    CondemnedBytes: integer(
      'Not counted any more, but still to be deleted from the store',
      '已不计入、待从存储删除的字节数',
    ),
    GraceHours: integer('How long nothing may have named it', '宽限期，单位小时'),
    BinDays: integer('How long what was deleted can come back', '回收站保留天数'),
    LastRunTime: nullable(time('When it last ran by itself', '最近一次自动清理的时间')),
    NextRunTime: nullable(time('When it runs by itself next', '下一次自动清理的时间')),
    PausedUntil: nullable(
      time('The clock was set: nothing goes before', '时钟被调整，在此之前不清理'),
    ),
    IsHeld: flag(
      'True: nobody ran for a while, and the store is compared first',
      'true 表示服务曾中断，需先核对存储',
    ),
    WaitsForOperator: flag(
      'True: so much would go that the operator of the registry is asked',
      'true 表示待清理内容过多，等待运营方确认',
    ),
    CountTime: time('When it was counted', '统计时间'),
  },
})

export const storageCleanupActions: readonly Action[] = [
  describeStorageCleanups,
  describeStorageCleanupItems,
  describeReclaimableSpace,
]
