// Rules and runs between the API's shape and ours.

import type { ActionReply } from '@entrepot/contract/action.ts'
import type {
  describeRetentionFates,
  describeRetentionRuns,
} from '@entrepot/contract/entrepot/retention.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { InputEntry } from '@entrepot/contract/fields.ts'
import type {
  filterSelector,
  retentionRule,
  retentionRuleItem,
} from '@entrepot/contract/tcr/retention.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { isoUtc } from '../actions/times.ts'
import type { ListedFate } from './fates.ts'
import type { Decorated, Keep, RuleItem, Verdict } from './retention.ts'
import type { Run, RunState } from './runs.ts'

type WireKeep = InputEntry<typeof retentionRule>
type WireItem = InputEntry<typeof retentionRuleItem>
type WireFilter = InputEntry<typeof filterSelector>

interface WireRule {
  readonly RetentionRule?: WireKeep | undefined
  readonly AdvancedRuleItems?: readonly WireItem[] | undefined
}

/** Undefined: neither is given. Items with filters win over the basic rule, as the service has it. */
export function itemsOf({
  RetentionRule: basic,
  AdvancedRuleItems: advanced = [],
}: WireRule): { readonly items: readonly RuleItem[]; readonly isSimple: boolean } | undefined {
  if (advanced.length > 0) return { items: advanced.map(itemOf), isSimple: false }
  if (!basic) return undefined
  return { items: [{ keep: keepOf(basic), withCharts: false }], isSimple: true }
}

/** Throws MISSING_PARAMETER. */
export function someItemsOf(rule: WireRule) {
  const text = itemsOf(rule)
  if (text) return text
  throw new ApiError('MISSING_PARAMETER', {
    message: {
      en: 'RetentionRule or AdvancedRuleItems must be given',
      zh: '必须提供 RetentionRule 或 AdvancedRuleItems',
    },
    detail: { parameter: 'RetentionRule' },
  })
}

function itemOf(item: WireItem, index: number): RuleItem {
  const at = `AdvancedRuleItems.${index}`
  const { RetentionPolicy: keep, TagFilter: tag, RepositoryFilter: repository } = item
  if (!keep) {
    throw new ApiError('MISSING_PARAMETER', {
      message: { en: `${at}.RetentionPolicy must be given`, zh: `必须提供 ${at}.RetentionPolicy` },
      detail: { parameter: `${at}.RetentionPolicy` },
    })
  }
  return {
    keep: keepOf(keep),
    withCharts: item.WithCharts ?? false,
    ...(tag && { tag: decoratedOf(tag, ['matches', 'excludes'], `${at}.TagFilter`) }),
    ...(repository && {
      repository: decoratedOf(
        repository,
        ['repoMatches', 'repoExcludes'],
        `${at}.RepositoryFilter`,
      ),
    }),
  }
}

function keepOf({ Key, Value }: WireKeep): Keep {
  return Key === 'latestPushedK' ? { kind: 'newest', count: Value } : { kind: 'days', days: Value }
}

type Decoration = NonNullable<WireFilter['Decoration']>

function decoratedOf(
  { Decoration = undefined, Pattern = '' }: WireFilter,
  [matches, excludes]: readonly [Decoration, Decoration],
  name: string,
): Decorated {
  if (Decoration !== undefined && Decoration !== matches && Decoration !== excludes) {
    throw invalidValue(`${name}.Decoration`, {
      en: `must be ${matches} or ${excludes}`,
      zh: `应为 ${matches} 或 ${excludes}`,
    })
  }
  return { pattern: Pattern, excludes: Decoration === excludes }
}

export function keepToWire(keep: Keep) {
  return keep.kind === 'newest'
    ? { Key: 'latestPushedK' as const, Value: keep.count }
    : { Key: 'nDaysSinceLastPush' as const, Value: keep.days }
}

export function itemToWire({ keep, repository, tag, withCharts }: RuleItem) {
  return {
    RetentionPolicy: keepToWire(keep),
    TagFilter: {
      Decoration: tag?.excludes ? ('excludes' as const) : ('matches' as const),
      Pattern: tag?.pattern ?? '**',
    },
    RepositoryFilter: {
      Decoration: repository?.excludes ? ('repoExcludes' as const) : ('repoMatches' as const),
      Pattern: repository?.pattern ?? '**',
    },
    WithCharts: withCharts,
  }
}

const statuses = {
  running: 'InProgress',
  succeeded: 'Succeed',
  failed: 'Failed',
  stopped: 'Stopped',
} as const

export function statusOf(state: RunState): (typeof statuses)[RunState] {
  return statuses[state]
}

type WireRun = ActionReply<typeof describeRetentionRuns>['Runs'][number]

export function runToWire(run: Run): WireRun {
  return {
    ExecutionId: run.number,
    RetentionId: run.ruleNumber ?? null,
    Trigger: run.startedBy === 'hand' ? 'Manual' : 'Schedule',
    DryRun: run.isDry,
    Status: statusOf(run.state),
    Reason: run.reason,
    StartTime: isoUtc(run.createdAt),
    EndTime: run.endedAt === null ? null : isoUtc(run.endedAt),
    CreatedBy: run.createdBy,
    Repositories: run.repositories,
    Untouched: run.untouched,
    Total: run.total,
    Retained: run.retained,
    JobId: run.id,
  }
}

const reasons: Readonly<Record<Verdict['reason'], WireFate['Reason']>> = {
  newest: 'Newest',
  days: 'Days',
  immutable: 'Immutable',
  chart: 'Chart',
  signature: 'Signature',
  'pushed-since': 'PushedSince',
  'no-item': 'NoItem',
  orphan: 'Orphan',
}

type WireFate = ActionReply<typeof describeRetentionFates>['Fates'][number]

export function fateToWire(fate: ListedFate): WireFate {
  return {
    Tag: fate.name,
    PushTime: isoUtc(fate.pushedAt),
    Fate: fate.fate === 'kept' ? 'Kept' : 'Removed',
    Reason: reasons[fate.reason],
    Item: fate.by,
    Rank: fate.rank,
  }
}
