// Lists of repositories, as the API shows them: born ones only.

import { type Expression, type SqlBool, sql } from 'kysely'
import { reachCondition } from '../access/reach-filter.ts'
import { repositoryColumns } from '../access/row-columns.ts'
import type { PageMarks } from '../actions/page-marks.ts'
import type { PageRange } from '../actions/paging.ts'
import type { Database, Queryable } from '../db/database.ts'
import { containedPattern, endOfPrefix, type Reach } from '../policies/reach.ts'
import { getUsage } from '../quotas/quotas.ts'

export interface ListedRepository {
  readonly id: string
  readonly path: string
  readonly isPublic: boolean
  readonly briefDescription: string
  readonly description: string
  readonly createdAt: number
  readonly updatedAt: number
}

export type RepositoryOrder = 'path' | 'path-desc' | 'created-desc' | 'updated-desc'

export interface RepositoryFilter {
  readonly reach: Reach
  /** Only in this namespace. */
  readonly namespace: string | undefined
  /** Part of the path. */
  readonly search: string | undefined
  readonly order: RepositoryOrder
}

interface Lists {
  readonly db: Database
  readonly marks: PageMarks<string>
}

/** The total is that of what the caller may see. */
export async function listRepositories(
  lists: Lists,
  instanceId: string,
  filter: RepositoryFilter,
  page: PageRange,
): Promise<{ readonly total: number; readonly repositories: readonly ListedRepository[] }> {
  const total = await countRepositories(lists.db, instanceId, filter)
  if (total <= page.offset || page.limit === 0) return { total, repositories: [] }
  const repositories = await listPage(lists, instanceId, filter, page, total)
  return { total, repositories }
}

/** What is counted anyway is not counted again; all else may take long, so it is asked off the event loop. */
async function countRepositories(
  db: Database,
  instanceId: string,
  filter: RepositoryFilter,
): Promise<number> {
  const { reach, namespace, search } = filter
  if (reach.kind === 'all' && namespace === undefined && search === undefined) {
    const images = await getUsage(db.read, instanceId, 'repositories')
    return images + (await getUsage(db.read, instanceId, 'chart-repositories'))
  }
  const { total } = await selectMatching(db.heavy, instanceId, filter)
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return Number(total)
}

async function listPage(
  { db, marks }: Lists,
  instanceId: string,
  filter: RepositoryFilter,
  page: PageRange,
  total: number,
): Promise<readonly ListedRepository[]> {
  const list = JSON.stringify([instanceId, filter])
  const isByPath = filter.order === 'path'
  const mark = isByPath ? marks.find(list, page.offset) : undefined
  const skipped = page.offset - (mark?.offset ?? 0)
  const behind = total - page.offset - page.limit
  // From the nearer side: a mark before the page, or the end.
  const isFromEnd = isByPath && behind < skipped
  const isPlain = isByPath && !filter.search && filter.reach.kind === 'all'
  const isCheap = isPlain && Math.min(skipped, behind) <= cheapOffset
  const queryable = isCheap ? db.read : db.heavy
  let matching = selectMatching(queryable, instanceId, filter)
  if (mark && !isFromEnd) matching = matching.where('r.path', '>', mark.key)
  const limit = Math.min(page.limit, total - page.offset)
  const cut = isFromEnd
    ? inOrder(matching, 'path-desc')
        .limit(limit)
        .offset(total - page.offset - limit)
    : inOrder(matching, filter.order).limit(page.limit).offset(skipped)
  const rows = await joinNamespaces(queryable, cut, filter.order)
  const last = rows.at(-1)
  if (isByPath && last) marks.put(list, page.offset + rows.length, last.path)
  return rows
}

/** Entries that may be skipped on the event loop. */
const cheapOffset = 1000

/** The page is cut before it is joined: else a planner may join, and sort, all of the repositories. */
async function joinNamespaces(
  db: Queryable,
  page: Matching,
  order: RepositoryOrder,
): Promise<readonly ListedRepository[]> {
  const joined = db
    .selectFrom(
      page
        .select(['id', 'path', 'namespace_id', 'brief_description', 'description'])
        .select(['created_at', 'updated_at'])
        .as('r'),
    )
    .innerJoin('namespaces as n', 'n.id', 'r.namespace_id')
    .select(['r.id', 'r.path', 'n.is_public', 'r.brief_description', 'r.description'])
    .select(['r.created_at', 'r.updated_at'])
  const rows = await orderBy(joined, order).execute()
  return rows.map((row) => ({
    id: row.id,
    path: row.path,
    isPublic: row.is_public === 1,
    briefDescription: row.brief_description,
    description: row.description,
    createdAt: row.created_at,
    updatedAt: row.updated_at ?? row.created_at,
  }))
}

type Matching = ReturnType<typeof selectMatching>

function selectMatching(db: Queryable, instanceId: string, filter: RepositoryFilter) {
  const { reach, namespace, search } = filter
  let query = db
    .selectFrom('repositories as r')
    .where('r.instance_id', '=', instanceId)
    .where('r.deleted_at', 'is', null)
    .where('r.born_at', 'is not', null)
  if (namespace !== undefined) {
    // A range of paths: the index that orders the list serves it too.
    const prefix = `${namespace}/`
    query = query.where('r.path', '>=', prefix).where('r.path', '<', endOfPrefix(prefix))
  }
  if (search !== undefined)
    query = query.where(sql<SqlBool>`r.path like ${containedPattern(search)} escape '\\'`)
  const reached = reachCondition(db, reach, sql.ref<string>('r.path'), repositoryColumns('r'))
  return reached ? query.where(reached) : query
}

/** The columns of a list's order, by the alias that both halves of the statement give the table. */
const orders: Readonly<Record<RepositoryOrder, readonly Expression<unknown>[]>> = {
  path: [sql`r.path`],
  'path-desc': [sql`r.path desc`],
  'created-desc': [sql`r.created_at desc`, sql`r.id desc`],
  'updated-desc': [sql`coalesce(r.updated_at, r.created_at) desc`, sql`r.id desc`],
}

interface Orderable<Q> {
  orderBy(expression: Expression<unknown>): Q
}

function orderBy<Q extends Orderable<Q>>(query: Q, order: RepositoryOrder): Q {
  return orders[order].reduce((ordered, column) => ordered.orderBy(column), query)
}

function inOrder(query: Matching, order: RepositoryOrder): Matching {
  return orderBy(query, order)
}
