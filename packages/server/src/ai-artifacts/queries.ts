// Repositories and tags of some artifact types. Few manifests have them: the index `manifests_by_type` leaves plain
// images out, so that the lists cost what they show, however many images lie beside.

import { dockerConfig, ociConfig } from '@entrepot/oci/media-types.ts'
import { type SqlBool, sql } from 'kysely'
import { reachCondition } from '../access/reach-filter.ts'
import { repositoryColumns } from '../access/row-columns.ts'
import type { PageRange } from '../actions/paging.ts'
import type { Queryable } from '../db/database.ts'
import { containedPattern, endOfPrefix, type Reach } from '../policies/reach.ts'

/** The tag by which makers of models recommend a version: versions with its digest are recommended. */
export const recommendedTag = 'recommended'

export interface ArtifactFilter {
  readonly reach: Reach
  readonly types: readonly string[]
  readonly namespace?: string | undefined
  /** The whole name, with or without that of its namespace. */
  readonly name?: string | undefined
  /** Part of the path. */
  readonly search?: string | undefined
}

export interface ArtifactVersion {
  readonly path: string
  readonly tag: string
  readonly digest: string
  readonly mediaType: string
  readonly artifactType: string
  readonly contentBytes: number
  readonly pushedAt: number
  readonly bytes: Uint8Array
}

/** Repositories with a tag on such an artifact, each with the newest of them; by path. */
export async function listArtifacts(
  db: Queryable,
  instanceId: string,
  filter: ArtifactFilter,
  page: PageRange,
): Promise<{ readonly total: number; readonly artifacts: readonly ArtifactVersion[] }> {
  const { total } = await selectRepositories(db, instanceId, filter)
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  if (Number(total) <= page.offset || page.limit === 0) {
    return { total: Number(total), artifacts: [] }
  }
  const rows = await selectRepositories(db, instanceId, filter)
    .select('r.id')
    .orderBy('r.path')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  const ids = rows.map(({ id }) => id)
  return { total: Number(total), artifacts: await readNewest(db, ids, filter.types) }
}

function selectRepositories(db: Queryable, instanceId: string, filter: ArtifactFilter) {
  const { reach, types, namespace, name, search } = filter
  let query = db
    .selectFrom('repositories as r')
    .where('r.instance_id', '=', instanceId)
    .where('r.deleted_at', 'is', null)
    .where('r.id', 'in', (eb) =>
      eb
        .selectFrom('manifests as m')
        .innerJoin('tags as t', 't.manifest_id', 'm.id')
        .select('m.repository_id')
        .where('m.instance_id', '=', instanceId)
        .where(isOneOfTypes(types))
        .where('m.deleted_at', 'is', null)
        .where('t.deleted_at', 'is', null),
    )
  if (namespace !== undefined) {
    const prefix = `${namespace}/`
    query = query.where('r.path', '>=', prefix).where('r.path', '<', endOfPrefix(prefix))
  }
  if (name !== undefined) {
    const namespaceName = sql`(select n.name from namespaces n where n.id = r.namespace_id)`
    query = query.where(
      sql<SqlBool>`(r.path = ${name} or r.path = ${namespaceName} || '/' || ${name})`,
    )
  }
  if (search !== undefined) {
    query = query.where(sql<SqlBool>`r.path like ${containedPattern(search)} escape '\\'`)
  }
  const reached = reachCondition(db, reach, sql.ref<string>('r.path'), repositoryColumns('r'))
  return reached ? query.where(reached) : query
}

/** In the order of the paths. What is only a mark is no version where there is another. */
async function readNewest(
  db: Queryable,
  repositoryIds: readonly string[],
  types: readonly string[],
): Promise<readonly ArtifactVersion[]> {
  if (repositoryIds.length === 0) return []
  const ranked = selectTags(db, types)
    .select('t.id')
    .select(
      sql<number>`row_number() over (partition by t.repository_id
      order by case when t.name = ${sql.lit(recommendedTag)} then 1 else 0 end,
      t.pushed_at desc, t.name desc)`.as('rank'),
    )
    .where('t.repository_id', 'in', repositoryIds)
  const rows = await db
    .selectFrom(ranked.as('one'))
    .select('one.id')
    .where('one.rank', '=', 1)
    .execute()
  const ids = rows.map(({ id }) => id)
  return selectVersions(db, ids).orderBy('r.path').execute()
}

/** Tags on such artifacts, the newest first. */
export async function listVersions(
  db: Queryable,
  repositoryId: string,
  types: readonly string[],
  page: PageRange,
): Promise<{ readonly total: number; readonly versions: readonly ArtifactVersion[] }> {
  const matching = selectTags(db, types).where('t.repository_id', '=', repositoryId)
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await matching
    .select('t.id')
    .orderBy('t.pushed_at', 'desc')
    .orderBy('t.name', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  const ids = rows.map(({ id }) => id)
  if (ids.length === 0) return { total: Number(total), versions: [] }
  const versions = await selectVersions(db, ids)
    .orderBy('t.pushed_at', 'desc')
    .orderBy('t.name', 'desc')
    .execute()
  return { total: Number(total), versions }
}

/** Names of all tags on such artifacts; undefined: there are more than `limit`. */
export async function listVersionNames(
  db: Queryable,
  repositoryId: string,
  types: readonly string[],
  limit: number,
): Promise<readonly string[] | undefined> {
  const rows = await selectTags(db, types)
    .select('t.name')
    .where('t.repository_id', '=', repositoryId)
    .orderBy('t.name')
    .limit(limit + 1)
    .execute()
  return rows.length > limit ? undefined : rows.map(({ name }) => name)
}

function selectTags(db: Queryable, types: readonly string[]) {
  return db
    .selectFrom('tags as t')
    .innerJoin('manifests as m', 'm.id', 't.manifest_id')
    .where('t.deleted_at', 'is', null)
    .where(isOneOfTypes(types))
}

/** A page at most: the bytes of their manifests are read. */
function selectVersions(db: Queryable, tagIds: readonly string[]) {
  return db
    .selectFrom('tags as t')
    .innerJoin('repositories as r', 'r.id', 't.repository_id')
    .innerJoin('manifests as m', 'm.id', 't.manifest_id')
    .innerJoin('manifest_bytes as b', (join) =>
      join.onRef('b.instance_id', '=', 'm.instance_id').onRef('b.digest', '=', 'm.digest'),
    )
    .select(['r.path', 't.name as tag', 't.digest', 't.pushed_at as pushedAt', 'b.bytes'])
    .select(['m.media_type as mediaType', 'm.content_bytes as contentBytes'])
    .select((eb) => eb.fn.coalesce('m.artifact_type', sql.lit('')).as('artifactType'))
    .where('t.id', 'in', tagIds)
}

/** The words of the partial index, as it has them: bound, neither database would know that it serves. */
function isOneOfTypes(types: readonly string[]) {
  const literals = types.map((type) => sql.lit(type))
  return sql<SqlBool>`(m.artifact_type in (${sql.join(literals)})
    and m.artifact_type <> ${sql.lit(ociConfig)} and m.artifact_type <> ${sql.lit(dockerConfig)})`
}
