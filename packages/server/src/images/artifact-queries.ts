// What shares a digest, what is about it, and repositories in numbers.

import { sql } from 'kysely'
import { reachCondition } from '../access/reach-filter.ts'
import type { PageRange } from '../actions/paging.ts'
import type { Database, Queryable } from '../db/database.ts'
import { endOfPrefix, type Reach } from '../policies/reach.ts'

export interface TagOfDigest {
  readonly name: string
  readonly pushedAt: number
  readonly pushedBy: string
  readonly pullCount: number
  readonly lastPulledAt: number | null
}

/** By name. */
export async function listTagsOfManifest(
  db: Queryable,
  manifestId: string,
  page: PageRange,
): Promise<{ readonly total: number; readonly tags: readonly TagOfDigest[] }> {
  const matching = db
    .selectFrom('tags')
    .where('manifest_id', '=', manifestId)
    .where('deleted_at', 'is', null)
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const tags = await matching
    .select(['name', 'pushed_at as pushedAt', 'pushed_by as pushedBy', 'pull_count as pullCount'])
    .select('last_pulled_at as lastPulledAt')
    .orderBy('name')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { total: Number(total), tags }
}

/** Over all its tags. */
export async function sumPulls(
  db: Queryable,
  manifestId: string,
): Promise<{ readonly pulls: number; readonly lastPulledAt: number | null }> {
  const row = await db
    .selectFrom('tags')
    .select((eb) => [
      eb.fn.coalesce(eb.fn.sum<number>('pull_count'), eb.lit(0)).as('pulls'),
      eb.fn.max('last_pulled_at').as('lastPulledAt'),
    ])
    .where('manifest_id', '=', manifestId)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow()
  return { pulls: Number(row.pulls), lastPulledAt: row.lastPulledAt }
}

export interface ReferrerEntry {
  readonly digest: string
  readonly mediaType: string
  readonly artifactType: string | null
  readonly contentBytes: number
  readonly annotations: string | null
  readonly createdAt: number
  readonly createdBy: string
}

/** By digest; `page` with a limit of 0 only counts. */
export async function listReferrersOf(
  db: Queryable,
  subject: { readonly repositoryId: string; readonly digest: string },
  artifactType: string | undefined,
  page: PageRange,
): Promise<{ readonly total: number; readonly referrers: readonly ReferrerEntry[] }> {
  let matching = db
    .selectFrom('manifests')
    .where('repository_id', '=', subject.repositoryId)
    .where('subject_digest', '=', subject.digest)
    .where('deleted_at', 'is', null)
  if (artifactType !== undefined) matching = matching.where('artifact_type', '=', artifactType)
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  if (page.limit === 0) return { total: Number(total), referrers: [] }
  const referrers = await matching
    .select(['digest', 'media_type as mediaType', 'artifact_type as artifactType'])
    .select(['content_bytes as contentBytes', 'annotations'])
    .select(['created_at as createdAt', 'created_by as createdBy'])
    .orderBy('digest')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { total: Number(total), referrers }
}

export interface RepositoryNumbers {
  readonly path: string
  readonly tags: number
  readonly manifests: number
  readonly pulls: number
  readonly lastPulledAt: number | null
  readonly lastPushedAt: number | null
}

interface NumbersFilter {
  readonly reach: Reach
  readonly namespace: string | undefined
  readonly path: string | undefined
}

/** By path. The manifests of a page are counted, so this runs off the event loop. */
export async function listRepositoryNumbers(
  db: Database,
  instanceId: string,
  { reach, namespace, path }: NumbersFilter,
  page: PageRange,
): Promise<{ readonly total: number; readonly repositories: readonly RepositoryNumbers[] }> {
  let matching = db.heavy
    .selectFrom('repositories as r')
    .where('r.instance_id', '=', instanceId)
    .where('r.deleted_at', 'is', null)
    .where('r.born_at', 'is not', null)
  if (path !== undefined) matching = matching.where('r.path', '=', path)
  if (namespace !== undefined) {
    const prefix = `${namespace}/`
    matching = matching.where('r.path', '>=', prefix).where('r.path', '<', endOfPrefix(prefix))
  }
  const reached = reachCondition(reach, sql.ref<string>('r.path'))
  if (reached) matching = matching.where(reached)
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await matching
    .select(['r.path', 'r.pull_count as pulls', 'r.last_pulled_at as lastPulledAt'])
    .select(
      sql<number>`(select count(*) from tags t
        where t.repository_id = r.id and t.deleted_at is null)`.as('tags'),
    )
    .select(
      sql<number>`(select count(*) from manifests m
        where m.repository_id = r.id and m.deleted_at is null)`.as('manifests'),
    )
    .select(
      sql<number | null>`(select max(t.pushed_at) from tags t
        where t.repository_id = r.id and t.deleted_at is null)`.as('lastPushedAt'),
    )
    .orderBy('r.path')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return {
    total: Number(total),
    repositories: rows.map((row) => ({
      ...row,
      tags: Number(row.tags),
      manifests: Number(row.manifests),
    })),
  }
}
