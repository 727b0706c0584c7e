// What triggers have beside Tencent's actions: which of them fail, what was sent and what came back, sending it again, a
// test, the secret that signs (9 actions).

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
import { eventTypes, maxConditionChars, triggerId, webhookTarget } from '../tcr/webhooks.ts'
import { action, limit, offset, time } from './parameters.ts'

/** In place of the value of a header that is kept as it is. */
export const maskedHeader = '******'

export const bodyFormats = ['tcr', 'cloudevents'] as const
export const deliveryStates = ['pending', 'finished', 'error', 'stopped'] as const

const manages = {
  kind: 'write',
  access: on('instance/{RegistryId}'),
  permission: 'tcr:ModifyWebhookTrigger',
} as const

const seesLog = {
  kind: 'read',
  access: on('instance/{RegistryId}'),
  permission: 'tcr:DescribeWebhookTriggerLog',
} as const

const ofTrigger = {
  RegistryId: registryId,
  Namespace: namespaceName,
  Id: required(triggerId),
}

const bodyFormat = oneOf(
  bodyFormats,
  "Form of the body: `tcr` as Tencent's, or `cloudevents` 1.0 (structured)",
  '正文格式：tcr，或 cloudevents（CloudEvents 1.0 结构化模式）',
)

const deliveryState = oneOf(
  deliveryStates,
  'How it stands: pending (will be sent, again), finished, error (given up), stopped (never sent further)',
  '状态：pending 待投递或重试中，finished 成功，error 失败，stopped 已停止',
)

const deliveryId = integer('Id of the delivery', '投递任务 ID')

const httpStatus = nullable(
  integer(
    'Status of the last answer; null: there was none',
    '最近一次响应的状态码，无响应时为 null',
  ),
)

const deliverySummary = {
  Id: deliveryId,
  EventId: text(
    'Of the event: the same in every attempt, and at every target',
    '事件 ID，各次尝试相同',
  ),
  Sequence: integer(
    "Which of the trigger's events, from 1 without gaps; 0: a test",
    '触发器内的事件序号，从 1 连续递增，0 表示测试',
  ),
  EventType: oneOf(eventTypes, 'The event', '事件'),
  Repository: text('The repository, with its namespace', '触发仓库，含命名空间'),
  Tag: text('Its tag, the first where there are several', '版本，多个时为第一个'),
  Address: text('Where it goes', '目标 URL'),
  IsTest: flag('It was asked for as a test', '是否为测试投递'),
  State: deliveryState,
  AttemptCount: integer('How often it was sent', '尝试次数'),
  NextAttemptTime: nullable(time('When it is sent again', '下次重试时间')),
  HttpStatus: httpStatus,
  DurationMs: nullable(integer('How long the last attempt took', '最近一次耗时，毫秒')),
  Problem: nullable(text('Why the last attempt failed', '最近一次失败原因')),
  CreationTime: time('When it was made', '创建时间'),
  UpdateTime: time('When it last changed', '更新时间'),
} as const

const delivery = structure('WebhookDelivery', 'A delivery', '投递', deliverySummary)

const targetState = structure('WebhookTargetState', 'A target and how it does', '目标及其状态', {
  Address: text('Its URL', 'URL'),
  Headers: listOf(
    structure('MaskedHeader', 'A header, without its values', '请求头，不含值', {
      Key: text('Its name', '名称'),
      ValueCount: integer('How many values it has', '值的个数'),
    }),
    'Its headers',
    '请求头',
  ),
  IsOn: flag(
    'False: it was switched off after a day of failures',
    'false 表示连续失败一天后已关闭',
  ),
  FailingSince: nullable(time('Since when every attempt failed', '开始持续失败的时间')),
  OffTime: nullable(time('When it was switched off', '关闭时间')),
  Problem: nullable(text('Why the last attempt failed', '最近一次失败原因')),
})

