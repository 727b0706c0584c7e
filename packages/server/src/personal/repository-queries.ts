// Repositories of the Personal edition as the API shows them, by path.

import { type Expression, type SqlBool, sql } from 'kysely'
import { reachCondition } from '../access/reach-filter.ts'
import { noRowColumns } from '../access/row-columns.ts'
import type { PageRange } from '../actions/paging.ts'
import type { Queryable } from '../db/database.ts'
import { containedPattern, type Reach } from '../policies/reach.ts'

export interface ListedRepository {
  readonly path: string
  readonly ownerUin: number
  readonly isPublic: boolean
  readonly description: string
  readonly createdAt: number
  readonly updatedAt: number
  readonly tags: number
  readonly pulls: number
  readonly favourites: number
  readonly isFavourite: boolean
}

/** Whose favourites are marked. */
export interface Viewer {
  readonly uin: number
  readonly ownerUin: number
}

export interface RepositoryFilter {
  /** Over the paths of the viewer's account. */
  readonly reach: Reach
  /** Part of the path. */
  readonly search?: string | undefined
  readonly namespace?: string | undefined
  readonly isPublic?: boolean | undefined
}

interface Page<T> {
  readonly total: number
  readonly repositories: readonly T[]
}

/** Of the viewer's account. */
export async function listOwnRepositories(
  db: Queryable,
  viewer: Viewer,
  filter: RepositoryFilter,
  page: PageRange,
): Promise<Page<ListedRepository>> {
  const { reach, search, namespace, isPublic } = filter
  let matching = selectLive(db).where('n.owner_uin', '=', viewer.ownerUin)
  if (namespace !== undefined) matching = matching.where('n.name', '=', namespace)
  if (search !== undefined) matching = matching.where(contains(search))
  if (isPublic !== undefined) matching = matching.where(sql.ref('r.is_public'), '=', flag(isPublic))
  const reached = reachCondition(db, reach, sql.ref<string>('r.path'), noRowColumns)
  if (reached) matching = matching.where(reached)
  return listPage(matching, viewer, page)
}

function flag(value: boolean): Expression<number> {
  return sql<number>`${value ? 1 : 0}`
}

/** The viewer's, of all accounts; what he may see no more is left out. */
export async function listFavourites(
  db: Queryable,
  viewer: Viewer,
  { reach, search }: Pick<RepositoryFilter, 'reach' | 'search'>,
  page: PageRange,
): Promise<Page<ListedRepository>> {
  let matching = selectLive(db).where(isFavouriteOf(viewer.uin))
  if (search !== undefined) matching = matching.where(contains(search))
  const reached = reachCondition(db, reach, sql.ref<string>('r.path'), noRowColumns)
  matching = matching.where((eb) => {
    const isOwn = eb('n.owner_uin', '=', viewer.ownerUin)
    return eb.or([eb('r.is_public', '=', 1), reached ? eb.and([isOwn, reached]) : isOwn])
  })
  return listPage(matching, viewer, page)
}

function selectLive(db: Queryable) {
  return db
    .selectFrom('repositories as r')
    .innerJoin('namespaces as n', 'n.id', 'r.namespace_id')
    .where('n.owner_uin', 'is not', null)
    .where('r.deleted_at', 'is', null)
    .where('r.born_at', 'is not', null)
}

type Matching = ReturnType<typeof selectLive>

/** Letters of paths are small, and LIKE of SQLite does not tell cases apart. */
function contains(text: string): Expression<SqlBool> {
  const pattern = containedPattern(text)
  return sql<SqlBool>`r.path like ${pattern} escape '\\'`
}

function isFavouriteOf(uin: number): Expression<SqlBool> {
  return sql<SqlBool>`exists (select 1 from favourites f
    where f.repository_id = r.id and f.uin = ${uin})`
}

async function listPage(
  matching: Matching,
  viewer: Viewer,
  page: PageRange,
): Promise<Page<ListedRepository>> {
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await withNumbers(matching, viewer)
    .orderBy('r.path')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { total: Number(total), repositories: rows.map(fromRow) }
}

/** One of them, by its id. */
export async function getListed(
  db: Queryable,
  viewer: Viewer,
  repositoryId: string,
): Promise<ListedRepository> {
  const one = selectLive(db).where('r.id', '=', repositoryId)
  return fromRow(await withNumbers(one, viewer).executeTakeFirstOrThrow())
}

function withNumbers(matching: Matching, viewer: Viewer) {
  return matching
    .select(['r.path', 'n.owner_uin', 'r.is_public', 'r.description'])
    .select(['r.created_at', 'r.updated_at', 'r.pull_count'])
    .select([
      sql<number>`(select count(*) from tags t
        where t.repository_id = r.id and t.deleted_at is null)`.as('tags'),
      sql<number>`(select count(*) from favourites f where f.repository_id = r.id)`.as(
        'favourites',
      ),
      sql<number>`(select count(*) from favourites f
        where f.repository_id = r.id and f.uin = ${viewer.uin})`.as('own_favourites'),
    ])
}

type Row = Awaited<ReturnType<ReturnType<typeof withNumbers>['executeTakeFirstOrThrow']>>

function fromRow(row: Row): ListedRepository {
  return {
    path: row.path,
    ownerUin: row.owner_uin ?? 0,
    isPublic: row.is_public === 1,
    description: row.description,
    createdAt: row.created_at,
    updatedAt: row.updated_at ?? row.created_at,
    tags: Number(row.tags),
    pulls: row.pull_count,
    favourites: Number(row.favourites),
    isFavourite: Number(row.own_favourites) > 0,
  }
}
