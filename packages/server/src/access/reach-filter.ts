// What of a list somebody may see, as a condition of SQL, exact on every row.
//
// However many statements there are, the condition stays below the databases' limits: texts beyond a few become one
// parameter, and alternatives are put together in groups (SQLite takes expressions at most 1,000 deep).

import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Queryable } from '../db/database.ts'
import { isOneOf, matchesOneOf } from '../db/forms.ts'
import {
  endOfPrefix,
  likePattern,
  type PathSet,
  type Reach,
  type RowRule,
} from '../policies/reach.ts'
import type { RowColumns } from './row-columns.ts'
import { meetsTest } from './row-conditions.ts'

type Condition = Expression<SqlBool>

/**
 * `column` holds the path below the list's root; `row` where the rest is, or `unasked` where each row is asked about
 * afterwards: too much comes through then, and never too little. Undefined: no condition.
 */
export function reachCondition(
  db: Queryable,
  reach: Reach,
  column: RawBuilder<string>,
  row: RowColumns | 'unasked',
): Condition | undefined {
  if (reach.kind === 'all') return undefined
  if (reach.kind === 'none') return never
  const { allow, deny, rows } = reach
  const isOn = (paths: PathSet | 'all') => (paths === 'all' ? always : isIn(db, paths, column))
  const conditions = [...allow.map(isOn), ...(isEmpty(deny) ? [] : [not(isOn(deny))])]
  if (rows && row !== 'unasked') {
    // A statement could not be asked about: nobody may see anything by mistake.
    if (rows.lacks.length > 0) throw new Error(`the list lacks values of ${rows.lacks.join()}`)
    const isMet = ({ paths, tests }: RowRule) => {
      const met = tests.map((test) => meetsTest(db, test, row, rows.ownerUin))
      return all(paths === 'all' ? met : [isOn(paths), ...met])
    }
    for (const { paths, rules } of rows.allow) {
      conditions.push(any([...(isEmpty(paths) ? [] : [isOn(paths)]), ...rules.map(isMet)]))
    }
    if (rows.deny.length > 0) conditions.push(not(any(rows.deny.map(isMet))))
  }
  return conditions.length === 0 ? undefined : all(conditions)
}

/** More become one parameter. */
const maxRanges = 50
const maxGlobs = 50

function isIn(db: Queryable, { equal, prefixes, globs }: PathSet, column: RawBuilder<string>) {
  const parts: Condition[] = []
  if (equal.length > 0) parts.push(isOneOf(db, column, equal))
  if (prefixes.length <= maxRanges) {
    // A range, so that an index serves it: LIKE would not use one on either database.
    parts.push(
      ...prefixes.map(
        (prefix) => sql<SqlBool>`(${column} >= ${prefix} and ${column} < ${endOfPrefix(prefix)})`,
      ),
    )
  } else {
    // A look-up for each length that occurs: linear in the rows, whatever the number of prefixes.
    const byLength = Map.groupBy(prefixes, ({ length }) => length)
    for (const [length, some] of byLength) {
      const head = sql<string>`substr(${column}, 1, ${sql.lit(length)})`
      parts.push(isOneOf(db, head, some))
    }
  }
  const patterns = globs.map(likePattern)
  if (patterns.length <= maxGlobs) {
    parts.push(...patterns.map((pattern) => sql<SqlBool>`${column} like ${pattern} escape '\\'`))
  } else {
    parts.push(matchesOneOf(db, column, patterns))
  }
  return any(parts)
}

const always = sql<SqlBool>`1 = 1`
const never = sql<SqlBool>`1 = 0`

function not(condition: Condition): Condition {
  return sql<SqlBool>`not ${condition}`
}

function any(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? never : joined(conditions, sql` or `)
}

function all(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? always : joined(conditions, sql` and `)
}

const maxJoined = 100

/** In groups of groups: as deep as the groups are large, and not as there are conditions. */
function joined(conditions: readonly Condition[], by: RawBuilder<unknown>): Condition {
  if (conditions.length <= maxJoined) return sql<SqlBool>`(${sql.join(conditions, by)})`
  const groups: Condition[] = []
  for (let at = 0; at < conditions.length; at += maxJoined) {
    groups.push(joined(conditions.slice(at, at + maxJoined), by))
  }
  return joined(groups, by)
}

function isEmpty({ equal, prefixes, globs }: PathSet): boolean {
  return equal.length + prefixes.length + globs.length === 0
}
