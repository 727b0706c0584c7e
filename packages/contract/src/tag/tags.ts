// Cloud tags (11 actions).

import { type Action, actionsOf, operation, self } from '../action.ts'
import { integer, list, listOf, oneOf, required, structure, text, withDefault } from '../fields.ts'

const action = actionsOf('tag')

/**
 * The resources stand in the input as six segments, of another product: the handler asks for this action (`tag:…`) on
 * each of them, and lists only those on which it is allowed.
 */
const asksForEach = self

const maxPageEntries = 1000
const maxTags = 50

const tagKey = text('Key', '标签键', { minChars: 1, maxChars: 127 })
const tagValue = text('Value', '标签值', { maxChars: 255 })
const category = oneOf(
  ['Custom', 'System', 'All'],
  'Custom, System, or All; there are only custom ones here',
  '标签类型：Custom 自定义，System 系统，All 全部；此处只有自定义标签',
)

export const tag = structure('Tag', 'A cloud tag', '云标签', {
  TagKey: required(tagKey),
  TagValue: required(tagValue),
  Category: category,
})

const tags = listOf(tag, 'The tags', '标签列表', { maxItems: maxTags })

const resource = text(
  'The resource in six segments: `qcs::tcr:<region>:uin/<uin>:instance/<id>`; of a service account `instance/<id>#<name>`',
  '资源六段式，如 qcs::tcr:<地域>:uin/<uin>:instance/<实例 ID>；服务级账号为 instance/<实例 ID>#<名称>',
  { minChars: 1, maxChars: 1024 },
)

const resources = list(resource, 'The resources', '资源六段式列表', { minItems: 1, maxItems: 10 })

// The service answers what page it understood, beside the page.
const page = {
  TotalCount: integer('How many there are in all', '总数'),
  Offset: integer('As asked', '数据偏移量'),
  Limit: integer('As asked', '每页条数'),
} as const

const paged = {
  Offset: withDefault(
    integer('How many to skip, a multiple of Limit', '跳过的条数，须为 Limit 的整数倍'),
    0,
  ),
  Limit: withDefault(
    integer('Entries a page: 15 unless told, 1000 at most', '每页条数，默认 15，最大 1000', {
      min: 1,
      max: maxPageEntries,
    }),
    15,
  ),
} as const

const createUin = integer('Only those that this uin made', '创建者的 uin', { min: 0 })
const showProject = integer('1: those of projects too; there are none here', '1 包含项目标签', {
  values: [0, 1],
})

const tagKeyObject = structure('TagKeyObject', 'A key', '标签键', { TagKey: required(tagKey) })

export const modifyResourceTags = action('ModifyResourceTags', {
  doc: {
    en: 'Sets and takes cloud tags of a resource, in one step.',
    zh: '修改资源的云标签：添加、修改和移除一次完成。',
  },
  kind: 'write',
  access: asksForEach,
  input: {
    Resource: required(resource),
    ReplaceTags: listOf(tag, 'To add or change', '要添加或修改的标签', { maxItems: maxTags }),
    DeleteTags: listOf(
      tagKeyObject,
      'To take; none that is also set',
      '要移除的标签，不能与前者重复',
      {
        maxItems: maxTags,
      },
    ),
  },
  output: {},
})

const tagResource = structure('TagResource', 'A tag of a resource', '资源的标签', {
  TagKey: tagKey,
  TagValue: tagValue,
  ResourceId: text('The resource', '资源 ID'),
  TagKeyMd5: text('MD5 of the key', '标签键的 MD5'),
  TagValueMd5: text('MD5 of the value', '标签值的 MD5'),
  ServiceType: text('Product of the resource', '资源所属产品'),
  Category: category,
})

const resourceRegion = text('Region of the resource; empty: none', '资源所在地域，不区分地域为空', {
  maxChars: 64,
})
const serviceType = text('Product, such as tcr', '产品简称，如 tcr', { maxChars: 64 })
const resourcePrefix = text('Kind of resource, such as instance', '资源类型，如 instance', {
  maxChars: 64,
})
const resourceId = text('Id of a resource', '资源 ID', { minChars: 1, maxChars: 512 })

export const describeResourceTagsByResourceIds = action('DescribeResourceTagsByResourceIds', {
  doc: { en: 'Lists the tags of resources by their ids.', zh: '按资源 ID 查询标签。' },
  kind: 'read',
  access: asksForEach,
  paging: 'record',
  input: {
    ServiceType: required(serviceType),
    ResourcePrefix: required(resourcePrefix),
    ResourceIds: required(
      list(resourceId, 'Which ones, 50 at most', '资源 ID 列表，最多 50 个', {
        minItems: 1,
        maxItems: 50,
      }),
    ),
    ResourceRegion: required(resourceRegion),
    ...paged,
    Category: category,
  },
  output: { ...page, Tags: listOf(tagResource, 'The tags', '标签列表') },
})

export const describeResourceTags = action('DescribeResourceTags', {
  doc: { en: 'Lists resources and their tags.', zh: '查询资源及其标签。' },
  kind: 'read',
  access: asksForEach,
  paging: 'record',
  input: {
    CreateUin: createUin,
    ResourceRegion: resourceRegion,
    ServiceType: serviceType,
    ResourcePrefix: resourcePrefix,
    ResourceId: resourceId,
    ...paged,
    CosResourceId: integer('1: of object storage; there are none here', '1 表示 COS 资源', {
      values: [0, 1],
    }),
  },
  output: { ...page, Rows: listOf(tagResource, 'The tags', '资源标签列表') },
})

