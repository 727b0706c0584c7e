// Look-up in the audit log by attribute, a page at a time, among ten million rows and more.
//
// One attribute leads: its index gives the rows of an account in order, and the page is read off it. What else is
// asked for is compared row by row, a window of rows at a time, and only for a moment: then the page ends early, with
// the place where the next one goes on. So no look-up takes long, however rare what it wants is.
//
// Several values (the names of all events that write, one's own rows and the deployment's) are as many streams, which
// are merged by time.

import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Clock } from '../clock.ts'
import type { Queryable } from '../db/database.ts'
import { byIndex } from '../db/forms.ts'
import type { AuditTable } from '../db/schema-audit.ts'

export type AuditRow = Selectable<AuditTable>

/** Rows are in order of time, and of their numbers where the time is the same. */
export interface Place {
  readonly at: number
  readonly id: number
}

/** Each that is given must hold; of several values any. */
export interface Wanted {
  readonly requestId?: string
  readonly resourceName?: string
  /** None: nothing is found. */
  readonly instanceIds?: readonly string[]
  readonly credentials?: readonly string[]
  readonly address?: string
  readonly actor?: string
  readonly results?: readonly string[]
  readonly reason?: string
  /** Names of actions; none: nothing is found. */
  readonly events?: readonly string[]
}

export interface Search {
  /** Whose logs. */
  readonly owners: readonly number[]
  /** Milliseconds, both included. */
  readonly from: number
  readonly until: number
  readonly wanted: Wanted
  readonly order: 'newest' | 'oldest'
  readonly after: Place | undefined
  readonly limit: number
}

export interface Found {
  readonly rows: readonly AuditRow[]
  /** Where the next page begins; undefined: there is none. */
  readonly next: Place | undefined
}

/** Rows of each stream that are compared at a time: so many come from a cold disk before the answer is due. */
const windowRows = 500
/** Comparing goes on until then; the answer is due within 100 ms. */
const compareMs = 60

/** Runs on `heavy`. */
export async function searchAudit(
  db: Queryable,
  clock: Pick<Clock, 'monotonicMs'>,
  search: Search,
): Promise<Found> {
  if (isEmpty(search)) return nothing
  const plan = planSearch(search)
  if (plan.compared.length === 0) return readPage(db, plan, search)
  const endMs = clock.monotonicMs() + compareMs
  const rows: AuditRow[] = []
  let after = search.after
  do {
    const limit = search.limit - rows.length
    const found = await readWindow(db, plan, { ...search, after, limit })
    rows.push(...found.rows)
    after = found.next
  } while (after && rows.length < search.limit && clock.monotonicMs() < endMs)
  return { rows, next: after }
}

function isEmpty({ limit, wanted }: Search): boolean {
  return limit === 0 || wanted.events?.length === 0 || wanted.instanceIds?.length === 0
}

const nothing: Found = { rows: [], next: undefined }

/** Which rows an index gives, and what is compared in each. */
interface Plan {
  readonly index: string
  readonly streams: readonly RawBuilder<unknown>[]
  readonly compared: readonly RawBuilder<unknown>[]
}

function planSearch({ owners, wanted }: Search): Plan {
  const terms = termsOf(wanted)
  const lead = terms.find(({ index }) => index !== undefined)
  const compared = terms
    .filter((term) => term !== lead)
    .map(({ column, values }) => isOneOf(column, values))
  if (!lead) {
    const streams = owners.map((owner) => is('owner_uin', owner))
    return { index: 'audit_by_owner', streams, compared }
  }
  const { column, values, index = '' } = lead
  // Their indexes don't begin with the owner.
  if (column === 'request_id' || column === 'instance_id') {
    const streams = values.map((value) => is(column, value))
    return { index, streams, compared: [isOneOf('owner_uin', owners), ...compared] }
  }
  // Of the partial index, in its own words.
  const partial = column === 'result' ? sql` and result <> 'ok'` : sql``
  const streams = owners.flatMap((owner) =>
    values.map((value) => sql`${is('owner_uin', owner)} and ${is(column, value)}${partial}`),
  )
  return { index, streams, compared }
}

interface Term {
  readonly column: keyof AuditTable
  readonly values: readonly string[]
  /** Undefined: it can't lead. */
  readonly index?: string | undefined
}

/** What tells most stands first: it leads. */
function termsOf(wanted: Wanted): readonly Term[] {
  const { results } = wanted
  const failure = results?.includes('ok') ? undefined : 'audit_by_failure'
  const terms: readonly (Omit<Term, 'values'> & {
    readonly values: readonly string[] | undefined
  })[] = [
    { column: 'request_id', values: alone(wanted.requestId), index: 'audit_by_request' },
    { column: 'result', values: results, index: failure },
    { column: 'resource_name', values: alone(wanted.resourceName), index: 'audit_by_resource' },
    { column: 'credential', values: wanted.credentials, index: 'audit_by_credential' },
    { column: 'address', values: alone(wanted.address), index: 'audit_by_address' },
    { column: 'actor', values: alone(wanted.actor), index: 'audit_by_actor' },
    { column: 'event', values: wanted.events, index: 'audit_by_event' },
    { column: 'instance_id', values: wanted.instanceIds, index: 'audit_by_instance' },
    { column: 'reason', values: alone(wanted.reason) },
  ]
  return terms.flatMap(({ values, ...term }) => (values ? [{ ...term, values }] : []))
}

