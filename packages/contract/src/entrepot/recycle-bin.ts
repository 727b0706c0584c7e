// What was deleted and can come back, deleting past it, and moving a tag back (9 actions).

import { type Action, listed, on } from '../action.ts'
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
  withDefault,
} from '../fields.ts'
import { namespaceName, registryId, repositoryName, totalCount } from '../tcr/parameters.ts'
import { artifactKind, tagNames } from './images.ts'
import { action, digest, jobId, limit, offset, time } from './parameters.ts'

const inRepository = {
  RegistryId: registryId,
  NamespaceName: namespaceName,
  RepositoryName: repositoryName,
} as const

const repositoryOnly = on('repository/{RegistryId}/{NamespaceName}/{RepositoryName}')
const instanceOnly = on('instance/{RegistryId}')

const deletionId = required(
  text('Id of what lies in the recycle bin', '回收站条目 ID', { minChars: 1, maxChars: 64 }),
)

/** Days that an instance keeps what was deleted. */
export const maxBinDays = 90
/** More at once are a job of the caller's. */
const maxTags = 200

const kinds = ['Tag', 'Manifest', 'Repository'] as const

const deletion = structure('Deletion', 'Something in the recycle bin', '回收站条目', {
  DeletionId: text('Its id', '条目 ID'),
  Kind: oneOf(
    kinds,
    'A tag; a digest with its tags; a repository with all that it held',
    '版本；摘要及其版本；镜像仓库及其全部内容',
  ),
  NamespaceName: text('In which namespace', '命名空间'),
  RepositoryName: text('Which repository, or in which', '镜像仓库'),
  Name: text('The tag or digest; of a repository its name', '版本或摘要，仓库则为其名称'),
  Digest: nullable(text('What it named; null of a repository', '摘要，仓库为空')),
  ArtifactKind: nullable(artifactKind),
  TagCount: nullable(integer('Tags that come back; null: not counted yet', '版本数，未统计时为空')),
  ManifestCount: nullable(
    integer('Manifests that come back; null: not counted yet', '清单数，未统计时为空'),
  ),
  Size: nullable(
    integer(
      'Bytes, compressed; of a repository each blob once; null: not counted yet',
      '大小（字节，压缩后），仓库内相同数据块只计一次，未统计时为空',
    ),
  ),
  DeletedBy: text('Who deleted it', '删除者'),
  DeleteTime: time('When', '删除时间'),
  Cause: text('user: by hand; retention, system …: which rule', '原因：user 为手动，其他为规则'),
  GoesTime: time('Until when it can come back', '可恢复的截止时间'),
})

export const describeRecycleBin = action('DescribeRecycleBin', {
  doc: {
    en: 'Tells how long an instance keeps what was deleted, and how much lies in its recycle bin.',
    zh: '查询实例回收站的保留天数与占用。',
  },
  kind: 'read',
  access: instanceOnly,
  permission: 'tcr:DescribeRecycleBin',
  input: { RegistryId: registryId },
  output: {
    Days: integer(
      'Days that it is kept; 0: it goes with the next clean-up',
      '保留天数，0 为不保留',
    ),
    Count: integer('What lies there', '条目数'),
    HeldBytes: integer(
      'Bytes of layers that nothing but the recycle bin holds',
      '仅被回收站占用的数据块字节数',
    ),
  },
})

export const modifyRecycleBin = action('ModifyRecycleBin', {
  doc: {
    en: 'Sets how long an instance keeps what was deleted: also what lies there already.',
    zh: '设置实例回收站的保留天数，对已有条目同样生效。',
  },
  kind: 'write',
  access: instanceOnly,
  permission: 'tcr:ModifyRecycleBin',
  input: {
    RegistryId: registryId,
    Days: required(
      integer('0 to 90; 0: it goes with the next clean-up', '0 到 90，0 为不保留', {
        min: 0,
        max: maxBinDays,
      }),
    ),
  },
  output: {},
})

export const describeDeletions = action('DescribeDeletions', {
  doc: {
    en: 'Lists what lies in the recycle bin, of the repositories that the caller may see, the last deleted first.',
    zh: '按删除时间倒序查询可见范围内的回收站条目。',
  },
  kind: 'read',
  access: listed('repository/{RegistryId}/*'),
  permission: 'tcr:DescribeDeletions',
  paging: 'record',
  input: {
    RegistryId: registryId,
    NamespaceName: text('Only of this namespace', '只查询该命名空间', { maxChars: 256 }),
    Search: text('Part of a repository or tag, or a digest', '仓库或版本的一部分，或摘要', {
      maxChars: 256,
    }),
    Kinds: list(oneOf(kinds, 'A kind', '类型'), 'Only of these kinds', '只查询这些类型', {
      maxItems: kinds.length,
    }),
    DeletedBy: text('Only by this one', '只查询该删除者', { maxChars: 256 }),
    Cause: text('Only for this cause', '只查询该原因', { maxChars: 64 }),
    Limit: limit,
    Offset: offset,
  },
  output: { Deletions: listOf(deletion, 'What lies there', '条目列表'), TotalCount: totalCount },
})

