// A tag names a manifest of its repository. `moveTag` and `deleteTag` are the only writers.

import { ApiError } from '@entrepot/contract/errors.ts'
import { helmConfig } from '@entrepot/oci/media-types.ts'
import { sql } from 'kysely'
import type { Origin } from '../audit/origin.ts'
import { batches } from '../db/batches.ts'
import type { Tx } from '../db/database.ts'
import { boundLimit, forUpdate, isOneOf } from '../db/forms.ts'
import { newId } from '../db/ids.ts'
import { prepare } from '../db/prepared.ts'
import type { EventCause } from '../events/catalogue.ts'
import { record, recordAll } from '../events/record.ts'
import { assertMutable } from '../immutability/queries.ts'
import type { Instance } from '../instances/instances.ts'
import { Bill } from '../quotas/quotas.ts'
import { type PathKey, type Repository, selectPath } from '../repositories/repositories.ts'

export interface TagChange {
  readonly instance: Instance
  readonly repository: Repository
  readonly name: string
  readonly origin: Origin
  readonly at: number
  readonly cause: EventCause
}

interface TagTarget {
  readonly manifestId: string
  readonly digest: string
}

/**
 * Makes the tag, or points it elsewhere; the same digest again only renews the time of the push. Throws TAG_IMMUTABLE,
 * and with `keepsTags` TAG_EXISTS, where it would be pointed elsewhere.
 */
export async function moveTag(
  tx: Tx,
  bill: Bill,
  change: TagChange & { readonly keepsTags?: boolean },
  target: TagTarget,
): Promise<void> {
  const { repository, name, at, origin } = change
  const inserted = await tx
    .insertInto('tags')
    .values({
      id: newId(),
      repository_id: repository.id,
      name,
      manifest_id: target.manifestId,
      digest: target.digest,
      version: 1,
      pushed_at: at,
      pushed_by: origin.actor,
      pull_count: 0,
      last_pulled_at: null,
      deleted_at: null,
      deleted_by: null,
      delete_cause: null,
    })
    .onConflict((oc) =>
      oc.columns(['repository_id', 'name']).where('deleted_at', 'is', null).doNothing(),
    )
    .returning('id')
    .executeTakeFirst()
  if (inserted) {
    bill.add(repository.id, 'tags', 1)
    return tagMoved(tx, change, target.digest, null)
  }
  const current = await tx
    .selectFrom('tags')
    .select(['id', 'digest', 'manifest_id', 'version'])
    .where('repository_id', '=', repository.id)
    .where('name', '=', name)
    .where('deleted_at', 'is', null)
    .$call((query) => forUpdate(tx, query))
    .executeTakeFirst()
  // Deleted between the two statements: the push came after, so it makes the tag anew.
  if (!current) return moveTag(tx, bill, change, target)
  if (change.keepsTags && current.digest !== target.digest) {
    throw tagExists(repository, name, current.digest)
  }
  if (current.digest !== target.digest) {
    await assertSameKind(tx, change, [current.manifest_id, target.manifestId])
    await assertMutable(tx, repository, [name])
  }
  await tx
    .updateTable('tags')
    .set({
      manifest_id: target.manifestId,
      digest: target.digest,
      version: current.version + (current.manifest_id === target.manifestId ? 0 : 1),
      pushed_at: at,
      pushed_by: origin.actor,
    })
    .where('id', '=', current.id)
    .execute()
  if (current.digest !== target.digest) await tagMoved(tx, change, target.digest, current.digest)
}

async function tagMoved(
  tx: Tx,
  change: TagChange,
  digest: string,
  previousDigest: string | null,
): Promise<void> {
  await tx
    .insertInto('tag_history')
    .values(historyRow(change, { digest, previousDigest }))
    .execute()
  await record(tx, {
    type: 'tag.moved',
    at: change.at,
    instanceId: change.instance.id,
    region: change.instance.region,
    repository: change.repository,
    origin: change.origin,
    cause: change.cause,
    payload: { tag: change.name, digest, previousDigest },
  })
}

/**
 * Deletes those tags only: their manifests and other tags of the digests stay. Throws MANIFEST_UNKNOWN, naming the
 * first that isn't there, and TAG_IMMUTABLE.
 */
export async function deleteTags(
  tx: Tx,
  change: Omit<TagChange, 'name'>,
  names: readonly string[],
): Promise<void> {
  const bill = new Bill()
  const deleted = await tx
    .updateTable('tags')
    .set({ deleted_at: change.at, deleted_by: change.origin.actor, delete_cause: change.cause })
    .where('repository_id', '=', change.repository.id)
    .where(isOneOf(tx, sql.ref<string>('name'), names))
    .where('deleted_at', 'is', null)
    .returning(['name', 'digest'])
    .execute()
  const digests = new Map(deleted.map(({ name, digest }) => [name, digest]))
  const missing = names.find((name) => !digests.has(name))
  if (missing !== undefined) throw tagUnknown(change.repository, missing)
  await tagsDeleted(tx, change, deleted)
  // Now that they are known to be there: who deletes what isn't learns that.
  await assertMutable(tx, change.repository, names)
  bill.add(change.repository.id, 'tags', -deleted.length)
  await bill.settle(tx)
}

