// The audit log (4 actions).

import { type Action, actionsOf, operation } from '../action.ts'
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
  withDefault,
} from '../fields.ts'

const action = actionsOf('cloudaudit')

/** Entries one look-up returns at most. */
const maxResults = 50

export const startTime = required(integer('From when, Unix seconds', '起始时间，Unix 秒'))
export const endTime = required(integer('Until when, Unix seconds', '结束时间，Unix 秒'))

const attributeKeys = [
  'RequestId',
  'EventName',
  'ActionType',
  'PrincipalId',
  'ResourceType',
  'ResourceId',
  'ResourceName',
  'AccessKeyId',
  'SensitiveAction',
  'ApiErrorCode',
  'CamErrorCode',
  'SourceIPAddress',
  'Tags',
] as const

export const lookupAttribute = structure(
  'LookupAttribute',
  'What must match; several must all match',
  '检索条件，多个之间为与',
  {
    AttributeKey: required(oneOf(attributeKeys, 'What is compared', '检索属性')),
    AttributeValue: text(
      'Its value; of ActionType: Read or Write',
      '属性值，ActionType 为 Read 或 Write',
      { maxChars: 512 },
    ),
  },
)

export const lookupAttributes = listOf(lookupAttribute, 'Only what matches', '检索条件列表', {
  maxItems: 10,
})

const results = withDefault(
  integer('Entries a page: 10 unless told, 50 at most', '每页条数，默认 10，最大 50', {
    min: 1,
    max: maxResults,
  }),
  10,
)

const resource = structure('Resource', 'What an event is about', '事件的资源', {
  ResourceType: text('Kind of resource', '资源类型'),
  ResourceName: text('Its name', '资源名称'),
})

const event = structure('Event', 'An event of the audit log', '操作审计事件', {
  EventId: text('Its id', '日志 ID'),
  Username: text('Who', '用户名'),
  EventTime: text('When, Unix seconds as text', '事件时间，Unix 秒（字符串）'),
  CloudAuditEvent: text('The whole event, JSON', '完整事件，JSON'),
  ResourceTypeCn: text('Kind of resource, in Chinese', '资源类型的中文描述'),
  ErrorCode: integer('0: allowed; else refused', '鉴权错误码，0 为通过'),
  EventName: text('The action', '接口名'),
  SecretId: text('The credential', '所用凭证的 ID'),
  EventSource: text('Where the request came in', '请求来源'),
  RequestID: text('The request', '请求 ID'),
  ResourceRegion: text('Region of the resource', '资源地域'),
  AccountID: integer('Uin of the main account', '主账号的 uin'),
  SourceIPAddress: text('From which address', '来源 IP'),
  EventNameCn: text('The action, in Chinese', '接口的中文描述'),
  Resources: object(resource),
  EventRegion: text('Region of the event', '事件地域'),
  Location: nullable(text('Where the address lies; not known here', 'IP 归属地，此处不提供')),
})

const events = listOf(event, 'The events, newest first', '事件列表，按时间倒序')
const listOver = flag('True: this is the last page', 'true 为已到最后一页')
const eventCount = integer('Of this page; go on by NextToken', '本页条数，请用 NextToken 翻页')

export const describeEvents = action('DescribeEvents', {
  doc: {
    en: 'Looks events up: at most 90 days back, over less than 30 days at a time.',
    zh: '查询操作审计事件，最早 90 天前，每次跨度小于 30 天。',
  },
  kind: 'read',
  access: operation,
  input: {
    StartTime: startTime,
    EndTime: endTime,
    NextToken: integer('Of the page before', '上一页返回的凭证'),
    MaxResults: results,
    LookupAttributes: lookupAttributes,
    IsReturnLocation: integer('1: with Location', '1 返回 IP 归属地', { values: [0, 1] }),
  },
  output: {
    ListOver: listOver,
    NextToken: integer('Of the next page', '下一页的凭证'),
    Events: events,
    TotalCount: eventCount,
  },
})

