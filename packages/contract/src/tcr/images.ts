// Images and their tags (4 actions).

import { maxTagChars } from '@entrepot/oci/reference.ts'
import { type Action, listed, on } from '../action.ts'
import { flag, integer, listOf, required, structure, text, withDefault } from '../fields.ts'
import {
  action,
  imageVersion,
  keyValueString,
  limit,
  namespaceName,
  pageOffset,
  registryId,
  repositoryName,
  totalCount,
} from './parameters.ts'

const maxDigestChars = 256

const image = structure('TcrImageInfo', 'A tag and its image', '镜像版本', {
  Digest: text('Digest of the image', '镜像摘要'),
  Size: integer('Bytes of the image, compressed', '镜像大小，字节，压缩后'),
  ImageVersion: text('The tag', '镜像版本'),
  UpdateTime: text('When the tag last moved, ISO 8601 UTC', '更新时间，ISO 8601 UTC'),
  Kind: text('Kind of artifact: Artifact:: and a media type', '制品类型，形如 Artifact::媒体类型'),
  KmsSignature: text('Signature by a key of KMS, base64; empty without', 'KMS 签名，无则为空'),
})

export const describeImages = action('DescribeImages', {
  doc: { en: 'Lists the tags of a repository.', zh: '查询仓库中的镜像版本。' },
  kind: 'read',
  access: listed('repository/{RegistryId}/{NamespaceName}/{RepositoryName}/*'),
  ratePerSecond: 100,
  paging: 'page',
  input: {
    RegistryId: registryId,
    NamespaceName: namespaceName,
    RepositoryName: repositoryName,
    ImageVersion: text('Part of the tag', '镜像版本，默认模糊匹配', { maxChars: maxTagChars }),
    Limit: limit,
    Offset: pageOffset,
    Digest: text('Only those of this digest', '只查询该摘要', { maxChars: maxDigestChars }),
    ExactMatch: withDefault(
      flag('True: ImageVersion is the whole tag', 'true 表示 ImageVersion 精确匹配'),
      false,
    ),
  },
  output: {
    ImageInfoList: listOf(image, 'One for each tag', '镜像版本列表'),
    TotalCount: totalCount,
  },
})

export const describeImageManifests = action('DescribeImageManifests', {
  doc: { en: 'Tells the manifest and the config of an image.', zh: '查询镜像的清单与配置。' },
  kind: 'read',
  access: on('repository/{RegistryId}/{NamespaceName}/{RepositoryName}'),
  ratePerSecond: 10,
  input: {
    RegistryId: registryId,
    NamespaceName: namespaceName,
    RepositoryName: repositoryName,
    ImageVersion: imageVersion,
  },
  output: {
    Manifest: text('The manifest as it was pushed', '清单原文'),
    Config: text('The config as it was pushed', '配置原文'),
    Labels: listOf(keyValueString, 'Labels of the config', '配置中的标签'),
    Size: integer('Bytes of the image, compressed', '镜像大小，字节，压缩后'),
  },
})

export const deleteImage = action('DeleteImage', {
  doc: {
    en: 'Deletes a tag; other tags of the same image stay.',
    zh: '删除一个镜像版本，不影响同一镜像的其他版本。',
  },
  kind: 'write',
  access: on('repository/{RegistryId}/{NamespaceName}/{RepositoryName}'),
  input: {
    RegistryId: registryId,
    NamespaceName: namespaceName,
    RepositoryName: repositoryName,
    ImageVersion: imageVersion,
  },
  output: {},
})

const destination = { minChars: 1, maxChars: 256 }

export const duplicateImage = action('DuplicateImage', {
  doc: { en: 'Copies an image within an instance.', zh: '在实例内复制镜像。' },
  kind: 'write',
  // Where it goes may be left out and is then where it comes from, so the handler asks for that.
  access: on('repository/{RegistryId}/{SourceNamespace}/{SourceRepo}'),
  input: {
    RegistryId: registryId,
    SourceNamespace: namespaceName,
    SourceRepo: repositoryName,
    SourceReference: required(
      text('Tag or digest to copy', '源镜像版本或摘要', { minChars: 1, maxChars: maxDigestChars }),
    ),
    DestinationTag: imageVersion,
    DestinationNamespace: text('The same when left out', '目标命名空间，默认与源相同', destination),
    DestinationRepo: text('The same when left out', '目标仓库，默认与源相同', destination),
    Override: withDefault(flag('Move a tag that is there', '覆盖已有的镜像版本'), false),
  },
  output: {},
})

export const imageActions: readonly Action[] = [
  describeImages,
  describeImageManifests,
  deleteImage,
  duplicateImage,
]
