// What statements ask about a row's tags and its creator, as a condition of SQL. None is ever null, so that `not` means
// the opposite.

import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Queryable } from '../db/database.ts'
import { isOneOf } from '../db/forms.ts'
import type { RowTest } from '../policies/row-tests.ts'
import type { RowColumns } from './row-columns.ts'

type Condition = Expression<SqlBool>

export function meetsTest(
  db: Queryable,
  test: RowTest,
  row: RowColumns,
  ownerUin: number,
): Condition {
  return test.subject === 'creator'
    ? meetsByCreator(db, test, row)
    : meetsByTags(db, test, { tagged: row.tagged, ownerUin })
}

function meetsByCreator(db: Queryable, test: RowTest, { creator }: RowColumns): Condition {
  if (!creator) return test.ifMissing ? always : never
  const isAccepted = accepts(db, test, creator)
  return test.ifMissing
    ? sql<SqlBool>`(${creator} is null or ${isAccepted})`
    : sql<SqlBool>`(${creator} is not null and ${isAccepted})`
}

interface Tagged extends Pick<RowColumns, 'tagged'> {
  readonly ownerUin: number
}

const tag = sql<string>`t.key || '&' || t.value`

function meetsByTags(db: Queryable, test: RowTest, row: Tagged): Condition {
  if (row.tagged.length === 0) return test.ifMissing ? always : never
  const isAccepted = accepts(db, test, tag)
  const isTagged = hasTag(row, always)
  if (test.quantifier === 'some') {
    const has = hasTag(row, isAccepted)
    return test.ifMissing ? sql<SqlBool>`(${has} or not ${isTagged})` : has
  }
  const hasNoOther = sql<SqlBool>`not ${hasTag(row, sql<SqlBool>`not ${isAccepted}`)}`
  return test.ifMissing ? hasNoOther : sql<SqlBool>`(${hasNoOther} and ${isTagged})`
}

function accepts(db: Queryable, test: RowTest, value: RawBuilder<string | null>): Condition {
  const { accepted, refused, acceptsOthers } = test
  const named = acceptsOthers ? refused : accepted
  const others = acceptsOthers ? always : never
  if (named.length === 0) return others
  const isNamed = isOneOf(db, value, named)
  return acceptsOthers ? sql<SqlBool>`not ${isNamed}` : isNamed
}

/** Of the row or of what it lies in; what is nearer hides others of its key. */
function hasTag({ tagged, ownerUin }: Tagged, isIt: Condition): Condition {
  const levels = tagged.map(({ kind, id }, at) => {
    // Asked once for all rows, before what is asked of each.
    const isAmong = sql<SqlBool>`${id} in (select t.resource_id from tagged_resources as t
      where t.owner_uin = ${ownerUin} and t.kind = ${kind} and ${isIt})`
    const nearer = tagged.slice(0, at)
    if (nearer.length === 0) return isAmong
    const hiding = nearer.map(
      (one) => sql<SqlBool>`(o.kind = ${one.kind} and o.resource_id = ${one.id})`,
    )
    return sql<SqlBool>`(${isAmong} and exists (select 1 from tagged_resources as t
      where t.kind = ${kind} and t.resource_id = ${id} and ${isIt} and not exists (
        select 1 from tagged_resources as o
        where o.key = t.key and (${sql.join(hiding, sql` or `)}))))`
  })
  return sql<SqlBool>`(${sql.join(levels, sql` or `)})`
}

const always = sql<SqlBool>`1 = 1`
const never = sql<SqlBool>`1 = 0`
