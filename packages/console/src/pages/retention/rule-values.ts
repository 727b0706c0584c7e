// A rule as the form has it, as the API takes it, and in words.

import type { Reply, Request } from '../../api/call.ts'
import type { Words } from '../../words/use-words.ts'

export type Rule = NonNullable<Reply<'DescribeNamespaceRetention'>['Rules']>[number]
type Item = Rule['Items'][number]
type WireRule = Pick<Request<'DescribeRetentionPreview'>, 'RetentionRule' | 'AdvancedRuleItems'>

export interface ItemValues {
  /** Tells the rows of the form apart. */
  readonly key: string
  readonly repositoryMode: string
  readonly repositoryPattern: string
  readonly tagMode: string
  readonly tagPattern: string
  readonly kind: string
  readonly value: string
  readonly withCharts: boolean
}

export interface RuleValues {
  readonly namespace: string
  readonly mode: string
  readonly items: readonly ItemValues[]
  readonly schedule: string
  readonly isOn: boolean
  /** That most tags go was seen. */
  readonly isSeen: boolean
}

const maxValue = 1_000_000
/** What most keep. */
const usualValue = '10'

export const newest = 'latestPushedK'
export const days = 'nDaysSinceLastPush'

export function newItem(key: string): ItemValues {
  return {
    key,
    repositoryMode: 'repoMatches',
    repositoryPattern: '**',
    tagMode: 'matches',
    tagPattern: '**',
    kind: newest,
    value: usualValue,
    withCharts: false,
  }
}

export function valuesOf(rule: Rule | undefined, namespaces: readonly number[]): RuleValues {
  return {
    namespace: String(rule?.NamespaceId ?? (namespaces.length === 1 ? namespaces[0] : '')),
    mode: !rule || rule.IsSimple ? 'simple' : 'advanced',
    items: rule ? rule.Items.map(itemValues) : [newItem('0')],
    schedule: rule?.CronSetting ?? 'manual',
    isOn: !rule?.Disabled,
    isSeen: false,
  }
}

function itemValues(item: Item, index: number): ItemValues {
  return {
    key: String(index),
    repositoryMode: item.RepositoryFilter?.Decoration ?? 'repoMatches',
    repositoryPattern: item.RepositoryFilter?.Pattern ?? '**',
    tagMode: item.TagFilter?.Decoration ?? 'matches',
    tagPattern: item.TagFilter?.Pattern ?? '**',
    kind: item.RetentionPolicy?.Key ?? newest,
    value: String(item.RetentionPolicy?.Value ?? usualValue),
    withCharts: item.WithCharts ?? false,
  }
}

export function isCount(text: string): boolean {
  const value = Number(text)
  return /^\d+$/.test(text) && value >= 1 && value <= maxValue
}

/** Undefined: something in it isn't a number yet. */
export function wireRule({
  mode,
  items,
}: Pick<RuleValues, 'mode' | 'items'>): WireRule | undefined {
  const [first] = items
  const asked = mode === 'simple' ? items.slice(0, 1) : items
  if (!first || asked.some(({ value }) => !isCount(value))) return undefined
  if (mode === 'simple') return { RetentionRule: keepOf(first) }
  return {
    AdvancedRuleItems: items.map((item) => ({
      RetentionPolicy: keepOf(item),
      RepositoryFilter: {
        Decoration: item.repositoryMode === 'repoExcludes' ? 'repoExcludes' : 'repoMatches',
        Pattern: item.repositoryPattern,
      },
      TagFilter: {
        Decoration: item.tagMode === 'excludes' ? 'excludes' : 'matches',
        Pattern: item.tagPattern,
      },
      WithCharts: item.withCharts,
    })),
  }
}

function keepOf({ kind, value }: ItemValues) {
  return { Key: kind === days ? days : newest, Value: Number(value) } as const
}

/** Of a rule that is saved. */
export function ruleAsWire(rule: Rule): WireRule {
  const [first] = rule.Items
  return rule.IsSimple && first?.RetentionPolicy
    ? { RetentionRule: first.RetentionPolicy }
    : { AdvancedRuleItems: rule.Items }
}

/** Each item in a line. */
export function ruleInWords(rule: Rule, t: Words['t']): readonly string[] {
  return rule.Items.map((item) => {
    const { Key, Value = 0 } = item.RetentionPolicy ?? {}
    const keep = t(Key === days ? 'retention.keepsDays' : 'retention.keepsNewest', { n: Value })
    if (rule.IsSimple) return keep
    const { RepositoryFilter: repository, TagFilter: tag } = item
    const repositories = t(
      repository?.Decoration === 'repoExcludes'
        ? 'retention.otherRepositories'
        : 'retention.theseRepositories',
      { pattern: repository?.Pattern || '**' },
    )
    const tags = t(tag?.Decoration === 'excludes' ? 'retention.otherTags' : 'retention.theseTags', {
      pattern: tag?.Pattern || '**',
    })
    const words = t('retention.inWords', { keep, repositories, tags })
    return item.WithCharts ? t('retention.andCharts', { words }) : words
  })
}
