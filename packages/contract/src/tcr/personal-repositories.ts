// Personal edition: repositories (10 actions).

import { type Action, listed, on } from '../action.ts'
import {
  flag,
  integer,
  list,
  listOf,
  object,
  required,
  structure,
  text,
  withDefault,
} from '../fields.ts'
import { action, limit, recordOffset, totalCount } from './parameters.ts'
import {
  creationTime,
  description,
  isPublic,
  newRepoName,
  repoName,
  repoNameSearch,
  server,
  updateTime,
} from './personal-fields.ts'

/** More have a code of their own: the handler counts. */
export const maxDeletedRepositories = 100
const maxNamedRepositories = 1000

export const createRepositoryPersonal = action('CreateRepositoryPersonal', {
  doc: { en: 'Makes a repository of Personal edition.', zh: '创建个人版镜像仓库。' },
  kind: 'write',
  access: on('repo/{RepoName}'),
  input: { RepoName: newRepoName, Public: withDefault(isPublic, 0), Description: description },
  output: {},
})

const repoType = text('Kind of repository, for example QCLOUD HUB', '仓库类型，如 QCLOUD HUB')
const tagCount = integer('How many tags it has', '版本数')
const isUserFavor = flag('Whether it is a favourite of the caller', '是否已收藏')
const isQcloudOfficial = flag('Whether the operator made it', '是否为官方镜像')
const favorCount = integer('How many people like it', '收藏数')
const pullCount = integer('How often it was pulled', '拉取次数')

const repositoryDetail = structure('RepositoryInfoResp', 'A repository', '镜像仓库详情', {
  RepoName: repoName,
  RepoType: repoType,
  Server: server,
  CreationTime: creationTime,
  Description: description,
  Public: isPublic,
  PullCount: pullCount,
  FavorCount: favorCount,
  IsUserFavor: isUserFavor,
  IsQcloudOfficial: isQcloudOfficial,
})

export const describeRepositoryPersonal = action('DescribeRepositoryPersonal', {
  doc: { en: 'Describes a repository of Personal edition.', zh: '查询个人版镜像仓库的信息。' },
  kind: 'read',
  access: on('repo/{RepoName}'),
  input: { RepoName: required(repoName) },
  output: { Data: object(repositoryDetail) },
})

const repository = structure('RepoInfo', 'A repository', '镜像仓库', {
  RepoName: repoName,
  RepoType: repoType,
  TagCount: tagCount,
  Public: isPublic,
  IsUserFavor: isUserFavor,
  IsQcloudOfficial: isQcloudOfficial,
  FavorCount: favorCount,
  PullCount: pullCount,
  Description: description,
  CreationTime: creationTime,
  UpdateTime: updateTime,
})

const repositories = listOf(repository, 'The repositories', '仓库列表')

const ownRepositories = structure('RepoInfoResp', 'Repositories', '仓库列表', {
  TotalCount: totalCount,
  RepoInfo: repositories,
  Server: server,
})

export const describeRepositoryOwnerPersonal = action('DescribeRepositoryOwnerPersonal', {
  doc: {
    en: 'Lists the account’s repositories of Personal edition.',
    zh: '查询账号的全部个人版镜像仓库。',
  },
  kind: 'read',
  access: listed('repo/*'),
  paging: 'record',
  input: { Offset: recordOffset, Limit: limit, RepoName: repoNameSearch },
  output: { Data: object(ownRepositories) },
})

const searchResult = structure('SearchUserRepositoryResp', 'Repositories', '仓库搜索结果', {
  TotalCount: required(totalCount),
  RepoInfo: required(repositories),
  Server: required(server),
  PrivilegeFiltered: required(
    flag('Whether the caller may not see some', '是否因权限过滤了部分结果'),
  ),
})

export const describeRepositoryFilterPersonal = action('DescribeRepositoryFilterPersonal', {
  doc: {
    en: 'Searches the account’s repositories of Personal edition.',
    zh: '搜索账号的个人版镜像仓库。',
  },
  kind: 'read',
  access: listed('repo/*'),
  paging: 'record',
  input: {
    RepoName: repoNameSearch,
    Offset: recordOffset,
    Limit: limit,
    Public: isPublic,
    Namespace: text('Only those of this namespace', '只查询该命名空间', { maxChars: 256 }),
  },
  output: { Data: object(searchResult) },
})

