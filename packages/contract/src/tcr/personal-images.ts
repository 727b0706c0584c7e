// Personal edition: images and their tags (5 actions).

import { type Action, listed, on } from '../action.ts'
import { integer, list, listOf, object, required, structure, text } from '../fields.ts'
import { action, limit, recordOffset } from './parameters.ts'
import { creationTime, personalTag, repoName, server, updateTime } from './personal-fields.ts'

export const maxDeletedTags = 100
/** `ns/repo:tag` */
const maxImageNameChars = 400

const tag = structure('TagInfo', 'A tag', '镜像版本', {
  TagName: text('The tag', '版本'),
  TagId: text('Id of the artifact', '制品 ID'),
  ImageId: text('Id of the image: digest of its config', '镜像 ID，配置的摘要'),
  Size: text('How large it is, as text', '大小，文本'),
  CreationTime: creationTime,
  DurationDays: text('How many days ago it was pushed, as text', '推送至今的天数，文本'),
  Author: text('Who made it, as the image says', '镜像作者'),
  Architecture: text('Architecture', '架构'),
  DockerVersion: text('Version of Docker that built it', '构建镜像的 Docker 版本'),
  OS: text('Operating system', '操作系统'),
  SizeByte: integer('Bytes', '大小，字节'),
  Id: integer('Number of the tag', '版本的数字 ID'),
  UpdateTime: updateTime,
  PushTime: text('When it was pushed, 2020-01-23 17:06:17', '推送时间'),
  Kind: text('Kind of artifact', '制品类型'),
})

const tags = structure('TagInfoResp', 'Tags', '版本列表', {
  TagCount: required(integer('How many there are in all', '总数')),
  TagInfo: required(listOf(tag, 'The tags', '版本列表')),
  Server: required(server),
  RepoName: required(repoName),
})

export const describeImagePersonal = action('DescribeImagePersonal', {
  doc: {
    en: 'Lists the tags of a repository of Personal edition.',
    zh: '查询个人版镜像仓库的版本。',
  },
  kind: 'read',
  access: on('repo/{RepoName}'),
  paging: 'record',
  input: {
    RepoName: required(repoName),
    Offset: recordOffset,
    Limit: limit,
    Tag: text('Part of a tag', '按版本模糊搜索', { maxChars: 128 }),
  },
  output: { Data: object(tags) },
})

const sameImages = structure('SameImagesResp', 'Tags of the same image', '内容相同的版本', {
  SameImages: list(personalTag, 'The tags', '版本列表', { maxItems: 1000 }),
})

export const describeImageFilterPersonal = action('DescribeImageFilterPersonal', {
  doc: {
    en: 'Lists the tags of a repository that name the same image as a tag.',
    zh: '查询个人版镜像仓库中与某版本内容相同的版本。',
  },
  kind: 'read',
  access: on('repo/{RepoName}'),
  input: { RepoName: required(repoName), Tag: required(personalTag) },
  output: { Data: object(sameImages) },
})

const imageName = { minChars: 1, maxChars: maxImageNameChars }

const duplicated = structure('DupImageTagResp', 'The copy', '复制结果', {
  Digest: text('Digest of the copy', '镜像摘要'),
})

export const duplicateImagePersonal = action('DuplicateImagePersonal', {
  doc: {
    en: 'Copies an image of Personal edition to another tag or repository.',
    zh: '复制个人版镜像到其他版本或仓库。',
  },
  kind: 'write',
  // The names hold tags: the handler asks for the repositories, to pull from one and to push to the other.
  access: listed('repo/*'),
  input: {
    SrcImage: required(
      text('What to copy, namespace/name:tag', '源镜像：命名空间/仓库:版本', imageName),
    ),
    DestImage: required(
      text('Where to, namespace/name:tag', '目标镜像：命名空间/仓库:版本', imageName),
    ),
  },
  output: { Data: object(duplicated) },
})

export const deleteImagePersonal = action('DeleteImagePersonal', {
  doc: {
    en: 'Deletes a tag of a repository of Personal edition.',
    zh: '删除个人版镜像仓库的一个版本。',
  },
  kind: 'write',
  access: on('repo/{RepoName}'),
  input: { RepoName: required(repoName), Tag: required(personalTag) },
  output: {},
})

export const batchDeleteImagePersonal = action('BatchDeleteImagePersonal', {
  doc: {
    en: 'Deletes tags of a repository of Personal edition.',
    zh: '批量删除个人版镜像仓库的版本。',
  },
  kind: 'write',
  access: on('repo/{RepoName}'),
  input: {
    RepoName: required(repoName),
    Tags: required(
      list(personalTag, 'The tags', '版本列表', { minItems: 1, maxItems: maxDeletedTags }),
    ),
  },
  output: {},
})

export const personalImageActions: readonly Action[] = [
  describeImagePersonal,
  describeImageFilterPersonal,
  duplicateImagePersonal,
  deleteImagePersonal,
  batchDeleteImagePersonal,
]
