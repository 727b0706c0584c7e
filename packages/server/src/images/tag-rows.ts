// The tags of a repository as its page lists them. The page is cut by the tags alone where the order and the filters
// allow it, and only then joined: a repository may have a million of them. All of it runs on `heavy`.

import { sql } from 'kysely'
import type { PageRange } from '../actions/paging.ts'
import type { Queryable } from '../db/database.ts'
import { containedPattern, endOfPrefix } from '../policies/reach.ts'
import { getUsage } from '../quotas/quotas.ts'
import type { ArtifactKind } from './artifact-kind.ts'
import { kindColumn } from './kind-column.ts'

export type TagOrder = 'pushed' | 'name' | 'size' | 'pulled' | 'pulls'

export interface TagRowFilter {
  readonly search: string | undefined
  readonly digest: string | undefined
  /** None: all. */
  readonly kinds: readonly ArtifactKind[]
  readonly withSignatures: boolean
  readonly pushedBefore: number | undefined
  readonly pushedAfter: number | undefined
  readonly notPulledSince: number | undefined
}

export interface TagPage extends PageRange {
  readonly order: TagOrder
  readonly isDescending: boolean
}

export interface TagPageIds {
  readonly total: number
  /** Left out because they name signatures. */
  readonly signatures: number
  readonly ids: readonly string[]
}

/** cosign's tags (`sha256-<hex>.sig`) and those that stand for referrers (`sha256-<hex>`). */
const signaturePrefix = 'sha256-'
const signaturePattern = `${signaturePrefix}${'_'.repeat(64)}%`

export async function listTagIds(
  db: Queryable,
  repositoryId: string,
  filter: TagRowFilter,
  page: TagPage,
): Promise<TagPageIds> {
  const signatures = filter.withSignatures ? 0 : await countSignatures(db, repositoryId)
  const total = await countMatching(db, repositoryId, filter, signatures)
  if (total <= page.offset || page.limit === 0) return { total, signatures, ids: [] }
  const direction = page.isDescending ? 'desc' : 'asc'
  let matching = selectMatching(db, repositoryId, filter)
  matching =
    page.order === 'size'
      ? matching.orderBy('m.content_bytes', direction)
      : matching.orderBy(columns[page.order], direction)
  const rows = await matching
    .select('t.id')
    .orderBy('t.id', direction)
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { total, signatures, ids: rows.map(({ id }) => id) }
}

const columns = {
  pushed: sql`t.pushed_at`,
  name: sql`t.name`,
  // Never pulled is longest ago, on both databases.
  pulled: sql`coalesce(t.last_pulled_at, 0)`,
  pulls: sql`t.pull_count`,
} as const

