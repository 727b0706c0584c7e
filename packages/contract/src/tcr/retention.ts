// Tag retention (7 actions).

import { type Action, on } from '../action.ts'
import {
  flag,
  integer,
  listOf,
  object,
  oneOf,
  required,
  structure,
  text,
  withDefault,
} from '../fields.ts'
import { action, limit, pageOffset, registryId, totalCount } from './parameters.ts'
import { maxPatternChars } from './patterns.ts'

/** Days are counted back from now in milliseconds: this many stay well within a number. */
export const maxRetentionValue = 1_000_000
export const maxRetentionRuleItems = 50

const namespaceId = required(
  integer('Number of the namespace, as DescribeNamespaces tells it', '命名空间的数字 ID'),
)
const retentionId = integer('Id of the rule', '规则 ID')
const executionId = integer('Id of the run', '执行 ID')
const disabled = flag('True: the rule rests', 'true 表示停用规则')
const status = oneOf(
  ['InProgress', 'Succeed', 'Failed', 'Stopped'],
  'How it stands: running, succeeded, failed or stopped',
  '状态：执行中、成功、失败、已停止',
)
const startTime = text('When it began, ISO 8601 UTC', '开始时间，ISO 8601 UTC')
const endTime = text('When it ended, ISO 8601 UTC; empty while it runs', '结束时间，执行中为空')

const cronSetting = oneOf(
  ['manual', 'daily', 'weekly', 'monthly'],
  'When it runs: by hand, each day at 00:00, each Monday, each 1st of a month',
  '执行周期：手动、每天 00:00、每周一、每月 1 日',
)

export const retentionRule = structure('RetentionRule', 'Which tags stay', '版本保留条件', {
  Key: required(
    oneOf(
      ['latestPushedK', 'nDaysSinceLastPush'],
      'The newest tags of each repository, or those pushed in the last days',
      '保留每个仓库最新推送的版本，或最近若干天内推送的版本',
    ),
  ),
  Value: required(
    integer('How many tags, or days', '版本个数或天数', { min: 1, max: maxRetentionValue }),
  ),
})

export const filterSelector = structure('FilterSelector', 'A pattern and its sense', '过滤条件', {
  Decoration: oneOf(
    ['matches', 'excludes', 'repoMatches', 'repoExcludes'],
    'matches or excludes for tags, repoMatches or repoExcludes for repositories',
    '版本用 matches、excludes，仓库用 repoMatches、repoExcludes',
  ),
  Pattern: text(
    'A pattern: * ** ? {a,b}; empty means all',
    '匹配规则：* ** ? {a,b}，为空表示全部',
    { maxChars: maxPatternChars },
  ),
})

export const retentionRuleItem = structure(
  'RetentionRuleItem',
  'Which tags of some repositories stay',
  '高级版本保留条件',
  {
    RetentionPolicy: object(retentionRule),
    TagFilter: object(filterSelector, 'For which tags; all when left out', '版本过滤，默认全部'),
    RepositoryFilter: object(
      filterSelector,
      'For which repositories; all when left out',
      '仓库过滤，默认全部',
    ),
    WithCharts: flag(
      'True: Helm charts too; left out they are neither counted nor removed. Ours, not the SDK’s',
      'true 表示同时适用于 Helm Chart，默认不计入也不删除；本产品扩展字段',
    ),
  },
)

const basicRule = object(retentionRule, 'For all repositories of the namespace', '基础规则')
const advancedRuleItems = listOf(
  retentionRuleItem,
  'Rules with filters, a tag stays if any keeps it; they win over the basic rule',
  '高级规则，任一条保留即保留；优先于基础规则',
  { maxItems: maxRetentionRuleItems },
)

export const createTagRetentionRule = action('CreateTagRetentionRule', {
  doc: {
    en: 'Makes the retention rule of a namespace, which has at most one.',
    zh: '创建命名空间的版本保留规则，每个命名空间最多一条。',
  },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: {
    RegistryId: registryId,
    NamespaceId: namespaceId,
    CronSetting: required(cronSetting),
    RetentionRule: basicRule,
    AdvancedRuleItems: advancedRuleItems,
    Disabled: withDefault(disabled, false),
  },
  output: {},
})

