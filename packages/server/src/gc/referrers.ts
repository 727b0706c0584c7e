// Artifacts about an image (signatures, bills of materials) go with it: into the bin, from which they can come back as
// the image can. One that was pushed before its subject, which the specification allows, waits for it.
//
// What a tag or an index of its own names is no mere appendix and stays.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Digest } from '@entrepot/oci/digest.ts'
import { sql } from 'kysely'
import { systemOrigin } from '../audit/origin.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { lockForUpdate } from '../db/forms.ts'
import { fromRow } from '../instances/instances.ts'
import { deleteManifest } from '../manifests/delete.ts'
import type { Collector, SweepScope } from './collect.ts'
import { Tally } from './tally.ts'

/** A subject that has not come by then is not expected any more. */
export const subjectWaitMs = 7 * 24 * 3_600_000
const pageSize = 500
/** A referrer may have referrers itself: each pass finds those of the one before. */
const maxPasses = 8

export interface Orphan {
  readonly id: string
  readonly instance_id: string
  readonly repository_id: string
  readonly path: string
  readonly digest: string
  readonly size_bytes: number
  readonly created_at: number
  /** Null: it never came. */
  readonly subject_deleted_at: number | null
}

/** One that came after its subject was deleted waits as if it had never been there. */
export function orphanDueAt({ created_at, subject_deleted_at: gone }: Orphan): number {
  return gone !== null && gone >= created_at ? gone : created_at + subjectWaitMs
}

/** Returns how many went into the bin. */
export async function sweepReferrers(
  collector: Collector,
  signal: AbortSignal,
  { instanceId, tally = new Tally() }: SweepScope = {},
): Promise<number> {
  let swept = 0
  for (let pass = 0; pass < maxPasses; pass += 1) {
    const found = await sweepOnce(collector, signal, { instanceId, tally })
    swept += found
    if (found === 0) break
  }
  return swept
}

async function sweepOnce(
  { db, clock, log }: Collector,
  signal: AbortSignal,
  { instanceId, tally }: { readonly instanceId: string | undefined; readonly tally: Tally },
): Promise<number> {
  let swept = 0
  const now = await clock.deployment(db.read)
  for (let after = ''; ; ) {
    const found = await listOrphans(db.heavy, { instanceId, after })
    for (const orphan of found) {
      signal.throwIfAborted()
      if (orphanDueAt(orphan) > now) continue
      try {
        if (!(await db.write((tx) => removeOrphan(tx, orphan, now)))) continue
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        // A rule of the repository keeps it.
        const { digest, path } = orphan
        log.info('an orphaned artifact stays', { digest, repository: path, error })
        continue
      }
      swept += 1
      tally.add(orphan.instance_id, 'referrers', 1)
    }
    const last = found.at(-1)
    if (!last || found.length < pageSize) return swept
    after = last.id
  }
}

const isOrphan = sql<boolean>`m.deleted_at is null and m.subject_digest is not null
  and not exists (select 1 from manifests s where s.repository_id = m.repository_id
    and s.digest = m.subject_digest and s.deleted_at is null)
  and not exists (select 1 from tags t where t.manifest_id = m.id and t.deleted_at is null)
  and not exists (select 1 from manifest_refs f join manifests p on p.id = f.manifest_id
    where f.repository_id = m.repository_id and f.digest = m.digest and p.deleted_at is null)`

/** Those that are not due yet as well. Runs on `heavy`. */
export function listOrphans(
  db: Queryable,
  { instanceId, after }: { readonly instanceId: string | undefined; readonly after: string },
): Promise<Orphan[]> {
  const query = selectOrphans(db).where('m.id', '>', after).orderBy('m.id').limit(pageSize)
  return (
    instanceId === undefined ? query : query.where('m.instance_id', '=', instanceId)
  ).execute()
}

function selectOrphans(db: Queryable) {
  return db
    .selectFrom('manifests as m')
    .innerJoin('repositories as r', 'r.id', 'm.repository_id')
    .select(['m.id', 'm.instance_id', 'm.repository_id', 'r.path', 'm.digest'])
    .select(['m.size_bytes', 'm.created_at'])
    .select((eb) =>
      eb
        .selectFrom('manifests as d')
        .select(({ fn }) => fn.max('d.deleted_at').as('deleted_at'))
        .whereRef('d.repository_id', '=', 'm.repository_id')
        .whereRef('d.digest', '=', 'm.subject_digest')
        .as('subject_deleted_at'),
    )
    .where('r.deleted_at', 'is', null)
    .where(isOrphan)
}

/**
 * Looks again with the repository held: whoever puts the subject has committed by then (its row holds the repository
 * by its foreign key), or puts it after the referrer went.
 */
async function removeOrphan(tx: Tx, { id, repository_id }: Orphan, at: number): Promise<boolean> {
  await lockForUpdate(tx, 'repositories', [repository_id])
  const orphan = await selectOrphans(tx).where('m.id', '=', id).executeTakeFirst()
  if (!orphan || orphanDueAt(orphan) > at) return false
  const row = await tx
    .selectFrom('instances')
    .selectAll()
    .where('id', '=', orphan.instance_id)
    .executeTakeFirstOrThrow()
  const change = {
    instance: fromRow(row),
    repository: { id: repository_id, path: orphan.path },
    digest: orphan.digest as Digest,
    origin: systemOrigin('gc'),
    at,
    cause: 'system' as const,
  }
  await deleteManifest(tx, change)
  return true
}
