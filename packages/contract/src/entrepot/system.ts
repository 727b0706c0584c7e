// How the deployment runs, for the operator (1 action).

import { type Action, operator } from '../action.ts'
import { flag, fraction, integer, listOf, nullable, oneOf, structure, text } from '../fields.ts'
import { action, time } from './parameters.ts'

const server = structure('ServerProcess', 'A process that serves', '服务进程', {
  ProcessId: text('Its id', '进程 ID'),
  Host: text('Name of its machine', '主机名'),
  Pid: integer('Number of the process there', '进程号'),
  Version: text('Its release', '版本'),
  NodeVersion: text('Release of Node', 'Node 版本'),
  StartTime: time('When it started', '启动时间'),
  SeenTime: time('When it last said that it runs', '最近一次心跳时间'),
  IsAlive: flag('False: it has been silent for over a minute', 'false 为超过一分钟无心跳'),
  MemoryBytes: integer('Memory', '内存占用（字节）'),
})

const storage = structure('StorageHealth', 'A storage backend', '后端存储状态', {
  Name: text('Its name; default: the deployment’s own', '名称，default 为部署默认存储'),
  Kind: oneOf(['Folder', 'S3', 'Memory'], 'What it is', '类型'),
  IsReachable: flag('True: it answered', 'true 为可访问'),
  LatencyMs: nullable(fraction('How long that took, ms', '响应时间（毫秒）')),
  Reason: nullable(text('Why it did not', '不可访问的原因')),
  FreeBytes: nullable(integer('Room left; null: not known', '剩余空间（字节），为空表示未知')),
})

const setting = structure('SettingInForce', 'A setting', '配置项', {
  Name: text('Its name', '名称'),
  Value: nullable(text('Its value; null: none, or a secret', '值，为空表示未设置或为机密')),
  IsGiven: flag('False: the default', 'false 为默认值'),
  IsSecret: flag('True: its value is not shown', 'true 为机密，不显示'),
})

const queue = structure('JobQueue', 'Jobs in a state', '某状态的任务', {
  State: oneOf(['Waiting', 'Running', 'Succeeded', 'Failed', 'Cancelled'], 'The state', '状态'),
  Count: integer('How many', '数量'),
  OldestTime: nullable(time('When the oldest was asked for', '最早提交时间')),
})

export const describeSystem = action('DescribeSystem', {
  doc: {
    en: 'Shows how the deployment runs: processes, database, storage, clock, queues, settings in force.',
    zh: '查询部署运行状况：进程、数据库、存储、时钟、队列与生效的配置。',
  },
  kind: 'read',
  access: operator,
  ratePerSecond: 5,
  input: {},
  output: {
    Version: text('Release of the process that answers', '应答进程的版本'),
    DatabaseKind: oneOf(['Sqlite', 'Postgres'], 'The database', '数据库类型'),
    DatabaseVersion: text('Its release', '数据库版本'),
    SchemaVersion: integer('Version of the schema', '数据结构版本'),
    DatabaseLatencyMs: fraction('How long it takes to answer, ms', '数据库响应时间（毫秒）'),
    DatabaseBytes: integer('Its size', '数据库大小（字节）'),
    Processes: listOf(server, 'Processes', '进程列表'),
    Storages: listOf(storage, 'Storage backends', '后端存储列表'),
    Queues: listOf(queue, 'Jobs by state', '按状态统计的任务'),
    OpenUploads: integer('Open uploads', '进行中的上传数'),
    EventsBehind: integer('Events that a subscriber has not taken yet', '待处理的事件数'),
    ClockTime: time('The deployment’s clock', '部署时钟'),
    ClockPausedUntil: nullable(
      time(
        'The clock was set: nothing is swept or expired until then; null: it was not',
        '时钟被调整，此前暂停清理与过期；为空表示正常',
      ),
    ),
    AccountCount: integer('Main accounts', '主账号数'),
    InstanceCount: integer('Instances', '实例数'),
    Settings: listOf(setting, 'The settings in force', '生效的配置'),
  },
})

export const systemActions: readonly Action[] = [describeSystem]
