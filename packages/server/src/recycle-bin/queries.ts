// What lies in the recycle bin, as the API shows it.

import { type RawBuilder, sql } from 'kysely'
import { reachCondition } from '../access/reach-filter.ts'
import { repositoryColumns } from '../access/row-columns.ts'
import type { PageMarks } from '../actions/page-marks.ts'
import type { PageRange } from '../actions/paging.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { forUpdate } from '../db/forms.ts'
import type { ArtifactKind } from '../images/artifact-kind.ts'
import { kindColumn, selectManifests } from '../images/kind-column.ts'
import { containedPattern, endOfPrefix, type Reach } from '../policies/reach.ts'
import type { DeletionKind } from './deletions.ts'
import { deletionUnknown } from './refusals.ts'

export interface HeldDeletion {
  readonly id: string
  readonly kind: DeletionKind
  readonly repositoryId: string
  readonly path: string
  readonly name: string
  readonly digest: string | null
}

/** Against everybody else who would restore it or let it go. Throws RESOURCE_NOT_FOUND. */
export async function holdDeletion(
  tx: Tx,
  instanceId: string,
  named: { readonly id: string; readonly path: string },
): Promise<HeldDeletion> {
  const row = await tx
    .selectFrom('deletions')
    .select(['id', 'kind', 'repository_id', 'path', 'name', 'digest'])
    .where('id', '=', named.id)
    .where('instance_id', '=', instanceId)
    .where('path', '=', named.path)
    .$call((query) => forUpdate(tx, query))
    .executeTakeFirst()
  if (!row) throw deletionUnknown(named.id)
  const { id, kind, path, name, digest } = row
  return { id, kind, path, name, digest, repositoryId: row.repository_id }
}

/** By name. */
export function listTagsOf(db: Queryable, deletionId: string) {
  return db
    .selectFrom('tags')
    .select(['id', 'name', 'digest', 'manifest_id', 'version', 'pushed_at', 'pushed_by'])
    .select(['pull_count', 'last_pulled_at'])
    .where('deletion_id', '=', deletionId)
    .orderBy('name')
    .execute()
}

export interface DeletionFilter {
  readonly reach: Reach
  readonly namespace: string | undefined
  /** Part of the repository's path or of the tag, or the beginning of a digest. */
  readonly search: string | undefined
  readonly kinds: readonly DeletionKind[]
  readonly by: string | undefined
  readonly cause: string | undefined
}

function selectMatching(db: Queryable, instanceId: string, filter: DeletionFilter) {
  const { reach, namespace, search, kinds, by, cause } = filter
  let query = db
    .selectFrom('deletions as d')
    .innerJoin('repositories as r', 'r.id', 'd.repository_id')
    .where('d.instance_id', '=', instanceId)
  if (namespace !== undefined) {
    const prefix = `${namespace}/`
    query = query.where('d.path', '>=', prefix).where('d.path', '<', endOfPrefix(prefix))
  }
  if (search !== undefined) {
    const pattern = containedPattern(search)
    query = query.where(
      /^sha\d+:/.test(search)
        ? sql<boolean>`coalesce(d.digest, '') like ${pattern} escape '\\'`
        : sql<boolean>`(d.path like ${pattern} escape '\\' or (d.kind = 'tag'
            and d.name like ${pattern} escape '\\'))`,
    )
  }
  if (kinds.length > 0) query = query.where('d.kind', 'in', kinds)
  if (by !== undefined) query = query.where('d.deleted_by', '=', by)
  if (cause !== undefined) query = query.where('d.cause', '=', cause)
  const reached = reachCondition(db, reach, sql.ref<string>('d.path'), repositoryColumns('r'))
  return reached ? query.where(reached) : query
}

const columns = [
  ...(['d.id', 'd.kind', 'd.repository_id', 'd.path', 'd.name', 'd.digest'] as const),
  ...(['d.tag_count', 'd.manifest_count', 'd.size_bytes'] as const),
  ...(['d.deleted_at', 'd.deleted_by', 'd.cause'] as const),
] as const

export interface ListedDeletion {
  readonly id: string
  readonly kind: DeletionKind
  readonly repository_id: string
  readonly path: string
  readonly name: string
  readonly digest: string | null
  readonly tag_count: number | null
  readonly manifest_count: number | null
  readonly size_bytes: number | null
  readonly deleted_at: number
  readonly deleted_by: string
  readonly cause: string
}

/** After which entry a page begins. */
export interface DeletionMark {
  readonly at: number
  readonly id: string
}

