// Personal edition: triggers that redeploy a workload on a push (5 actions). CAM knows them at the level of the
// operation: a trigger belongs to the account, and one request may not even name a repository.

import { type Action, listed, operation } from '../action.ts'
import { integer, listOf, object, oneOf, required, structure, text } from '../fields.ts'
import { action, limit, recordOffset, totalCount } from './parameters.ts'
import { repoName, repoNameSearch } from './personal-fields.ts'

const maxTriggerNameChars = 128
const maxExpressionChars = 1024
/** Kubernetes: a DNS subdomain. */
const maxWorkloadNameChars = 253

const nameRules = { minChars: 1, maxChars: maxTriggerNameChars }
const workloadRules = { minChars: 1, maxChars: maxWorkloadNameChars }

const triggerName = text('Name of the trigger', '触发器名称', nameRules)
const invokeMethod = oneOf(
  ['all', 'taglist', 'regex'],
  'On each push, on tags of a list, or on tags that match',
  '触发方式：全部、指定版本、正则匹配',
)
const invokeExpr = text('The list of tags, or the regular expression', '版本列表或正则表达式', {
  maxChars: maxExpressionChars,
})
const clusterId = text('Id of the cluster', '集群 ID', { minChars: 1, maxChars: 64 })
const kubernetesNamespace = text('Namespace in the cluster', '集群中的命名空间', workloadRules)
const workloadType = oneOf(
  ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'Job'],
  'Kind of workload',
  '工作负载类型',
)
const workloadName = text('Name of the workload', '工作负载名称', workloadRules)
const containerName = text('Name of the container', '容器名称', workloadRules)
const clusterRegion = integer('Number of the cluster’s region', '集群所在地域编号')

export const createApplicationTriggerPersonal = action('CreateApplicationTriggerPersonal', {
  doc: {
    en: 'Makes a trigger that redeploys a workload when its image is pushed.',
    zh: '创建触发器，推送镜像时更新工作负载。',
  },
  kind: 'write',
  access: operation,
  input: {
    RepoName: required(repoName),
    TriggerName: required(triggerName),
    InvokeMethod: required(invokeMethod),
    ClusterId: required(clusterId),
    Namespace: required(kubernetesNamespace),
    WorkloadType: required(workloadType),
    WorkloadName: required(workloadName),
    ContainerName: required(containerName),
    ClusterRegion: required(clusterRegion),
    InvokeExpr: invokeExpr,
  },
  output: {},
})

const condition = structure('TriggerInvokeCondition', 'When a trigger acts', '触发条件', {
  InvokeMethod: invokeMethod,
  InvokeExpr: invokeExpr,
})

const target = structure('TriggerInvokePara', 'What a trigger redeploys', '触发目标', {
  AppId: text('The account’s number', '应用 ID'),
  ClusterId: clusterId,
  Namespace: kubernetesNamespace,
  ServiceName: text('The workload, Deployment:name', '工作负载，如 Deployment:name'),
  ContainerName: containerName,
  ClusterRegion: clusterRegion,
})

const invokeSource = text('What made it act: IMAGE_PUSH', '触发来源：IMAGE_PUSH')
const invokeAction = text('What it does: SERVICE_UPDATE', '触发动作：SERVICE_UPDATE')

const trigger = structure('TriggerResp', 'A trigger', '触发器', {
  TriggerName: triggerName,
  InvokeSource: invokeSource,
  InvokeAction: invokeAction,
  CreateTime: text('When it was made, 2020-01-23 17:06:17', '创建时间'),
  UpdateTime: text('When it last changed, 2020-01-23 17:06:17', '更新时间'),
  InvokeCondition: object(condition),
  InvokePara: object(target),
})

const triggers = structure('DescribeApplicationTriggerPersonalResp', 'Triggers', '触发器列表', {
  TotalCount: totalCount,
  TriggerInfo: listOf(trigger, 'The triggers', '触发器列表'),
})

export const describeApplicationTriggerPersonal = action('DescribeApplicationTriggerPersonal', {
  doc: { en: 'Lists the account’s triggers of Personal edition.', zh: '查询账号的个人版触发器。' },
  kind: 'read',
  access: listed('repo/*'),
  paging: 'record',
  input: {
    RepoName: repoNameSearch,
    TriggerName: text('Only this one', '只查询该触发器', { maxChars: maxTriggerNameChars }),
    Offset: recordOffset,
    Limit: limit,
  },
  output: { Data: object(triggers) },
})

export const modifyApplicationTriggerPersonal = action('ModifyApplicationTriggerPersonal', {
  doc: { en: 'Changes a trigger of Personal edition.', zh: '修改个人版触发器。' },
  kind: 'write',
  access: operation,
  input: {
    RepoName: repoName,
    // Optional in the declaration that the SDKs are made from; without it nothing is named.
    TriggerName: triggerName,
    InvokeMethod: invokeMethod,
    InvokeExpr: invokeExpr,
    ClusterId: clusterId,
    Namespace: kubernetesNamespace,
    WorkloadType: workloadType,
    WorkloadName: workloadName,
    ContainerName: containerName,
    ClusterRegion: clusterRegion,
    NewTriggerName: text('New name of the trigger', '触发器的新名称', nameRules),
  },
  output: {},
})

export const deleteApplicationTriggerPersonal = action('DeleteApplicationTriggerPersonal', {
  doc: { en: 'Deletes a trigger of Personal edition.', zh: '删除个人版触发器。' },
  kind: 'write',
  access: operation,
  input: { TriggerName: required(triggerName) },
  output: {},
})

const result = structure('TriggerInvokeResult', 'What the cluster answered', '触发结果', {
  ReturnCode: integer('Code of the answer, 0 where it worked', '返回码，0 表示成功', {
    min: Number.MIN_SAFE_INTEGER,
  }),
  ReturnMsg: text('Its words', '返回信息'),
})

const logEntry = structure('TriggerLogResp', 'What a trigger did', '触发记录', {
  RepoName: repoName,
  TagName: text('The tag that was pushed', '推送的版本'),
  TriggerName: triggerName,
  InvokeSource: invokeSource,
  InvokeAction: invokeAction,
  InvokeTime: text('When, 2020-01-23 17:06:17', '触发时间'),
  InvokeCondition: object(condition),
  InvokePara: object(target),
  InvokeResult: object(result),
})

const triggerLog = structure('DescribeApplicationTriggerLogPersonalResp', 'The log', '触发日志', {
  TotalCount: totalCount,
  LogInfo: listOf(logEntry, 'The entries', '触发记录列表'),
})

export const describeApplicationTriggerLogPersonal = action(
  'DescribeApplicationTriggerLogPersonal',
  {
    doc: {
      en: 'Lists what the account’s triggers of Personal edition did.',
      zh: '查询账号的个人版触发器的触发记录。',
    },
    kind: 'read',
    access: listed('repo/*'),
    paging: 'record',
    input: {
      RepoName: repoNameSearch,
      Offset: recordOffset,
      Limit: limit,
      Order: text('asc or desc', '排序方向：asc 或 desc', { maxChars: 16 }),
      OrderBy: text('Field to sort by', '排序字段', { maxChars: 64 }),
    },
    output: { Data: object(triggerLog) },
  },
)

export const personalTriggerActions: readonly Action[] = [
  createApplicationTriggerPersonal,
  describeApplicationTriggerPersonal,
  modifyApplicationTriggerPersonal,
  deleteApplicationTriggerPersonal,
  describeApplicationTriggerLogPersonal,
]
