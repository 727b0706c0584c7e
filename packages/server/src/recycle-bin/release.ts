// Letting go of entries of the recycle bin: from then on nothing brings back what they hold.

import type { Queryable, Tx } from '../db/database.ts'
import { lockForUpdate } from '../db/forms.ts'
import { purgeDigest } from '../manifests/purge.ts'
import { getBinDays, keptUntil } from './deletions.ts'
import type { HeldDeletion } from './queries.ts'

/** Entries of one transaction. */
export const releaseBatch = 500

/** Those of an instance whose time was over by `now`, the oldest first. */
export async function listOverdue(
  db: Queryable,
  instanceId: string,
  now: number,
): Promise<readonly string[]> {
  const days = await getBinDays(db, instanceId)
  const rows = await db
    .selectFrom('deletions')
    .select('id')
    .where('instance_id', '=', instanceId)
    .where('deleted_at', '<=', now - keptUntil(0, days))
    .orderBy('deleted_at')
    .orderBy('id')
    .limit(releaseBatch)
    .execute()
  return rows.map(({ id }) => id)
}

/** Instances that have something in the recycle bin. */
export async function listBins(db: Queryable): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('instances as i')
    .select('i.id')
    .where(({ exists, selectFrom }) =>
      exists(selectFrom('deletions as d').select('d.id').whereRef('d.instance_id', '=', 'i.id')),
    )
    .execute()
  return rows.map(({ id }) => id)
}

/** Of those whose time is over still: the days may have been raised since they were listed. */
export async function releaseOverdue(
  tx: Tx,
  instanceId: string,
  ids: readonly string[],
  now: number,
): Promise<number> {
  await lockForUpdate(tx, 'deletions', ids)
  const days = await getBinDays(tx, instanceId)
  const rows = await tx
    .selectFrom('deletions')
    .select('id')
    .where('id', 'in', ids)
    .where('deleted_at', '<=', now - keptUntil(0, days))
    .execute()
  return release(
    tx,
    rows.map(({ id }) => id),
  )
}

/** Whoever restores one of them waits, and then finds it gone. Returns how many there still were. */
export async function release(tx: Tx, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0
  await lockForUpdate(tx, 'deletions', ids)
  for (const table of ['tags', 'manifests', 'repositories'] as const) {
    await tx.updateTable(table).set({ deletion_id: null }).where('deletion_id', 'in', ids).execute()
  }
  const { numDeletedRows } = await tx
    .deleteFrom('deletions')
    .where('id', 'in', ids)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/** By hand; of a repository its rows go with the purge. */
export async function purgeEntry(tx: Tx, deletion: HeldDeletion): Promise<void> {
  const { id, kind, digest, repositoryId } = deletion
  await release(tx, [id])
  if (kind === 'manifest' && digest !== null) await purgeDigest(tx, repositoryId, digest)
}