interface Lists {
  readonly heavy: Queryable
  readonly marks: PageMarks<DeletionMark>
}

/** The last deleted first; the total is that of what the caller may see. */
export async function listDeletions(
  { heavy, marks }: Lists,
  instanceId: string,
  filter: DeletionFilter,
  page: PageRange,
): Promise<{ readonly total: number; readonly deletions: readonly ListedDeletion[] }> {
  const matching = selectMatching(heavy, instanceId, filter)
  const { count } = await matching
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  const total = Number(count)
  if (total <= page.offset || page.limit === 0) return { total, deletions: [] }
  const list = JSON.stringify([instanceId, filter])
  const mark = marks.find(list, page.offset)
  let query = matching.select(columns)
  if (mark) query = query.where(isAfter(mark.key))
  const deletions = await query
    .orderBy('d.deleted_at', 'desc')
    .orderBy('d.id', 'desc')
    .limit(page.limit)
    .offset(page.offset - (mark?.offset ?? 0))
    .execute()
  const last = deletions.at(-1)
  if (last) marks.put(list, page.offset + deletions.length, { at: last.deleted_at, id: last.id })
  return { total, deletions }
}

function isAfter({ at, id }: DeletionMark): RawBuilder<boolean> {
  return sql<boolean>`(d.deleted_at, d.id) < (${at}, ${id})`
}

export async function findDeletion(
  db: Queryable,
  instanceId: string,
  named: { readonly id: string; readonly path: string },
): Promise<ListedDeletion | undefined> {
  return db
    .selectFrom('deletions as d')
    .select(columns)
    .where('d.id', '=', named.id)
    .where('d.instance_id', '=', instanceId)
    .where('d.path', '=', named.path)
    .executeTakeFirst()
}

/** What the images of entries are, by the id of the entry. */
export async function findKinds(
  db: Queryable,
  deletions: readonly ListedDeletion[],
): Promise<ReadonlyMap<string, ArtifactKind>> {
  const ids = deletions.filter(({ kind }) => kind !== 'repository').map(({ id }) => id)
  if (ids.length === 0) return new Map()
  const ofTags = await selectManifests(db)
    .innerJoin('tags as t', 't.manifest_id', 'm.id')
    .select(['t.deletion_id', kindColumn.as('kind')])
    .where('t.deletion_id', 'in', ids)
    .execute()
  const ofManifests = await selectManifests(db)
    .select(['m.deletion_id', kindColumn.as('kind')])
    .where('m.deletion_id', 'in', ids)
    .execute()
  return new Map(
    [...ofTags, ...ofManifests].map(({ deletion_id: id, kind }) => [id ?? '', kind] as const),
  )
}

export interface BinFigures {
  readonly count: number
  /** Of layers and configs that only the recycle bin holds. */
  readonly heldBytes: number
}

/** Of an instance or of one of its namespaces. Takes as long as the bin is full: on `heavy`. */
export async function weighBin(
  heavy: Queryable,
  instanceId: string,
  namespaceId?: string,
): Promise<BinFigures> {
  const ofNamespace = namespaceId === undefined ? sql`` : sql`and d.namespace_id = ${namespaceId}`
  const { rows } = await sql<{ count: number; bytes: number }>`
    with binned as (
      select m.id from deletions d join manifests m on m.deletion_id = d.id
        where d.instance_id = ${instanceId} ${ofNamespace}
      union
      select m.id from deletions d join manifests m on m.repository_id = d.repository_id
        where d.instance_id = ${instanceId} and d.kind = 'repository' ${ofNamespace}
    ), named as (
      select distinct ref.digest from binned join manifest_refs ref on ref.manifest_id = binned.id
    )
    select (select count(*) from deletions d
        where d.instance_id = ${instanceId} ${ofNamespace}) as count,
      cast(coalesce((select sum(b.size_bytes) from named
        join blobs b on b.instance_id = ${instanceId} and b.digest = named.digest
        where not exists (
          select 1 from repository_blobs rb
            join repositories r on r.id = rb.repository_id and r.deleted_at is null
            join manifest_refs ref on ref.repository_id = r.id and ref.digest = b.digest
            join manifests m on m.id = ref.manifest_id and m.deleted_at is null
            where rb.blob_id = b.id)), 0) as bigint) as bytes`.execute(heavy)
  const [row] = rows
  return { count: Number(row?.count ?? 0), heldBytes: Number(row?.bytes ?? 0) }
}
