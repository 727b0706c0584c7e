// Manifests of a repository as its page lists them, by what names them; and where a tag pointed before.

import { sql } from 'kysely'
import type { PageRange } from '../actions/paging.ts'
import type { Queryable } from '../db/database.ts'
import { kindColumn, selectManifests } from './kind-column.ts'

/** `untagged`: no tag, no index and no subject holds it; `all`: whatever names it. */
export type ManifestGroup = 'untagged' | 'child' | 'referrer' | 'all'

/** Newest first: ids are made in the order of time. Runs on `heavy`. */
export async function listManifestRows(
  db: Queryable,
  repositoryId: string,
  group: ManifestGroup,
  page: PageRange,
) {
  const total = await countManifests(db, repositoryId, group)
  if (total <= page.offset || page.limit === 0) return { total, manifests: [] }
  const manifests = await selectGroup(db, repositoryId, group)
    .select(['m.id', 'm.digest', 'm.media_type', 'm.artifact_type', 'm.subject_digest'])
    .select(['m.content_bytes', 'm.created_at', 'm.created_by'])
    .select((eb) => [
      kindColumn.as('kind'),
      eb
        .selectFrom('tags as t')
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .whereRef('t.manifest_id', '=', 'm.id')
        .where('t.deleted_at', 'is', null)
        .as('tags'),
    ])
    .orderBy('m.id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { total, manifests }
}

export async function countManifests(
  db: Queryable,
  repositoryId: string,
  group: ManifestGroup,
): Promise<number> {
  const { total } = await selectGroup(db, repositoryId, group)
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return Number(total)
}

function selectGroup(db: Queryable, repositoryId: string, group: ManifestGroup) {
  let query = selectManifests(db)
    .where('m.repository_id', '=', repositoryId)
    .where('m.deleted_at', 'is', null)
  if (group === 'all') return query
  if (group === 'referrer') return query.where('m.subject_digest', 'is not', null)
  query = query.where((eb) => {
    const parents = eb
      .selectFrom('manifest_refs as f')
      .innerJoin('manifests as parent', 'parent.id', 'f.manifest_id')
      .select('f.position')
      .where('parent.deleted_at', 'is', null)
      .whereRef('f.repository_id', '=', 'm.repository_id')
      .whereRef('f.digest', '=', 'm.digest')
      .where('f.role', '=', 'child')
    return group === 'child' ? eb.exists(parents) : eb.not(eb.exists(parents))
  })
  if (group === 'child') return query
  return query
    .where('m.subject_digest', 'is', null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('tags as t')
            .select('t.id')
            .whereRef('t.manifest_id', '=', 'm.id')
            .where('t.deleted_at', 'is', null),
        ),
      ),
    )
}

/** Newest first. */
export async function listTagMoves(
  db: Queryable,
  repositoryId: string,
  tag: string,
  page: PageRange,
) {
  const matching = db
    .selectFrom('tag_history as h')
    .where('h.repository_id', '=', repositoryId)
    .where('h.name', '=', tag)
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const moves = await matching
    .leftJoin('manifests as m', (join) =>
      join
        .onRef('m.repository_id', '=', 'h.repository_id')
        .onRef('m.digest', '=', 'h.digest')
        .on('m.deleted_at', 'is', null),
    )
    .select(['h.digest', 'h.previous_digest', 'h.actor', 'h.cause', 'h.at', 'm.id as manifest_id'])
    .select(
      sql<number>`case when exists (select 1 from manifests b
        where b.repository_id = h.repository_id and b.digest = h.digest
          and b.deletion_id is not null) then 1 else 0 end`.as('is_binned'),
    )
    .orderBy('h.id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { total: Number(total), moves }
}
