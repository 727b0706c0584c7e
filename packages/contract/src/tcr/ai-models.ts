// AI models (4 actions).

import { type Action, listed, on } from '../action.ts'
import { flag, integer, listOf, object, required, structure, text } from '../fields.ts'
import {
  action,
  limit,
  namespaceName,
  recordOffset,
  registryId,
  repositoryName,
  totalCount,
} from './parameters.ts'

export const maxDeletedModels = 100
const maxReferenceChars = 256

const isRecommended = flag('Whether its maker recommends it', '是否为推荐版本')
const pushTime = text('When it was pushed, ISO 8601 UTC', '推送时间，ISO 8601 UTC')
const sizeBytes = integer('Bytes', '大小，字节')

const modelList = structure('ModelList', 'A model', '模型', {
  ModelName: text('Name of its repository', '仓库名称'),
  NamespaceName: text('Its namespace', '命名空间名称'),
  LatestVersion: text('Its newest tag', '最新版本'),
  Kind: text('CNAI-Model', '制品类型，CNAI-Model'),
  ImageSize: text('Bytes of the newest version, as text', '最新版本的大小，字节，文本'),
  UpdateTime: text('When it last changed', '更新时间'),
  Digest: text('Digest of the newest version', '最新版本的摘要'),
})

export const listAIModels = action('ListAIModels', {
  doc: { en: 'Lists the AI models of an instance.', zh: '查询实例中的 AI 模型。' },
  kind: 'read',
  access: listed('repository/{RegistryId}/*'),
  paging: 'record',
  input: {
    RegistryId: registryId,
    Namespace: text('Only those of this namespace', '只查询该命名空间', { maxChars: 256 }),
    ModelName: text('Only this repository', '只查询该仓库', { maxChars: 256 }),
    Offset: recordOffset,
    Limit: limit,
    SearchKey: text('Part of a name', '按名称模糊搜索', { maxChars: 256 }),
  },
  output: {
    TotalCount: totalCount,
    ModelList: listOf(modelList, 'The models', '模型列表'),
  },
})

const versionList = structure('VersionList', 'A version of a model', '模型版本', {
  Version: text('Its tag', '版本'),
  Size: sizeBytes,
  IsRecommended: isRecommended,
  PushTime: pushTime,
})

export const listAIModelVersions = action('ListAIModelVersions', {
  doc: { en: 'Lists the versions of an AI model.', zh: '查询 AI 模型的版本。' },
  kind: 'read',
  access: on('repository/{RegistryId}/{NamespaceName}/{RepositoryName}'),
  paging: 'record',
  input: {
    RegistryId: registryId,
    NamespaceName: namespaceName,
    RepositoryName: repositoryName,
    Offset: recordOffset,
    Limit: limit,
  },
  output: {
    TotalCount: totalCount,
    VersionList: listOf(versionList, 'The versions', '版本列表'),
  },
})

const modelDetail = structure('ModelDetail', 'A version of a model', '模型版本详情', {
  ModelName: text('Name of its repository', '仓库名称'),
  NamespaceName: text('Its namespace', '命名空间名称'),
  Version: text('Its tag', '版本'),
  Digest: text('Its digest', '摘要'),
  Size: sizeBytes,
  Framework: text('What it runs on', '框架'),
  Precision: text('Type of its numbers', '精度'),
  FileFormat: text('Format of its files', '文件格式'),
  ParamSize: text('How many parameters it has', '参数量'),
  Family: text('Family of models', '模型系列'),
  IsRecommended: isRecommended,
  PushTime: pushTime,
})

const reference = text('A tag or a digest', '版本或摘要', {
  minChars: 1,
  maxChars: maxReferenceChars,
})

export const describeAIModelVersionDetail = action('DescribeAIModelVersionDetail', {
  doc: { en: 'Describes a version of an AI model.', zh: '查询 AI 模型版本的详情。' },
  kind: 'read',
  access: on('repository/{RegistryId}/{NamespaceName}/{RepositoryName}'),
  input: {
    RegistryId: registryId,
    NamespaceName: namespaceName,
    RepositoryName: repositoryName,
    Reference: required(reference),
  },
  output: { Model: object(modelDetail) },
})

const deleteModelItem = structure('DeleteModelItem', 'What to delete', '待删除的模型', {
  NamespaceName: namespaceName,
  RepositoryName: repositoryName,
  Reference: text('A tag or a digest; without it, all versions', '版本或摘要，为空表示全部版本', {
    maxChars: maxReferenceChars,
  }),
})

export const deleteAIModel = action('DeleteAIModel', {
  doc: { en: 'Deletes versions of AI models.', zh: '删除 AI 模型的版本。' },
  kind: 'write',
  // The handler asks for each item: templates know no fields of structures.
  access: listed('repository/{RegistryId}/*'),
  input: {
    RegistryId: registryId,
    Items: required(
      listOf(deleteModelItem, 'What to delete', '待删除的模型', {
        minItems: 1,
        maxItems: maxDeletedModels,
      }),
    ),
  },
  output: {},
})

export const aiModelActions: readonly Action[] = [
  listAIModels,
  listAIModelVersions,
  describeAIModelVersionDetail,
  deleteAIModel,
]
