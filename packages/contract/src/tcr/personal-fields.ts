// Fields and structures that several groups of `*Personal` actions share. A repository is named with its namespace,
// `ns/repo`, so that one name is all that a policy's `repo/<namespace>/<repository>` needs.

import {
  maxNamespaceChars,
  maxRepositoryPathChars,
  maxTagChars,
  minNamespaceChars,
} from '@entrepot/oci/reference.ts'
import { integer, required, text } from '../fields.ts'

/** Of a namespace that must exist: a wrong one is not found, whatever its letters. */
export const personalNamespace = text('Name of the namespace', '命名空间名称', {
  minChars: 1,
  maxChars: maxRepositoryPathChars,
})

export const newPersonalNamespace = required(
  text(
    '2 to 30 of a-z and 0-9, single . _ - inside; nobody else in the region may have it',
    '2 到 30 个字符：小写字母、数字，中间可有单个 . _ -，地域内唯一',
    {
      minChars: minNamespaceChars,
      maxChars: maxNamespaceChars,
      rule: {
        pattern: /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
        words: {
          en: 'lower-case letters and digits with single separators . _ - inside',
          zh: '小写字母和数字，中间可有单个分隔符 . _ -',
        },
      },
    },
  ),
)

export const repoName = text('Name of the repository, namespace/name', '仓库名称：命名空间/仓库', {
  minChars: 1,
  maxChars: maxRepositoryPathChars,
})

/** Personal edition has no paths of several levels. */
export const newRepoName = required(
  text(
    'namespace/name; both of a-z and 0-9, single . _ - inside',
    '命名空间/仓库，均为小写字母、数字，中间可有单个 . _ -',
    {
      minChars: 3,
      maxChars: maxRepositoryPathChars,
      rule: {
        pattern: /^[a-z0-9]+(?:[._-][a-z0-9]+)*\/[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
        words: {
          en: 'a namespace and a name, of lower-case letters and digits with single separators . _ - inside',
          zh: '命名空间/仓库，均为小写字母和数字，中间可有单个分隔符 . _ -',
        },
      },
    },
  ),
)

/** Where the caller looks for names that hold this text. */
export const repoNameSearch = text('Part of a name', '按名称模糊搜索', {
  maxChars: maxRepositoryPathChars,
})

export const personalTag = text('Tag of the image', '镜像版本', {
  minChars: 1,
  maxChars: maxTagChars,
})

export const isPublic = integer('1: anyone may pull; 0: private', '1 公开，0 私有', {
  values: [0, 1],
})

export const description = text('What it is for', '仓库描述', { maxChars: 1000 })

export const server = text('Host of the registry', '镜像仓库域名')

export const creationTime = text('When it was made, 2020-01-23 17:06:17', '创建时间')

export const updateTime = text('When it last changed, 2020-01-23 17:06:17', '更新时间')
