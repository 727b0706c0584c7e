// The operators of conditions: how one value that a policy names compares with one that a request has.

import { type AddressSet, addressSet, parseAddressRange } from '../http/addresses.ts'
import { PolicyProblem, type Words } from './problem.ts'
import { matchesWildcard, parseWildcard } from './wildcard.ts'

export type Matches = (ofRequest: string) => boolean

export interface Operator {
  /** Undefined for a value that this operator cannot take. */
  readonly compile: (value: string) => Matches | undefined
  readonly isNegated: boolean
  readonly takesVariables: boolean
  readonly expects: Words
  /** Whether it matches no value of a request but this very text. */
  readonly isExact?: (value: string) => boolean
}

const text: Words = { en: 'text', zh: '字符串' }
const number: Words = { en: 'a number', zh: '数字' }
const instant: Words = {
  en: 'a time such as 2026-01-31T08:00:00Z or 2026-01-31T16:00:00+08:00',
  zh: '时间，例如 2026-01-31T08:00:00Z 或 2026-01-31T16:00:00+08:00',
}
const flag: Words = { en: 'true or false', zh: 'true 或 false' }
const base64: Words = { en: 'base64', zh: 'base64 编码' }
const network: Words = {
  en: 'an address or CIDR range such as 10.0.0.0/8 or fd00::/8',
  zh: '地址或 CIDR 网段，例如 10.0.0.0/8 或 fd00::/8',
}

function equal(value: string): Matches {
  return (ofRequest) => ofRequest === value
}

function equalIgnoringCase(value: string): Matches {
  const plain = value.toLowerCase()
  return (ofRequest) => ofRequest.toLowerCase() === plain
}

function like(value: string): Matches {
  const pattern = parseWildcard(value)
  return (ofRequest) => matchesWildcard(pattern, ofRequest)
}

type Compare = (ofRequest: number, value: number) => boolean

const comparisons: Readonly<Record<string, Compare>> = {
  equal: (ofRequest, value) => ofRequest === value,
  less_than: (ofRequest, value) => ofRequest < value,
  less_than_equal: (ofRequest, value) => ofRequest <= value,
  greater_than: (ofRequest, value) => ofRequest > value,
  greater_than_equal: (ofRequest, value) => ofRequest >= value,
}

function compared(parse: (text: string) => number | undefined, compare: Compare) {
  return (value: string): Matches | undefined => {
    const bound = parse(value)
    if (bound === undefined) return undefined
    return (ofRequest) => {
      const known = parse(ofRequest)
      return known !== undefined && compare(known, bound)
    }
  }
}

function parseNumber(value: string): number | undefined {
  return /^[+-]?\d{1,15}(?:\.\d{1,15})?$/.test(value) ? Number(value) : undefined
}

const timePattern = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/

/** ISO 8601 with a zone, as ms. */
export function parseTime(value: string): number | undefined {
  const [, year, month, day] = timePattern.exec(value) ?? []
  const ms = Date.parse(value)
  if (day === undefined || Number.isNaN(ms)) return undefined
  // `Date.parse` takes the 30th of February for the 2nd of March.
  const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()
  return Number(day) > lastDay ? undefined : ms
}

function equalFlag(value: string): Matches | undefined {
  return value === 'true' || value === 'false' ? equal(value) : undefined
}

function equalBytes(value: string): Matches | undefined {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(value) && value.length % 4 === 0 ? equal(value) : undefined
}

function inNetwork(value: string): Matches | undefined {
  const range = parseAddressRange(value)
  if (!range) return undefined
  // Made when it is first asked about: most statements of most policies never are, and it takes 10 µs.
  let set: AddressSet | undefined
  return (ofRequest) => {
    set ??= addressSet([range])
    return set.has(ofRequest)
  }
}

function both(name: string, operator: Omit<Operator, 'isNegated'>): [string, Operator][] {
  const negated = name.replace('_', '_not_')
  return [
    [name, { ...operator, isNegated: false }],
    [negated, { ...operator, isNegated: true }],
  ]
}

function ordered(family: string, parse: (text: string) => number | undefined, expects: Words) {
  return Object.entries(comparisons).flatMap(([name, compare]) => {
    const takesVariables = family === 'numeric'
    const operator = { compile: compared(parse, compare), takesVariables, expects }
    const pair = both(`${family}_${name}`, operator)
    return name === 'equal' ? pair : pair.slice(0, 1)
  })
}

export const operators: ReadonlyMap<string, Operator> = new Map([
  ...both('string_equal', {
    compile: equal,
    takesVariables: true,
    expects: text,
    isExact: () => true,
  }),
  ...both('string_equal_ignore_case', {
    compile: equalIgnoringCase,
    takesVariables: true,
    expects: text,
  }),
  ...both('string_like', {
    compile: like,
    takesVariables: true,
    expects: text,
    isExact: (value) => !value.includes('*'),
  }),
  ...ordered('numeric', parseNumber, number),
  ...ordered('date', parseTime, instant),
  ['bool_equal', { compile: equalFlag, isNegated: false, takesVariables: false, expects: flag }],
  [
    'binary_equal',
    { compile: equalBytes, isNegated: false, takesVariables: false, expects: base64 },
  ],
  ...both('ip_equal', { compile: inNetwork, takesVariables: false, expects: network }),
])

export function compileValue(operator: Operator, value: string, field: string): Matches {
  const matches = operator.compile(value)
  if (matches === undefined) {
    throw new PolicyProblem(field, {
      en: `must be ${operator.expects.en}`,
      zh: `必须是${operator.expects.zh}`,
    })
  }
  return matches
}
