// Bringing back what lies in the recycle bin, in one transaction: all of it, as it was, or nothing.
//
//   restore / purge      both lock the entry first (`release.ts`); who comes second finds it gone.
//   restore / push       a restore holds the repository against pushes into it. A push of the same tag, repository or
//                        namespace that came first has the name, and the restore is refused; one that comes second
//                        moves the restored tag, or goes into the restored repository.
//   restore / delete     deleting the repository or the namespace locks it too; the restore then finds it deleted.
//   restore / clean-up   references of deleted manifests hold their blobs, so there is nothing to claim anew.

import type { Origin } from '../audit/origin.ts'
import type { Tx } from '../db/database.ts'
import { forUpdate } from '../db/forms.ts'
import type { Instance } from '../instances/instances.ts'
import { reviveManifest } from '../manifests/revive.ts'
import { Bill } from '../quotas/quotas.ts'
import { moveTag } from '../tags/tags.ts'
import { dropEmptyDeletions } from './deletions.ts'
import { type HeldDeletion, listTagsOf } from './queries.ts'
import { contentGone, repositoryAway } from './refusals.ts'

export interface Restoring {
  readonly instance: Instance
  readonly origin: Origin
  readonly at: number
  /** Tags whose name is taken stay in the recycle bin; else they refuse the whole. */
  readonly leavesTaken: boolean
}

export interface Restored {
  readonly tags: readonly string[]
  readonly leftTags: readonly string[]
}

/**
 * A tag with its manifest, or a manifest with its tags. Throws NAME_UNKNOWN, RESOURCE_NOT_FOUND, TAG_EXISTS,
 * QUOTA_EXCEEDED.
 */
export async function restoreImage(
  tx: Tx,
  change: Restoring,
  deletion: HeldDeletion,
): Promise<Restored> {
  const repository = await holdRepository(tx, deletion)
  const tags = await listTagsOf(tx, deletion.id)
  const manifestId = tags[0]?.manifest_id ?? (await findManifest(tx, deletion.id))
  if (manifestId === undefined) throw contentGone(deletion)
  const reviving = { ...change, repository }
  const revived = await reviveManifest(tx, reviving, manifestId)
  const taken = await listTaken(
    tx,
    repository.id,
    tags.map(({ name }) => name),
  )
  const bill = new Bill()
  const restored: string[] = []
  const leftTags: string[] = []
  for (const tag of tags) {
    if (change.leavesTaken && taken.has(tag.name)) {
      leftTags.push(tag.name)
      continue
    }
    await tx.deleteFrom('tags').where('id', '=', tag.id).execute()
    const { instance, origin, at } = change
    const kept = {
      ...{ id: tag.id, version: tag.version, pullCount: tag.pull_count },
      ...{ pushedAt: tag.pushed_at, pushedBy: tag.pushed_by, lastPulledAt: tag.last_pulled_at },
    }
    const { name, digest } = tag
    const moving = { instance, repository, name, origin, at, kept, cause: 'restore' } as const
    await moveTag(tx, bill, moving, { manifestId: revived.id, digest })
    restored.push(tag.name)
  }
  // Pushed again since: the deleted row of the manifest is of no more use.
  if (leftTags.length === 0) await letGoOf(tx, deletion.id)
  await dropEmptyDeletions(tx, [...revived.deletions, deletion.id])
  await bill.settle(tx)
  return { tags: restored, leftTags }
}

async function letGoOf(tx: Tx, deletionId: string): Promise<void> {
  await tx
    .updateTable('manifests')
    .set({ deletion_id: null })
    .where('deletion_id', '=', deletionId)
    .execute()
}

/** Against pushes into it, too: they hold it by the rows that they insert. */
async function holdRepository(tx: Tx, deletion: HeldDeletion) {
  const repository = await tx
    .selectFrom('repositories')
    .select(['id', 'path', 'deleted_at', 'deletion_id'])
    .where('id', '=', deletion.repositoryId)
    .$call((query) => forUpdate(tx, query))
    .executeTakeFirst()
  if (!repository) throw contentGone(deletion)
  if (repository.deleted_at !== null) throw repositoryAway(repository)
  return { id: repository.id, path: repository.path }
}

async function findManifest(tx: Tx, deletionId: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom('manifests')
    .select('id')
    .where('deletion_id', '=', deletionId)
    .executeTakeFirst()
  return row?.id
}

async function listTaken(
  tx: Tx,
  repositoryId: string,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set()
  const rows = await tx
    .selectFrom('tags')
    .select('name')
    .where('repository_id', '=', repositoryId)
    .where('name', 'in', names)
    .where('deleted_at', 'is', null)
    .execute()
  return new Set(rows.map(({ name }) => name))
}
