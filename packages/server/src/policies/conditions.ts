// Conditions of a statement: `{ <operator>: { <key>: <value or values> } }`. All operators and keys must hold;
// of the values of a key, one.

import { compileValue, type Matches, type Operator, operators } from './operators.ts'
import { PolicyProblem } from './problem.ts'
import {
  checkVariables,
  fillIn,
  hasVariable,
  type Resource,
  type ResourceTag,
} from './resources.ts'

export type Effect = 'allow' | 'deny'

/** What a condition may ask about whoever asks, and about the request. */
export interface Context {
  readonly uin: number
  /** The main account that the caller belongs to. */
  readonly ownerUin: number
  readonly appId: number
  /** Null once the connection is gone. */
  readonly address: string | null
  readonly nowMs: number
  readonly hasMfa: boolean
  /** The tags that the request is about to put on something. */
  readonly requestTags?: readonly ResourceTag[]
  /** Keys of one kind of request only, such as `oidc:sub` of who brings a token. */
  readonly keys?: ReadonlyMap<string, readonly string[]>
}

export interface Condition {
  readonly key: string
  /** Whether it asks about the resource, so that it differs from row to row of a list. */
  readonly isOfResource: boolean
  /** Of several values of the request, whether one must be accepted or each. */
  readonly quantifier: 'some' | 'every'
  /** Where the request has no such key. */
  ifMissing(effect: Effect): boolean
  accepts(context: Context): Matches
  /** The only values that may be told from all others; undefined: any may. */
  named(context: Context): readonly string[] | undefined
}

export const maxConditions = 50
export const maxValues = 200
export const maxValueChars = 1024
const maxKeyChars = 128
const ifExist = '_if_exist'
const qualifiers = { 'for_all_value:': 'every', 'for_any_value:': 'some' } as const
type Qualifier = (typeof qualifiers)[keyof typeof qualifiers] | undefined

const resourceKeys: ReadonlySet<string> = new Set(['qcs:resource_tag', 'qcs:tag', 'qcs:create_uin'])

/** Undefined where the request has no such key. A tag is written `key&value`. */
export function valuesOf(
  key: string,
  context: Context,
  resource: Resource | undefined,
): readonly string[] | undefined {
  switch (key) {
    case 'qcs:current_time':
      return [new Date(context.nowMs).toISOString()]
    case 'qcs:ip':
      return context.address === null ? undefined : [context.address]
    case 'qcs:mfa':
      return [String(context.hasMfa)]
    case 'qcs:create_uin':
      return resource?.creatorUin === undefined ? undefined : [String(resource.creatorUin)]
    case 'qcs:resource_tag':
    // The older name.
    case 'qcs:tag':
      return joinTags(resource?.tags)
    case 'qcs:request_tag':
      return joinTags(context.requestTags)
    default:
      return context.keys?.get(key)
  }
}

function joinTags(tags: readonly ResourceTag[] | undefined): readonly string[] | undefined {
  return tags?.length ? tags.map(({ key, value }) => `${key}&${value}`) : undefined
}

export function parseConditions(written: unknown, field: string): Condition[] {
  if (written === undefined) return []
  const conditions = entriesOf(written, field).flatMap(([operator, keys]) =>
    entriesOf(keys, `${field}.${operator}`).map(([key, values]) =>
      parseCondition(operator, key, values, `${field}.${operator}`),
    ),
  )
  if (conditions.length > maxConditions) {
    throw new PolicyProblem(field, {
      en: `has at most ${maxConditions} conditions`,
      zh: `最多 ${maxConditions} 个条件`,
    })
  }
  return conditions
}

function entriesOf(written: unknown, field: string): [string, unknown][] {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    throw new PolicyProblem(field, { en: 'must be an object', zh: '必须是对象' })
  }
  return Object.entries(written)
}

function parseCondition(name: string, key: string, written: unknown, field: string): Condition {
  if (!/^[\w-]+:[\w:./-]+$/.test(key) || key.length > maxKeyChars) {
    throw new PolicyProblem(field, {
      en: `has keys like qcs:ip, of at most ${maxKeyChars} characters`,
      zh: `的键应形如 qcs:ip，且不超过 ${maxKeyChars} 个字符`,
    })
  }
  const values = textsOf(written, `${field}.${key}`)
  const subject = { key, isOfResource: resourceKeys.has(key) }
  if (name === 'null_equal') return { ...subject, ...parseNullEqual(values, `${field}.${key}`) }
  const { operator, qualifier, isOptional } = parseOperator(name, field)
  const { test, named } = compileValues(operator, values, `${field}.${key}`)
  const { isNegated } = operator
  return {
    ...subject,
    // Without a qualifier `not` is exactly the opposite.
    quantifier: qualifier ?? (isNegated ? 'every' : 'some'),
    // What can't be shown to be the exception is refused.
    ifMissing: (effect) => isOptional || (isNegated && effect === 'deny'),
    accepts(context) {
      const matches = test(context)
      return isNegated ? (value) => !matches(value) : matches
    },
    named,
  }
}