const triggerDetail = structure(
  'WebhookTriggerDetail',
  'A trigger and how it does',
  '触发器及其状态',
  {
    Id: triggerId,
    Name: text('Its name', '名称'),
    Description: text('Description', '描述'),
    NamespaceName: text('Its namespace', '命名空间名称'),
    EventTypes: list(oneOf(eventTypes, 'An event', '事件'), 'On which events', '触发动作'),
    Condition: text('Its regular expression', '触发规则，正则表达式'),
    RepositoryPattern: nullable(
      text(
        'The pattern of repositories that its condition says, empty for all; null: it is no pattern',
        '触发规则对应的仓库匹配规则，空表示全部，null 表示无法用匹配规则表示',
      ),
    ),
    TagPattern: nullable(text('The same for tags', '触发规则对应的版本匹配规则')),
    Targets: listOf(targetState, 'Where requests go', '触发目标'),
    Enabled: flag('Whether it is on', '是否启用'),
    BodyFormat: bodyFormat,
    WaitingCount: integer('Deliveries that wait to be sent', '待投递数量'),
    IsFailing: flag('A target fails, or was switched off', '是否有目标失败或已关闭'),
    LastDelivery: nullable(object(delivery, 'Its last one', '最近一次投递')),
    CreationTime: time('When it was made', '创建时间'),
  },
)

export const describeWebhookTriggerDetails = action('DescribeWebhookTriggerDetails', {
  doc: {
    en: 'Lists triggers with their patterns, targets, and how their deliveries do.',
    zh: '查询触发器及其匹配规则、目标和投递情况。',
  },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  permission: 'tcr:DescribeWebhookTrigger',
  paging: 'record',
  input: {
    RegistryId: registryId,
    Namespace: text('Only of this namespace', '只查询该命名空间', { maxChars: 256 }),
    Id: { ...triggerId, doc: { en: 'Only this one', zh: '只查询该触发器' } },
    Search: text('Part of a name', '名称中的一部分', { maxChars: 128 }),
    EventType: oneOf(eventTypes, 'Only on this event', '只查询该触发动作'),
    OnlyFailing: flag('Only those of which a target fails', '只查询有失败目标的'),
    Limit: limit,
    Offset: offset,
  },
  output: {
    TotalCount: totalCount,
    Triggers: listOf(triggerDetail, 'The triggers', '触发器列表'),
  },
})

export const modifyWebhookTriggerOptions = action('ModifyWebhookTriggerOptions', {
  doc: { en: "Sets the form of a trigger's bodies.", zh: '设置触发器的正文格式。' },
  ...manages,
  input: { ...ofTrigger, BodyFormat: required(bodyFormat) },
  output: {},
})

export const rotateWebhookSecret = action('RotateWebhookSecret', {
  doc: {
    en: 'Gives a trigger a new secret, which signs from now on. It is told only here.',
    zh: '为触发器生成新的签名密钥并立即生效，密钥只在此返回一次。',
  },
  ...manages,
  input: ofTrigger,
  output: { SigningSecret: text('The secret', '签名密钥', { secret: true }) },
})

export const switchOnWebhookTarget = action('SwitchOnWebhookTarget', {
  doc: {
    en: 'Switches a target on again that was switched off after a day of failures.',
    zh: '重新开启因连续失败一天而被关闭的目标。',
  },
  ...manages,
  input: {
    ...ofTrigger,
    Address: required(text('URL of the target', '目标 URL', { minChars: 1 })),
  },
  output: {},
})

const attempt = structure('WebhookAttempt', 'One time that it was sent', '一次投递尝试', {
  Number: integer('Which, from 1', '第几次，从 1 开始'),
  Time: time('When', '时间'),
  DurationMs: integer('How long it took', '耗时，毫秒'),
  IsByHand: flag('Somebody asked for it', '是否为手动重新投递'),
  HttpStatus: httpStatus,
  Problem: nullable(text('Why it failed', '失败原因')),
  RequestHeaders: text(
    'Headers that were sent, a line each; secrets masked',
    '请求头，每行一个，密文已隐藏',
  ),
  ResponseHeaders: nullable(text('Headers of the answer, a line each', '响应头，每行一个')),
  ResponseBody: nullable(text('Body of the answer, its first 4 KiB', '响应正文，前 4 KiB')),
  IsResponseCut: flag('The body was longer', '响应正文是否被截断'),
})

