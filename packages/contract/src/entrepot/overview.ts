// The first page's figures, in one call (1 action).

import { type Action, self } from '../action.ts'
import { integer, listOf, nullable, oneOf, structure, text } from '../fields.ts'
import { quotaName } from './instances.ts'
import { action, jobId, time } from './parameters.ts'

/** What needs attention is named this often; the counts beside it are whole. */
const named = { maxItems: 20 }

const stateCount = structure('InstanceStateCount', 'Instances in a state', '某状态的实例数', {
  Status: text('The state, as DescribeInstances has it', '状态，同 DescribeInstances'),
  Count: integer('How many', '数量'),
})

const nearlyUsed = structure('NearlyUsedQuota', 'A quota nearly used', '即将用尽的配额', {
  RegistryId: text('The instance', '实例 ID'),
  RegistryName: text('Its name', '实例名称'),
  NamespaceName: nullable(
    text('The namespace whose bytes they are; null: of the instance', '命名空间，为空表示实例配额'),
  ),
  Name: quotaName,
  Used: integer('How many there are', '已用量'),
  Limit: integer('How many there may be', '配额上限'),
})

const failedJob = structure('FailedJob', 'A job that failed', '失败的任务', {
  JobId: jobId,
  Kind: text('What it does', '任务种类'),
  RegistryId: nullable(text('The instance it is about', '所属实例 ID')),
  Reason: nullable(text('Why it failed', '失败原因')),
  EndTime: time('When it ended', '结束时间'),
})

const ending = structure('EndingCredential', 'What ends soon', '即将到期的凭证', {
  Kind: oneOf(
    ['ServiceAccount', 'Instance'],
    'Service account, or prepaid instance',
    '服务级账号，或包年包月实例',
  ),
  RegistryId: text('The instance', '实例 ID'),
  RegistryName: text('Its name', '实例名称'),
  Name: text('Name of the service account, or of the instance', '服务级账号名称或实例名称'),
  ExpireTime: time('When it ends, or has ended', '到期时间'),
})

export const describeOverview = action('DescribeOverview', {
  doc: {
    en: 'Sums up what the caller may see: instances, what they hold, and what needs attention. Counts are up to a minute old.',
    zh: '汇总调用者可见的实例、用量与待处理事项；数量最多滞后一分钟。',
  },
  kind: 'read',
  access: self,
  permission: 'tcr:DescribeOverview',
  input: {
    RegionName: text('Only of this region', '只汇总该地域', { maxChars: 64 }),
  },
  output: {
    InstanceCount: integer('Instances', '实例数'),
    InstanceStates: listOf(stateCount, 'By state', '按状态统计'),
    NamespaceCount: integer('Namespaces', '命名空间数'),
    RepositoryCount: integer('Repositories', '镜像仓库数'),
    TagCount: integer('Tags', '版本数'),
    StoredBytes: integer('Bytes: each blob and manifest once an instance', '字节数，实例内去重'),
    NearlyUsedQuotas: listOf(
      nearlyUsed,
      'Of which 70 % is used, the fullest first',
      '使用率达到 70% 的配额，从高到低',
      named,
    ),
    NearlyUsedQuotaCount: integer('How many there are', '总数'),
    FailedJobs: listOf(
      failedJob,
      'Of the last seven days, newest first',
      '最近 7 天失败的任务，按时间倒序',
      named,
    ),
    FailedJobCount: integer('How many there are', '总数'),
    RunningJobCount: integer('Jobs that wait or run', '等待或执行中的任务数'),
    EndingCredentials: listOf(
      ending,
      'Within 14 days, or ended in the last 7, the first to end first',
      '14 天内到期或最近 7 天已到期的凭证，按到期时间排列',
      named,
    ),
    EndingCredentialCount: integer('How many there are', '总数'),
  },
})

export const overviewActions: readonly Action[] = [describeOverview]