function parseOperator(name: string, field: string) {
  let rest = name
  let qualifier: Qualifier
  for (const [prefix, kind] of Object.entries(qualifiers)) {
    if (rest.startsWith(prefix)) {
      qualifier = kind
      rest = rest.slice(prefix.length)
      break
    }
  }
  const isOptional = rest.endsWith(ifExist)
  const operator = operators.get(isOptional ? rest.slice(0, -ifExist.length) : rest)
  if (operator === undefined) {
    throw new PolicyProblem(field, {
      en: 'is no operator; there are string_equal, string_like, numeric_equal, date_less_than, bool_equal, ip_equal, null_equal and their relatives, with _if_exist at the end, for_all_value: or for_any_value: before',
      zh: '不是运算符；可用 string_equal、string_like、numeric_equal、date_less_than、bool_equal、ip_equal、null_equal 等，可加后缀 _if_exist，前缀 for_all_value: 或 for_any_value:',
    })
  }
  return { operator, qualifier, isOptional }
}

function parseNullEqual(values: readonly string[], field: string) {
  const [value, ...more] = values
  if (more.length > 0 || (value !== 'true' && value !== 'false')) {
    throw new PolicyProblem(field, { en: 'must be true or false', zh: '必须是 true 或 false' })
  }
  return {
    quantifier: 'some' as const,
    ifMissing: () => value === 'true',
    accepts: () => () => value === 'false',
    named: () => [],
  }
}

function textsOf(written: unknown, field: string): string[] {
  const list: readonly unknown[] = Array.isArray(written) ? written : [written]
  const isFew = list.length > 0 && list.length <= maxValues
  const texts = list.map((value) => {
    const isScalar = ['string', 'number', 'boolean'].includes(typeof value)
    return isScalar ? String(value) : undefined
  })
  const known = texts.filter((value) => value !== undefined && value.length <= maxValueChars)
  if (!isFew || known.length < list.length) {
    throw new PolicyProblem(field, {
      en: `must be a value, or 1 to ${maxValues} of them, each of at most ${maxValueChars} characters`,
      zh: `必须是一个值或 1 到 ${maxValues} 个值，每个不超过 ${maxValueChars} 个字符`,
    })
  }
  return known.filter((value) => value !== undefined)
}

/** One test for all values, compiled once unless they have variables. */
function compileValues(
  operator: Operator,
  values: readonly string[],
  field: string,
): { test(context: Context): Matches; named: Condition['named'] } {
  const fixed: Matches[] = []
  const templates: string[] = []
  for (const value of values) {
    if (operator.takesVariables && hasVariable(value)) {
      checkVariables(value, field)
      // A number in place of each, to see whether it will be one.
      compileValue(operator, fillIn(value, { uin: 1, ownerUin: 1, appId: 1 }), field)
      templates.push(value)
    } else {
      fixed.push(compileValue(operator, value, field))
    }
  }
  const one: Matches = (ofRequest) => fixed.some((matches) => matches(ofRequest))
  return {
    test(context) {
      if (templates.length === 0) return one
      const filled = templates.map((value) => compileValue(operator, fillIn(value, context), field))
      return (ofRequest) => one(ofRequest) || filled.some((matches) => matches(ofRequest))
    },
    named(context) {
      const { isExact, takesVariables } = operator
      const texts = takesVariables ? values.map((value) => fillIn(value, context)) : values
      return isExact && texts.every(isExact) ? texts : undefined
    },
  }
}

export function conditionsHold(
  conditions: readonly Condition[],
  effect: Effect,
  context: Context,
  resource: Resource | undefined,
): boolean {
  for (const condition of conditions) {
    const values = valuesOf(condition.key, context, resource)
    if (!conditionHolds(condition, values, effect, context)) return false
  }
  return true
}

function conditionHolds(
  condition: Condition,
  values: readonly string[] | undefined,
  effect: Effect,
  context: Context,
): boolean {
  if (values === undefined) return condition.ifMissing(effect)
  return values[condition.quantifier](condition.accepts(context))
}
