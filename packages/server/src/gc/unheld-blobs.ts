// Blobs that no repository holds. Two looks, a grace period apart; with the row its keys are condemned.

import { sql } from 'kysely'
import { dropCopies } from '../blobs/publish.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { isOneOf } from '../db/forms.ts'
import { Bill } from '../quotas/quotas.ts'
import type { Sight, Sweep } from './collect.ts'
import { type HeldBlob, lockBlobs } from './links.ts'

/** Rows of one look. */
const pageSize = 500

export async function sweepUnheldBlobs(sweep: Sweep): Promise<void> {
  const { db, sight, pace, tally, instanceId, signal } = sweep
  for (let after = ''; ; ) {
    signal.throwIfAborted()
    const found = await listUnheldBlobs(db.heavy, sight.before, instanceId, after)
    let removed: readonly HeldBlob[] = []
    const batch = async (tx: Tx, ids: readonly string[]) => {
      removed = await sightOrRemove(tx, ids, sight)
    }
    const count = () => {
      for (const blob of removed) tally.add(blob.instance_id, 'blobs', 1, blob.size_bytes)
    }
    await pace.inBatches(db, found, batch, signal, count)
    const last = found.at(-1)
    if (last === undefined || found.length < pageSize) return
    after = last
  }
}

async function listUnheldBlobs(
  db: Queryable,
  before: number,
  instanceId: string | undefined,
  after: string,
): Promise<readonly string[]> {
  let query = db
    .selectFrom('blobs as b')
    .select('b.id')
    .where('b.id', '>', after)
    .where('b.claimed_at', '<', before)
    .where(isUnheld)
    .orderBy('b.id')
    .limit(pageSize)
  if (instanceId !== undefined) query = query.where('b.instance_id', '=', instanceId)
  return (await query.execute()).map(({ id }) => id)
}

const isUnheld = sql<boolean>`not exists (
  select 1 from repository_blobs rb where rb.blob_id = b.id)`

/** As for links; returns what went. */
async function sightOrRemove(
  tx: Tx,
  ids: readonly string[],
  sight: Sight,
): Promise<readonly HeldBlob[]> {
  const blobs = await lockBlobs(tx, ids)
  const held = await listHeld(tx, ids)
  const isRipe = (blob: HeldBlob) => blob.claimed_at < sight.before && !held.has(blob.id)
  const ripe = [...blobs.values()].filter(isRipe)
  const seen = ripe.filter((blob) => blob.unreferenced_at === null)
  if (seen.length > 0) {
    await tx
      .updateTable('blobs')
      .set({ unreferenced_at: sight.now })
      .where(isOneOf(tx, sql.ref('id'), idsOf(seen)))
      .execute()
  }
  const removed = ripe.filter(({ unreferenced_at: at }) => at !== null && at <= sight.seenUntil)
  if (removed.length === 0) return []
  const gone = removed.map((blob) => ({ id: blob.id, instanceId: blob.instance_id }))
  await dropCopies(tx, gone, sight.now)
  await tx
    .deleteFrom('blobs')
    .where(isOneOf(tx, sql.ref('id'), idsOf(removed)))
    .execute()
  const bill = new Bill()
  for (const blob of removed) bill.add(blob.instance_id, 'bytes', -blob.size_bytes)
  await bill.settle(tx)
  return removed
}

function idsOf(blobs: readonly HeldBlob[]): readonly string[] {
  return blobs.map(({ id }) => id)
}

async function listHeld(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom('repository_blobs')
    .select('blob_id')
    .distinct()
    .where(isOneOf(tx, sql.ref('blob_id'), ids))
    .execute()
  return new Set(rows.map((row) => row.blob_id))
}
