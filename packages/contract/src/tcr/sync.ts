// Sync rules: what is copied from one instance to another (6 actions). The structures end in `ID`, requests in `Id`.

import { type Action, on } from '../action.ts'
import {
  flag,
  integer,
  listOf,
  nullable,
  object,
  oneOf,
  required,
  structure,
  text,
  withDefault,
} from '../fields.ts'
import { action, page, pageSize, regionId, registryId, totalCount } from './parameters.ts'
import { maxPatternChars } from './patterns.ts'

export const maxReplicationFilters = 10
const maxRuleNameChars = 128
const maxRuleDescriptionChars = 255

const ruleName = required(
  text('Name of the rule', '规则名称', { minChars: 1, maxChars: maxRuleNameChars }),
)
const ruleDescription = text('Description of the rule', '规则描述', {
  maxChars: maxRuleDescriptionChars,
})
const destNamespace = text(
  'Namespace it goes to; empty: the same',
  '目标命名空间，为空表示与源相同',
  { maxChars: 256 },
)
const override = flag('Move tags that are there', '覆盖目标中已有的版本')
const deletion = flag('Delete there what is deleted here', '同步删除操作')
const enabled = flag('Whether the rule is on', '是否启用')

const filterType = oneOf(
  ['name', 'tag', 'resource'],
  'name: of repositories with their namespace, tag, resource: image, chart or empty for both',
  'name 仓库全名，tag 版本，resource 资源类型：image、chart 或为空',
)
const filterValue = text('Pattern or kind; empty: all', '匹配规则或资源类型，为空表示全部', {
  maxChars: maxPatternChars,
})

const replicationFilter = structure('ReplicationFilter', 'What is copied', '同步过滤条件', {
  Type: required(filterType),
  Value: withDefault(filterValue, ''),
})
const filters = listOf(replicationFilter, 'All must match', '过滤条件，须全部匹配', {
  maxItems: maxReplicationFilters,
})

const replicationRule = structure('ReplicationRule', 'A new rule', '同步规则', {
  Name: ruleName,
  DestNamespace: required(destNamespace),
  Override: required(override),
  Filters: required(filters),
  Deletion: withDefault(deletion, false),
})

const peerReplicationOption = structure(
  'PeerReplicationOption',
  'How to reach an instance of another main account',
  '跨主账号同步参数',
  {
    PeerRegistryUin: required(
      text('The uin of the other account', '目标账号 ID', { minChars: 1, maxChars: 32 }),
    ),
    PeerRegistryToken: required(
      text('A long-term credential of the other instance', '目标实例的长期访问凭证', {
        minChars: 1,
        secret: true,
      }),
    ),
    EnablePeerReplication: required(flag('Whether it is another account', '是否跨主账号')),
  },
)

export const manageReplication = action('ManageReplication', {
  doc: { en: 'Makes a rule that copies to another instance.', zh: '创建跨实例同步规则。' },
  kind: 'write',
  // The other instance may belong to another main account, so the handler asks for it.
  access: on('instance/{SourceRegistryId}'),
  input: {
    SourceRegistryId: registryId,
    DestinationRegistryId: registryId,
    Rule: required(object(replicationRule)),
    Description: ruleDescription,
    DestinationRegionId: regionId,
    PeerReplicationOption: object(peerReplicationOption),
  },
  output: {},
})

const modifyReplicationRule = structure(
  'ModifyReplicationRule',
  'What changes; what is left out stays',
  '需要修改的内容，未填写的保持不变',
  {
    DestNamespace: destNamespace,
    Override: override,
    Deletion: deletion,
    Filters: filters,
    Enabled: enabled,
  },
)

export const modifyReplication = action('ModifyReplication', {
  doc: { en: 'Changes a sync rule.', zh: '修改同步规则。' },
  kind: 'write',
  access: on('instance/{SourceRegistryId}'),
  input: {
    SourceRegistryId: registryId,
    RuleName: ruleName,
    Rule: required(object(modifyReplicationRule)),
    Description: ruleDescription,
  },
  output: {},
})

