// Lists of repositories, as the API shows them: born ones only.

import { type Expression, type SqlBool, sql } from 'kysely'
import { reachCondition } from '../access/reach-filter.ts'
import type { PageMarks } from '../actions/page-marks.ts'
import type { PageRange } from '../actions/paging.ts'
import type { Database, Queryable } from '../db/database.ts'
import { endOfPrefix, likePattern, type Reach } from '../policies/reach.ts'
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
  const repositories = total === 0 ? [] : await listPage(lists, instanceId, filter, page)
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
    return getUsage(db.read, instanceId, 'repositories')
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
): Promise<readonly ListedRepository[]> {
  const list = JSON.stringify([instanceId, filter])
  const isByPath = filter.order === 'path'
  const mark = isByPath ? marks.find(list, page.offset) : undefined
  const isCheap = isByPath && filter.search === undefined && filter.reach.kind === 'all'
  let query = inOrder(
    selectMatching(isCheap ? db.read : db.heavy, instanceId, filter),
    filter.order,
  )
    .innerJoin('namespaces as n', 'n.id', 'r.namespace_id')
    .select(['r.id', 'r.path', 'n.is_public', 'r.brief_description', 'r.description'])
    .select(['r.created_at', 'r.updated_at'])
    .limit(page.limit)
    .offset(page.offset - (mark?.offset ?? 0))
  if (mark) query = query.where('r.path', '>', mark.key)
  const rows = await query.execute()
  const last = rows.at(-1)
  if (isByPath && last) marks.put(list, page.offset + rows.length, last.path)
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
  if (search !== undefined) query = query.where(contains(sql.ref('r.path'), search))
  const reached = reachCondition(reach, sql.ref<string>('r.path'))
  return reached ? query.where(reached) : query
}

/** Letters of names are small, and LIKE of SQLite does not tell cases apart. */
function contains(column: Expression<string>, text: string): Expression<SqlBool> {
  return sql<SqlBool>`${column} like ${likePattern(`*${text.toLowerCase().replaceAll('*', '')}*`)} escape '\\'`
}

function inOrder(query: ReturnType<typeof selectMatching>, order: RepositoryOrder) {
  switch (order) {
    case 'path':
      return query.orderBy('r.path')
    case 'path-desc':
      return query.orderBy('r.path', 'desc')
    case 'created-desc':
      return query.orderBy('r.created_at', 'desc').orderBy('r.id', 'desc')
    case 'updated-desc':
      return query
        .orderBy(sql`coalesce(r.updated_at, r.created_at)`, 'desc')
        .orderBy('r.id', 'desc')
  }
}
