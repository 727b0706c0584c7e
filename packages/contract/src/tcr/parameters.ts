// Fields and structures that several groups of `tcr` actions share.

import { maxTagChars } from '@entrepot/oci/reference.ts'
import { actionsOf } from '../action.ts'
import { integer, list, listOf, required, structure, text, withDefault } from '../fields.ts'

export const action = actionsOf('tcr')

export const registryId = required(
  text('Id of the instance: tcr- and 8 characters of a-z and 0-9', '实例 ID，形如 tcr-xxxxxxxx', {
    minChars: 1,
    maxChars: 64,
  }),
)

/** The name of a namespace that must exist: a wrong one is not found, whatever its letters. */
export const namespaceName = required(
  text('Name of the namespace', '命名空间名称', { minChars: 1, maxChars: 256 }),
)

export const repositoryName = required(
  text('Name of the repository within its namespace', '命名空间内的仓库名称', {
    minChars: 1,
    maxChars: 256,
  }),
)

export const regionId = integer('Number of the region', '地域的数字 ID')

export const regionName = text(
  'Name of the region, for example ap-guangzhou',
  '地域名称，如 ap-guangzhou',
  { maxChars: 64 },
)

/** Beyond 100 the server clamps; Terraform asks for 200 and stops at a shorter page, so it answers 200. */
export const limit = withDefault(
  integer('Entries a page: 20 unless told, 200 at most', '每页条数，默认 20，最大 200', { min: 0 }),
  20,
)

/** `Offset` of lists that count entries. */
export const recordOffset = withDefault(integer('How many entries to skip', '跳过的条数'), 0)

/** `Offset` of lists that count pages. */
export const pageOffset = withDefault(
  integer(
    'Which page, from 1; a multiple of Limit is taken as a count of entries to skip',
    '页码，从 1 开始；若为 Limit 的倍数则视为跳过的条数',
  ),
  0,
)

export const page = withDefault(integer('Which page, from 1', '页码，从 1 开始'), 1)

export const pageSize = withDefault(
  integer('Entries a page: 100 unless told, 200 at most', '每页条数，默认 100，最大 200'),
  100,
)

export const totalCount = integer('How many there are in all', '总数')

export const imageVersion = required(
  text('Tag of the image', '镜像版本', { minChars: 1, maxChars: maxTagChars }),
)

export const tag = structure('Tag', 'A cloud tag', '云标签', {
  Key: required(text('Key', '标签键', { minChars: 1, maxChars: 127 })),
  Value: required(text('Value', '标签值', { maxChars: 255 })),
})

export const tagSpecification = structure('TagSpecification', 'Cloud tags', '云标签', {
  ResourceType: required(
    text('What is tagged: `instance`', '资源类型：instance', { maxChars: 64 }),
  ),
  Tags: required(listOf(tag, 'The tags', '标签列表')),
})

export const filter = structure(
  'Filter',
  'A filter; several must all match',
  '过滤条件，多个之间为与',
  {
    Name: required(text('What is compared', '过滤属性名', { maxChars: 64 })),
    Values: required(
      list(text('A value', '值', { maxChars: 256 }), 'Any of these matches', '取值，多个之间为或', {
        maxItems: 100,
      }),
    ),
  },
)

export const keyValueString = structure('KeyValueString', 'A pair of texts', '字符串键值对', {
  Key: required(text('Key', '键')),
  Value: required(text('Value', '值')),
})