const retentionPolicy = structure('RetentionPolicy', 'A retention rule', '版本保留规则', {
  RetentionId: retentionId,
  NamespaceName: text('Its namespace', '命名空间名称'),
  RetentionRuleList: listOf(retentionRule, 'The basic rule', '基础规则', { maxItems: 1 }),
  AdvancedRuleItems: advancedRuleItems,
  CronSetting: cronSetting,
  Disabled: disabled,
  NextExecutionTime: text(
    'When it runs next; empty if by hand only',
    '下次执行时间，手动执行时为空',
  ),
})

export const describeTagRetentionRules = action('DescribeTagRetentionRules', {
  doc: { en: 'Lists the retention rules of an instance.', zh: '查询实例的版本保留规则。' },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  paging: 'page',
  input: {
    RegistryId: registryId,
    NamespaceName: text('Only that of this namespace', '只查询该命名空间', { maxChars: 256 }),
    Limit: limit,
    Offset: pageOffset,
  },
  output: {
    RetentionPolicyList: listOf(retentionPolicy, 'The rules', '规则列表'),
    TotalCount: totalCount,
  },
})

export const modifyTagRetentionRule = action('ModifyTagRetentionRule', {
  doc: {
    en: 'Replaces a retention rule; its namespace stays the same.',
    zh: '修改版本保留规则，所属命名空间不可变更。',
  },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  ratePerSecond: 2,
  input: {
    RegistryId: registryId,
    NamespaceId: namespaceId,
    CronSetting: required(cronSetting),
    RetentionId: required(retentionId),
    RetentionRule: basicRule,
    AdvancedRuleItems: advancedRuleItems,
    Disabled: disabled,
  },
  output: {},
})

export const deleteTagRetentionRule = action('DeleteTagRetentionRule', {
  doc: { en: 'Deletes a retention rule; tags stay.', zh: '删除版本保留规则，不删除版本。' },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: { RegistryId: registryId, RetentionId: required(retentionId) },
  output: {},
})

export const createTagRetentionExecution = action('CreateTagRetentionExecution', {
  doc: {
    en: 'Runs a retention rule now, or tells what it would delete.',
    zh: '立即执行版本保留规则，可模拟执行。',
  },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  ratePerSecond: 2,
  input: {
    RegistryId: registryId,
    RetentionId: required(retentionId),
    DryRun: withDefault(flag('True: delete nothing', 'true 表示模拟执行，不删除'), false),
  },
  output: {},
})

const retentionExecution = structure('RetentionExecution', 'A run of a rule', '规则的一次执行', {
  ExecutionId: required(executionId),
  RetentionId: required(retentionId),
  StartTime: required(startTime),
  EndTime: required(endTime),
  Status: required(status),
})

export const describeTagRetentionExecution = action('DescribeTagRetentionExecution', {
  doc: { en: 'Lists the runs of a retention rule.', zh: '查询版本保留规则的执行记录。' },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  paging: 'page',
  input: {
    RegistryId: registryId,
    RetentionId: required(retentionId),
    Limit: limit,
    Offset: pageOffset,
  },
  output: {
    RetentionExecutionList: listOf(retentionExecution, 'Newest first', '执行记录，最新在前'),
    TotalCount: totalCount,
  },
})

const retentionTask = structure(
  'RetentionTask',
  'What a run did in a repository',
  '一次执行中单个仓库的任务',
  {
    TaskId: required(integer('Id of the task', '任务 ID')),
    ExecutionId: required(executionId),
    StartTime: required(startTime),
    EndTime: required(endTime),
    Status: required(status),
    Total: required(integer('Tags that it looked at', '版本总数')),
    Retained: required(integer('Tags that it kept', '保留的版本数')),
    Repository: required(text('Name of the repository', '仓库名称')),
  },
)

export const describeTagRetentionExecutionTask = action('DescribeTagRetentionExecutionTask', {
  doc: {
    en: 'Lists what a run of a retention rule did, repository by repository.',
    zh: '查询版本保留规则一次执行中各仓库的任务。',
  },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  paging: 'page',
  input: {
    RegistryId: registryId,
    RetentionId: required(retentionId),
    ExecutionId: required(executionId),
    Offset: pageOffset,
    Limit: limit,
  },
  output: {
    RetentionTaskList: listOf(retentionTask, 'The tasks', '任务列表'),
    TotalCount: totalCount,
  },
})

export const retentionActions: readonly Action[] = [
  createTagRetentionRule,
  describeTagRetentionRules,
  modifyTagRetentionRule,
  deleteTagRetentionRule,
  createTagRetentionExecution,
  describeTagRetentionExecution,
  describeTagRetentionExecutionTask,
]
