// Deleting by digest: the manifest and all its tags, unless a kept index of the repository names it. The row
// stays, marked, until it is purged; so do the references that hold its blobs.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Digest } from '@entrepot/oci/digest.ts'
import type { Origin } from '../audit/origin.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { forUpdate } from '../db/forms.ts'
import { record } from '../events/record.ts'
import type { Instance } from '../instances/instances.ts'
import { Bill } from '../quotas/quotas.ts'
import type { Repository } from '../repositories/repositories.ts'
import { deleteTagsOf } from '../tags/tags.ts'

/** How many users of a digest an error names. */
const namedUsers = 5

export interface DeleteManifest {
  readonly instance: Instance
  readonly repository: Repository
  readonly digest: Digest
  readonly origin: Origin
  readonly at: number
}

/** Throws MANIFEST_UNKNOWN, or MANIFEST_IN_USE naming the index. */
export async function deleteManifest(
  tx: Tx,
  change: DeleteManifest,
): Promise<{ readonly deletedTags: readonly string[] }> {
  const { instance, repository, digest, origin, at } = change
  const manifest = await tx
    .selectFrom('manifests')
    .select('id')
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
  await tx
    .updateTable('manifests')
    .set({ deleted_at: at, deleted_by: origin.actor, delete_cause: 'user' })
    .where('id', '=', manifest.id)
    .execute()
  const bill = new Bill()
  const hidden = { instance, repository, origin, at, cause: 'user' as const }
  const deletedTags = await deleteTagsOf(tx, bill, hidden, manifest.id)
  await record(tx, {
    type: 'manifest.deleted',
    at,
    instanceId: instance.id,
    region: instance.region,
    repository,
    origin,
    cause: 'user',
    payload: { digest },
  })
  await bill.settle(tx)
  return { deletedTags }
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
