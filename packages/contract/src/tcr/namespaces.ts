// Namespaces (5 actions).

import { type Action, listed, on } from '../action.ts'
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
} from '../fields.ts'
import {
  action,
  filter,
  keyValueString,
  limit,
  namespaceName,
  pageOffset,
  recordOffset,
  registryId,
  tagSpecification,
  totalCount,
} from './parameters.ts'

export const cveWhitelistItem = structure(
  'CVEWhitelistItem',
  'A vulnerability that never blocks',
  '不参与拦截的漏洞',
  { CVEID: text('For example CVE-2021-12345', '漏洞编号，如 CVE-2021-12345', { maxChars: 64 }) },
)

const isPublic = flag('True: anyone may pull', 'true 为公开，任何人可拉取')
const autoScan = flag('True: scan each push; false: by hand', 'true 为推送后自动扫描，false 为手动')
const preventVul = flag('Block pulls of vulnerable images', '阻断存在漏洞的镜像被拉取')
const severity = oneOf(
  ['', 'low', 'medium', 'high'],
  'Block from this severity on',
  '阻断的漏洞等级阈值',
)
const whitelist = listOf(
  cveWhitelistItem,
  'Vulnerabilities that never block; replaces the list',
  '漏洞白名单，整体替换',
  { maxItems: 1000 },
)

export const createNamespace = action('CreateNamespace', {
  doc: { en: 'Creates a namespace in an instance.', zh: '在实例中创建命名空间。' },
  kind: 'write',
  access: on('repository/{RegistryId}/{NamespaceName}'),
  input: {
    RegistryId: registryId,
    NamespaceName: required(
      text(
        '2 to 30 of a-z and 0-9, single . _ - inside',
        '2 到 30 个字符：小写字母、数字，中间可有单个 . _ -',
        {
          minChars: 2,
          maxChars: 30,
          rule: {
            pattern: /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
            words: {
              en: 'lower-case letters and digits with single separators . _ - inside',
              zh: '小写字母和数字，中间可有单个分隔符 . _ -',
            },
          },
        },
      ),
    ),
    IsPublic: required(isPublic),
    TagSpecification: object(tagSpecification),
    IsAutoScan: autoScan,
    IsPreventVUL: preventVul,
    Severity: severity,
    CVEWhitelistItems: whitelist,
  },
  output: {},
})

const namespaceInfo = structure('TcrNamespaceInfo', 'A namespace', '命名空间', {
  Name: text('Name', '名称'),
  CreationTime: text('When it was made, ISO 8601', '创建时间，ISO 8601'),
  Public: isPublic,
  NamespaceId: integer(
    'Its number, for retention rules and webhooks',
    '数字 ID，用于版本保留和触发器',
  ),
  TagSpecification: object(tagSpecification),
  Metadata: listOf(keyValueString, 'Further facts', '元数据'),
  CVEWhitelistItems: whitelist,
  AutoScan: autoScan,
  PreventVUL: preventVul,
  Severity: severity,
})

export const describeNamespaces = action('DescribeNamespaces', {
  doc: { en: 'Lists the namespaces of an instance.', zh: '查询实例中的命名空间。' },
  kind: 'read',
  access: listed('repository/{RegistryId}/*'),
  paging: 'page',
  input: {
    RegistryId: registryId,
    NamespaceName: text('Only this one', '只查询该命名空间', { maxChars: 256 }),
    Limit: limit,
    Offset: pageOffset,
    All: flag('All of them, without pages', '查询全部，不分页'),
    Filters: listOf(
      filter,
      'By `Tags`, values `key:value`; by `NamespaceName`, parts of names',
      '支持 Tags，值为 key:value；支持 NamespaceName，值为名称的一部分',
    ),
    KmsSignPolicy: flag('Only those that sign with a key of KMS', '只查询配置了 KMS 签名策略的'),
  },
  output: {
    NamespaceList: listOf(namespaceInfo, 'The namespaces', '命名空间列表'),
    TotalCount: totalCount,
  },
})

export const modifyNamespace = action('ModifyNamespace', {
  doc: {
    en: 'Changes who may pull, scanning, blocking or tags of a namespace.',
    zh: '修改命名空间的访问级别、扫描、阻断策略或标签。',
  },
  kind: 'write',
  access: on('repository/{RegistryId}/{NamespaceName}'),
  input: {
    RegistryId: registryId,
    NamespaceName: namespaceName,
    IsPublic: isPublic,
    IsAutoScan: autoScan,
    IsPreventVUL: preventVul,
    Severity: severity,
    CVEWhitelistItems: whitelist,
    TagSpecification: object(tagSpecification),
  },
  output: {},
})

export const deleteNamespace = action('DeleteNamespace', {
  doc: { en: 'Deletes an empty namespace.', zh: '删除空的命名空间。' },
  kind: 'write',
  access: on('repository/{RegistryId}/{NamespaceName}'),
  input: { RegistryId: registryId, NamespaceName: namespaceName },
  output: {},
})

const resourceItem = structure('ResourceItem', 'A resource to pick', '可选资源', {
  ResourceId: text('`<instance>/<namespace>`', '<实例 ID>/<命名空间>'),
})

export const describeInstanceAllNamespaces = action('DescribeInstanceAllNamespaces', {
  doc: {
    en: 'Lists the namespaces of all instances, to pick resources for a policy from.',
    zh: '查询全部实例的命名空间，供策略选择资源。',
  },
  kind: 'read',
  access: listed('repository/*'),
  paging: 'record',
  input: {
    Limit: limit,
    Offset: recordOffset,
  },
  output: {
    Items: nullable(listOf(resourceItem, 'The namespaces', '命名空间列表')),
    TotalCount: totalCount,
  },
})

export const namespaceActions: readonly Action[] = [
  createNamespace,
  describeNamespaces,
  modifyNamespace,
  deleteNamespace,
  describeInstanceAllNamespaces,
]
