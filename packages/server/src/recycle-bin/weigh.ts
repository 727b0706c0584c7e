// What a deleted repository holds is counted after the deletion, so that a large one stops nobody.

import { sql } from 'kysely'
import type { Queryable } from '../db/database.ts'
import type { JobContext } from '../jobs/jobs.ts'

const batchSize = 100

/** Returns how many were counted. */
export async function weighDeletions(
  context: Pick<JobContext, 'db' | 'write' | 'signal'>,
): Promise<number> {
  let weighed = 0
  for (let after = ''; ; ) {
    context.signal.throwIfAborted()
    const rows = await context.db.read
      .selectFrom('deletions')
      .select(['id', 'repository_id'])
      .where('size_bytes', 'is', null)
      .where('id', '>', after)
      .orderBy('id')
      .limit(batchSize)
      .execute()
    for (const { id, repository_id: repositoryId } of rows) {
      const weight = await weighRepository(context.db.heavy, repositoryId)
      await context.write(async (tx) => {
        await tx.updateTable('deletions').set(weight).where('id', '=', id).execute()
      })
      weighed += 1
    }
    const last = rows.at(-1)
    if (!last || rows.length < batchSize) return weighed
    after = last.id
  }
}

/** What comes back with it: what was deleted in it before is not counted. */
async function weighRepository(db: Queryable, id: string) {
  const { rows } = await sql<{ tags: number; manifests: number; bytes: number }>`
    select
      (select count(*) from tags t where t.repository_id = ${id} and t.deleted_at is null) as tags,
      (select count(*) from manifests m
        where m.repository_id = ${id} and m.deleted_at is null) as manifests,
      cast(coalesce((select sum(b.size_bytes) from repository_blobs rb
        join blobs b on b.id = rb.blob_id where rb.repository_id = ${id}), 0)
        + coalesce((select sum(m.size_bytes) from manifests m
          where m.repository_id = ${id} and m.deleted_at is null), 0) as bigint) as bytes`.execute(
    db,
  )
  const [row] = rows
  return {
    tag_count: Number(row?.tags ?? 0),
    manifest_count: Number(row?.manifests ?? 0),
    size_bytes: Number(row?.bytes ?? 0),
  }
}