export const describeDeletion = action('DescribeDeletion', {
  doc: {
    en: 'Shows something in the recycle bin, and what is in the way of its return.',
    zh: '查询回收站中的一个条目，以及恢复它的障碍。',
  },
  kind: 'read',
  access: repositoryOnly,
  permission: 'tcr:DescribeDeletions',
  input: { ...inRepository, DeletionId: deletionId },
  output: {
    Deletion: object(deletion, 'What it is', '条目'),
    Tags: tagNames,
    TakenTags: list(
      text('A tag', '版本', { maxChars: 128 }),
      'Tags of it that were pushed again since',
      '已被重新推送的版本',
    ),
    IsNameTaken: flag(
      'True: there is a new repository, or namespace, of its name',
      'true 为已存在同名的新仓库或命名空间',
    ),
    MakesNamespace: flag(
      'True: its namespace was deleted, and is made again',
      'true 为命名空间已删除，恢复时将重新创建',
    ),
  },
})

export const restoreDeletion = action('RestoreDeletion', {
  doc: {
    en: 'Brings something back from the recycle bin, as it was. Needs the right to push into its repository too; a repository that of making it, and its namespace where that is gone.',
    zh: '从回收站恢复，内容与删除前一致。还需要该仓库的推送权限；恢复仓库需要创建仓库的权限，命名空间已删除时还需要创建命名空间的权限。',
  },
  kind: 'write',
  access: repositoryOnly,
  permission: 'tcr:RestoreDeletion',
  input: {
    ...inRepository,
    DeletionId: deletionId,
    LeaveTakenTags: withDefault(
      flag(
        'True: tags that were pushed again since stay in the recycle bin; else they refuse the whole',
        'true 时已被重新推送的版本留在回收站，否则整体拒绝',
      ),
      false,
    ),
  },
  output: { Tags: tagNames, LeftTags: tagNames },
})

export const purgeDeletion = action('PurgeDeletion', {
  doc: {
    en: 'Takes something out of the recycle bin for good; of a digest everything that lies there of it. Needs the right to delete it too.',
    zh: '从回收站中彻底删除；摘要则包括回收站中该摘要的全部内容。还需要对应的删除权限。',
  },
  kind: 'write',
  access: repositoryOnly,
  permission: 'tcr:PurgeDeletion',
  input: { ...inRepository, DeletionId: deletionId },
  output: {},
})

export const emptyRecycleBin = action('EmptyRecycleBin', {
  doc: {
    en: 'Takes everything that lies in the recycle bin now out of it for good, by a job.',
    zh: '清空回收站：以任务方式彻底删除当前的全部条目。',
  },
  kind: 'write',
  access: instanceOnly,
  permission: 'tcr:EmptyRecycleBin',
  input: {
    RegistryId: registryId,
    NamespaceName: text('Only what lay in this namespace', '只清空该命名空间', { maxChars: 256 }),
  },
  output: { JobId: jobId },
})

export const deletePermanently = action('DeletePermanently', {
  doc: {
    en: 'Deletes at once and for good, past the recycle bin: where the law demands it. Of a digest, what lies in the recycle bin of it goes as well. Needs the right to delete it too.',
    zh: '不经回收站立即彻底删除，用于法律要求的场合；按摘要删除时回收站中该摘要的内容一并删除。还需要对应的删除权限。',
  },
  kind: 'write',
  access: repositoryOnly,
  permission: 'tcr:DeletePermanently',
  input: {
    ...inRepository,
    Kind: required(oneOf(kinds, 'What is deleted', '删除的类型')),
    Tags: list(
      text('A tag', '版本', { minChars: 1, maxChars: 128 }),
      'Of the kind Tag: those that go',
      '类型为 Tag 时：要删除的版本',
      { minItems: 1, maxItems: maxTags },
    ),
    Digest: text('Of the kind Manifest: the digest', '类型为 Manifest 时：摘要', { maxChars: 160 }),
  },
  output: { DeletedTags: tagNames },
})

export const moveTagBack = action('MoveTagBack', {
  doc: {
    en: 'Points a tag at a digest that it pointed to before.',
    zh: '将版本移回其曾指向的摘要。',
  },
  kind: 'write',
  access: repositoryOnly,
  permission: 'tcr:PushRepository',
  input: {
    ...inRepository,
    Tag: required(text('The tag', '版本', { minChars: 1, maxChars: 128 })),
    Digest: required(digest),
  },
  output: {},
})

export const recycleBinActions: readonly Action[] = [
  describeRecycleBin,
  modifyRecycleBin,
  describeDeletions,
  describeDeletion,
  restoreDeletion,
  purgeDeletion,
  emptyRecycleBin,
  deletePermanently,
  moveTagBack,
]
