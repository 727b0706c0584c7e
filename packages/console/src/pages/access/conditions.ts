// What a token's claims must say, as it is typed and as the API takes it.

export const operators = ['Equal', 'Like', 'Contains'] as const
export type Operator = (typeof operators)[number]

export interface TypedCondition {
  /** Of the row, as long as the form is open. */
  readonly key: string
  readonly claim: string
  readonly operator: Operator
  /** With commas between: any of them. */
  readonly values: string
}

interface Condition {
  readonly Claim: string
  readonly Operator?: Operator
  readonly Values: readonly string[]
}

let lastKey = 0

export function newKey(): string {
  lastKey += 1
  return String(lastKey)
}

export function emptyCondition(claim = ''): TypedCondition {
  return { key: newKey(), claim, operator: 'Equal', values: '' }
}

export function typedConditions(conditions: readonly Condition[]): readonly TypedCondition[] {
  return conditions.map(({ Claim: claim, Operator: operator = 'Equal', Values }) => ({
    key: newKey(),
    claim,
    operator,
    values: Values.join(', '),
  }))
}

export const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')

export function wireConditions(conditions: readonly TypedCondition[]) {
  return conditions.map(({ claim, operator, values }) => ({
    Claim: claim.trim(),
    Operator: operator,
    Values: listOf(values),
  }))
}

export function areWhole(conditions: readonly TypedCondition[]): boolean {
  return (
    conditions.length > 0 &&
    conditions.every(({ claim, values }) => claim.trim() !== '' && listOf(values).length > 0)
  )
}
