// Repositories (5 actions).

import { maxHandMadeNameChars, maxTagChars, minHandMadeNameChars } from '@entrepot/oci/reference.ts'
import { type Action, listed, on } from '../action.ts'
import { flag, list, listOf, oneOf, required, structure, text, withDefault } from '../fields.ts'
import {
  action,
  limit,
  namespaceName,
  pageOffset,
  registryId,
  repositoryName,
  totalCount,
} from './parameters.ts'

export const maxTagsPerDeletion = 20
const maxBriefDescriptionChars = 100
const maxDescriptionChars = 1000

const briefDescription = text('Short description', '简短描述', {
  maxChars: maxBriefDescriptionChars,
})
const description = text('Description in Markdown', '详细描述，支持 Markdown', {
  maxChars: maxDescriptionChars,
})

export const createRepository = action('CreateRepository', {
  doc: { en: 'Creates a repository in a namespace.', zh: '在命名空间中创建镜像仓库。' },
  kind: 'write',
  access: on('repository/{RegistryId}/{NamespaceName}/{RepositoryName}'),
  input: {
    RegistryId: registryId,
    NamespaceName: namespaceName,
    RepositoryName: required(
      text(
        '2 to 200 of a-z and 0-9, single . _ - inside, / between segments',
        '2 到 200 个字符：小写字母、数字，中间可有单个 . _ -，用 / 分段',
        // The letters are judged by the one grammar of names, when the name is read.
        { minChars: minHandMadeNameChars, maxChars: maxHandMadeNameChars },
      ),
    ),
    BriefDescription: briefDescription,
    Description: description,
  },
  output: {},
})

const repositoryTime = text(
  'As 2020-02-27 01:07:14.503709 +0800 CST',
  '形如 2020-02-27 01:07:14.503709 +0800 CST',
)

const repository = structure('TcrRepositoryInfo', 'A repository', '镜像仓库', {
  Name: text('Its name with that of its namespace before it', '仓库全名：命名空间/仓库'),
  Namespace: text('Its namespace', '命名空间'),
  CreationTime: repositoryTime,
  Public: flag('True: anyone may pull, as its namespace says', '是否公开，由命名空间决定'),
  Description: description,
  BriefDescription: briefDescription,
  UpdateTime: repositoryTime,
})

export const describeRepositories = action('DescribeRepositories', {
  doc: { en: 'Lists repositories.', zh: '查询镜像仓库。' },
  kind: 'read',
  access: listed('repository/{RegistryId}/{NamespaceName}/*'),
  ratePerSecond: 100,
  paging: 'page',
  input: {
    RegistryId: registryId,
    NamespaceName: text('Only in this namespace', '只查询该命名空间', { maxChars: 256 }),
    RepositoryName: text('Part of the name', '仓库名称，模糊匹配', { maxChars: 256 }),
    Offset: pageOffset,
    Limit: limit,
    SortBy: oneOf(
      ['-creation_time', '-name', '-update_time'],
      'By time or name, the last first',
      '排序方式，均为降序',
    ),
  },
  output: {
    RepositoryList: listOf(repository, 'The repositories', '镜像仓库列表'),
    TotalCount: totalCount,
  },
})

export const modifyRepository = action('ModifyRepository', {
  doc: { en: 'Describes a repository anew.', zh: '修改镜像仓库的描述。' },
  kind: 'write',
  access: on('repository/{RegistryId}/{NamespaceName}/{RepositoryName}'),
  input: {
    RegistryId: registryId,
    NamespaceName: namespaceName,
    RepositoryName: repositoryName,
    BriefDescription: required(briefDescription),
    Description: required(description),
  },
  output: {},
})

export const deleteRepository = action('DeleteRepository', {
  doc: { en: 'Deletes a repository.', zh: '删除镜像仓库。' },
  kind: 'write',
  access: on('repository/{RegistryId}/{NamespaceName}/{RepositoryName}'),
  input: {
    RegistryId: registryId,
    NamespaceName: namespaceName,
    RepositoryName: repositoryName,
    ForceDelete: withDefault(
      flag('With its images; false: only when empty', 'true 连同镜像删除，false 仅删除空仓库'),
      true,
    ),
  },
  output: {},
})

export const deleteRepositoryTags = action('DeleteRepositoryTags', {
  doc: { en: 'Deletes several tags of a repository.', zh: '批量删除镜像版本。' },
  kind: 'write',
  access: on('repository/{RegistryId}/{NamespaceName}/{RepositoryName}'),
  input: {
    RegistryId: registryId,
    NamespaceName: namespaceName,
    RepositoryName: repositoryName,
    Tags: required(
      list(
        text('A tag', '镜像版本', { minChars: 1, maxChars: maxTagChars }),
        'The tags, at most 20',
        '镜像版本，一次最多 20 个',
        { minItems: 1, maxItems: maxTagsPerDeletion },
      ),
    ),
  },
  output: {},
})

export const repositoryActions: readonly Action[] = [
  createRepository,
  describeRepositories,
  modifyRepository,
  deleteRepository,
  deleteRepositoryTags,
]
