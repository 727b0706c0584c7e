// A tag names a manifest of its repository. `moveTag`, `deleteTags` and `deleteTagsOf` are the only writers.

import { ApiError } from '@entrepot/contract/errors.ts'
import { helmConfig } from '@entrepot/oci/media-types.ts'
import { sql } from 'kysely'
import type { Origin } from '../audit/origin.ts'
import { batches } from '../db/batches.ts'
import type { Tx } from '../db/database.ts'
import { boundLimit, forUpdate } from '../db/forms.ts'
import { newId } from '../db/ids.ts'
import { prepare } from '../db/prepared.ts'
import type { EventCause } from '../events/catalogue.ts'
import { record, recordAll } from '../events/record.ts'
import { assertMutable } from '../immutability/queries.ts'
import type { Instance } from '../instances/instances.ts'
import { Bill } from '../quotas/quotas.ts'
import { insertDeletions } from '../recycle-bin/deletions.ts'
import { type PathKey, type Repository, selectPath } from '../repositories/repositories.ts'
import { insertMoves } from './history.ts'

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

/** What a tag was when it was deleted. */
export interface KeptTag {
  readonly id: string
  readonly version: number
  readonly pushedAt: number
  readonly pushedBy: string
  readonly pullCount: number
  readonly lastPulledAt: number | null
}

interface TagMoving extends TagChange {
  /** A tag that names another image stays there: throws TAG_EXISTS. */
  readonly keepsTags?: boolean
  /** The tag comes back as it was, and only where there is none of its name: else throws TAG_EXISTS. */
  readonly kept?: KeptTag
}

/**
 * Makes the tag, or points it elsewhere; the same digest again only renews the time of the push. Throws TAG_IMMUTABLE,
 * and TAG_EXISTS where it may not be pointed elsewhere.
 */
export async function moveTag(
  tx: Tx,
  bill: Bill,
  change: TagMoving,
  target: TagTarget,
): Promise<void> {
  const { repository, name, at, origin, kept } = change
  const inserted = await tx
    .insertInto('tags')
    .values({
      id: kept?.id ?? newId(),
      repository_id: repository.id,
      name,
      manifest_id: target.manifestId,
      digest: target.digest,
      version: kept?.version ?? 1,
      pushed_at: kept?.pushedAt ?? at,
      pushed_by: kept?.pushedBy ?? origin.actor,
      pull_count: kept?.pullCount ?? 0,
      last_pulled_at: kept?.lastPulledAt ?? null,
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
  if (kept) throw tagTaken(repository, name, current.digest)
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
  await insertMoves(tx, change, [{ name: change.name, digest, previousDigest }])
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

export interface TagDeletion extends Omit<TagChange, 'name'> {
  /** Past the recycle bin. */
  readonly isFinal?: boolean
}

/**
 * Deletes those tags only: their manifests and other tags of the digests stay. Each lies in the recycle bin by itself.
 * Throws MANIFEST_UNKNOWN, naming the first that isn't there, and TAG_IMMUTABLE.
 */
export async function deleteTags(
  tx: Tx,
  change: TagDeletion,
  names: readonly string[],
): Promise<void> {
  const { repository } = change
  const tags = await holdTags(tx, repository, names)
  const found = new Set(tags.map(({ name }) => name))
  const missing = names.find((name) => !found.has(name))
  if (missing !== undefined) throw tagUnknown(repository, missing)
  // Now that they are known to be there: who deletes what isn't learns that.
  await assertMutable(tx, repository, names)
  if (change.isFinal) {
    for (const batch of batches(tags.map(({ id }) => id))) {
      await tx.deleteFrom('tags').where('id', 'in', batch).execute()
    }
  } else await binTags(tx, change, tags)
  await tagsDeleted(tx, change, tags)
  const bill = new Bill()
  bill.add(repository.id, 'tags', -tags.length)
  await bill.settle(tx)
}

interface HeldTag {
  readonly id: string
  readonly name: string
  readonly digest: string
  readonly manifest_id: string
}

async function holdTags(
  tx: Tx,
  repository: Repository,
  names: readonly string[],
): Promise<readonly HeldTag[]> {
  const held: HeldTag[] = []
  // In one order, so that two who delete some of the same can't wait for each other.
  for (const batch of batches([...new Set(names)].sort())) {
    const rows = await tx
      .selectFrom('tags')
      .select(['id', 'name', 'digest', 'manifest_id'])
      .where('repository_id', '=', repository.id)
      .where('name', 'in', batch)
      .where('deleted_at', 'is', null)
      .orderBy('name')
      .$call((query) => forUpdate(tx, query))
      .execute()
    held.push(...rows)
  }
  return held
}

async function binTags(tx: Tx, change: TagDeletion, tags: readonly HeldTag[]): Promise<void> {
  for (const batch of batches(tags)) {
    const sizes = await tx
      .selectFrom('manifests')
      .select(['id', 'content_bytes'])
      .where('id', 'in', [...new Set(batch.map((tag) => tag.manifest_id))])
      .execute()
    const sizeOf = new Map(sizes.map((row) => [row.id, row.content_bytes]))
    const ids = await insertDeletions(
      tx,
      change,
      batch.map(({ name, digest, manifest_id: manifestId }) => ({
        ...{ kind: 'tag', name, digest, tags: 1, manifests: 0 },
        sizeBytes: sizeOf.get(manifestId) ?? 0,
      })),
    )
    await tx
      .updateTable('tags')
      .from('deletions as d')
      .set((eb) => ({ ...deleted(change), deletion_id: eb.ref('d.id') }))
      .where('d.id', 'in', ids)
      .whereRef('tags.repository_id', '=', 'd.repository_id')
      .whereRef('tags.name', '=', 'd.name')
      .where('tags.deleted_at', 'is', null)
      .execute()
  }
}

function deleted({ at, origin, cause }: TagDeletion) {
  return { deleted_at: at, deleted_by: origin.actor, delete_cause: cause }
}

/**
 * Deletes every tag of a manifest that is being deleted by its digest, and returns their names; `deletionId`: what they
 * lie in the recycle bin with. Throws TAG_IMMUTABLE.
 */
export async function deleteTagsOf(
  tx: Tx,
  bill: Bill,
  change: TagDeletion,
  manifest: { readonly id: string; readonly deletionId: string | null },
): Promise<readonly string[]> {
  const tags = await tx
    .updateTable('tags')
    .set({ ...deleted(change), deletion_id: manifest.deletionId })
    .where('manifest_id', '=', manifest.id)
    .where('deleted_at', 'is', null)
    .returning(['name', 'digest'])
    .execute()
  const names = tags.map(({ name }) => name)
  await assertMutable(tx, change.repository, names)
  bill.add(change.repository.id, 'tags', -tags.length)
  await tagsDeleted(tx, change, tags)
  return names
}

/** A retention run deletes a million: their rows are written together. */
async function tagsDeleted(
  tx: Tx,
  change: TagDeletion,
  tags: readonly { readonly name: string; readonly digest: string }[],
): Promise<void> {
  await insertMoves(
    tx,
    change,
    tags.map(({ name, digest }) => ({ name, digest: null, previousDigest: digest })),
  )
  const { instance, repository, origin, at, cause } = change
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

function tagTaken(repository: Repository, tag: string, digest: string): ApiError {
  const image = `${repository.path}:${tag}`
  return new ApiError('TAG_EXISTS', {
    message: {
      en: `${image} was pushed again since: delete it first, or leave the tag out`,
      zh: `${image} 已被重新推送，请先删除该版本，或不恢复该版本`,
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
