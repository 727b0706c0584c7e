// Deleting by digest: the manifest and all its tags, unless a kept index of the repository names it. They lie in the
// recycle bin together; the row stays, marked, until it is purged, and so do the references that hold its blobs.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Digest } from '@entrepot/oci/digest.ts'
import type { Origin } from '../audit/origin.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { forUpdate } from '../db/forms.ts'
import type { EventCause } from '../events/catalogue.ts'
import { record } from '../events/record.ts'
import type { Instance } from '../instances/instances.ts'
import { Bill } from '../quotas/quotas.ts'
import { insertDeletions } from '../recycle-bin/deletions.ts'
import type { Repository } from '../repositories/repositories.ts'
import { deleteTagsOf } from '../tags/tags.ts'
import { purgeDigest } from './purge.ts'

/** How many users of a digest an error names. */
const namedUsers = 5

export interface DeleteManifest {
  readonly instance: Instance
  readonly repository: Repository
  readonly digest: Digest
  readonly origin: Origin
  readonly at: number
  /** Left out: by hand. */
  readonly cause?: EventCause
  /** Past the recycle bin, and what lies there of this digest with it. */
  readonly isFinal?: boolean
}

/** Throws MANIFEST_UNKNOWN, or MANIFEST_IN_USE naming the index. */
export async function deleteManifest(
  tx: Tx,
  change: DeleteManifest,
): Promise<{ readonly deletedTags: readonly string[] }> {
  const { instance, repository, digest, origin, at, cause = 'user', isFinal = false } = change
  const manifest = await tx
    .selectFrom('manifests')
    .select(['id', 'content_bytes'])
    .where('repository_id', '=', repository.id)
    .where('digest', '=', digest)
    .where('deleted_at', 'is', null)
    .$call((query) => forUpdate(tx, query))
    .executeTakeFirst()
  if (!manifest) throw new ApiError('MANIFEST_UNKNOWN', { detail: { digest } })
  const users = await listUsers(tx, repository.id, digest)
  if (users.length > 0) {
    throw new ApiError('MANIFEST_IN_USE', {
      message: `the index ${users.join(', ')} names this manifest; delete the index first`,
      detail: { digest, usedBy: users },
    })
  }
  const tags = await countTags(tx, manifest.id)
  const deletion = { kind: 'manifest', name: digest, digest, tags, manifests: 1 } as const
  const hidden = { instance, repository, origin, at, cause }
  const deletions = isFinal
    ? []
    : await insertDeletions(tx, hidden, [{ ...deletion, sizeBytes: manifest.content_bytes }])
  const deletionId = deletions[0] ?? null
  await tx
    .updateTable('manifests')
    .set({ deleted_at: at, deleted_by: origin.actor, delete_cause: cause, deletion_id: deletionId })
    .where('id', '=', manifest.id)
    .execute()
  const bill = new Bill()
  const deletedTags = await deleteTagsOf(tx, bill, hidden, { id: manifest.id, deletionId })
  await record(tx, {
    type: 'manifest.deleted',
    at,
    instanceId: instance.id,
    region: instance.region,
    repository,
    origin,
    cause,
    payload: { digest, tags: deletedTags },
  })
  await bill.settle(tx)
  if (isFinal) await purgeDigest(tx, repository.id, digest)
  return { deletedTags }
}

async function countTags(tx: Tx, manifestId: string): Promise<number> {
  const { count } = await tx
    .selectFrom('tags')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('manifest_id', '=', manifestId)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Digests of kept manifests of the repository that name the digest; a few, for the message. */
export async function listUsers(
  db: Queryable,
  repositoryId: string,
  digest: string,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('manifest_refs as ref')
    .innerJoin('manifests as m', 'm.id', 'ref.manifest_id')
    .select('m.digest')
    .distinct()
    .where('ref.repository_id', '=', repositoryId)
    .where('ref.digest', '=', digest)
    .where('m.deleted_at', 'is', null)
    .limit(namedUsers)
    .execute()
  return rows.map((row) => row.digest)
}