export const deleteReplicationRule = action('DeleteReplicationRule', {
  doc: { en: 'Deletes a sync rule; what it copied stays.', zh: '删除同步规则，不删除已同步内容。' },
  kind: 'write',
  access: on('instance/{SourceRegistryId}'),
  input: { SourceRegistryId: registryId, RuleName: ruleName, Description: ruleDescription },
  output: {},
})

const policyFilter = structure('PolicyFilter', 'What is copied', '同步过滤条件', {
  Type: nullable(filterType),
  Value: nullable(filterValue),
})

const policyId = integer('Id of the rule', '规则 ID')
const executionId = integer('Id of the run', '执行 ID')
const startTime = nullable(text('When it began', '开始时间'))
const endTime = nullable(text('When it ended', '结束时间'))

const replicationPolicy = structure('ReplicationPolicyInfo', 'A sync rule', '同步规则', {
  ID: nullable(policyId),
  Name: nullable(text('Name of the rule', '规则名称')),
  Description: nullable(ruleDescription),
  Filters: nullable(listOf(policyFilter)),
  Override: nullable(override),
  Enabled: nullable(enabled),
  SrcResource: nullable(text('From where', '来源')),
  DestResource: nullable(text('To where', '目标')),
  CreationTime: nullable(text('When it was made', '创建时间')),
  UpdateTime: nullable(text('When it last changed', '更新时间')),
})

export const describeReplicationPolicies = action('DescribeReplicationPolicies', {
  doc: { en: 'Lists the sync rules of an instance.', zh: '查询实例的同步规则。' },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  paging: 'page-size',
  input: { RegistryId: registryId, Page: page, PageSize: pageSize },
  output: {
    ReplicationPolicyInfoList: nullable(listOf(replicationPolicy, 'The rules', '规则列表')),
    TotalCount: nullable(totalCount),
  },
})

const replicationExecution = structure(
  'ReplicationExecution',
  'A run of a rule',
  '规则的一次执行',
  {
    ExecutionID: nullable(executionId),
    PolicyID: nullable(policyId),
    Status: nullable(text('How it stands, for example succeed', '状态，如 succeed')),
    Total: nullable(integer('Tasks in all', '任务总数')),
    Succeed: nullable(integer('Tasks that succeeded', '成功的任务数')),
    StartTime: startTime,
    EndTime: endTime,
  },
)

export const describeReplicationExecutions = action('DescribeReplicationExecutions', {
  doc: {
    en: 'Lists the runs of sync rules, or of a replica.',
    zh: '查询同步规则或复制实例的执行。',
  },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  paging: 'page-size',
  input: {
    RegistryId: registryId,
    PolicyId: { ...policyId, doc: { en: 'Only of this rule', zh: '只查询该规则' } },
    ReplicationInstanceId: text('Only of this replica', '只查询该复制实例', { maxChars: 64 }),
    Page: page,
    PageSize: pageSize,
  },
  output: {
    ReplicationExecutionList: nullable(listOf(replicationExecution, 'The runs', '执行列表')),
    TotalCount: totalCount,
  },
})

const replicationTask = structure('ReplicationTask', 'A copy within a run', '执行中的任务', {
  ResourceType: nullable(text('image or chart', '资源类型：image 或 chart')),
  SrcResource: nullable(text('From where: namespace/repository:[tag]', '来源，形如 ns/repo:[tag]')),
  DstResource: nullable(text('To where', '目标')),
  JobID: nullable(text('Id of the task', '任务 ID')),
  Status: nullable(text('How it stands, for example Succeed', '状态，如 Succeed')),
  StartTime: startTime,
  EndTime: endTime,
})

export const describeReplicationTasks = action('DescribeReplicationTasks', {
  doc: { en: 'Lists what a run copied.', zh: '查询一次执行中的任务。' },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  paging: 'page-size',
  input: {
    RegistryId: registryId,
    ExecutionId: required(executionId),
    Page: page,
    PageSize: pageSize,
  },
  output: {
    ReplicationTaskList: nullable(listOf(replicationTask, 'The tasks', '任务列表')),
    TotalCount: totalCount,
  },
})

export const syncActions: readonly Action[] = [
  manageReplication,
  modifyReplication,
  deleteReplicationRule,
  describeReplicationPolicies,
  describeReplicationExecutions,
  describeReplicationTasks,
]
