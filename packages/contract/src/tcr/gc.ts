// Clean-up of storage (3 actions).

import { type Action, on } from '../action.ts'
import { flag, integer, listOf, object, oneOf, structure, text, withDefault } from '../fields.ts'
import { action, registryId } from './parameters.ts'

/** The list has no pages. */
export const maxListedGCJobs = 10

const gcParameters = structure('GCParameters', 'How the job runs', '清理任务参数', {
  Dryrun: withDefault(
    flag('True: only count what would go', 'true 表示模拟执行，只统计可清理的内容'),
    false,
  ),
})

export const createGCJob = action('CreateGCJob', {
  doc: {
    en: 'Starts a clean-up of storage; pushes and pulls go on.',
    zh: '启动制品清理任务，不影响推送和拉取。',
  },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: { RegistryId: registryId, GCParameters: object(gcParameters) },
  output: {},
})

const schedule = structure('Schedule', 'What began a job', '任务的执行方式', {
  Type: oneOf(
    ['Hourly', 'Daily', 'Weekly', 'Custom', 'Manual', 'Dryrun', 'None'],
    'By the clock, by hand, or as a dry run',
    '定时、手动或模拟执行',
  ),
})

const gcJob = structure('GCJobInfo', 'A clean-up job', '清理任务', {
  ID: integer('Id of the job', '任务 ID'),
  JobStatus: text('How it stands, for example pending or finished', '状态，如 pending、finished'),
  CreationTime: text('When it was made, ISO 8601 UTC', '创建时间，ISO 8601 UTC'),
  UpdateTime: text('When it last changed, ISO 8601 UTC', '更新时间，ISO 8601 UTC'),
  Schedule: object(schedule),
})

export const describeGCJobs = action('DescribeGCJobs', {
  doc: { en: 'Lists the last ten clean-up jobs.', zh: '查询最近 10 个清理任务。' },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  input: { RegistryId: registryId },
  output: {
    Jobs: listOf(gcJob, 'Newest first', '清理任务，最新在前', { maxItems: maxListedGCJobs }),
  },
})

export const terminateGCJob = action('TerminateGCJob', {
  doc: { en: 'Stops the clean-up job that is running.', zh: '停止正在执行的清理任务。' },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: { RegistryId: registryId },
  output: {
    Status: oneOf(['success', 'error'], 'Whether it was stopped', '是否已停止'),
    Message: text('What happened, in words', '结果说明'),
  },
})

export const gcActions: readonly Action[] = [createGCJob, describeGCJobs, terminateGCJob]
