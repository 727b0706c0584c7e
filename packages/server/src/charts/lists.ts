// Lists of charts and of versions, as pages show them.

import { type SqlBool, sql } from 'kysely'
import { reachCondition } from '../access/reach-filter.ts'
import { repositoryColumns } from '../access/row-columns.ts'
import type { PageRange } from '../actions/paging.ts'
import type { Queryable } from '../db/database.ts'
import { containedPattern, type Reach } from '../policies/reach.ts'
import { selectVersionRows, selectVersions, type VersionRow } from './queries.ts'

export type ChartOrder = 'updated' | 'name' | 'created'

export interface ChartFilter {
  readonly reach: Reach
  readonly namespace: string | undefined
  readonly search: string | undefined
  readonly order: ChartOrder
  readonly isDescending: boolean
}

export interface ListedChart {
  readonly path: string
  readonly isPublic: boolean
  readonly versionCount: number
  readonly pullCount: number
  readonly lastPulledAt: number | null
  readonly createdAt: number
  readonly updatedAt: number
  readonly latest: VersionRow
}

/** Repositories that hold a version of a chart. */
export async function listCharts(
  db: Queryable,
  instanceId: string,
  filter: ChartFilter,
  page: PageRange,
): Promise<{ readonly total: number; readonly charts: readonly ListedChart[] }> {
  const matching = selectMatching(db, instanceId, filter)
  const { total } = await db
    .selectFrom(matching.select('r.id').groupBy('r.id').as('one'))
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const direction = filter.isDescending ? 'desc' : 'asc'
  const rows = await matching
    .innerJoin('namespaces as n', 'n.id', 'r.namespace_id')
    .select(['r.id', 'r.path', 'r.pull_count', 'r.last_pulled_at', 'r.born_at', 'r.created_at'])
    .select((eb) => [
      eb.fn.coalesce('r.is_public', 'n.is_public').as('is_public'),
      eb.fn.countAll<number>().as('versions'),
      eb.fn.max('t.pushed_at').as('updated_at'),
      eb.fn.max('c.version_order').as('highest'),
      sql<string | null>`max(case when c.is_prerelease = 0 then c.version_order end)`.as('release'),
    ])
    .groupBy(['r.id', 'n.id'])
    .orderBy(orderOf(filter.order), direction)
    .orderBy('r.path')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  const latest = await readLatest(db, instanceId, rows)
  const charts = rows.flatMap((row) => {
    const version = latest.get(row.id)
    // Deleted between the two statements.
    if (!version) return []
    return {
      path: row.path,
      isPublic: row.is_public === 1,
      versionCount: Number(row.versions),
      pullCount: row.pull_count,
      lastPulledAt: row.last_pulled_at,
      createdAt: row.born_at ?? row.created_at,
      updatedAt: row.updated_at,
      latest: version,
    }
  })
  return { total: Number(total), charts }
}

function orderOf(order: ChartOrder) {
  switch (order) {
    case 'updated':
      return sql`max(t.pushed_at)`
    case 'created':
      return sql`coalesce(r.born_at, r.created_at)`
    case 'name':
      return sql`r.path`
  }
}

function selectMatching(db: Queryable, instanceId: string, filter: ChartFilter) {
  const { reach, namespace, search } = filter
  const reached = reachCondition(db, reach, sql.ref<string>('r.path'), repositoryColumns('r'))
  let matching = selectVersions(db, instanceId)
  if (reached) matching = matching.where(reached)
  if (namespace !== undefined) {
    matching = matching.where('r.path', '>', `${namespace}/`).where('r.path', '<', `${namespace}0`)
  }
  if (search === undefined) return matching
  const pattern = containedPattern(search)
  return matching.where(
    sql<SqlBool>`(r.path like ${pattern} escape '\\' or exists (
      select 1 from tags t2 join charts c2 on c2.instance_id = r.instance_id
        and c2.digest = t2.digest
      where t2.repository_id = r.id and t2.deleted_at is null
        and lower(c2.description) like ${pattern} escape '\\'))`,
  )
}

interface Highest {
  readonly id: string
  readonly highest: string | null
  readonly release: string | null
}

/** The highest version that is no pre-release, of each. */
async function readLatest(
  db: Queryable,
  instanceId: string,
  rows: readonly Highest[],
): Promise<ReadonlyMap<string, VersionRow>> {
  const wanted = new Map(rows.map(({ id, highest, release }) => [id, release ?? highest ?? '']))
  if (wanted.size === 0) return new Map()
  const found = await selectVersionRows(db, instanceId)
    .where('r.id', 'in', [...wanted.keys()])
    .where('c.version_order', 'in', [...new Set(wanted.values())])
    .execute()
  const right = found.filter((row) => row.version_order === wanted.get(row.repository_id))
  return new Map(right.map((row) => [row.repository_id, row]))
}

export interface VersionFilter {
  readonly search: string | undefined
  readonly order: 'version' | 'pushed'
  readonly isDescending: boolean
}

export async function listVersions(
  db: Queryable,
  place: { readonly instanceId: string; readonly path: string },
  filter: VersionFilter,
  page: PageRange,
): Promise<{ readonly total: number; readonly versions: readonly VersionRow[] }> {
  const { search } = filter
  let matching = selectVersions(db, place.instanceId).where('r.path', '=', place.path)
  let rows = selectVersionRows(db, place.instanceId).where('r.path', '=', place.path)
  if (search !== undefined) {
    const contains = sql<SqlBool>`lower(c.version) like ${containedPattern(search)} escape '\\'`
    matching = matching.where(contains)
    rows = rows.where(contains)
  }
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const direction = filter.isDescending ? 'desc' : 'asc'
  const versions = await rows
    .orderBy(filter.order === 'version' ? 'c.version_order' : 't.pushed_at', direction)
    .orderBy('t.id', direction)
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { total: Number(total), versions }
}
