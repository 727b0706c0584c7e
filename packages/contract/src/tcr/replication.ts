// Replicas: read-only copies of an instance in other regions (5 actions).

import { type Action, on } from '../action.ts'
import {
  flag,
  integer,
  listOf,
  nullable,
  object,
  required,
  structure,
  text,
  withDefault,
} from '../fields.ts'
import {
  action,
  limit,
  recordOffset,
  regionId,
  regionName,
  registryId,
  totalCount,
} from './parameters.ts'

const defaultLogLines = 5
const maxLogLines = 20

const replicaId = required(text('Id of the replica', '复制实例 ID', { minChars: 1, maxChars: 64 }))

export const createReplicationInstance = action('CreateReplicationInstance', {
  doc: { en: 'Starts to make a replica in another region.', zh: '开始在其他地域创建复制实例。' },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: {
    RegistryId: registryId,
    ReplicationRegionId: regionId,
    ReplicationRegionName: regionName,
    SyncTag: flag('Put the cloud tags on the bucket too', '将云标签同步到存储桶'),
  },
  output: { ReplicationRegistryId: replicaId },
})

const replicationRegistry = structure('ReplicationRegistry', 'A replica', '复制实例', {
  RegistryId: registryId,
  ReplicationRegistryId: replicaId,
  ReplicationRegionId: required(regionId),
  ReplicationRegionName: required(regionName),
  Status: required(text('How it stands; Running when ready', '状态，就绪时为 Running')),
  CreatedAt: required(text('When it was made, RFC 3339', '创建时间，RFC 3339')),
})

export const describeReplicationInstances = action('DescribeReplicationInstances', {
  doc: { en: 'Lists the replicas of an instance.', zh: '查询实例的复制实例。' },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  paging: 'record',
  input: { RegistryId: registryId, Offset: recordOffset, Limit: limit },
  output: {
    TotalCount: totalCount,
    ReplicationRegistries: nullable(listOf(replicationRegistry, 'The replicas', '复制实例列表')),
  },
})

const taskDetail = structure('TaskDetail', 'A step of making a replica', '复制实例创建步骤', {
  TaskName: text('Which step', '步骤名称'),
  TaskUUID: text('Its id', '步骤 ID'),
  TaskStatus: text('How it stands, for example SUCCESS', '状态，如 SUCCESS'),
  TaskMessage: text('What happened, in words', '说明'),
  CreatedTime: text('When it began', '开始时间'),
  FinishedTime: text('When it ended', '结束时间'),
})

export const describeReplicationInstanceCreateTasks = action(
  'DescribeReplicationInstanceCreateTasks',
  {
    doc: { en: 'Tells how the making of a replica goes.', zh: '查询复制实例的创建进度。' },
    kind: 'read',
    access: on('instance/{ReplicationRegistryId}'),
    input: { ReplicationRegistryId: replicaId, ReplicationRegionId: required(regionId) },
    output: {
      TaskDetail: listOf(taskDetail, 'The steps', '步骤列表'),
      Status: text('How all of it stands, for example SUCCESS', '整体状态，如 SUCCESS'),
    },
  },
)

const replicationLog = structure('ReplicationLog', 'What was copied last', '复制日志', {
  ResourceType: text('What it is, for example image', '资源类型，如 image'),
  Source: text('From where', '来源'),
  Destination: text('To where', '目标'),
  Status: text('How it ended, for example Succeed', '状态，如 Succeed'),
  StartTime: text('When it began', '开始时间'),
  EndTime: text('When it ended', '结束时间'),
})

// The log has pages of its own, from 0; the rules for other lists do not hold.
export const describeReplicationInstanceSyncStatus = action(
  'DescribeReplicationInstanceSyncStatus',
  {
    doc: { en: 'Tells how far a replica has come.', zh: '查询复制实例的同步状态。' },
    kind: 'read',
    access: on('instance/{RegistryId}'),
    input: {
      RegistryId: registryId,
      ReplicationRegistryId: replicaId,
      ReplicationRegionId: regionId,
      ShowReplicationLog: withDefault(flag('Tell the log too', '返回同步日志'), false),
      Offset: withDefault(integer('Page of the log, from 0', '日志页码，从 0 开始'), 0),
      Limit: withDefault(
        integer('Lines a page: 5 unless told, 20 at most', '每页日志条数，默认 5，最大 20', {
          max: maxLogLines,
        }),
        defaultLogLines,
      ),
    },
    output: {
      ReplicationStatus: text('How it stands, for example Synced', '同步状态，如 Synced'),
      ReplicationTime: text('When it was last complete', '同步完成时间'),
      // One object in the SDKs' types: decoders of Go would break on a list.
      ReplicationLog: nullable(object(replicationLog)),
    },
  },
)

export const deleteReplicationInstance = action('DeleteReplicationInstance', {
  doc: { en: 'Starts to delete a replica.', zh: '开始删除复制实例。' },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: {
    RegistryId: registryId,
    ReplicationRegistryId: replicaId,
    ReplicationRegionId: required(regionId),
  },
  output: {},
})

export const replicationActions: readonly Action[] = [
  createReplicationInstance,
  describeReplicationInstances,
  describeReplicationInstanceCreateTasks,
  describeReplicationInstanceSyncStatus,
  deleteReplicationInstance,
]
