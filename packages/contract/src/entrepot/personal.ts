// Personal edition: favourites, quotas, and the way into an Enterprise instance (6 actions).

import { type Action, on, operator, self } from '../action.ts'
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
import { registryId, totalCount } from '../tcr/parameters.ts'
import { action, jobId, limit, offset, time } from './parameters.ts'

const repoName = required(
  text('The repository: `<namespace>/<name>`', '镜像仓库：<命名空间>/<名称>', {
    minChars: 1,
    maxChars: 256,
  }),
)

// A favourite is the caller's own; of a repository that he may not see the handler says it is not there.

export const createFavorRepositoryPersonal = action('CreateFavorRepositoryPersonal', {
  doc: { en: 'Adds a repository to the caller’s favourites.', zh: '收藏镜像仓库。' },
  kind: 'write',
  access: self,
  input: { RepoName: repoName },
  output: {},
})

export const deleteFavorRepositoryPersonal = action('DeleteFavorRepositoryPersonal', {
  doc: { en: 'Takes a repository from the caller’s favourites.', zh: '取消收藏镜像仓库。' },
  kind: 'write',
  access: self,
  input: { RepoName: repoName },
  output: {},
})

const quotaName = oneOf(
  ['Namespaces', 'Repositories', 'TagsPerRepository', 'UploadBytes', 'DownloadBytes'],
  'What is counted; bytes by calendar month',
  '配额项，流量按自然月计',
)

const quota = structure('PersonalQuota', 'A quota of the Personal edition', '个人版配额', {
  Name: quotaName,
  Used: nullable(integer('How many there are', '已用量')),
  Limit: nullable(integer('How many there may be; null: no quota', '配额上限，为空表示不限')),
})

export const describeQuotaPersonal = action('DescribeQuotaPersonal', {
  doc: {
    en: 'Shows the account’s quotas of the Personal edition, those on transfer too.',
    zh: '查询账号的个人版配额，包括流量配额。',
  },
  kind: 'read',
  access: self,
  input: {},
  output: {
    HasBegun: flag(
      'True: the caller has set his password of the registry',
      'true 为调用者已初始化（已设置镜像仓库密码）',
    ),
    Quotas: listOf(quota, 'The quotas', '配额列表'),
  },
})

const quotaChange = structure('PersonalQuotaChange', 'A quota to set', '要设置的配额', {
  Name: required(quotaName),
  Limit: integer(
    'How many there may be; -1: no quota; left out: as usual',
    '配额上限，-1 为不限，不传恢复默认值',
    { min: -1 },
  ),
})

export const modifyQuotaPersonal = action('ModifyQuotaPersonal', {
  doc: { en: 'Sets quotas of an account in the Personal edition.', zh: '设置账号的个人版配额。' },
  kind: 'write',
  access: operator,
  input: {
    Uin: required(integer('Uin of the main account', '主账号的 uin', { min: 1 })),
    Quotas: required(
      listOf(quotaChange, 'The quotas to set', '要设置的配额', { minItems: 1, maxItems: 10 }),
    ),
  },
  output: {},
})

const mapping = structure(
  'NamespaceMapping',
  'A namespace and what it becomes',
  '命名空间对应关系',
  {
    Namespace: required(
      text('Of the Personal edition', '个人版命名空间', { minChars: 1, maxChars: 256 }),
    ),
    DestinationNamespace: text(
      'In the instance, made when missing; the same name unless told',
      '实例中的命名空间，不存在时创建，默认同名',
      { maxChars: 256 },
    ),
  },
)

export const migratePersonalNamespace = action('MigratePersonalNamespace', {
  doc: {
    en: 'Copies namespaces of the Personal edition into an instance, as one job that can be resumed.',
    zh: '将个人版命名空间迁移到企业版实例，由一个可续传的任务完成。',
  },
  kind: 'write',
  // The handler also asks for `tcr:PullRepositoryPersonal` on `repo/<namespace>/*` of each.
  access: on('repository/{RegistryId}/*'),
  permission: 'tcr:PushRepository',
  input: {
    RegistryId: registryId,
    Namespaces: listOf(
      mapping,
      'Which ones; left out: all of the account',
      '要迁移的命名空间，不传为账号的全部命名空间',
      { minItems: 1, maxItems: 100 },
    ),
    Override: withDefault(
      flag('True: replaces tags that are there already', 'true 为覆盖已存在的版本，默认 false'),
      false,
    ),
  },
  output: { JobId: jobId },
})

const migrated = structure('PersonalNamespaceMigration', 'A migration', '迁移任务', {
  JobId: jobId,
  RegistryId: text('Id of the instance', '实例 ID'),
  Namespaces: listOf(mapping, 'Which namespaces', '迁移的命名空间'),
  State: oneOf(['Waiting', 'Running', 'Succeeded', 'Failed', 'Cancelled'], 'How it stands', '状态'),
  RepositoryCount: integer('Repositories to copy', '镜像仓库总数'),
  RepositoriesDone: integer('Repositories copied', '已完成的镜像仓库数'),
  TagCount: integer('Tags to copy', '版本总数'),
  TagsDone: integer('Tags copied', '已完成的版本数'),
  TagsFailed: integer(
    'Tags that could not be copied; the log of the job names them',
    '失败的版本数，详见任务日志',
  ),
  Reason: nullable(text('Why it failed', '失败原因')),
  CreateTime: time('When it was asked for', '提交时间'),
  EndTime: nullable(time('When it ended', '结束时间')),
})

export const describePersonalNamespaceMigrations = action('DescribePersonalNamespaceMigrations', {
  doc: { en: 'Lists the migrations into an instance.', zh: '查询迁移到实例的个人版任务。' },
  kind: 'read',
  access: on('repository/{RegistryId}/*'),
  permission: 'tcr:DescribeRepositories',
  paging: 'record',
  input: {
    RegistryId: registryId,
    JobId: text('Only this one', '只查询该任务', { maxChars: 64 }),
    Limit: limit,
    Offset: offset,
  },
  output: {
    Migrations: listOf(migrated, 'The migrations', '迁移任务列表'),
    TotalCount: totalCount,
  },
})

export const personalActions: readonly Action[] = [
  createFavorRepositoryPersonal,
  deleteFavorRepositoryPersonal,
  describeQuotaPersonal,
  modifyQuotaPersonal,
  migratePersonalNamespace,
  describePersonalNamespaceMigrations,
]
