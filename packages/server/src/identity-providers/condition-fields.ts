// Conditions on claims as the API writes them.

import type { claimCondition } from '@entrepot/contract/entrepot/identity-providers.ts'
import type { InputEntry } from '@entrepot/contract/fields.ts'
import type { ClaimCondition } from './claims.ts'

type Wire = InputEntry<typeof claimCondition>

const operators = { Equal: 'equal', Like: 'like', Contains: 'contains' } as const
const wireOperators = { equal: 'Equal', like: 'Like', contains: 'Contains' } as const

export function conditionsFromWire(wire: readonly Wire[]): ClaimCondition[] {
  return wire.map(({ Claim: claim, Operator: operator, Values: values }) => ({
    claim,
    operator: operators[operator],
    values,
  }))
}

export function conditionsToWire(conditions: readonly ClaimCondition[]) {
  return conditions.map(({ claim, operator, values }) => ({
    Claim: claim,
    Operator: wireOperators[operator],
    Values: [...values],
  }))
}
