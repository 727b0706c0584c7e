// The language of conditions: operators, the keys that a request has, and what a value of each looks like.

export type Family = 'string' | 'numeric' | 'date' | 'bool' | 'binary' | 'ip' | 'null'

export const operators: Readonly<Record<string, Family>> = {
  string_equal: 'string',
  string_not_equal: 'string',
  string_equal_ignore_case: 'string',
  string_not_equal_ignore_case: 'string',
  string_like: 'string',
  string_not_like: 'string',
  numeric_equal: 'numeric',
  numeric_not_equal: 'numeric',
  numeric_less_than: 'numeric',
  numeric_less_than_equal: 'numeric',
  numeric_greater_than: 'numeric',
  numeric_greater_than_equal: 'numeric',
  date_equal: 'date',
  date_not_equal: 'date',
  date_less_than: 'date',
  date_less_than_equal: 'date',
  date_greater_than: 'date',
  date_greater_than_equal: 'date',
  bool_equal: 'bool',
  binary_equal: 'binary',
  ip_equal: 'ip',
  ip_not_equal: 'ip',
  null_equal: 'null',
}

export const quantifiers = ['', 'for_any_value:', 'for_all_value:'] as const
export type Quantifier = (typeof quantifiers)[number]
const ifExist = '_if_exist'

export interface Operator {
  readonly quantifier: Quantifier
  readonly name: string
  readonly isOptional: boolean
}

/** `for_any_value:string_equal_if_exist`, taken apart. */
export function readOperator(written: string): Operator {
  const quantifier = quantifiers.find((one) => one !== '' && written.startsWith(one)) ?? ''
  const rest = written.slice(quantifier.length)
  const isOptional = rest.endsWith(ifExist)
  return { quantifier, name: isOptional ? rest.slice(0, -ifExist.length) : rest, isOptional }
}

export function writeOperator({ quantifier, name, isOptional }: Operator): string {
  if (operators[name] === 'null') return name
  return `${quantifier}${name}${isOptional ? ifExist : ''}`
}

export function familyOf(written: string): Family | undefined {
  const { quantifier, name, isOptional } = readOperator(written)
  const family = operators[name]
  return family === 'null' && (quantifier !== '' || isOptional) ? undefined : family
}

export interface Key {
  readonly name: string
  readonly families: readonly Family[]
  /** What the button that adds one writes. */
  readonly first: string
}

export const keys: readonly Key[] = [
  { name: 'qcs:ip', families: ['ip', 'string'], first: 'ip_equal' },
  { name: 'qcs:current_time', families: ['date'], first: 'date_less_than' },
  { name: 'qcs:resource_tag', families: ['string'], first: 'for_any_value:string_equal' },
  { name: 'qcs:request_tag', families: ['string'], first: 'for_any_value:string_equal' },
  { name: 'qcs:mfa', families: ['bool'], first: 'bool_equal' },
  { name: 'qcs:create_uin', families: ['string', 'numeric'], first: 'string_equal' },
]

/** Older names that mean the same. */
export const olderKeys: readonly string[] = ['qcs:tag']
export const keyPattern = /^[\w-]+:[\w:./-]+$/

const variables = /\$\{(?:uin|owner_uin|app_id)\}/g
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/

/** Whether the server would take it; addresses are looked at by their form only. */
export function isValue(family: Family, value: string): boolean {
  switch (family) {
    case 'string':
      return true
    case 'numeric':
      return /^[+-]?\d{1,15}(?:\.\d{1,15})?$/.test(value.replaceAll(variables, '1'))
    case 'date':
      return time.test(value) && !Number.isNaN(Date.parse(value))
    case 'bool':
    case 'null':
      return value === 'true' || value === 'false'
    case 'binary':
      return /^[A-Za-z0-9+/]*={0,2}$/.test(value) && value.length % 4 === 0
    case 'ip':
      return isNetwork(value)
  }
}

function isNetwork(value: string): boolean {
  const [address = '', bits, ...more] = value.split('/')
  if (more.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return false
  const parts = address.split('.')
  if (parts.length === 4) {
    const isAddress = parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)
    return isAddress && Number(bits ?? 0) <= 32
  }
  return /^[0-9a-f:.]*$/i.test(address) && address.includes(':') && Number(bits ?? 0) <= 128
}
