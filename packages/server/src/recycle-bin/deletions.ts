// What was deleted together lies in the recycle bin as one row of `deletions`, and what it took carries its id: a tag;
// a manifest and its tags; a repository, whose content stays as it is and is hidden by it. Whoever brings something
// back, or lets it go, locks that row first. As long as it is there, all of it can come back; in the transaction that
// takes it away everything either is there again or is on its way out: `deleted_at` without `deletion_id`.

import { batches } from '../db/batches.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { newId } from '../db/ids.ts'
import type { DeletionsTable } from '../db/schema-recycle-bin.ts'

export type DeletionKind = DeletionsTable['kind']

export const defaultBinDays = 7
export const maxBinDays = 90
const dayMs = 86_400_000

/** Until when something can come back; the sweep after that takes it. */
export function keptUntil(deletedAt: number, binDays: number): number {
  return deletedAt + binDays * dayMs
}

export interface NewDeletion {
  readonly kind: DeletionKind
  /** The tag, the digest, or the path. */
  readonly name: string
  readonly digest: string | null
  /** Null: counted later (`weigh.ts`). */
  readonly tags: number | null
  readonly manifests: number | null
  readonly sizeBytes: number | null
}

interface Deleting {
  readonly instance: { readonly id: string }
  readonly repository: { readonly id: string; readonly path: string }
  readonly origin: { readonly actor: string }
  readonly at: number
  readonly cause: string
}

/** Returns the ids, in the order of what they are of. */
export async function insertDeletions(
  tx: Tx,
  change: Deleting,
  deletions: readonly NewDeletion[],
): Promise<readonly string[]> {
  if (deletions.length === 0) return []
  const { repository, instance, at } = change
  const { namespace_id: namespaceId } = await tx
    .selectFrom('repositories')
    .select('namespace_id')
    .where('id', '=', repository.id)
    .executeTakeFirstOrThrow()
  const rows = deletions.map((deletion) => ({
    id: newId(),
    instance_id: instance.id,
    namespace_id: namespaceId,
    repository_id: repository.id,
    path: repository.path,
    kind: deletion.kind,
    name: deletion.name,
    digest: deletion.digest,
    tag_count: deletion.tags,
    manifest_count: deletion.manifests,
    size_bytes: deletion.sizeBytes,
    deleted_at: at,
    deleted_by: change.origin.actor,
    cause: change.cause,
  }))
  for (const batch of batches(rows)) await tx.insertInto('deletions').values(batch).execute()
  return rows.map(({ id }) => id)
}

/** Of entries, some of whose content came back elsewhere: those that hold nothing any more go. */
export async function dropEmptyDeletions(tx: Tx, ids: Iterable<string>): Promise<void> {
  for (const batch of batches([...new Set(ids)])) {
    await tx
      .deleteFrom('deletions as d')
      .where('d.id', 'in', batch)
      .where(({ not, exists, selectFrom, and }) =>
        and([
          not(
            exists(selectFrom('tags as t').select('t.id').whereRef('t.deletion_id', '=', 'd.id')),
          ),
          not(
            exists(
              selectFrom('manifests as m').select('m.id').whereRef('m.deletion_id', '=', 'd.id'),
            ),
          ),
          not(
            exists(
              selectFrom('repositories as r').select('r.id').whereRef('r.deletion_id', '=', 'd.id'),
            ),
          ),
        ]),
      )
      .execute()
  }
}

export async function getBinDays(db: Queryable, instanceId: string): Promise<number> {
  const row = await db
    .selectFrom('instances')
    .select('bin_days')
    .where('id', '=', instanceId)
    .executeTakeFirstOrThrow()
  return row.bin_days
}
