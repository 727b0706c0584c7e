// What of a list somebody may see, as a condition of SQL. Exact, but for what depends on a row's tags or creator: then
// it lets too much through, and each row has to be asked about (`isPerRow`).

import { type Expression, type SqlBool, sql } from 'kysely'
import { endOfPrefix, likePattern, type PathSet, type Reach } from '../policies/reach.ts'

/** `column` holds the path below the list's root; undefined: no condition. */
export function reachCondition(
  reach: Reach,
  column: Expression<string>,
): Expression<SqlBool> | undefined {
  if (reach.kind === 'all') return undefined
  if (reach.kind === 'none') return sql<SqlBool>`1 = 0`
  const conditions = [
    ...reach.allow.map((set) => isIn(set, column)),
    ...(isEmpty(reach.deny) ? [] : [sql<SqlBool>`not (${isIn(reach.deny, column)})`]),
  ]
  return conditions.length === 0 ? undefined : sql<SqlBool>`${sql.join(conditions, sql` and `)}`
}

function isIn({ equal, prefixes, globs }: PathSet, column: Expression<string>) {
  const parts = [
    ...(equal.length > 0 ? [sql`${column} in (${sql.join([...equal])})`] : []),
    // A range, so that an index serves it: LIKE would not use one on either database.
    ...prefixes.map(
      (prefix) => sql`(${column} >= ${prefix} and ${column} < ${endOfPrefix(prefix)})`,
    ),
    ...globs.map((glob) => sql`${column} like ${likePattern(glob)} escape '\\'`),
  ]
  if (parts.length === 0) return sql<SqlBool>`1 = 0`
  return sql<SqlBool>`(${sql.join(parts, sql` or `)})`
}

function isEmpty({ equal, prefixes, globs }: PathSet): boolean {
  return equal.length + prefixes.length + globs.length === 0
}
