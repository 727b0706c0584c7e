// The end of a manifest that was deleted: its rows go, and with the last manifest of a digest its bytes.

import { removeContent } from '../blobs/contents.ts'
import type { Tx } from '../db/database.ts'
import { forUpdate } from '../db/forms.ts'
import { Bill } from '../quotas/quotas.ts'
import { dropEmptyDeletions } from '../recycle-bin/deletions.ts'

/** Of what can't come back any more, or lies in such a repository. False: it went, or was left, before. */
export async function purgeManifest(tx: Tx, id: string): Promise<boolean> {
  const manifest = await tx
    .selectFrom('manifests')
    .select(['instance_id', 'repository_id', 'digest', 'size_bytes', 'deleted_at', 'deletion_id'])
    .where('id', '=', id)
    .$call((query) => forUpdate(tx, query))
    .executeTakeFirst()
  if (!manifest) return false
  const repository = await tx
    .selectFrom('repositories')
    .select(['namespace_id', 'deleted_at', 'deletion_id'])
    .where('id', '=', manifest.repository_id)
    .executeTakeFirstOrThrow()
  if (!isGoing(manifest) && !isGoing(repository)) return false
  if (await isTagged(tx, id)) return false
  const { instance_id: instanceId, digest, size_bytes: sizeBytes } = manifest
  // A push of the same bytes holds this row or waits for it; either way one of us sees what the other did.
  const bytes = await tx
    .selectFrom('manifest_bytes')
    .select('digest')
    .where('instance_id', '=', instanceId)
    .where('digest', '=', digest)
    .$call((query) => forUpdate(tx, query))
    .executeTakeFirst()
  await tx.deleteFrom('manifest_refs').where('manifest_id', '=', id).execute()
  await tx.deleteFrom('manifests').where('id', '=', id).execute()
  const bill = new Bill()
  await removeContent(tx, bill, repository.namespace_id, digest, sizeBytes)
  const other = await tx
    .selectFrom('manifests')
    .select('id')
    .where('instance_id', '=', instanceId)
    .where('digest', '=', digest)
    .limit(1)
    .executeTakeFirst()
  if (bytes && !other) {
    await tx
      .deleteFrom('manifest_bytes')
      .where('instance_id', '=', instanceId)
      .where('digest', '=', digest)
      .execute()
    bill.add(instanceId, 'bytes', -sizeBytes)
  }
  await bill.settle(tx)
  return true
}

function isGoing(row: { readonly deleted_at: number | null; readonly deletion_id: string | null }) {
  return row.deleted_at !== null && row.deletion_id === null
}

/** A manifest whose tag is still kept waits for it. */
async function isTagged(tx: Tx, id: string): Promise<boolean> {
  const tag = await tx
    .selectFrom('tags')
    .select('id')
    .where('manifest_id', '=', id)
    .limit(1)
    .executeTakeFirst()
  return tag !== undefined
}

/** Everything deleted of a digest goes at once, its tags in the recycle bin included, whatever it lay there with. */
export async function purgeDigest(tx: Tx, repositoryId: string, digest: string): Promise<void> {
  const rows = await tx
    .selectFrom('manifests')
    .select(['id', 'deletion_id'])
    .where('repository_id', '=', repositoryId)
    .where('digest', '=', digest)
    .where('deleted_at', 'is not', null)
    .orderBy('id')
    .$call((query) => forUpdate(tx, query))
    .execute()
  const touched: string[] = []
  for (const { id, deletion_id: deletionId } of rows) {
    const tags = await tx
      .deleteFrom('tags')
      .where('manifest_id', '=', id)
      .where('deleted_at', 'is not', null)
      .returning('deletion_id')
      .execute()
    await tx.updateTable('manifests').set({ deletion_id: null }).where('id', '=', id).execute()
    await purgeManifest(tx, id)
    for (const touch of [deletionId, ...tags.map((tag) => tag.deletion_id)]) {
      if (touch !== null) touched.push(touch)
    }
  }
  await dropEmptyDeletions(tx, touched)
}
