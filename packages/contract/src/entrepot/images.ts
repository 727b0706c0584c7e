// What an image is made of, what shares it, and what is about it (4 actions).

import { type Action, on } from '../action.ts'
import {
  flag,
  integer,
  list,
  listOf,
  nullable,
  object,
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

export const mediaType = text('Media type', '媒体类型')
export const size = integer('Bytes, compressed', '大小（字节，压缩后）')
export const tagNames = list(text('A tag', '版本', { maxChars: 128 }), 'Tags', '版本列表')
export const artifactKind = oneOf(
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
  SharedRepositoryCount: integer(
    'Other repositories of the instance that hold the layer, of those that the caller may list',
    '实例内（可见范围）同样包含该层的其他仓库数',
  ),
})

const texts = (en: string, zh: string) => list(text(en, zh), en, zh)

const imageConfig = structure('ImageConfig', 'How an image runs', '镜像的运行配置', {
  Os: nullable(text('Operating system', '操作系统')),
  Architecture: nullable(text('Architecture', '架构')),
  Variant: nullable(text('Variant of the architecture', '架构变体')),
  OsVersion: nullable(text('Version of the operating system', '操作系统版本')),
  Author: nullable(text('Who made it', '作者')),
  CreateTime: nullable(text('When it was made, as it stands there', '构建时间，原文')),
  User: nullable(text('As whom it runs', '运行用户')),
  WorkingDir: nullable(text('Where it runs', '工作目录')),
  Entrypoint: texts('The entrypoint', '入口命令'),
  Cmd: texts('Arguments, or the command', '默认参数或命令'),
  Env: texts('Environment, `NAME=value`', '环境变量，形如 NAME=value'),
  ExposedPorts: texts('Ports, `80/tcp`', '端口，形如 80/tcp'),
  Volumes: texts('Volumes', '数据卷'),
  StopSignal: nullable(text('Signal that stops it', '停止信号')),
})

const attestation = structure(
  'IndexAttestation',
  'What an index holds about one of its images, as BuildKit writes it',
  '镜像索引内附带的证明（BuildKit）',
  {
    Digest: digest,
    Size: size,
    SubjectDigest: nullable(text('The image it is about', '所属镜像的摘要')),
    Type: nullable(text('Of which kind: attestation-manifest', '类型，如 attestation-manifest')),
    IsPresent: flag('False: it was not pushed here', 'false 为未推送'),
  },
)

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
    Kind: artifactKind,
    MediaType: mediaType,
    ArtifactType: nullable(text('Artifact type', '制品类型')),
    Size: size,
    Tags: tagNames,
    TagCount: integer('Its tags; a hundred are named', '版本数，最多列出 100 个'),
    ImmutableTags: list(
      text('A tag', '版本'),
      'Those of its tags, a hundred at most, that an immutability rule keeps: while there is one the digest can’t be deleted either',
      '受版本不可变规则保护的版本，最多 100 个；存在时也不能按摘要删除',
    ),
    Platforms: listOf(platform, 'What an index has; of an image, its own', '平台列表'),
    Attestations: listOf(attestation, 'What an index has beside images', '镜像索引中的证明'),
    ImageDigest: nullable(
      text(
        'Digest of the image whose layers and config follow; null: there is none',
        '以下各层与配置所属镜像的摘要，为空表示没有',
      ),
    ),
    Config: nullable(object(imageConfig, 'How it runs; null: no image', '运行配置，非镜像为空')),
    ConfigMediaType: nullable(text('Media type of the config', '配置的媒体类型')),
    RawConfig: text(
      'The config as it was pushed, where it is text of at most 1 MiB; else empty',
      '配置原文，仅限不超过 1 MiB 的文本，否则为空',
    ),
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

export const imageActions: readonly Action[] = [
  describeManifest,
  deleteManifest,
  describeTagsOfDigest,
  describeReferrers,
]
