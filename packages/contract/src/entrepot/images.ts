// What an image is made of, what shares it, and how often it is pulled (5 actions).

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
} from '../fields.ts'
import {
  keyValueString,
  namespaceName,
  registryId,
  repositoryName,
  totalCount,
} from '../tcr/parameters.ts'
import { action, digest, limit, offset, time } from './parameters.ts'

const repositoryOnly = on('repository/{RegistryId}/{NamespaceName}/{RepositoryName}')

const inRepository = {
  RegistryId: registryId,
  NamespaceName: namespaceName,
  RepositoryName: repositoryName,
} as const

const mediaType = text('Media type', '媒体类型')
const size = integer('Bytes, compressed', '大小（字节，压缩后）')
const tagNames = list(text('A tag', '版本', { maxChars: 128 }), 'Tags', '版本列表')
const kind = oneOf(
  ['Image', 'Index', 'Chart', 'Cnab', 'Artifact'],
  'Image, index, Helm chart, CNAB, or another artifact',
  '类型：镜像、镜像索引、Helm Chart、CNAB 或其他制品',
)

const platform = structure('Platform', 'What an index has for a platform', '镜像索引中的平台', {
  Digest: digest,
  MediaType: mediaType,
  Os: text('Operating system', '操作系统'),
  Architecture: text('Architecture', '架构'),
  Variant: nullable(text('Variant of the architecture', '架构变体')),
  OsVersion: nullable(text('Version of the operating system', '操作系统版本')),
  Size: size,
  IsPresent: flag('False: it was not pushed here', 'false 为该平台的镜像未推送'),
})

const layer = structure('Layer', 'A step of the image, with its layer', '构建步骤与对应的层', {
  Digest: nullable(
    text('Digest of the layer; null: the step made none', '层的摘要，为空表示无数据'),
  ),
  MediaType: nullable(mediaType),
  Size: size,
  CreatedBy: nullable(text('The command that made it', '生成该层的命令')),
  Comment: nullable(text('Comment', '备注')),
  CreateTime: nullable(time('When it was made', '生成时间')),
})

export const describeManifest = action('DescribeManifest', {
  doc: {
    en: 'Shows an artifact by tag or digest: platforms, layers with their commands, labels, pushes and pulls.',
    zh: '按版本或摘要查询制品：平台、各层及命令、标签、推送与拉取信息。',
  },
  kind: 'read',
  access: repositoryOnly,
  permission: 'tcr:DescribeImageManifests',
  input: {
    ...inRepository,
    Reference: required(text('Tag or digest', '版本或摘要', { minChars: 1, maxChars: 160 })),
    Platform: text(
      'Whose layers of an index, as `linux/arm64`; unless told linux/amd64, else the first',
      '镜像索引中取哪个平台的层，如 linux/arm64；默认 linux/amd64，没有则取第一个',
      { maxChars: 128 },
    ),
  },
  output: {
    Digest: digest,
    Kind: kind,
    MediaType: mediaType,
    ArtifactType: nullable(text('Artifact type', '制品类型')),
    Size: size,
    Tags: tagNames,
    Platforms: listOf(platform, 'What an index has; of an image, its own', '平台列表'),
    Layers: listOf(layer, 'Steps and layers, from the base', '各构建步骤与层，自底向上'),
    Labels: listOf(keyValueString, 'Labels of the image', '镜像标签'),
    Annotations: listOf(keyValueString, 'Annotations of the manifest', '清单注解'),
    SubjectDigest: nullable(text('What it is about', '主体的摘要')),
    ReferrerCount: integer('Artifacts about it', '关联制品数'),
    PushedBy: text('Who pushed it first', '首次推送者'),
    PushTime: time('When it was first pushed', '首次推送时间'),
    PullCount: integer('How often it was pulled by its tags', '经各版本拉取的次数'),
    LastPullTime: nullable(time('When it was last pulled', '最近拉取时间')),
    Manifest: text('The manifest as it was pushed', '清单原文'),
  },
})

