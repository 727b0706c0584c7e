// `manifest_refs.present` says whether the repository has what a manifest names. It is kept by those who bring and take
// things; here is what it must be.

import { sql } from 'kysely'
import type { Tx } from '../db/database.ts'

/** For a row of `manifest_refs`; a child may be a blob too (BuildKit's caches). */
export const isPresent = sql<number>`case when exists (
    select 1 from manifests as held where held.repository_id = manifest_refs.repository_id
      and held.digest = manifest_refs.digest and held.deleted_at is null)
  or exists (
    select 1 from repository_blobs as link join blobs on blobs.id = link.blob_id
      where link.repository_id = manifest_refs.repository_id
      and blobs.digest = manifest_refs.digest) then 1 else 0 end`

export async function markPresence(tx: Tx, manifestId: string): Promise<void> {
  await sql`update manifest_refs set present = ${isPresent}
    where manifest_id = ${manifestId}`.execute(tx)
}
