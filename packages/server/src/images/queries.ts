// What the API shows of images: tags of a repository, and one manifest with what belongs to it.

import { sql } from 'kysely'
import type { PageMarks } from '../actions/page-marks.ts'
import type { PageRange } from '../actions/paging.ts'
import type { Database, Queryable } from '../db/database.ts'
import { containedPattern } from '../policies/reach.ts'
import { getUsage } from '../quotas/quotas.ts'

export interface ListedTag {
  readonly name: string
  readonly digest: string
  readonly mediaType: string
  readonly contentBytes: number
  readonly pushedAt: number
  readonly pushedBy: string
  readonly pullCount: number
  readonly lastPulledAt: number | null
}

export interface TagFilter {
  /** The whole tag. */
  readonly name: string | undefined
  /** Part of the tag. */
  readonly search: string | undefined
  readonly digest: string | undefined
}

/** Entries that may be skipped on the event loop. */
const cheapOffset = 1000

interface Lists {
  readonly db: Database
  readonly marks: PageMarks<string>
}

/** Names ascending. */
export async function listTags(
  { db, marks }: Lists,
  repositoryId: string,
  filter: TagFilter,
  page: PageRange,
): Promise<{ readonly total: number; readonly tags: readonly ListedTag[] }> {
  const isWhole =
    filter.name === undefined && filter.search === undefined && filter.digest === undefined
  const total = isWhole
    ? await getUsage(db.read, repositoryId, 'tags')
    : await countTags(db.heavy, repositoryId, filter)
  if (total <= page.offset || page.limit === 0) return { total, tags: [] }
  const list = JSON.stringify([repositoryId, filter])
  const mark = marks.find(list, page.offset)
  const skipped = page.offset - (mark?.offset ?? 0)
  const behind = total - page.offset - page.limit
  // From the nearer side: a mark before the page, or the end.
  const isFromEnd = isWhole && behind < skipped
  const isCheap = isWhole && Math.min(skipped, behind) <= cheapOffset
  const queryable = isCheap ? db.read : db.heavy
  const tags = isFromEnd
    ? await selectFromEnd(queryable, repositoryId, total, page)
    : await selectPage(
        queryable,
        repositoryId,
        { ...filter, after: mark?.key },
        { limit: page.limit, offset: skipped },
      )
  const last = tags.at(-1)
  if (last) marks.put(list, page.offset + tags.length, last.name)
  return { total, tags }
}

async function countTags(db: Queryable, repositoryId: string, filter: TagFilter): Promise<number> {
  const { total } = await selectMatching(db, repositoryId, filter)
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return Number(total)
}

function selectMatching(db: Queryable, repositoryId: string, filter: TagFilter) {
  let query = db
    .selectFrom('tags as t')
    .where('t.repository_id', '=', repositoryId)
    .where('t.deleted_at', 'is', null)
  if (filter.name !== undefined) query = query.where('t.name', '=', filter.name)
  if (filter.digest !== undefined) query = query.where('t.digest', '=', filter.digest)
  if (filter.search !== undefined) {
    // Tags have capitals, which LIKE tells apart on one database only.
    const pattern = containedPattern(filter.search)
    query = query.where(sql<boolean>`lower(t.name) like ${pattern} escape '\\'`)
  }
  return query
}

/** The page is cut before it is joined: else a planner may join, and sort, all of the tags. */
async function joinManifests(
  db: Queryable,
  page: ReturnType<typeof selectMatching>,
): Promise<ListedTag[]> {
  const columns = ['name', 'digest', 'pushed_at', 'pushed_by', 'pull_count'] as const
  return db
    .selectFrom(page.select(columns).select(['last_pulled_at', 'manifest_id']).as('t'))
    .innerJoin('manifests as m', 'm.id', 't.manifest_id')
    .select(['t.name', 't.digest', 'm.media_type as mediaType', 'm.content_bytes as contentBytes'])
    .select(['t.pushed_at as pushedAt', 't.pushed_by as pushedBy', 't.pull_count as pullCount'])
    .select('t.last_pulled_at as lastPulledAt')
    .orderBy('t.name')
    .execute()
}

