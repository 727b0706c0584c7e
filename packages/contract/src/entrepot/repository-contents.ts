// What lies in a repository, as its page shows it: tags with all that a row needs, manifests that have none, and where
// a tag pointed before (3 actions).

import { type Action, listed, on } from '../action.ts'
import {
  flag,
  integer,
  list,
  listOf,
  nullable,
  oneOf,
  required,
  structure,
  text,
  withDefault,
} from '../fields.ts'
import { namespaceName, registryId, repositoryName, totalCount } from '../tcr/parameters.ts'
import { artifactKind, mediaType, size, tagNames } from './images.ts'
import { action, digest, limit, offset, time } from './parameters.ts'

const inRepository = {
  RegistryId: registryId,
  NamespaceName: namespaceName,
  RepositoryName: repositoryName,
} as const

/** Sees a repository's tags whoever may list them: as DescribeImages asks. */
const tagsOfRepository = listed('repository/{RegistryId}/{NamespaceName}/{RepositoryName}/*')

const maxTagChars = 128

const rowPlatform = structure('TagPlatform', 'A platform of a tag', '版本的平台', {
  Os: text('Operating system', '操作系统'),
  Architecture: text('Architecture', '架构'),
  Variant: nullable(text('Variant of the architecture', '架构变体')),
  Size: size,
})

const tagRow = structure('RepositoryTag', 'A tag', '镜像版本', {
  Tag: text('The tag', '版本'),
  Digest: digest,
  Kind: artifactKind,
  MediaType: mediaType,
  ArtifactType: nullable(text('Artifact type', '制品类型')),
  Size: size,
  Platforms: listOf(
    rowPlatform,
    'Platforms of an image or index; empty where none is known',
    '平台列表，未知时为空',
  ),
  SameDigestTags: tagNames,
  SameDigestCount: integer(
    'Other tags of the digest; five are named',
    '共用该摘要的其他版本数，最多列出 5 个',
  ),
  ReferrerCount: integer('Artifacts about it: signatures, SBOMs …', '关联制品数'),
  IsImmutable: flag('True: an immutability rule keeps it as it is', 'true 为受版本不可变规则保护'),
  PushedBy: text('Who pushed it', '推送者'),
  PushTime: time('When it was pushed', '推送时间'),
  PullCount: integer('How often it was pulled', '拉取次数'),
  LastPullTime: nullable(time('When it was last pulled', '最近拉取时间')),
})

const tagOrders = [
  '-push_time',
  'push_time',
  'name',
  '-name',
  '-size',
  'size',
  '-pull_time',
  'pull_time',
  '-pull_count',
  'pull_count',
] as const

export const describeRepositoryTags = action('DescribeRepositoryTags', {
  doc: {
    en: 'Lists the tags of a repository with platforms, pushes and pulls; searched, filtered and sorted.',
    zh: '查询镜像仓库的版本及其平台、推送与拉取信息，可搜索、筛选和排序。',
  },
  kind: 'read',
  access: tagsOfRepository,
  permission: 'tcr:DescribeImages',
  ratePerSecond: 100,
  paging: 'record',
  input: {
    ...inRepository,
    Search: text('Part of the tag, or the beginning of a digest', '版本的一部分，或摘要的开头', {
      maxChars: 160,
    }),
    Digest: text('Only those of this digest', '只查询该摘要', { maxChars: 160 }),
    Kinds: list(artifactKind, 'Only these kinds', '制品类型列表', { maxItems: 5 }),
    WithSignatures: withDefault(
      flag(
        'True: also tags that name a signature or attestation by its subject’s digest (`sha256-….sig`)',
        'true 表示包含以主体摘要命名的签名与证明版本（sha256-….sig）',
      ),
      false,
    ),
    CountUntagged: withDefault(
      flag('True: UntaggedCount is wanted', 'true 表示返回 UntaggedCount'),
      false,
    ),
    PushedBefore: time('Only those pushed before', '只查询此前推送的版本'),
    PushedAfter: time('Only those pushed after', '只查询此后推送的版本'),
    NotPulledSince: time('Only those not pulled since', '只查询此后未被拉取的版本'),
    SortBy: withDefault(
      oneOf(tagOrders, 'Order; `-`: the largest, or latest, first', '排序方式，- 表示降序'),
      '-push_time',
    ),
    Limit: limit,
    Offset: offset,
  },
  output: {
    Tags: listOf(tagRow, 'The tags', '版本列表'),
    TotalCount: totalCount,
    SignatureCount: integer('Tags of signatures that were left out', '未列出的签名与证明版本数'),
    UntaggedCount: nullable(
      integer(
        'Manifests that nothing names; null: not asked for',
        '未打标签且未被引用的清单数，未请求时为空',
      ),
    ),
  },
})

