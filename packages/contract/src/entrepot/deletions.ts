// What a deletion would take, asked before it (5 actions).

import { type Action, on } from '../action.ts'
import { flag, integer, list, listOf, nullable, required, structure, text } from '../fields.ts'
import { namespaceName, registryId, repositoryName } from '../tcr/parameters.ts'
import { tagNames } from './images.ts'
import { action, digest, ownOrAsks, personUin, time } from './parameters.ts'

const inRepository = {
  RegistryId: registryId,
  NamespaceName: namespaceName,
  RepositoryName: repositoryName,
} as const

const repositoryOnly = on('repository/{RegistryId}/{NamespaceName}/{RepositoryName}')

/** More at once are a job of the caller's. */
const maxTags = 200

const recentPulls = integer('Pulls within seven days', '最近 7 天的拉取次数')
const bytes = integer('Bytes: each blob and manifest once', '字节数，相同的数据块与清单只计一次')

const binDays = integer(
  'Days within which it can come back from the recycle bin; 0: it can’t',
  '可从回收站恢复的天数，0 为不可恢复',
)

const tagDeletion = structure('TagDeletion', 'A tag to delete', '待删除的版本', {
  Tag: text('The tag', '版本'),
  Digest: digest,
  StayingTags: tagNames,
  StayingTagCount: integer(
    'Tags of the digest that stay; five are named',
    '该摘要保留的其他版本数，最多列出 5 个',
  ),
  ReferrerCount: integer('Artifacts about it', '关联制品数'),
  RecentPulls: recentPulls,
  LastPullTime: nullable(time('The last pull', '最近拉取时间')),
})

export const describeTagDeletion = action('DescribeTagDeletion', {
  doc: {
    en: 'Tells what deleting tags would take and leave. Deletes nothing.',
    zh: '查询删除版本的影响，不会删除。',
  },
  kind: 'read',
  access: repositoryOnly,
  permission: 'tcr:DescribeImages',
  input: {
    ...inRepository,
    Tags: required(
      list(text('A tag', '版本', { minChars: 1, maxChars: 128 }), 'The tags', '版本列表', {
        minItems: 1,
        maxItems: maxTags,
      }),
    ),
  },
  output: {
    Tags: listOf(tagDeletion, 'Those that are there', '存在的版本'),
    UntaggedCount: integer(
      'Digests that lose their last tag; their manifests stay, untagged',
      '将失去最后一个版本的摘要数，其清单保留为未打标签',
    ),
    BinDays: binDays,
  },
})

export const describeManifestDeletion = action('DescribeManifestDeletion', {
  doc: {
    en: 'Tells what deleting a digest would take. Deletes nothing.',
    zh: '查询删除摘要的影响，不会删除。',
  },
  kind: 'read',
  access: repositoryOnly,
  permission: 'tcr:DescribeImages',
  input: { ...inRepository, Digest: required(digest) },
  output: {
    Tags: tagNames,
    TagCount: integer(
      'Tags that go with it; a hundred are named',
      '一并删除的版本数，最多列出 100 个',
    ),
    ReferrerCount: integer('Artifacts about it, which stay', '关联制品数，均会保留'),
    Indexes: list(
      digest,
      'Indexes that hold it, five at most: it can’t be deleted before them',
      '包含它的镜像索引，最多 5 个；须先删除这些索引',
    ),
    Size: integer('Bytes, compressed', '大小（字节，压缩后）'),
    BinDays: binDays,
    RecentPulls: recentPulls,
    LastPullTime: nullable(time('The last pull', '最近拉取时间')),
  },
})

export const describeRepositoryDeletion = action('DescribeRepositoryDeletion', {
  doc: {
    en: 'Tells what deleting a repository would take. Deletes nothing.',
    zh: '查询删除镜像仓库的影响，不会删除。',
  },
  kind: 'read',
  access: repositoryOnly,
  permission: 'tcr:DescribeRepositories',
  input: inRepository,
  output: {
    TagCount: integer('Tags', '版本数'),
    ManifestCount: integer('Manifests', '清单数'),
    StoredBytes: bytes,
    ImmutableTag: nullable(
      text(
        'A tag that an immutability rule keeps: the repository can’t be deleted with it',
        '受版本不可变规则保护的一个版本，存在时不能删除该仓库',
      ),
    ),
    BinDays: binDays,
    RecentPulls: recentPulls,
    LastPullTime: nullable(time('The last pull', '最近拉取时间')),
    LastPushTime: nullable(time('The last push', '最近推送时间')),
  },
})

export const describeNamespaceDeletion = action('DescribeNamespaceDeletion', {
  doc: {
    en: 'Tells what a namespace holds and who uses it, before it is deleted or its access is changed.',
    zh: '查询命名空间的内容与使用情况，用于删除或变更访问级别之前。',
  },
  kind: 'read',
  access: on('repository/{RegistryId}/{NamespaceName}'),
  permission: 'tcr:DescribeNamespaces',
  input: { RegistryId: registryId, NamespaceName: namespaceName },
  output: {
    IsPublic: flag('True: anyone may pull', 'true 为公开'),
    RepositoryCount: integer('Repositories', '镜像仓库数'),
    Repositories: list(
      text('Its name, without the namespace', '镜像仓库名称，不含命名空间'),
      'Ten of them',
      '镜像仓库，最多 10 个',
    ),
    TagCount: integer('Tags', '版本数'),
    StoredBytes: bytes,
    RecentPulls: integer(
      'Pulls within seven days, up to the last full hour',
      '最近 7 天的拉取次数，截至上一整点',
    ),
    RecentAnonymousPulls: integer(
      'Pulls without a login within seven days',
      '最近 7 天的匿名拉取次数',
    ),
    BinDays: binDays,
    BinCount: integer(
      'What was deleted in it and lies in the recycle bin: its repositories can come back, and the namespace with them',
      '回收站中属于该命名空间的条目数：仓库仍可恢复，命名空间随之重新创建',
    ),
    BinBytes: integer('Bytes that only those hold', '仅被这些条目占用的字节数'),
    ServiceAccountCount: integer(
      'Service accounts that may do something in it by name',
      '按名称授权到该命名空间的服务级账号数',
    ),
  },
})

export const describeUserDeletion = action('DescribeUserDeletion', {
  doc: {
    en: 'Tells what ends with a user. Deletes nothing.',
    zh: '查询删除用户的影响，不会删除。',
  },
  kind: 'read',
  access: ownOrAsks,
  permission: 'cam:GetUser',
  input: { TargetUin: personUin },
  output: {
    Name: text('Name', '用户名'),
    ApiKeyCount: integer('API keys', 'API 密钥数'),
    CredentialCount: integer('Long-term credentials of instances', '长期访问凭证数'),
    SessionCount: integer('Console sessions', '控制台会话数'),
    GroupCount: integer('Groups', '所属用户组数'),
    PolicyCount: integer('Policies attached directly', '直接关联的策略数'),
    RecentPulls: recentPulls,
    LastLoginTime: nullable(time('The last login at the console', '最近登录控制台的时间')),
  },
})

export const deletionActions: readonly Action[] = [
  describeTagDeletion,
  describeManifestDeletion,
  describeRepositoryDeletion,
  describeNamespaceDeletion,
  describeUserDeletion,
]