const favourite = structure('Favors', 'A favourite', '收藏的仓库', {
  RepoName: repoName,
  RepoType: repoType,
  PullCount: pullCount,
  FavorCount: favorCount,
  Public: isPublic,
  IsQcloudOfficial: isQcloudOfficial,
  TagCount: tagCount,
  Logo: text('Address of its picture', '图标地址'),
  Region: text('Its region', '地域'),
  RegionId: integer('Number of its region', '地域编号'),
})

const favourites = structure('FavorResp', 'Favourites', '收藏列表', {
  TotalCount: totalCount,
  RepoInfo: listOf(favourite, 'The favourites', '收藏的仓库列表'),
})

export const describeFavorRepositoryPersonal = action('DescribeFavorRepositoryPersonal', {
  doc: { en: 'Lists the caller’s favourite repositories.', zh: '查询调用者收藏的镜像仓库。' },
  kind: 'read',
  access: listed('repo/*'),
  paging: 'record',
  input: {
    RepoName: required(repoNameSearch),
    Limit: required(integer('Entries a page, 200 at most', '每页条数，最大 200')),
    Offset: required(integer('How many entries to skip', '跳过的条数')),
  },
  output: { Data: object(favourites) },
})

export const modifyRepositoryInfoPersonal = action('ModifyRepositoryInfoPersonal', {
  doc: {
    en: 'Changes the description of a repository of Personal edition.',
    zh: '修改个人版镜像仓库的描述。',
  },
  kind: 'write',
  access: on('repo/{RepoName}'),
  input: { RepoName: required(repoName), Description: required(description) },
  output: {},
})

export const modifyRepositoryAccessPersonal = action('ModifyRepositoryAccessPersonal', {
  doc: {
    en: 'Makes a repository of Personal edition public or private.',
    zh: '修改个人版镜像仓库的访问级别。',
  },
  kind: 'write',
  access: on('repo/{RepoName}'),
  input: { RepoName: required(repoName), Public: required(isPublic) },
  output: {},
})

export const deleteRepositoryPersonal = action('DeleteRepositoryPersonal', {
  doc: {
    en: 'Deletes a repository of Personal edition with its images.',
    zh: '删除个人版镜像仓库及其镜像。',
  },
  kind: 'write',
  access: on('repo/{RepoName}'),
  input: { RepoName: required(repoName) },
  output: {},
})

export const batchDeleteRepositoryPersonal = action('BatchDeleteRepositoryPersonal', {
  doc: {
    en: 'Deletes repositories of Personal edition with their images.',
    zh: '批量删除个人版镜像仓库及其镜像。',
  },
  kind: 'write',
  access: on('repo/{RepoNames}'),
  input: {
    RepoNames: required(
      list(repoName, 'The repositories, 100 at most', '仓库名称列表，最多 100 个', {
        minItems: 1,
        maxItems: maxNamedRepositories,
      }),
    ),
  },
  output: {},
})

const repositoryExists = structure('RepoIsExistResp', 'Whether it is there', '仓库是否存在', {
  IsExist: flag('It is there', '是否存在'),
})

export const validateRepositoryExistPersonal = action('ValidateRepositoryExistPersonal', {
  doc: {
    en: 'Tells whether a repository of Personal edition exists.',
    zh: '查询个人版镜像仓库是否存在。',
  },
  kind: 'read',
  access: on('repo/{RepoName}'),
  input: { RepoName: required(repoName) },
  output: { Data: object(repositoryExists) },
})

export const personalRepositoryActions: readonly Action[] = [
  createRepositoryPersonal,
  describeRepositoryPersonal,
  describeRepositoryOwnerPersonal,
  describeRepositoryFilterPersonal,
  describeFavorRepositoryPersonal,
  modifyRepositoryInfoPersonal,
  modifyRepositoryAccessPersonal,
  deleteRepositoryPersonal,
  batchDeleteRepositoryPersonal,
  validateRepositoryExistPersonal,
]
