// Inputs made from the declarations, for tests: the smallest that are valid by them, and each way to break those.

import type { Action } from '@entrepot/contract/action.ts'
import type { Field, Fields } from '@entrepot/contract/fields.ts'

type Json = Readonly<Record<string, unknown>>

export interface BrokenInput {
  readonly what: string
  readonly input: Json
  /** One of these. */
  readonly codes: readonly string[]
}

/** What the declared rules allow; names that are in no database. `known` gives fields a value. */
export function smallestInput(fields: Fields, known: Json = {}): Json {
  const input: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(fields)) {
    if (name in known) input[name] = known[name]
    else if (field.presence === 'required') input[name] = smallestValue(field)
  }
  return input
}

function smallestValue(field: Field): unknown {
  switch (field.kind) {
    case 'text':
      return field.values?.[0] ?? textFor(field.minChars, field.rule?.pattern)
    case 'integer':
      return field.values?.[0] ?? Math.max(field.min, 1)
    case 'number':
      return 1
    case 'flag':
      return false
    case 'list':
      return Array.from({ length: Math.max(field.minItems, 1) }, () => smallestValue(field.item))
    case 'object':
      return smallestInput(field.structure.fields)
  }
}

const samples = [
  ...['nobody', 'a', 'aa', '2026-01-01', '1', 'A1b2c3d4e5', '192.0.2.1', '{}', 'tcr-0'],
  'nobody/none',
]

function textFor(minChars: number, pattern: RegExp | undefined): string {
  const fitting = samples.find(
    (text) => text.length >= minChars && (!pattern || pattern.test(text)),
  )
  return fitting ?? 'n'.repeat(Math.max(minChars, 6))
}

const wrongTypes: Readonly<Record<Field['kind'], readonly unknown[]>> = {
  text: [1, true, [], {}],
  integer: ['1', 1.5, 2 ** 53, true, []],
  number: ['1', true],
  flag: ['true', 1, []],
  list: ['x', {}, 1],
  object: ['x', [], 1],
}

/** Of the top level and of the structures below it. */
export function brokenInputs(action: Action, valid: Json): readonly BrokenInput[] {
  return [
    {
      what: 'an undeclared field',
      input: { ...valid, Undeclared: 1 },
      codes: ['UnknownParameter'],
    },
    ...breakFields(action.input, valid, (fields) => fields),
  ]
}

function breakFields(
  fields: Fields,
  valid: Json,
  wrap: (fields: Json) => Json,
  path = '',
): BrokenInput[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const at = `${path}${name}`
    const put = (value: unknown) => wrap({ ...valid, [name]: value })
    const broken: BrokenInput[] = wrongTypes[field.kind].map((value) => ({
      what: `${at} = ${JSON.stringify(value)}`,
      input: put(value),
      codes: ['InvalidParameter', 'InvalidParameterValue'],
    }))
    if (field.presence === 'required') {
      const { [name]: _left, ...without } = valid
      broken.push({ what: `no ${at}`, input: wrap(without), codes: ['MissingParameter'] })
    }
    broken.push(...breakLimits(field, at, put))
    if (field.kind === 'object' && path.split('.').length <= maxDepth) {
      const inner = field.structure.fields
      const whole = smallestInput(inner)
      broken.push(...breakFields(inner, whole, (value) => put(value), `${at}.`))
    }
    return broken
  })
}

const maxDepth = 3
const wrongValue = ['InvalidParameterValue']

function breakLimits(field: Field, at: string, put: (value: unknown) => Json): BrokenInput[] {
  const broken = (what: string, value: unknown) => ({
    what: `${at} ${what}`,
    input: put(value),
    codes: wrongValue,
  })
  switch (field.kind) {
    case 'text':
      return [
        broken('too long', 'x'.repeat(field.maxChars + 1)),
        broken('with NUL', `a\0${'x'.repeat(field.minChars)}`),
        ...(field.values ? [broken('outside its values', 'none-of-these')] : []),
      ]
    case 'integer':
      return [
        broken('too small', field.min - 1),
        ...(field.max < Number.MAX_SAFE_INTEGER ? [broken('too large', field.max + 1)] : []),
      ]
    case 'list': {
      const items = Array.from({ length: field.maxItems + 1 }, () => smallestValue(field.item))
      return [broken('too long', items)]
    }
    default:
      return []
  }
}