async function countSignatures(db: Queryable, repositoryId: string): Promise<number> {
  const { count } = await db
    .selectFrom('tags as t')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('t.repository_id', '=', repositoryId)
    .where('t.deleted_at', 'is', null)
    // The range is the index's.
    .where('t.name', '>=', signaturePrefix)
    .where('t.name', '<', endOfPrefix(signaturePrefix))
    .where('t.name', 'like', signaturePattern)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** What is counted anyway is not counted again. */
async function countMatching(
  db: Queryable,
  repositoryId: string,
  filter: TagRowFilter,
  signatures: number,
): Promise<number> {
  const { kinds, withSignatures: _with, ...others } = filter
  const isWhole = kinds.length === 0 && Object.values(others).every((value) => value === undefined)
  if (isWhole) return (await getUsage(db, repositoryId, 'tags')) - signatures
  const { total } = await selectMatching(db, repositoryId, filter)
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return Number(total)
}

function selectMatching(db: Queryable, repositoryId: string, filter: TagRowFilter) {
  const { search, digest, kinds, pushedBefore, pushedAfter, notPulledSince } = filter
  // An inner join of what each tag has exactly one of: planners cut the page before it where nothing asks for it.
  let query = db
    .selectFrom('tags as t')
    .innerJoin('manifests as m', 'm.id', 't.manifest_id')
    .leftJoin('manifest_refs as c', (join) =>
      join.onRef('c.manifest_id', '=', 'm.id').on('c.position', '=', 0).on('c.role', '=', 'config'),
    )
    .where('t.repository_id', '=', repositoryId)
    .where('t.deleted_at', 'is', null)
  if (digest !== undefined) query = query.where('t.digest', '=', digest)
  if (search !== undefined) query = query.where(matchesSearch(search))
  if (!filter.withSignatures) query = query.where('t.name', 'not like', signaturePattern)
  if (kinds.length > 0) query = query.where(kindColumn, 'in', kinds)
  if (pushedBefore !== undefined) query = query.where('t.pushed_at', '<', pushedBefore)
  if (pushedAfter !== undefined) query = query.where('t.pushed_at', '>', pushedAfter)
  if (notPulledSince !== undefined) {
    query = query.where(sql<boolean>`coalesce(t.last_pulled_at, 0) < ${notPulledSince}`)
  }
  return query
}

function matchesSearch(text: string) {
  if (/^sha(256|512):/.test(text)) {
    return sql<boolean>`(t.digest >= ${text} and t.digest < ${endOfPrefix(text)})`
  }
  // Tags have capitals, which LIKE tells apart on one database only.
  const pattern = containedPattern(text)
  return sql<boolean>`lower(t.name) like ${pattern} escape '\\'`
}

export const namedSiblings = 5

/** Their ids, by name; what isn't there is left out. */
export async function findTagRows(
  db: Queryable,
  repositoryId: string,
  names: readonly string[],
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('tags')
    .select('id')
    .where('repository_id', '=', repositoryId)
    .where('name', 'in', names)
    .where('deleted_at', 'is', null)
    .orderBy('name')
    .execute()
  return rows.map(({ id }) => id)
}

export type TagRow = Awaited<ReturnType<typeof readTagRows>>[number]

/** In the order of the ids. */
export async function readTagRows(db: Queryable, ids: readonly string[]) {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('tags as t')
    .innerJoin('manifests as m', 'm.id', 't.manifest_id')
    .leftJoin('manifest_refs as c', (join) =>
      join.onRef('c.manifest_id', '=', 'm.id').on('c.position', '=', 0).on('c.role', '=', 'config'),
    )
    .where('t.id', 'in', ids)
    .select(['t.id', 't.name', 't.digest', 't.manifest_id', 't.pushed_at', 't.pushed_by'])
    .select(['t.pull_count', 't.last_pulled_at', 'm.media_type', 'm.artifact_type'])
    .select(['m.content_bytes', 'c.digest as config_digest', 'c.size_bytes as config_bytes'])
    .select([
      kindColumn.as('kind'),
      sql<number>`(select count(*) from tags s where s.manifest_id = m.id
        and s.deleted_at is null and s.id <> t.id)`.as('siblings'),
      sql<string | null>`(select string_agg(n.name, ',') from (select s.name from tags s
        where s.manifest_id = m.id and s.deleted_at is null and s.id <> t.id
        order by s.name limit ${sql.lit(namedSiblings)}) n)`.as('sibling_names'),
      sql<number>`(select count(*) from manifests r where r.repository_id = m.repository_id
        and r.subject_digest = m.digest and r.deleted_at is null)`.as('referrers'),
    ])
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

export interface ChildPlatform {
  readonly manifestId: string
  readonly platform: string
  readonly contentBytes: number
}

/** Children of indexes that one page shows. */
const maxChildren = 5000

/** Of what isn't here, the size is that of its manifest: nobody knows more. */
export async function listChildPlatforms(
  db: Queryable,
  manifestIds: readonly string[],
): Promise<readonly ChildPlatform[]> {
  if (manifestIds.length === 0) return []
  return db
    .selectFrom('manifest_refs as f')
    .leftJoin('manifests as child', (join) =>
      join
        .onRef('child.repository_id', '=', 'f.repository_id')
        .onRef('child.digest', '=', 'f.digest')
        .on('child.deleted_at', 'is', null),
    )
    .select(['f.manifest_id as manifestId'])
    .select([
      sql<string>`f.platform`.as('platform'),
      sql<number>`coalesce(child.content_bytes, f.size_bytes)`.as('contentBytes'),
    ])
    .where('f.manifest_id', 'in', manifestIds)
    .where('f.role', '=', 'child')
    .where('f.platform', 'is not', null)
    .orderBy('f.manifest_id')
    .orderBy('f.position')
    .limit(maxChildren)
    .execute()
}