const failedResource = structure('FailedResource', 'A resource that failed', '失败的资源', {
  Resource: text('The resource in six segments', '资源六段式'),
  Code: text('Code of the error', '错误码'),
  Message: text('What went wrong', '错误信息'),
})

const failedResources = listOf(
  failedResource,
  'Those that failed; empty: none',
  '失败的资源列表，全部成功时为空',
)

export const tagResources = action('TagResources', {
  doc: { en: 'Sets cloud tags on resources, each for itself.', zh: '为多个资源添加或修改云标签。' },
  kind: 'write',
  access: asksForEach,
  input: { ResourceList: required(resources), Tags: required({ ...tags, minItems: 1 }) },
  output: { FailedResources: failedResources },
})

export const unTagResources = action('UnTagResources', {
  doc: { en: 'Takes cloud tags from resources, each for itself.', zh: '移除多个资源的云标签。' },
  kind: 'write',
  access: asksForEach,
  input: {
    ResourceList: required(resources),
    TagKeys: required(list(tagKey, 'The keys', '标签键列表', { minItems: 1, maxItems: maxTags })),
  },
  output: { FailedResources: failedResources },
})

const tagFilter = structure('TagFilter', 'Has the key with one of the values', '标签过滤条件', {
  TagKey: required(tagKey),
  TagValue: list(tagValue, 'Any of these; none: any value', '标签值，多个之间为或', {
    maxItems: 10,
  }),
})

const resourceTagMapping = structure(
  'ResourceTagMapping',
  'A resource and its tags',
  '资源及其标签',
  {
    Resource: text('The resource in six segments', '资源六段式'),
    Tags: listOf(tag, 'Its tags', '标签列表'),
  },
)

export const getResources = action('GetResources', {
  doc: {
    en: 'Lists resources that have all of the tags, by token.',
    zh: '查询绑定了全部所给标签的资源，用凭证翻页。',
  },
  kind: 'read',
  access: asksForEach,
  input: {
    ResourceList: list(resource, 'Only these', '资源六段式列表', { maxItems: 50 }),
    TagFilters: listOf(tagFilter, 'All must match', '标签过滤条件，最多 6 组', { maxItems: 6 }),
    PaginationToken: text('Of the page before', '上一页返回的凭证', { maxChars: 512 }),
    MaxResults: withDefault(
      integer('Entries a page: 50 unless told, 200 at most', '每页条数，默认 50，最大 200', {
        min: 1,
        max: 200,
      }),
      50,
    ),
  },
  output: {
    PaginationToken: text('Of the next page; empty after the last', '下一页的凭证，最后一页为空'),
    ResourceTagMappingList: listOf(resourceTagMapping, 'The resources', '资源列表'),
  },
})

const tagInput = { TagKey: required(tagKey), TagValue: required(tagValue) } as const

export const createTag = action('CreateTag', {
  doc: { en: 'Makes a tag known, to choose from.', zh: '创建标签，供选择。' },
  kind: 'write',
  access: operation,
  input: tagInput,
  output: {},
})

export const deleteTag = action('DeleteTag', {
  doc: { en: 'Deletes a tag that no resource has.', zh: '删除未被资源使用的标签。' },
  kind: 'write',
  access: operation,
  input: tagInput,
  output: {},
})

const tagWithDelete = structure('TagWithDelete', 'A tag, and whether it can go', '标签', {
  TagKey: tagKey,
  TagValue: tagValue,
  CanDelete: integer('1: no resource has it', '1 可删除，0 使用中', { values: [0, 1] }),
  Category: category,
})

const tagKeys = list(tagKey, 'Only with these keys', '标签键列表', { maxItems: 20 })

export const describeTags = action('DescribeTags', {
  doc: { en: 'Lists the tags of the account.', zh: '查询账号的标签。' },
  kind: 'read',
  access: operation,
  paging: 'record',
  input: {
    TagKey: tagKey,
    TagValue: tagValue,
    ...paged,
    CreateUin: createUin,
    TagKeys: tagKeys,
    ShowProject: showProject,
  },
  output: {
    ...page,
    Tags: listOf(tagWithDelete, 'The tags', '标签列表', { maxItems: maxPageEntries }),
  },
})

export const describeTagKeys = action('DescribeTagKeys', {
  doc: { en: 'Lists the keys of tags.', zh: '查询标签键。' },
  kind: 'read',
  access: operation,
  paging: 'record',
  input: { CreateUin: createUin, ...paged, ShowProject: showProject, Category: category },
  output: {
    ...page,
    Tags: list(tagKey, 'The keys', '标签键列表', { maxItems: maxPageEntries }),
  },
})

export const describeTagValues = action('DescribeTagValues', {
  doc: { en: 'Lists the values of keys.', zh: '查询标签值。' },
  kind: 'read',
  access: operation,
  paging: 'record',
  input: {
    TagKeys: required({ ...tagKeys, minItems: 1 }),
    CreateUin: createUin,
    ...paged,
    Category: category,
  },
  output: { ...page, Tags: listOf(tag, 'The tags', '标签列表', { maxItems: maxPageEntries }) },
})

export const cloudTagActions: readonly Action[] = [
  modifyResourceTags,
  describeResourceTagsByResourceIds,
  describeResourceTags,
  tagResources,
  unTagResources,
  getResources,
  createTag,
  deleteTag,
  describeTags,
  describeTagKeys,
  describeTagValues,
]
