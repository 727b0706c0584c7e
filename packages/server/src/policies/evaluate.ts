// Does a person's set of policies allow a request? An explicit refusal anywhere wins; else the person's own
// policies, the boundary and every session policy must each allow it; what nothing allows is not allowed.

import type { CompiledPolicy, Rule, RuleSet } from './compiled.ts'
import { type Context, conditionsHold, type Effect } from './conditions.ts'
import { IndexedPath } from './path-index.ts'
import { covers, type Resource } from './resources.ts'

/** About no resource: only statements with resource `*` are about it. */
export const operationLevel = 'operation'

export interface PolicyRequest {
  /** `tcr:PullRepository`. */
  readonly action: string
  /** All of them must be allowed. */
  readonly resources: readonly Resource[] | typeof operationLevel
  readonly context: Context
}

export interface PolicySets {
  /** Attached to the person and to the groups, or to the role. A main account's is `everythingAllowed`. */
  readonly identity: readonly CompiledPolicy[]
  readonly boundary?: CompiledPolicy
  /** Of temporary keys, each narrowing those before. */
  readonly session?: readonly CompiledPolicy[]
}

export type SetName = 'identity' | 'boundary' | 'session'

/** The statement that decided. */
export interface Decider {
  readonly set: SetName
  readonly policyId: number
  /** From 0. */
  readonly statement: number
}

export type PolicyDecision =
  | { readonly effect: 'allow'; readonly by: Decider }
  | { readonly effect: 'deny'; readonly by: Decider }
  /** `lacks`: which set allows it not; or the resource is another main account's. */
  | { readonly effect: 'none'; readonly by?: undefined; readonly lacks: SetName | 'account' }

export function evaluate(sets: PolicySets, request: PolicyRequest): PolicyDecision {
  const action = request.action.toLowerCase()
  const { context } = request
  const targets: readonly (Target | undefined)[] =
    request.resources === operationLevel ? [undefined] : request.resources.map(targetOf)
  const layers = layersOf(sets)
  for (const target of targets) {
    for (const { set, policies } of layers) {
      const rule = findRule(policies, 'deny', { action, target, context })
      if (rule) return { effect: 'deny', by: deciderOf(set, rule) }
    }
  }
  let by: Decider | undefined
  for (const target of targets) {
    // Resources are never shared across main accounts by a policy (reference, "Policy language").
    if (target && target.resource.ownerUin !== context.ownerUin) return none('account')
    for (const { set, policies } of layers) {
      const rule = findRule(policies, 'allow', { action, target, context })
      if (!rule) return none(set)
      by ??= deciderOf(set, rule)
    }
  }
  return by ? { effect: 'allow', by } : none('identity')
}

function none(lacks: SetName | 'account'): PolicyDecision {
  return { effect: 'none', lacks }
}

export interface Layer {
  readonly set: SetName
  readonly policies: readonly CompiledPolicy[]
}

/** Each must allow; the person's own first, so that they are named as what decided. */
export function layersOf({ identity, boundary, session = [] }: PolicySets): Layer[] {
  const layers: Layer[] = [{ set: 'identity', policies: identity }]
  if (boundary) layers.push({ set: 'boundary', policies: [boundary] })
  for (const policy of session) layers.push({ set: 'session', policies: [policy] })
  return layers
}

/** Whether a decision may depend on the tags or the creator of the resource. */
export function asksOfResource(sets: PolicySets): boolean {
  return layersOf(sets).some(({ policies }) => policies.some((policy) => policy.asksOfResource))
}

export function deciderOf(set: SetName, { policy, position }: Rule): Decider {
  return { set, policyId: policy.id, statement: position }
}

interface Target {
  readonly resource: Resource
  /** Undefined for a set, which may meet any rule. */
  readonly path: IndexedPath | undefined
}

function targetOf(resource: Resource): Target {
  const isSet = resource.path.includes('*')
  return { resource, path: isSet ? undefined : new IndexedPath(resource.path) }
}

interface Question {
  readonly action: string
  readonly target: Target | undefined
  readonly context: Context
}

function findRule(
  policies: readonly CompiledPolicy[],
  effect: Effect,
  question: Question,
): Rule | undefined {
  for (const policy of policies) {
    const rules = policy.rulesFor(question.action)[effect]
    const found = rules && findInSet(rules, question)
    if (found) return found
  }
  return undefined
}

function findInSet(rules: RuleSet, { target, context }: Question): Rule | undefined {
  const holds = (rule: Rule) => ruleHolds(rule, target?.resource, context)
  const found = rules.everywhere.find(holds)
  if (found || !target) return found
  if (!target.path) return rules.somewhere.find(holds)
  return rules.byPath.find(target.path, holds) ?? rules.templates.find(holds)
}

/** Whether a rule of the right action is about this. */
export function ruleHolds(rule: Rule, resource: Resource | undefined, context: Context): boolean {
  return ruleCovers(rule, resource, context) && conditionsOfRuleHold(rule, resource, context)
}

export function ruleCovers(rule: Rule, resource: Resource | undefined, context: Context): boolean {
  if (!rule.resource) return true
  if (!resource) return false
  const isTouching = rule.statement.effect === 'deny' && !resource.isNew
  return covers(rule.resource, resource, context, isTouching ? 'touches' : 'covers')
}

export function conditionsOfRuleHold(
  { statement: { conditions, effect } }: Rule,
  resource: Resource | undefined,
  context: Context,
): boolean {
  return conditions.length === 0 || conditionsHold(conditions, effect, context, resource)
}