export const deleteManifest = action('DeleteManifest', {
  doc: {
    en: 'Deletes an artifact by its digest, with all its tags.',
    zh: '按摘要删除制品及其全部版本。',
  },
  kind: 'write',
  access: repositoryOnly,
  permission: 'tcr:DeleteImage',
  input: { ...inRepository, Digest: required(digest) },
  output: { DeletedTags: tagNames },
})

const sharingTag = structure('TagOfDigest', 'A tag that names the digest', '指向该摘要的版本', {
  Tag: text('The tag', '版本'),
  PushedBy: text('Who pushed it', '推送者'),
  PushTime: time('When it was pushed', '推送时间'),
  PullCount: integer('How often it was pulled', '拉取次数'),
  LastPullTime: nullable(time('When it was last pulled', '最近拉取时间')),
})

export const describeTagsOfDigest = action('DescribeTagsOfDigest', {
  doc: { en: 'Lists the tags that share a digest.', zh: '查询共用同一摘要的版本。' },
  kind: 'read',
  access: repositoryOnly,
  permission: 'tcr:DescribeImages',
  paging: 'record',
  input: { ...inRepository, Digest: required(digest), Limit: limit, Offset: offset },
  output: { Tags: listOf(sharingTag, 'The tags', '版本列表'), TotalCount: totalCount },
})

const referrer = structure('Referrer', 'An artifact about another', '关联制品', {
  Digest: digest,
  MediaType: mediaType,
  ArtifactType: nullable(text('Artifact type', '制品类型')),
  Size: size,
  Annotations: listOf(keyValueString, 'Annotations', '注解'),
  PushedBy: text('Who pushed it', '推送者'),
  PushTime: time('When it was pushed', '推送时间'),
})

export const describeReferrers = action('DescribeReferrers', {
  doc: {
    en: 'Lists the artifacts about a digest: signatures, SBOMs, attestations.',
    zh: '查询某摘要的关联制品：签名、SBOM、证明等。',
  },
  kind: 'read',
  access: repositoryOnly,
  permission: 'tcr:DescribeImages',
  paging: 'record',
  input: {
    ...inRepository,
    Digest: required(digest),
    ArtifactType: text('Only of this artifact type', '只查询该制品类型', { maxChars: 255 }),
    Limit: limit,
    Offset: offset,
  },
  output: { Referrers: listOf(referrer, 'The artifacts', '关联制品列表'), TotalCount: totalCount },
})

const statistics = structure('RepositoryStatistics', 'A repository in numbers', '镜像仓库统计', {
  NamespaceName: text('Its namespace', '命名空间'),
  RepositoryName: text('Its name', '镜像仓库名称'),
  TagCount: integer('Tags', '版本数'),
  ManifestCount: integer('Manifests', '清单数'),
  PullCount: integer('Pulls', '拉取次数'),
  LastPullTime: nullable(time('The last pull', '最近拉取时间')),
  LastPushTime: nullable(time('The last push', '最近推送时间')),
})

export const describeRepositoryStatistics = action('DescribeRepositoryStatistics', {
  doc: { en: 'Counts tags and pulls of repositories.', zh: '查询镜像仓库的版本数与拉取次数。' },
  kind: 'read',
  access: listed('repository/{RegistryId}/*'),
  permission: 'tcr:DescribeRepositories',
  paging: 'record',
  input: {
    RegistryId: registryId,
    NamespaceName: text('Only of this namespace', '只查询该命名空间', { maxChars: 256 }),
    RepositoryName: text('Only this repository of it', '只查询该镜像仓库', { maxChars: 256 }),
    Limit: limit,
    Offset: offset,
  },
  output: {
    Statistics: listOf(statistics, 'By repository', '按镜像仓库列出'),
    TotalCount: totalCount,
  },
})

export const imageActions: readonly Action[] = [
  describeManifest,
  deleteManifest,
  describeTagsOfDigest,
  describeReferrers,
  describeRepositoryStatistics,
]
