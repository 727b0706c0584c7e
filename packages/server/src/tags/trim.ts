// Moves of tags go when none of the manifests that they name has a row any more, not even in the recycle bin: there is
// nothing left to look at or to move back to.

import { sql } from 'kysely'
import type { Queryable } from '../db/database.ts'
import type { JobContext } from '../jobs/jobs.ts'

/** Moves of one look, and so of one transaction at most. */
const pageSize = 1000
const dayMs = 86_400_000

/** Returns how many went. */
export async function trimHistory(
  { db, write, signal }: Pick<JobContext, 'db' | 'write' | 'signal'>,
  now: number,
): Promise<number> {
  let trimmed = 0
  for (let after = ''; ; ) {
    signal.throwIfAborted()
    const page = await look(db.heavy, after, now)
    const ids = page.filter((row) => Number(row.is_void) === 1).map(({ id }) => id)
    if (ids.length > 0) {
      await write(async (tx) => {
        await tx.deleteFrom('tag_history').where('id', 'in', ids).execute()
      })
      trimmed += ids.length
    }
    const last = page.at(-1)
    if (!last || page.length < pageSize) return trimmed
    after = last.id
  }
}

/** What happened within the days of the bin is shown, also of what was deleted for good. */
async function look(db: Queryable, after: string, now: number) {
  const { rows } = await sql<{ id: string; is_void: number }>`
    select h.id, case when h.at <= ${now} - i.bin_days * ${dayMs} and not exists (
        select 1 from manifests m where m.instance_id = r.instance_id
          and m.repository_id = h.repository_id and m.digest in (h.digest, h.previous_digest)
      ) then 1 else 0 end as is_void
    from (select * from tag_history where id > ${after} order by id limit ${pageSize}) h
      join repositories r on r.id = h.repository_id
      join instances i on i.id = r.instance_id
    order by h.id`.execute(db)
  return rows
}
