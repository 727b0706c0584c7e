// Conditions on what differs from row to row of a list, the tags and the creator, in a form for SQL: which values are
// accepted. Without functions, so that what is filtered by it can be told from other lists.

import type { Condition, Context, Effect } from './conditions.ts'

export type RowSubject = 'tags' | 'creator'

export interface RowTest {
  readonly subject: RowSubject
  /** Of several tags, whether one must be accepted or each. */
  readonly quantifier: 'some' | 'every'
  /** Of rows without any. */
  readonly ifMissing: boolean
  /** Tags are written `key&value`, creators as their uin. */
  readonly accepted: readonly string[]
  readonly refused: readonly string[]
  /** What becomes of values that are in neither. */
  readonly acceptsOthers: boolean
}

/** All values that rows may have, for conditions that don't name the few that count, as `string_like` does. */
export type KnownValues = Partial<Readonly<Record<RowSubject, readonly string[]>>>

/** No tag and no creator is written so. */
const noValue = '\u0000'

/** Undefined: it can't be told without the values that there are. */
export function rowTest(
  condition: Condition,
  effect: Effect,
  context: Context,
  known: KnownValues,
): RowTest | undefined {
  const subject = subjectOf(condition)
  const values = condition.named(context) ?? known[subject]
  if (!values) return undefined
  const accepts = condition.accepts(context)
  const { accepted = [], refused = [] } = Object.groupBy(new Set(values), (value) =>
    accepts(value) ? 'accepted' : 'refused',
  )
  return {
    subject,
    quantifier: condition.quantifier,
    ifMissing: condition.ifMissing(effect),
    accepted: accepted.toSorted(),
    refused: refused.toSorted(),
    acceptsOthers: accepts(noValue),
  }
}

export function subjectOf({ key }: Pick<Condition, 'key'>): RowSubject {
  return key === 'qcs:create_uin' ? 'creator' : 'tags'
}