export const testWebhookTarget = action('TestWebhookTarget', {
  doc: {
    en: 'Sends a sample to a target now, whether or not its trigger is saved, and tells what came back.',
    zh: '立即向目标发送一个示例请求并返回结果，触发器可以尚未保存。',
  },
  ...manages,
  ratePerSecond: 2,
  input: {
    RegistryId: registryId,
    Namespace: namespaceName,
    Id: {
      ...triggerId,
      doc: {
        en: 'Of a saved trigger: its secret signs, its headers stand for masked ones, and the test is in its log',
        zh: '已保存的触发器：使用其签名密钥与已保存的请求头，并写入触发日志',
      },
    },
    Target: required(object(webhookTarget)),
    EventType: required(oneOf(eventTypes, 'The event of the sample', '示例事件')),
    BodyFormat: bodyFormat,
  },
  output: {
    Succeeded: flag('It was answered with a status from 200 to 299', '是否返回 2xx'),
    Body: text('What was sent', '发送的正文'),
    Attempt: object(attempt),
  },
})

export const describeWebhookDeliveries = action('DescribeWebhookDeliveries', {
  doc: {
    en: 'Lists the deliveries of a trigger, newest first.',
    zh: '查询触发器的投递记录，最新在前。',
  },
  ...seesLog,
  paging: 'record',
  input: {
    ...ofTrigger,
    State: deliveryState,
    Limit: limit,
    Offset: offset,
  },
  output: {
    TotalCount: totalCount,
    Deliveries: listOf(delivery, 'The deliveries', '投递记录'),
  },
})

export const describeWebhookDelivery = action('DescribeWebhookDelivery', {
  doc: {
    en: 'Shows a delivery: what was sent, and each attempt with what came back.',
    zh: '查询一次投递的请求内容与各次尝试的响应。',
  },
  ...seesLog,
  input: {
    RegistryId: registryId,
    Namespace: namespaceName,
    DeliveryId: required(deliveryId),
  },
  output: {
    Delivery: object(delivery),
    ContentType: text('Media type of the body', '正文的媒体类型'),
    Body: text('What was sent', '发送的正文'),
    Attempts: listOf(attempt, 'The attempts, newest first', '各次尝试，最新在前'),
  },
})

export const redeliverWebhook = action('RedeliverWebhook', {
  doc: {
    en: 'Sends a delivery once more, under the same event id.',
    zh: '以相同的事件 ID 重新投递一次。',
  },
  ...manages,
  input: {
    RegistryId: registryId,
    Namespace: namespaceName,
    DeliveryId: required(deliveryId),
  },
  output: {},
})

export const describeWebhookConditionMatch = action('DescribeWebhookConditionMatch', {
  doc: {
    en: 'Tells whether a condition matches; one that is no regular expression is refused with its place.',
    zh: '查询触发规则是否匹配；不是合法的正则表达式时返回错误位置。',
  },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  permission: 'tcr:DescribeWebhookTrigger',
  input: {
    RegistryId: registryId,
    Condition: required(text('The condition', '触发规则', { maxChars: maxConditionChars })),
    Image: required(text('`<repository>:<tag>`', '<仓库>:<版本>', { maxChars: 512 })),
  },
  output: { Matches: flag('Whether it matches', '是否匹配') },
})

export const webhookDeliveryActions: readonly Action[] = [
  describeWebhookTriggerDetails,
  modifyWebhookTriggerOptions,
  rotateWebhookSecret,
  switchOnWebhookTarget,
  testWebhookTarget,
  describeWebhookDeliveries,
  describeWebhookDelivery,
  redeliverWebhook,
  describeWebhookConditionMatch,
]
