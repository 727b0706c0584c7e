// One search over everything that has a name (1 action).

import { type Action, self } from '../action.ts'
import {
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
import { action } from './parameters.ts'

const kinds = ['Instance', 'Namespace', 'Repository', 'Tag', 'Digest'] as const
const maxHits = 20

const hit = structure('SearchHit', 'Something found', '搜索结果', {
  Kind: oneOf(kinds, 'What it is', '类型'),
  RegistryId: text('In which instance, or the instance itself', '实例 ID'),
  RegistryName: text('Name of the instance', '实例名称'),
  NamespaceName: nullable(text('The namespace', '命名空间')),
  RepositoryName: nullable(
    text('The repository, without its namespace', '镜像仓库名称，不含命名空间'),
  ),
  Tag: nullable(text('The tag', '版本')),
  Digest: nullable(text('The digest that was found, or that the tag has', '摘要')),
})

export const lookUpResources = action('LookUpResources', {
  doc: {
    en: 'Finds instances, namespaces, repositories, tags and digests by a part of their names, as far as the caller may list them. `team/api:v1` finds tags that begin so, `sha256:…` digests.',
    zh: '按名称的一部分搜索可见的实例、命名空间、镜像仓库、版本与摘要；team/api:v1 搜索以此开头的版本，sha256:… 搜索摘要。',
  },
  kind: 'read',
  access: self,
  permission: 'tcr:LookUpResources',
  ratePerSecond: 100,
  input: {
    Query: required(text('What is looked for', '搜索内容', { minChars: 1, maxChars: 256 })),
    RegistryId: text('Only in this instance', '只在该实例内搜索', { maxChars: 64 }),
    Kinds: list(oneOf(kinds, 'A kind', '类型'), 'Only these kinds', '类型列表', {
      maxItems: kinds.length,
    }),
    Limit: withDefault(integer('Hits, 20 at most', '结果数，最大 20', { max: maxHits }), maxHits),
  },
  output: {
    Hits: listOf(
      hit,
      'What was found; what begins with the query comes first',
      '搜索结果，前缀匹配在前',
    ),
  },
})

export const searchActions: readonly Action[] = [lookUpResources]