function selectPage(
  db: Queryable,
  repositoryId: string,
  filter: TagFilter & { readonly after: string | undefined },
  page: PageRange,
): Promise<ListedTag[]> {
  let query = selectMatching(db, repositoryId, filter)
  if (filter.after !== undefined) query = query.where('t.name', '>', filter.after)
  return joinManifests(db, query.orderBy('t.name').limit(page.limit).offset(page.offset))
}

function selectFromEnd(
  db: Queryable,
  repositoryId: string,
  total: number,
  page: PageRange,
): Promise<ListedTag[]> {
  const limit = Math.min(page.limit, total - page.offset)
  const all = { name: undefined, search: undefined, digest: undefined }
  return joinManifests(
    db,
    selectMatching(db, repositoryId, all)
      .orderBy('t.name', 'desc')
      .limit(limit)
      .offset(total - page.offset - limit),
  )
}

export interface FoundManifest {
  readonly id: string
  readonly digest: string
  readonly mediaType: string
  readonly artifactType: string | null
  readonly subjectDigest: string | null
  readonly contentBytes: number
  readonly createdAt: number
  readonly createdBy: string
  readonly bytes: Uint8Array
}

/** By tag or digest. */
export async function findManifest(
  db: Queryable,
  repository: { readonly id: string; readonly instanceId: string },
  reference: { readonly tag: string } | { readonly digest: string },
): Promise<FoundManifest | undefined> {
  let query = db
    .selectFrom('manifests as m')
    .innerJoin('manifest_bytes as b', (join) =>
      join.onRef('b.instance_id', '=', 'm.instance_id').onRef('b.digest', '=', 'm.digest'),
    )
    .select(['m.id', 'm.digest', 'm.media_type as mediaType', 'm.artifact_type as artifactType'])
    .select(['m.subject_digest as subjectDigest', 'm.content_bytes as contentBytes', 'b.bytes'])
    .select(['m.created_at as createdAt', 'm.created_by as createdBy'])
    .where('m.repository_id', '=', repository.id)
    .where('m.deleted_at', 'is', null)
  query =
    'digest' in reference
      ? query.where('m.digest', '=', reference.digest)
      : query.where('m.id', '=', (eb) =>
          eb
            .selectFrom('tags as t')
            .select('t.manifest_id')
            .where('t.repository_id', '=', repository.id)
            .where('t.name', '=', reference.tag)
            .where('t.deleted_at', 'is', null),
        )
  return query.executeTakeFirst()
}

export interface FoundRepository {
  readonly id: string
  readonly instanceId: string
  readonly namespaceId: string
  readonly path: string
}

/** Born ones. */
export async function findRepository(
  db: Queryable,
  instanceId: string,
  path: string,
): Promise<FoundRepository | undefined> {
  return db
    .selectFrom('repositories')
    .select(['id', 'instance_id as instanceId', 'namespace_id as namespaceId', 'path'])
    .where('instance_id', '=', instanceId)
    .where('path', '=', path)
    .where('deleted_at', 'is', null)
    .where('born_at', 'is not', null)
    .executeTakeFirst()
}

/** Where the bytes of a blob of the repository lie. */
export async function findBlobCopy(
  db: Queryable,
  repositoryId: string,
  digest: string,
): Promise<{ backendId: string; key: string; sizeBytes: number } | undefined> {
  return db
    .selectFrom('blobs as b')
    .innerJoin('repository_blobs as rb', 'rb.blob_id', 'b.id')
    .innerJoin('blob_copies as c', 'c.blob_id', 'b.id')
    .select(['c.backend_id as backendId', 'c.key', 'b.size_bytes as sizeBytes'])
    .where('rb.repository_id', '=', repositoryId)
    .where('b.digest', '=', digest)
    .where('b.state', '=', 'present')
    .where('c.state', '=', 'present')
    .limit(1)
    .executeTakeFirst()
}
