// Triggers: requests that are sent on an event (5 actions). They say `Namespace` where others say `NamespaceName`.

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
import { action, limit, namespaceName, recordOffset, registryId, totalCount } from './parameters.ts'

export const maxConditionChars = 512

export const maxTriggerTargets = 10
export const maxTriggerHeaders = 20
const maxHeaderValues = 10
const maxAddressChars = 2048

export const triggerId = integer('Id of the trigger', '触发器 ID')

export const eventTypes = [
  'pushImage',
  'pullImage',
  'deleteImage',
  'chartPush',
  'chartPull',
  'chartDelete',
] as const

export const header = structure('Header', 'A header of the request', '请求头', {
  Key: required(text('Its name', '名称', { minChars: 1, maxChars: 128 })),
  Values: required(
    // Often what the receiver knows the sender by.
    list(text('A value', '值', { secret: true }), 'Its values', '取值', {
      maxItems: maxHeaderValues,
    }),
  ),
})

export const webhookTarget = structure('WebhookTarget', 'Where a request goes', '触发目标', {
  Address: required(text('Its URL', 'URL', { minChars: 1, maxChars: maxAddressChars })),
  Headers: listOf(header, 'Further headers', '自定义请求头', { maxItems: maxTriggerHeaders }),
})

export const webhookTrigger = structure('WebhookTrigger', 'A trigger', '触发器', {
  Name: required(
    text('Its name, once in a namespace', '名称，命名空间内唯一', {
      minChars: 1,
      maxChars: 128,
      rule: {
        pattern: /^[a-z0-9][a-z0-9._-]*$/,
        words: {
          en: 'a-z, 0-9, - . _, beginning with a letter or digit',
          zh: '小写字母、数字及 - . _，且以字母或数字开头',
        },
      },
    }),
  ),
  Targets: required(
    listOf(webhookTarget, 'Where requests go', '触发目标', {
      minItems: 1,
      maxItems: maxTriggerTargets,
    }),
  ),
  EventTypes: required(
    list(oneOf(eventTypes, 'An event', '事件'), 'On which events', '触发事件', {
      minItems: 1,
      maxItems: eventTypes.length,
    }),
  ),
  Condition: required(
    text(
      'Regular expression (RE2) over `<repository>:<tag>`, the repository without its namespace; `.*` is all',
      '触发规则：匹配“<仓库>:<版本>”的正则表达式（RE2 语法），仓库不含命名空间；.* 表示全部',
      { maxChars: maxConditionChars },
    ),
  ),
  Enabled: required(flag('Whether it is on', '是否启用')),
  Id: triggerId,
  Description: text('Description', '描述', { maxChars: 255 }),
  NamespaceId: integer('Number of its namespace', '命名空间的数字 ID'),
  NamespaceName: nullable(text('Its namespace', '命名空间名称', { maxChars: 256 })),
})

export const createWebhookTrigger = action('CreateWebhookTrigger', {
  doc: { en: 'Makes a trigger in a namespace.', zh: '在命名空间中创建触发器。' },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: {
    RegistryId: registryId,
    Trigger: required(object(webhookTrigger)),
    Namespace: namespaceName,
  },
  output: { Trigger: object(webhookTrigger, 'The trigger with its Id', '触发器，含 Id') },
})

export const describeWebhookTrigger = action('DescribeWebhookTrigger', {
  doc: { en: 'Lists triggers.', zh: '查询触发器。' },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  paging: 'record',
  input: {
    RegistryId: registryId,
    Limit: limit,
    Offset: recordOffset,
    Namespace: text('Only in this namespace', '只查询该命名空间', { maxChars: 256 }),
  },
  output: {
    TotalCount: totalCount,
    Triggers: listOf(webhookTrigger, 'The triggers', '触发器列表'),
  },
})

export const modifyWebhookTrigger = action('ModifyWebhookTrigger', {
  doc: { en: 'Replaces a trigger; its Id stays.', zh: '整体替换触发器，Id 不变。' },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: {
    RegistryId: registryId,
    Trigger: required(object(webhookTrigger)),
    Namespace: namespaceName,
  },
  output: {},
})

export const deleteWebhookTrigger = action('DeleteWebhookTrigger', {
  doc: { en: 'Deletes a trigger.', zh: '删除触发器。' },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: { RegistryId: registryId, Namespace: namespaceName, Id: required(triggerId) },
  output: {},
})

const webhookTriggerLog = structure('WebhookTriggerLog', 'A request that was sent', '触发日志', {
  Id: required(integer('Id of the entry', '日志 ID')),
  TriggerId: required(triggerId),
  EventType: required(oneOf(eventTypes, 'The event', '事件')),
  NotifyType: required(text('How it was sent: http', '通知方式：http')),
  Detail: required(text('What was sent, JSON', '请求内容，JSON')),
  CreationTime: required(text('When it was made, ISO 8601 UTC', '创建时间，ISO 8601 UTC')),
  UpdateTime: required(text('When it last changed, ISO 8601 UTC', '更新时间，ISO 8601 UTC')),
  Status: required(text('How it stands, for example finished', '状态，如 finished')),
})

export const describeWebhookTriggerLog = action('DescribeWebhookTriggerLog', {
  doc: { en: 'Lists what triggers sent.', zh: '查询触发日志。' },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  paging: 'record',
  input: {
    RegistryId: registryId,
    Namespace: namespaceName,
    Id: { ...triggerId, doc: { en: 'Only of this trigger', zh: '只查询该触发器' } },
    Limit: limit,
    Offset: recordOffset,
  },
  output: {
    TotalCount: totalCount,
    Logs: listOf(webhookTriggerLog, 'The requests, newest first', '触发日志，最新在前'),
  },
})

export const webhookActions: readonly Action[] = [
  createWebhookTrigger,
  describeWebhookTrigger,
  modifyWebhookTrigger,
  deleteWebhookTrigger,
  describeWebhookTriggerLog,
]