export const lookUpEvents = action('LookUpEvents', {
  doc: {
    en: 'Looks events up, as DescribeEvents does, with a token that is text.',
    zh: '检索操作审计事件，与 DescribeEvents 相同，翻页凭证为字符串。',
  },
  kind: 'read',
  access: operation,
  input: {
    StartTime: startTime,
    EndTime: endTime,
    LookupAttributes: lookupAttributes,
    NextToken: text('Of the page before', '上一页返回的凭证', { maxChars: 256 }),
    MaxResults: results,
    Mode: oneOf(['standard', 'quick'], 'The same here', '检索模式，此处两者相同'),
  },
  output: {
    NextToken: text('Of the next page', '下一页的凭证'),
    Events: events,
    ListOver: listOver,
    TotalCount: eventCount,
  },
})

const storage = structure('Storage', 'Where a track is written', '投递存储', {
  StorageType: required(oneOf(['cos', 'cls', 'ckafka'], 'Kind of store', '存储类型')),
  StorageRegion: required(text('Its region', '存储地域', { maxChars: 64 })),
  StorageName: required(text('Its name', '存储名称', { maxChars: 256 })),
  StoragePrefix: required(text('Begin of its names', '日志前缀', { maxChars: 256 })),
  StorageAccountId: text('Account of the store', '存储所属账号 ID', { maxChars: 64 }),
  StorageAppId: text('AppId of the store', '存储所属账号的 AppId', { maxChars: 64 }),
  Compress: integer('1 packed, 2 not', '1 压缩，2 不压缩', { values: [1, 2] }),
})

const trackName = text('Name of the track', '跟踪集名称', {
  minChars: 3,
  maxChars: 48,
  rule: {
    pattern: /^[A-Za-z0-9_-]+$/,
    words: { en: 'letters, digits and _ -', zh: '字母、数字和 _ -' },
  },
})
const trackStatus = integer('1 on, 0 off', '1 开启，0 关闭', { values: [0, 1] })
const actionType = oneOf(['Read', 'Write', '*'], 'Which events; *: all', '事件类型，* 为全部')
const resourceType = text('Of which product; *: all', '产品，* 为全部', { maxChars: 64 })
const eventNames = list(
  text('An action', '接口名', { maxChars: 128 }),
  'Which actions; `*`: all',
  '接口名列表，* 为全部',
  { minItems: 1, maxItems: 100 },
)

export const createAuditTrack = action('CreateAuditTrack', {
  doc: {
    en: 'Makes a track: events written on into a store.',
    zh: '创建跟踪集，将事件投递到存储。',
  },
  kind: 'write',
  access: operation,
  input: {
    Name: required(trackName),
    Status: required(trackStatus),
    Storage: required(object(storage)),
    ActionType: required(actionType),
    ResourceType: required(resourceType),
    EventNames: required(eventNames),
    TrackForAllMembers: integer(
      '1: of all accounts of the organisation',
      '1 包含集团全部成员账号',
      {
        values: [0, 1],
      },
    ),
    ExportId: text('Id of the task', '任务 ID', { maxChars: 64 }),
  },
  output: { TrackId: integer('Number of the track', '跟踪集 ID') },
})

const track = structure('Tracks', 'A track', '跟踪集', {
  Name: trackName,
  ActionType: actionType,
  ResourceType: resourceType,
  Status: trackStatus,
  EventNames: eventNames,
  Storage: object(storage),
  CreateTime: text('When it was made', '创建时间'),
  TrackId: integer('Number of the track', '跟踪集 ID'),
})

export const describeAuditTracks = action('DescribeAuditTracks', {
  doc: { en: 'Lists the tracks.', zh: '查询跟踪集列表。' },
  kind: 'read',
  access: operation,
  input: {
    PageNumber: required(integer('Which page, from 1', '页码，从 1 开始', { min: 1 })),
    PageSize: required(integer('Entries a page, 200 at most', '每页条数，最大 200', { min: 1 })),
  },
  output: {
    Tracks: listOf(track, 'The tracks', '跟踪集列表'),
    TotalCount: integer('How many there are in all', '总数'),
  },
})

export const auditActions: readonly Action[] = [
  describeEvents,
  lookUpEvents,
  createAuditTrack,
  describeAuditTracks,
]
