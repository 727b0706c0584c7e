// Why a request is allowed or not: the decision, and every statement about its action with what of it applies.

import type { Rule } from './compiled.ts'
import type { Effect } from './conditions.ts'
import type { Statement } from './document.ts'
import {
  conditionsOfRuleHold,
  type Decider,
  deciderOf,
  evaluate,
  layersOf,
  operationLevel,
  type PolicyDecision,
  type PolicyRequest,
  type PolicySets,
  ruleCovers,
} from './evaluate.ts'

export interface Considered extends Decider {
  readonly effect: Effect
  /** Whether it is about one of the resources. */
  readonly coversResource: boolean
  /** Whether its conditions hold for one that it is about. */
  readonly conditionsHold: boolean
}

export interface Simulation {
  readonly decision: PolicyDecision
  /** At most `maxConsidered`, those that apply first. */
  readonly considered: readonly Considered[]
}

export const maxConsidered = 200

export function simulate(sets: PolicySets, request: PolicyRequest): Simulation {
  const action = request.action.toLowerCase()
  const considered: Considered[] = []
  for (const { set, policies } of layersOf(sets)) {
    // A policy that is attached twice, as by a group too, is told of once.
    const byStatement = new Map<Statement, Considered>()
    for (const policy of policies) {
      const { allow, deny } = policy.rulesFor(action)
      const rules = [deny, allow].flatMap((of) => (of ? [...of.everywhere, ...of.somewhere] : []))
      for (const rule of rules) {
        const known = byStatement.get(rule.statement)
        byStatement.set(rule.statement, merge(known, consider(deciderOf(set, rule), rule, request)))
      }
    }
    considered.push(...byStatement.values())
  }
  considered.sort((a, b) => weight(b) - weight(a))
  return { decision: evaluate(sets, request), considered: considered.slice(0, maxConsidered) }
}

function consider(decider: Decider, rule: Rule, request: PolicyRequest): Considered {
  const { resources, context } = request
  const targets = resources === operationLevel ? [undefined] : resources
  const covered = targets.filter((target) => ruleCovers(rule, target, context))
  return {
    ...decider,
    effect: rule.statement.effect,
    coversResource: covered.length > 0,
    conditionsHold: covered.some((target) => conditionsOfRuleHold(rule, target, context)),
  }
}

function merge(known: Considered | undefined, next: Considered): Considered {
  if (!known) return next
  return {
    ...known,
    coversResource: known.coversResource || next.coversResource,
    conditionsHold: known.conditionsHold || next.conditionsHold,
  }
}

function weight({ coversResource, conditionsHold }: Considered): number {
  return Number(coversResource) + Number(conditionsHold)
}