const manifestGroups = ['Untagged', 'Child', 'Referrer', 'All'] as const

const manifestRow = structure('RepositoryManifest', 'A manifest', '清单', {
  Digest: digest,
  Kind: artifactKind,
  MediaType: mediaType,
  ArtifactType: nullable(text('Artifact type', '制品类型')),
  Size: size,
  SubjectDigest: nullable(text('What it is about', '主体的摘要')),
  TagCount: integer('Its tags', '版本数'),
  PushedBy: text('Who pushed it first', '首次推送者'),
  PushTime: time('When it was first pushed', '首次推送时间'),
})

export const describeRepositoryManifests = action('DescribeRepositoryManifests', {
  doc: {
    en: 'Lists the manifests of a repository, newest first: those that no tag, index or subject names, unless told otherwise.',
    zh: '按推送时间倒序查询镜像仓库的清单，默认为未打标签且未被引用的清单。',
  },
  kind: 'read',
  access: tagsOfRepository,
  permission: 'tcr:DescribeImages',
  paging: 'record',
  input: {
    ...inRepository,
    Group: withDefault(
      oneOf(
        manifestGroups,
        'Named by nothing; part of an index; about another; or all',
        '未被引用、属于镜像索引、关联制品或全部',
      ),
      'Untagged',
    ),
    Limit: limit,
    Offset: offset,
  },
  output: {
    Manifests: listOf(manifestRow, 'The manifests', '清单列表'),
    TotalCount: totalCount,
  },
})

const move = structure('TagMove', 'A move of a tag', '版本变更记录', {
  Digest: nullable(text('Where to; null: it was deleted', '变更后的摘要，为空表示被删除')),
  PreviousDigest: nullable(text('Where from; null: it was new', '变更前的摘要，为空表示新建')),
  By: text('Who did it', '操作者'),
  Cause: text('By hand, or which rule', '原因：手动操作或规则'),
  Time: time('When', '时间'),
  IsPresent: flag(
    'True: what it pointed to then is still there, so that it may be moved back',
    'true 为变更后的摘要仍存在，可移回',
  ),
  IsInRecycleBin: flag(
    'True: it is not there, and can come back from the recycle bin',
    'true 为已删除，可从回收站恢复',
  ),
})

export const describeTagHistory = action('DescribeTagHistory', {
  doc: { en: 'Lists where a tag has pointed, newest first.', zh: '按时间倒序查询版本的变更历史。' },
  kind: 'read',
  access: on('repository/{RegistryId}/{NamespaceName}/{RepositoryName}'),
  permission: 'tcr:DescribeImages',
  paging: 'record',
  input: {
    ...inRepository,
    Tag: required(text('The tag', '版本', { minChars: 1, maxChars: maxTagChars })),
    Limit: limit,
    Offset: offset,
  },
  output: { Moves: listOf(move, 'Its moves', '变更记录'), TotalCount: totalCount },
})

export const repositoryContentActions: readonly Action[] = [
  describeRepositoryTags,
  describeRepositoryManifests,
  describeTagHistory,
]
