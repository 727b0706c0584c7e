// The API's actions on immutability rules, and our own preview of what one would cover.

import { describeImmutabilityCoverage } from '@entrepot/contract/entrepot/immutability.ts'
import type { InputEntry } from '@entrepot/contract/fields.ts'
import {
  createImmutableTagRules,
  deleteImmutableTagRules,
  describeImmutableTagRules,
  type immutableTagRule,
  modifyImmutableTagRules,
} from '@entrepot/contract/tcr/immutability.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import type { Queryable, Tx } from '../db/database.ts'
import {
  findNamespace,
  holdNamespace,
  type Namespace,
  namespaceUnknown,
} from '../namespaces/namespaces.ts'
import type { RuleText } from './immutability.ts'
import {
  countCovered,
  deleteRule,
  insertRule,
  type ListedRule,
  listRules,
  listWithoutRule,
  updateRule,
} from './queries.ts'

export const immutabilityHandlers: readonly Handler[] = [
  change(createImmutableTagRules, async ({ tx, at, instance, input }) => {
    const namespace = await holdNamed(tx, instance.id, input.NamespaceName)
    await insertRule(tx, namespace, textOf(input.Rule, input.NamespaceName), at)
    return {}
  }),

  change(modifyImmutableTagRules, async ({ tx, at, instance, input }) => {
    const { id: namespaceId } = await holdNamed(tx, instance.id, input.NamespaceName)
    const text = textOf(input.Rule, input.NamespaceName)
    await updateRule(tx, { namespaceId, number: input.RuleId }, text, at)
    return {}
  }),

  change(deleteImmutableTagRules, async ({ tx, instance, input }) => {
    const { id: namespaceId } = await holdNamed(tx, instance.id, input.NamespaceName)
    await deleteRule(tx, { namespaceId, number: input.RuleId })
    return {}
  }),

  read(describeImmutableTagRules, async ({ db, instance, input }) => {
    const range = pageRange(describeImmutableTagRules.paging, input)
    const { total, rules } = await listRules(db, instance.id, range)
    return {
      Rules: rules.map(toWire),
      EmptyNs: await listWithoutRule(db, instance.id),
      Total: total,
    }
  }),

  read(describeImmutabilityCoverage, async ({ db, ground, instance, input }) => {
    const { id } = await getNamed(db, instance.id, input.NamespaceName)
    const text = textOf(input.Rule, input.NamespaceName)
    const { tags, coveredTags, examples, isWhole } = await countCovered(ground.db.heavy, id, text)
    return {
      TagCount: tags,
      CoveredTagCount: coveredTags,
      Examples: examples.map(({ repository, tag }) => ({ RepositoryName: repository, Tag: tag })),
      IsWhole: isWhole,
    }
  }),
]

async function getNamed(db: Queryable, instanceId: string, name: string): Promise<Namespace> {
  const namespace = await findNamespace(db, instanceId, name)
  if (!namespace) throw namespaceUnknown(name)
  return namespace
}

/** Against its deletion, until the transaction ends. */
async function holdNamed(tx: Tx, instanceId: string, name: string): Promise<Namespace> {
  const namespace = await getNamed(tx, instanceId, name)
  await holdNamespace(tx, namespace.id)
  return namespace
}

function textOf(rule: InputEntry<typeof immutableTagRule>, namespace: string): RuleText {
  if (rule.NsName && rule.NsName !== namespace) {
    throw invalidValue('Rule.NsName', {
      en: 'is another namespace: a rule stays in its own',
      zh: '与规则所属命名空间不一致，规则不能移到其他命名空间',
    })
  }
  return {
    repository: {
      pattern: rule.RepositoryPattern,
      excludes: rule.RepositoryDecoration === 'repoExcludes',
    },
    tag: { pattern: rule.TagPattern, excludes: rule.TagDecoration === 'excludes' },
    isOn: !rule.Disabled,
  }
}

function toWire(rule: ListedRule) {
  return {
    RuleId: rule.number,
    NsName: rule.namespace,
    RepositoryPattern: rule.repository.pattern,
    RepositoryDecoration: rule.repository.excludes
      ? ('repoExcludes' as const)
      : ('repoMatches' as const),
    TagPattern: rule.tag.pattern,
    TagDecoration: rule.tag.excludes ? ('excludes' as const) : ('matches' as const),
    Disabled: !rule.isOn,
  }
}
