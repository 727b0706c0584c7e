// Personal edition: namespaces (4 actions). Their names are unique over all accounts of a region.

import { type Action, listed, on } from '../action.ts'
import { flag, integer, listOf, object, required, structure, text } from '../fields.ts'
import { action } from './parameters.ts'
import { creationTime, newPersonalNamespace, personalNamespace } from './personal-fields.ts'

export const createNamespacePersonal = action('CreateNamespacePersonal', {
  doc: { en: 'Makes a namespace of Personal edition.', zh: '创建个人版命名空间。' },
  kind: 'write',
  access: on('repo/{Namespace}'),
  input: { Namespace: newPersonalNamespace },
  output: {},
})

const namespace = structure('NamespaceInfo', 'A namespace', '命名空间', {
  Namespace: required(text('Its name', '名称')),
  CreationTime: required(creationTime),
  RepoCount: required(integer('How many repositories it has', '仓库数')),
})

const namespaces = structure('NamespaceInfoResp', 'Namespaces', '命名空间列表', {
  NamespaceCount: integer('How many there are in all', '总数'),
  NamespaceInfo: listOf(namespace, 'The namespaces', '命名空间列表'),
})

export const describeNamespacePersonal = action('DescribeNamespacePersonal', {
  doc: {
    en: 'Lists the account’s namespaces of Personal edition.',
    zh: '查询账号的个人版命名空间。',
  },
  kind: 'read',
  access: listed('repo/*'),
  paging: 'record',
  input: {
    Namespace: required(
      text('Part of a name; empty: all', '按名称模糊搜索，为空查询全部', { maxChars: 256 }),
    ),
    Limit: required(integer('Entries a page, 200 at most', '每页条数，最大 200')),
    Offset: required(integer('How many entries to skip', '跳过的条数')),
  },
  output: { Data: object(namespaces) },
})

export const deleteNamespacePersonal = action('DeleteNamespacePersonal', {
  doc: { en: 'Deletes an empty namespace of Personal edition.', zh: '删除空的个人版命名空间。' },
  kind: 'write',
  access: on('repo/{Namespace}'),
  input: { Namespace: required(personalNamespace) },
  output: {},
})

const namespaceExists = structure(
  'NamespaceIsExistsResp',
  'Whether a name is free',
  '命名空间是否可用',
  {
    IsExist: required(flag('Somebody has it', '是否已存在')),
    IsPreserved: required(flag('It is reserved', '是否为保留名称')),
  },
)

export const validateNamespaceExistPersonal = action('ValidateNamespaceExistPersonal', {
  doc: {
    en: 'Tells whether a name of a namespace is taken or reserved.',
    zh: '查询个人版命名空间名称是否已存在或被保留。',
  },
  kind: 'read',
  access: on('repo/{Namespace}'),
  input: { Namespace: required(personalNamespace) },
  output: { Data: object(namespaceExists) },
})

export const personalNamespaceActions: readonly Action[] = [
  createNamespacePersonal,
  describeNamespacePersonal,
  deleteNamespacePersonal,
  validateNamespaceExistPersonal,
]