function alone(value: string | undefined): readonly string[] | undefined {
  return value === undefined ? undefined : [value]
}

function is(column: keyof AuditTable, value: string | number): RawBuilder<unknown> {
  return sql`${sql.ref(column)} = ${value}`
}

function isOneOf(column: keyof AuditTable, values: readonly (string | number)[]) {
  return sql`${sql.ref(column)} in (${sql.join([...values])})`
}

/** Nothing is compared: the first rows of each stream hold the first rows of all. */
async function readPage(db: Queryable, plan: Plan, search: Search): Promise<Found> {
  const { limit } = search
  const audit = indexed(db, plan)
  const parts = plan.streams.map(
    (stream) => sql`select * from ${audit} ${inOrder(stream, search, limit + 1)}`,
  )
  const rows = inTime(await union<AuditRow>(db, parts), search)
  const page = rows.slice(0, limit)
  return { rows: page, next: rows.length > limit ? page.at(-1) : undefined }
}

/** The next window of each stream, as far as all of them reach. */
async function readWindow(db: Queryable, plan: Plan, search: Search): Promise<Found> {
  const { limit } = search
  const { streams, compared } = plan
  const audit = indexed(db, plan)
  const ends = await union<Place>(
    db,
    streams.map(
      (stream) =>
        sql`select at, id from ${audit} ${inOrder(stream, search, 1)} offset ${windowRows - 1}`,
    ),
  )
  const [end] = inTime(ends, search)
  const rows = await union<AuditRow>(
    db,
    streams.map(
      (stream) => sql`select * from (select * from ${audit} ${inOrder(stream, search, windowRows)})
        as windowed where ${sql.join(compared, sql` and `)}
        ${order(search)} limit ${limit + 1}`,
    ),
  )
  const reached = inTime(rows, search).filter((row) => !end || compare(row, end, search) <= 0)
  const page = reached.slice(0, limit)
  return { rows: page, next: reached.length > limit ? page.at(-1) : end }
}

function indexed(db: Queryable, { index }: Plan): RawBuilder<unknown> {
  return sql`audit ${byIndex(db, index)}`
}

function inOrder(stream: RawBuilder<unknown>, search: Search, limit: number): RawBuilder<unknown> {
  const { from, until, after, order: direction } = search
  const start = direction === 'newest' ? until : from
  const begun = after
    ? direction === 'newest'
      ? sql`(at, id) < (${after.at}, ${after.id})`
      : sql`(at, id) > (${after.at}, ${after.id})`
    : direction === 'newest'
      ? sql`at <= ${start}`
      : sql`at >= ${start}`
  const bound = direction === 'newest' ? sql`at >= ${from}` : sql`at <= ${until}`
  return sql`where ${stream} and ${bound} and ${begun} ${order(search)} limit ${limit}`
}

function order({ order: direction }: Search): RawBuilder<unknown> {
  return direction === 'newest' ? sql`order by at desc, id desc` : sql`order by at, id`
}

async function union<R>(db: Queryable, parts: readonly RawBuilder<unknown>[]): Promise<R[]> {
  // A member with an order and a limit of its own has to be a subquery, on SQLite.
  const members = parts.map((part) => sql`select * from (${part}) as stream`)
  const { rows } = await sql<R>`${sql.join(members, sql` union all `)}`.execute(db)
  return rows
}

function inTime<P extends Place>(places: readonly P[], search: Search): readonly P[] {
  return places.toSorted((a, b) => compare(a, b, search))
}

/** Negative: `a` comes first. */
function compare(a: Place, b: Place, { order: direction }: Search): number {
  const later = a.at - b.at || a.id - b.id
  return direction === 'newest' ? -later : later
}

/** The names of all events that stand in the logs: read off the index, a step for each. */
export async function listEventNames(
  db: Queryable,
  owners: readonly number[],
): Promise<readonly string[]> {
  const names = new Set<string>()
  for (const owner of owners) {
    const { rows } = await sql<{ event: string }>`
      with recursive present (event) as (
        select min(audit.event) from audit where audit.owner_uin = ${owner}
        union all
        select (select min(audit.event) from audit
          where audit.owner_uin = ${owner} and audit.event > present.event)
        from present where present.event is not null
      )
      select event from present where event is not null`.execute(db)
    for (const { event } of rows) names.add(event)
  }
  return [...names]
}

/** Where a page ended that was told by the number of its last row. */
export async function findPlace(
  db: Queryable,
  id: number,
  owners: readonly number[],
): Promise<Place | undefined> {
  return db
    .selectFrom('audit')
    .select(['at', 'id'])
    .where('id', '=', id)
    .where('owner_uin', 'in', owners)
    .executeTakeFirst()
}
