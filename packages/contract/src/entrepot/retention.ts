// Retention as the console shows it: what a rule would do, what its runs did to which tag, an end to one that runs, and
// how long manifests stay that nothing names (6 actions).

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
} from '../fields.ts'
import { namespaceName, registryId, totalCount } from '../tcr/parameters.ts'
import { maxRetentionRuleItems, retentionRule, retentionRuleItem } from '../tcr/retention.ts'
import { action, limit, offset, time } from './parameters.ts'

const namespaceId = integer('Number of the namespace', '命名空间的数字 ID')
const executionId = integer('Number of the run', '执行 ID')
const retentionId = integer('Number of the rule', '规则 ID')

const run = structure('RetentionRun', 'A run of a rule', '规则的一次执行', {
  ExecutionId: executionId,
  RetentionId: nullable(retentionId),
  Trigger: oneOf(['Manual', 'Schedule'], 'By hand, or by time', '手动或自动'),
  DryRun: flag('True: nothing was removed', 'true 为模拟执行'),
  Status: oneOf(['InProgress', 'Succeed', 'Failed', 'Stopped'], 'How it stands', '状态'),
  Reason: nullable(text('Why it failed, stopped or waits', '失败、停止或等待的原因')),
  StartTime: time('When it began', '开始时间'),
  EndTime: nullable(time('When it ended', '结束时间')),
  CreatedBy: text('Who asked for it', '发起者'),
  Repositories: integer('Repositories that are done', '已处理的仓库数'),
  Untouched: integer('Repositories that no item covers', '规则未覆盖的仓库数'),
  Total: integer('Tags in the repositories that are done', '已处理的版本数'),
  Retained: integer('Those of them that stay', '其中保留的版本数'),
  JobId: text('Its job', '任务 ID'),
})

const rule = structure('NamespaceRetention', 'The rule of a namespace', '命名空间的版本保留规则', {
  RetentionId: retentionId,
  NamespaceName: text('Its namespace', '命名空间名称'),
  NamespaceId: namespaceId,
  IsSimple: flag('True: one item, for all repositories and tags', 'true 为简易配置'),
  Items: listOf(retentionRuleItem, 'A tag stays if any of them keeps it', '保留规则'),
  CronSetting: oneOf(['manual', 'daily', 'weekly', 'monthly'], 'When it runs', '执行周期'),
  Disabled: flag('True: it does not run by time', 'true 表示停用规则'),
  NextExecutionTime: nullable(time('When it runs next', '下次执行时间')),
  LastRun: nullable(object(run, 'The last run', '最近一次执行')),
})

const namespaceSetting = structure('NamespaceUntagged', 'A namespace', '命名空间', {
  NamespaceName: text('Its name', '命名空间名称'),
  NamespaceId: namespaceId,
  HasRule: flag('True: it has a retention rule', 'true 为已有版本保留规则'),
  UntaggedDays: nullable(
    integer(
      'After so many days manifests go that nothing names; null: they stay',
      '无引用的清单保留天数，为空表示一直保留',
    ),
  ),
})

const permission = 'tcr:DescribeTagRetentionRules'

export const describeNamespaceRetention = action('DescribeNamespaceRetention', {
  doc: {
    en: 'Lists the retention rules of an instance, each with its last run, and how namespaces treat what nothing names.',
    zh: '查询实例的版本保留规则及最近一次执行，以及各命名空间对无引用清单的处理方式。',
  },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  permission,
  paging: 'record',
  input: {
    RegistryId: registryId,
    RetentionId: integer('Only this rule', '只查询该规则'),
    Limit: limit,
    Offset: offset,
  },
  output: {
    Rules: listOf(rule, 'By the name of their namespaces', '规则列表，按命名空间名称排序'),
    TotalCount: totalCount,
    Namespaces: listOf(namespaceSetting, 'All namespaces', '全部命名空间'),
    TimeZone: text('In which it is 00:00 when rules run', '执行时间所用的时区'),
  },
})

const previewedRepository = structure(
  'RetentionPreviewRepository',
  'What a rule would do in a repository',
  '规则在单个仓库中的效果',
  {
    RepositoryName: text('The repository, without its namespace', '镜像仓库名称，不含命名空间'),
    Total: integer('Tags in it', '版本总数'),
    Retained: integer('Those that stay', '保留的版本数'),
    Immutable: integer(
      'Those of them that stay by an immutability rule',
      '其中因版本不可变而保留的',
    ),
    Examples: list(text('A tag', '版本'), 'The first ten that go', '将删除的前十个版本'),
  },
)

