// Long work: how far it is, what it says, and an end to it, or a second try (4 actions).

import { type Action, listed } from '../action.ts'
import {
  flag,
  fraction,
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
import { totalCount } from '../tcr/parameters.ts'
import { action, jobId, limit, offset, time } from './parameters.ts'

const states = ['Waiting', 'Running', 'Succeeded', 'Failed', 'Cancelled'] as const

const state = oneOf(states, 'How it stands', '状态')

/** A job is named by its id: the handler finds it and asks for `instance/<id>` of its instance. */
const asksForInstance = listed('instance/*')

const job = structure('Job', 'A job', '任务', {
  JobId: jobId,
  Kind: text('What it does, for example `storage-move`', '任务种类，如 storage-move'),
  RegistryId: nullable(text('The instance it is about', '所属实例 ID')),
  State: state,
  Done: nullable(fraction('Share done, 0 to 1; null: not known', '完成比例，0 到 1，为空表示未知')),
  Progress: nullable(text('How far it is, JSON by kind', '进度详情，JSON，随任务种类而异')),
  Attempts: integer('How often it was begun', '已尝试次数'),
  Reason: nullable(text('Why it failed', '失败原因')),
  CanCancel: flag('True: it can be cancelled', 'true 为可取消'),
  CanRetry: flag(
    'True: it failed or was cancelled, and can be asked for again',
    'true 为失败或已取消，可再次执行',
  ),
  CreatedBy: nullable(text('Who asked for it; null: the program', '提交者，为空表示系统')),
  CreateTime: time('When it was asked for', '提交时间'),
  StartTime: nullable(time('When it began', '开始时间')),
  EndTime: nullable(time('When it ended', '结束时间')),
})

export const describeJobs = action('DescribeJobs', {
  doc: { en: 'Lists the jobs of instances, newest first.', zh: '查询实例的任务，按时间倒序。' },
  kind: 'read',
  access: listed('instance/{RegistryId}'),
  permission: 'tcr:DescribeJobs',
  paging: 'record',
  input: {
    RegistryId: text('Only of this instance', '只查询该实例', { maxChars: 64 }),
    Kinds: list(
      text('A kind', '任务种类', { maxChars: 64 }),
      'Only of these kinds',
      '任务种类列表',
      {
        maxItems: 20,
      },
    ),
    States: list(state, 'Only in these states', '状态列表', { maxItems: states.length }),
    IncludeBackground: withDefault(
      flag(
        'True unless told: with what the program does by itself, such as sweeping',
        '默认 true，包含系统自身的任务，如清理',
      ),
      true,
    ),
    Limit: limit,
    Offset: offset,
  },
  output: { Jobs: listOf(job, 'The jobs', '任务列表'), TotalCount: totalCount },
})

const line = structure('JobLogLine', 'A line of the log', '日志行', {
  Number: integer('Which line', '行号'),
  Time: time('When', '时间'),
  Text: text('What it says', '内容'),
})

/** Lines of a page. */
const maxLines = 1000

export const describeJob = action('DescribeJob', {
  doc: { en: 'Shows a job with its progress and log.', zh: '查询任务的进度与日志。' },
  kind: 'read',
  access: asksForInstance,
  permission: 'tcr:DescribeJobs',
  input: {
    JobId: required(jobId),
    AfterLine: withDefault(
      integer('Only lines of the log after this one', '只返回该行号之后的日志'),
      0,
    ),
    MaxLines: withDefault(
      integer('Lines of the log, 1000 at most', '日志行数，最大 1000', { max: maxLines }),
      100,
    ),
  },
  output: {
    Job: object(job),
    Log: listOf(line, 'The log, oldest first', '日志，按时间正序'),
    LineCount: integer('Lines of the whole log', '日志总行数'),
    LogOver: flag('True: there are no further lines as yet', 'true 为暂无更多日志'),
  },
})

export const cancelJob = action('CancelJob', {
  doc: {
    en: 'Cancels a job; what it has done stays.',
    zh: '取消任务，已完成的部分保留。',
  },
  kind: 'write',
  access: asksForInstance,
  permission: 'tcr:CancelJob',
  input: { JobId: required(jobId) },
  output: {},
})

export const retryJob = action('RetryJob', {
  doc: {
    en: 'Asks once more for what a job failed to do, as a new job.',
    zh: '再次执行失败或已取消的任务，生成新任务。',
  },
  kind: 'write',
  access: asksForInstance,
  permission: 'tcr:RetryJob',
  input: { JobId: required(jobId) },
  output: { JobId: jobId },
})

export const jobActions: readonly Action[] = [describeJobs, describeJob, cancelJob, retryJob]
