// The audit log: export, how long it is kept, and where it is forwarded to (7 actions).

import { type Action, on, operation, operator } from '../action.ts'
import { endTime, lookupAttributes, startTime } from '../cloudaudit/audit.ts'
import {
  flag,
  integer,
  listOf,
  nullable,
  oneOf,
  required,
  structure,
  text,
  withDefault,
} from '../fields.ts'
import { registryId } from '../tcr/parameters.ts'
import { action, time } from './parameters.ts'

/** A page stays below the size of a reply. */
const maxExported = 1000

export const exportAuditEvents = action('ExportAuditEvents', {
  doc: {
    en: 'Exports events of the audit log, oldest first, page by page.',
    zh: '分页导出操作审计事件，按时间正序。',
  },
  kind: 'read',
  access: operation,
  permission: 'cloudaudit:ExportAuditEvents',
  input: {
    StartTime: startTime,
    EndTime: endTime,
    LookupAttributes: lookupAttributes,
    NextToken: text('Of the page before', '上一页返回的凭证', { maxChars: 256 }),
    MaxResults: withDefault(
      integer('Events a page, 1000 at most', '每页条数，最大 1000', { min: 1, max: maxExported }),
      maxExported,
    ),
  },
  output: {
    Lines: text('NDJSON: one event a line', 'NDJSON，每行一个事件'),
    Count: integer('How many lines', '行数'),
    NextToken: text('Of the next page', '下一页的凭证'),
    ListOver: flag('True: this is the last page', 'true 为已到最后一页'),
  },
})

const days = integer('Days', '天数', { min: 1, max: 3650 })

export const describeAuditRetention = action('DescribeAuditRetention', {
  doc: {
    en: 'Shows how long the audit log of an instance is kept.',
    zh: '查询实例操作审计的保留时间。',
  },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  permission: 'tcr:DescribeAuditRetention',
  input: { RegistryId: registryId },
  output: {
    Days: days,
    EditionDays: integer('What the edition gives', '该规格的保留天数'),
    OldestTime: nullable(time('The oldest event that is here', '现存最早事件的时间')),
  },
})

export const modifyAuditRetention = action('ModifyAuditRetention', {
  doc: {
    en: 'Sets how long the audit log of an instance is kept; never shorter than the edition says.',
    zh: '设置实例操作审计的保留时间，不短于规格规定的天数。',
  },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  permission: 'tcr:ModifyAuditRetention',
  input: { RegistryId: registryId, Days: required(days) },
  output: {},
})

const name = required(text('Name of the forwarding', '转发名称', { minChars: 1, maxChars: 64 }))

const settings = {
  Address: text('Of the syslog server: `host:port`', 'syslog 服务器地址：host:port', {
    maxChars: 300,
  }),
  Protocol: oneOf(['Udp', 'Tcp', 'Tls'], 'How it is reached', '传输协议'),
  CaCertificate: text('Who signs its certificate, PEM', '签发其证书的 CA，PEM', {
    maxChars: 65_536,
  }),
  Facility: integer('Facility of RFC 5424', 'RFC 5424 的 facility', { max: 23 }),
  Path: text('The file; a day’s is closed by renaming it', '文件路径，按天轮转', {
    maxChars: 1024,
  }),
  Enabled: flag('True: it is in use', 'true 为启用'),
} as const

export const createAuditForwarding = action('CreateAuditForwarding', {
  doc: {
    en: 'Forwards the audit log of the deployment to syslog or a file, each event at least once.',
    zh: '将部署的操作审计转发到 syslog 或文件，每个事件至少一次。',
  },
  kind: 'write',
  access: operator,
  input: {
    Name: name,
    Kind: required(oneOf(['Syslog', 'File'], 'Where to', '转发类型')),
    ...settings,
  },
  output: {},
})

const forwarding = structure('AuditForwarding', 'A forwarding', '操作审计转发', {
  Name: text('Name', '名称'),
  Kind: oneOf(['Syslog', 'File'], 'Where to', '转发类型'),
  Address: nullable(settings.Address),
  Protocol: nullable(settings.Protocol),
  CaCertificate: nullable(settings.CaCertificate),
  Facility: nullable(settings.Facility),
  Path: nullable(settings.Path),
  Enabled: settings.Enabled,
  SentUntil: nullable(time('Events up to here arrived', '已送达事件的截止时间')),
  Reason: nullable(text('Why it is held up', '受阻原因')),
})

export const describeAuditForwardings = action('DescribeAuditForwardings', {
  doc: { en: 'Lists the forwardings and how far each is.', zh: '查询操作审计转发及其进度。' },
  kind: 'read',
  access: operator,
  input: {},
  output: { Forwardings: listOf(forwarding, 'The forwardings', '转发列表') },
})

export const modifyAuditForwarding = action('ModifyAuditForwarding', {
  doc: {
    en: 'Changes a forwarding; what is left out stays. It goes on where it was.',
    zh: '修改操作审计转发，未传入的字段保持不变，从原进度继续。',
  },
  kind: 'write',
  access: operator,
  input: { Name: name, ...settings },
  output: {},
})

export const deleteAuditForwarding = action('DeleteAuditForwarding', {
  doc: { en: 'Deletes a forwarding.', zh: '删除操作审计转发。' },
  kind: 'write',
  access: operator,
  input: { Name: name },
  output: {},
})

export const auditActions: readonly Action[] = [
  exportAuditEvents,
  describeAuditRetention,
  modifyAuditRetention,
  createAuditForwarding,
  describeAuditForwardings,
  modifyAuditForwarding,
  deleteAuditForwarding,
]