export const describeRetentionPreview = action('DescribeRetentionPreview', {
  doc: {
    en: 'Tells what a retention rule would keep and remove now. Changes nothing.',
    zh: '查询版本保留规则此刻会保留和删除哪些版本，不做任何修改。',
  },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  permission,
  input: {
    RegistryId: registryId,
    NamespaceId: required(namespaceId),
    RetentionRule: object(retentionRule, 'For all repositories', '基础规则'),
    AdvancedRuleItems: listOf(
      retentionRuleItem,
      'With filters; they win over the basic rule',
      '高级规则，优先于基础规则',
      { maxItems: maxRetentionRuleItems },
    ),
  },
  output: {
    Total: integer('Tags in the repositories that the rule covers', '规则覆盖的仓库中的版本数'),
    Retained: integer('Those that stay', '保留的版本数'),
    Repositories: listOf(
      previewedRepository,
      'Those that the rule covers, the first hundred; where most goes first',
      '规则覆盖的仓库，最多一百个，删除最多的在前',
    ),
    CoveredCount: integer('Repositories that the rule covers', '规则覆盖的仓库数'),
    Untouched: list(
      text('A repository', '仓库名称'),
      'The first hundred that no item covers: they are left alone',
      '规则未覆盖的仓库，最多一百个，其版本保持不变',
    ),
    UntouchedCount: integer('How many no item covers', '规则未覆盖的仓库数'),
    IsWhole: flag('False: there are more tags than were looked at', 'false 表示还有未检查的版本'),
  },
})

export const describeRetentionRuns = action('DescribeRetentionRuns', {
  doc: {
    en: 'Lists the runs of a retention rule, newest first, with who began them and what they did.',
    zh: '查询版本保留规则的执行记录，包含执行方式、类型与结果，最新在前。',
  },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  permission: 'tcr:DescribeTagRetentionExecution',
  paging: 'record',
  input: {
    RegistryId: registryId,
    RetentionId: required(retentionId),
    ExecutionId: integer('Only this run', '只查询该次执行'),
    Limit: limit,
    Offset: offset,
  },
  output: { Runs: listOf(run, 'The runs', '执行列表'), TotalCount: totalCount },
})

const fate = structure('RetentionFate', 'What became of a tag', '版本的处理结果', {
  Tag: text('The tag', '版本'),
  PushTime: time('When it had been pushed', '推送时间'),
  Fate: oneOf(['Kept', 'Removed'], 'Whether it stayed', '保留或删除'),
  Reason: oneOf(
    ['Newest', 'Days', 'Immutable', 'Chart', 'Signature', 'PushedSince', 'NoItem', 'Orphan'],
    'Newest, Days: an item keeps it; Immutable; Chart: no item is about charts; Signature: of what is there; PushedSince: pushed during the run; NoItem: none keeps it; Orphan: a signature of what is gone',
    '原因：Newest、Days 为规则保留，Immutable 为版本不可变，Chart 为规则不含 Chart，Signature 为现有镜像的签名，PushedSince 为执行期间推送，NoItem 为无规则保留，Orphan 为签名对象已不存在',
  ),
  Item: nullable(
    integer(
      'Which item keeps it, from 1; of Immutable: the number of that rule',
      '保留该版本的规则行，从 1 开始；Immutable 时为不可变规则 ID',
    ),
  ),
  Rank: nullable(integer('Of Newest: its rank', 'Newest 时的名次')),
})

export const describeRetentionFates = action('DescribeRetentionFates', {
  doc: {
    en: 'Tells of each tag of a repository whether a run kept it, and why. Those removed come first.',
    zh: '查询一次执行中某仓库各版本的处理结果及原因，已删除的在前。',
  },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  permission: 'tcr:DescribeTagRetentionExecution',
  paging: 'record',
  input: {
    RegistryId: registryId,
    ExecutionId: required(executionId),
    TaskId: required(integer('Number of the task in the run', '任务 ID')),
    Fate: oneOf(['Kept', 'Removed'], 'Only these', '只查询保留或删除的版本'),
    Search: text('Part of the tag', '版本名称的一部分', { maxChars: 128 }),
    Limit: limit,
    Offset: offset,
  },
  output: {
    Repository: text('The repository, with its namespace', '仓库名称，含命名空间'),
    Fates: listOf(fate, 'The tags', '版本列表'),
    TotalCount: totalCount,
  },
})

export const stopTagRetentionExecution = action('StopTagRetentionExecution', {
  doc: {
    en: 'Stops a run of a retention rule: from the answer on it removes nothing more.',
    zh: '停止版本保留规则的执行，返回后不再删除版本。',
  },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  permission: 'tcr:CreateTagRetentionExecution',
  input: { RegistryId: registryId, ExecutionId: required(executionId) },
  output: {},
})

/** A hundred years. */
const maxUntaggedDays = 36_500

export const modifyNamespaceUntagged = action('ModifyNamespaceUntagged', {
  doc: {
    en: 'Says how long a namespace keeps manifests that no tag, no index and no subject names.',
    zh: '设置命名空间中无版本、无索引且无主体引用的清单的保留时间。',
  },
  kind: 'write',
  access: on('repository/{RegistryId}/{NamespaceName}'),
  permission: 'tcr:ModifyNamespace',
  input: {
    RegistryId: registryId,
    NamespaceName: namespaceName,
    UntaggedDays: integer('Days; left out: for ever', '天数，不填表示一直保留', {
      min: 1,
      max: maxUntaggedDays,
    }),
  },
  output: {},
})

export const retentionRunActions: readonly Action[] = [
  describeNamespaceRetention,
  describeRetentionPreview,
  describeRetentionRuns,
  describeRetentionFates,
  stopTagRetentionExecution,
  modifyNamespaceUntagged,
]
