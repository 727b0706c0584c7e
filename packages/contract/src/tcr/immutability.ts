// Tag immutability (4 actions).

import { type Action, on } from '../action.ts'
import { flag, integer, list, listOf, object, oneOf, required, structure, text } from '../fields.ts'
import { action, namespaceName, page, pageSize, registryId } from './parameters.ts'
import { repositoryPattern, tagPattern } from './patterns.ts'

/** As many namespaces as any edition may have, and then some. */
const maxEmptyNamespaces = 10_000

export const immutableTagRule = structure(
  'ImmutableTagRule',
  'Which tags can be neither moved nor deleted',
  '版本不可变规则',
  {
    RepositoryPattern: required(repositoryPattern),
    TagPattern: required(tagPattern),
    RepositoryDecoration: required(
      oneOf(
        ['repoMatches', 'repoExcludes'],
        'Repositories that match, or all others',
        '匹配的仓库，或除此以外的仓库',
      ),
    ),
    TagDecoration: required(
      oneOf(
        ['matches', 'excludes'],
        'Tags that match, or all others',
        '匹配的版本，或除此以外的版本',
      ),
    ),
    Disabled: flag('True: the rule rests', 'true 表示停用规则'),
    RuleId: integer('Id of the rule; told, not asked', '规则 ID，仅用于返回'),
    NsName: text('Its namespace; told, not asked', '命名空间名称，仅用于返回', { maxChars: 256 }),
  },
)

const ruleId = required(integer('Id of the rule', '规则 ID'))

export const createImmutableTagRules = action('CreateImmutableTagRules', {
  doc: {
    en: 'Makes the immutability rule of a namespace.',
    zh: '创建命名空间的版本不可变规则。',
  },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: {
    RegistryId: registryId,
    NamespaceName: namespaceName,
    Rule: required(object(immutableTagRule)),
  },
  output: {},
})

export const describeImmutableTagRules = action('DescribeImmutableTagRules', {
  doc: { en: 'Lists the immutability rules of an instance.', zh: '查询实例的版本不可变规则。' },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  paging: 'page-size',
  input: { RegistryId: registryId, Page: page, PageSize: pageSize },
  output: {
    Rules: listOf(immutableTagRule, 'The rules', '规则列表'),
    EmptyNs: list(
      text('Name of a namespace', '命名空间名称'),
      'Without a rule',
      '没有规则的命名空间',
      {
        maxItems: maxEmptyNamespaces,
      },
    ),
    Total: integer('How many rules there are in all', '规则总数'),
  },
})

export const modifyImmutableTagRules = action('ModifyImmutableTagRules', {
  doc: { en: 'Replaces an immutability rule as a whole.', zh: '整体替换版本不可变规则。' },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: {
    RegistryId: registryId,
    NamespaceName: namespaceName,
    RuleId: ruleId,
    Rule: required(object(immutableTagRule)),
  },
  output: {},
})

export const deleteImmutableTagRules = action('DeleteImmutableTagRules', {
  doc: { en: 'Deletes an immutability rule.', zh: '删除版本不可变规则。' },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: { RegistryId: registryId, NamespaceName: namespaceName, RuleId: ruleId },
  output: {},
})

export const immutabilityActions: readonly Action[] = [
  createImmutableTagRules,
  describeImmutableTagRules,
  modifyImmutableTagRules,
  deleteImmutableTagRules,
]
