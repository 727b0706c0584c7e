// What an immutability rule would cover, before it is saved (1 action).

import { type Action, on } from '../action.ts'
import { flag, integer, listOf, object, required, structure, text } from '../fields.ts'
import { immutableTagRule } from '../tcr/immutability.ts'
import { namespaceName, registryId } from '../tcr/parameters.ts'
import { action } from './parameters.ts'

const coveredTag = structure('CoveredTag', 'A tag that the rule covers', '规则覆盖的版本', {
  RepositoryName: text('The repository, without its namespace', '镜像仓库名称，不含命名空间'),
  Tag: text('The tag', '版本'),
})

export const describeImmutabilityCoverage = action('DescribeImmutabilityCoverage', {
  doc: {
    en: 'Tells which of the tags that are there an immutability rule covers, or would cover. Changes nothing.',
    zh: '查询版本不可变规则覆盖（或将覆盖）的现有版本，不做任何修改。',
  },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  permission: 'tcr:DescribeImmutableTagRules',
  input: {
    RegistryId: registryId,
    NamespaceName: namespaceName,
    Rule: required(object(immutableTagRule)),
  },
  output: {
    TagCount: integer('Tags that were looked at', '已检查的版本数'),
    CoveredTagCount: integer('Those of them that the rule covers', '其中被规则覆盖的版本数'),
    Examples: listOf(coveredTag, 'The first ten of them', '其中前十个'),
    IsWhole: flag('False: there are more tags than were looked at', 'false 表示还有未检查的版本'),
  },
})

export const immutabilityCoverageActions: readonly Action[] = [describeImmutabilityCoverage]