/** A chart never takes the place of an image, nor the reverse. Throws TAG_OF_OTHER_KIND. */
async function assertSameKind(
  tx: Tx,
  { repository, name }: TagChange,
  [present, next]: readonly [string, string],
): Promise<void> {
  const charts = await tx
    .selectFrom('manifest_refs')
    .select('manifest_id')
    .where('manifest_id', 'in', [present, next])
    .where('role', '=', 'config')
    .where('media_type', '=', helmConfig)
    .execute()
  const wasChart = charts.some((row) => row.manifest_id === present)
  if (wasChart === charts.some((row) => row.manifest_id === next)) return
  const tag = `${repository.path}:${name}`
  throw new ApiError('TAG_OF_OTHER_KIND', {
    message: wasChart
      ? {
          en: `${tag} is a Helm chart: an image can't replace it; use another tag, or delete the chart first`,
          zh: `${tag} 是 Helm Chart，不能用镜像替换，请使用其他版本或先删除该 Chart`,
        }
      : {
          en: `${tag} is an image: a chart can't replace it; use another version, or delete the image first`,
          zh: `${tag} 是镜像，不能用 Helm Chart 替换，请使用其他版本或先删除该镜像`,
        },
    detail: { repository: repository.path, tag: name },
  })
}

function tagExists(repository: Repository, tag: string, digest: string): ApiError {
  const image = `${repository.path}:${tag}`
  return new ApiError('TAG_EXISTS', {
    message: {
      en: `${image} exists and names another image: set Override to move it`,
      zh: `${image} 已存在且指向其他镜像，如需移动请设置 Override`,
    },
    detail: { image, digest },
  })
}

function tagUnknown(repository: Repository, tag: string): ApiError {
  return new ApiError('MANIFEST_UNKNOWN', {
    message: {
      en: `there is no tag ${tag} in ${repository.path}`,
      zh: `仓库 ${repository.path} 中没有版本 ${tag}`,
    },
    detail: { tag },
  })
}

/** Deletes every tag of a manifest that is being deleted by its digest, and returns their names. Throws TAG_IMMUTABLE. */
export async function deleteTagsOf(
  tx: Tx,
  bill: Bill,
  change: Omit<TagChange, 'name'>,
  manifestId: string,
): Promise<readonly string[]> {
  const deleted = await tx
    .updateTable('tags')
    .set({ deleted_at: change.at, deleted_by: change.origin.actor, delete_cause: change.cause })
    .where('manifest_id', '=', manifestId)
    .where('deleted_at', 'is', null)
    .returning(['name', 'digest'])
    .execute()
  await assertMutable(
    tx,
    change.repository,
    deleted.map(({ name }) => name),
  )
  bill.add(change.repository.id, 'tags', -deleted.length)
  await tagsDeleted(tx, change, deleted)
  return deleted.map((tag) => tag.name)
}

/** A retention run deletes a million: their rows are written together. */
async function tagsDeleted(
  tx: Tx,
  change: Omit<TagChange, 'name'>,
  tags: readonly { readonly name: string; readonly digest: string }[],
): Promise<void> {
  const { instance, repository, origin, at, cause } = change
  for (const batch of batches(tags)) {
    const rows = batch.map(({ name, digest }) =>
      historyRow({ ...change, name }, { digest: null, previousDigest: digest }),
    )
    await tx.insertInto('tag_history').values(rows).execute()
  }
  await recordAll(
    tx,
    tags.map(({ name, digest }) => ({
      type: 'tag.deleted' as const,
      at,
      instanceId: instance.id,
      region: instance.region,
      repository,
      origin,
      cause,
      payload: { tag: name, digest },
    })),
  )
}

function historyRow(
  change: TagChange,
  {
    digest,
    previousDigest,
  }: { readonly digest: string | null; readonly previousDigest: string | null },
) {
  return {
    id: newId(),
    repository_id: change.repository.id,
    name: change.name,
    digest,
    previous_digest: previousDigest,
    actor: change.origin.actor,
    cause: change.cause,
    at: change.at,
  }
}

/**
 * A repository as `locate` finds it, with its tags greater than `last`, ascending by byte, as one text divided
 * by commas (no tag holds one); null when there are none. One row instead of a hundred: clients list all tags
 * every few minutes.
 */
export const listTagNames = prepare<PathKey & { last: string; limit: number }>()((db, p) =>
  selectPath(db, p).select((eb) =>
    eb
      .selectFrom(
        eb
          .selectFrom('tags as t')
          .select('t.name')
          .whereRef('t.repository_id', '=', 'r.id')
          .where('t.name', '>', p('last'))
          .where('t.deleted_at', 'is', null)
          .orderBy('t.name')
          .limit(boundLimit(p('limit')))
          .as('page'),
      )
      .select(sql<string | null>`string_agg(page.name, ',')`.as('names'))
      .as('names'),
  ),
)
