// What shares a digest, and what is about it.

import type { PageRange } from '../actions/paging.ts'
import type { Queryable } from '../db/database.ts'

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
