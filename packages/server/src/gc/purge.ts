// Deleted tags and manifests are kept, marked, for a grace period; then their rows go, and with the last
// manifest of a digest its bytes.

import { removeContent } from '../blobs/contents.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { forUpdate } from '../db/forms.ts'
import { Bill } from '../quotas/quotas.ts'
import type { Collector } from './collect.ts'

const batchSize = 500

/** Of one instance, or of all. Returns how many manifests went. */
export async function purgeDeleted(
  collector: Collector,
  signal: AbortSignal,
  instanceId?: string,
): Promise<number> {
  const { db, clock, graceMs } = collector
  let purged = 0
  for (;;) {
    signal.throwIfAborted()
    const before = (await clock.deployment(db.read)) - graceMs
    await purgeTags(db.read, before, (ids) =>
      db.write(async (tx) => {
        await tx.deleteFrom('tags').where('id', 'in', ids).execute()
      }),
    )
    const manifests = await listDeletedManifests(db.heavy, before, instanceId)
    for (const { id } of manifests) {
      if (await db.write((tx) => purgeManifest(tx, id))) purged += 1
    }
    if (manifests.length < batchSize) return purged
  }
}

async function purgeTags(
  db: Queryable,
  before: number,
  remove: (ids: readonly string[]) => Promise<void>,
): Promise<void> {
  for (;;) {
    const rows = await db
      .selectFrom('tags')
      .select('id')
      .where('deleted_at', '<', before)
      .limit(batchSize)
      .execute()
    if (rows.length > 0) await remove(rows.map((row) => row.id))
    if (rows.length < batchSize) return
  }
}

/** A manifest whose tag is still kept waits for it. */
function listDeletedManifests(
  db: Queryable,
  before: number,
  instanceId: string | undefined,
): Promise<{ id: string }[]> {
  return db
    .selectFrom('manifests as m')
    .select('m.id')
    .where('m.deleted_at', '<', before)
    .$if(instanceId !== undefined, (query) => query.where('m.instance_id', '=', instanceId ?? ''))
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('tags as t').select('t.id').whereRef('t.manifest_id', '=', 'm.id'))),
    )
    .limit(batchSize)
    .execute()
}

async function purgeManifest(tx: Tx, id: string): Promise<boolean> {
  const manifest = await tx
    .selectFrom('manifests')
    .select(['id', 'instance_id', 'repository_id', 'digest', 'size_bytes'])
    .where('id', '=', id)
    .where('deleted_at', 'is not', null)
    .$call((query) => forUpdate(tx, query))
    .executeTakeFirst()
  if (!manifest) return false
  // A push of the same bytes holds this row or waits for it; either way one of us sees what the other did.
  const bytes = await tx
    .selectFrom('manifest_bytes')
    .select('digest')
    .where('instance_id', '=', manifest.instance_id)
    .where('digest', '=', manifest.digest)
    .$call((query) => forUpdate(tx, query))
    .executeTakeFirst()
  await tx.deleteFrom('manifest_refs').where('manifest_id', '=', id).execute()
  await tx.deleteFrom('manifests').where('id', '=', id).execute()
  const bill = new Bill()
  const repository = await tx
    .selectFrom('repositories')
    .select('namespace_id')
    .where('id', '=', manifest.repository_id)
    .executeTakeFirstOrThrow()
  const { digest, size_bytes: sizeBytes } = manifest
  await removeContent(tx, bill, repository.namespace_id, digest, sizeBytes)
  const other = await tx
    .selectFrom('manifests')
    .select('id')
    .where('instance_id', '=', manifest.instance_id)
    .where('digest', '=', digest)
    .limit(1)
    .executeTakeFirst()
  if (bytes && !other) {
    await tx
      .deleteFrom('manifest_bytes')
      .where('instance_id', '=', manifest.instance_id)
      .where('digest', '=', digest)
      .execute()
    bill.add(manifest.instance_id, 'bytes', -sizeBytes)
  }
  await bill.settle(tx)
  return true
}
