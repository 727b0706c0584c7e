// Moves of tags go when none of the manifests that they name has a row any more, not even in the recycle bin: there is
// nothing left to look at or to move back to. A tag that goes back and forth between two of them would gather moves for
// ever: of those the newest stay.

import { sql } from 'kysely'
import { batches } from '../db/batches.ts'
import type { Queryable } from '../db/database.ts'
import type { JobContext } from '../jobs/jobs.ts'

/** Of one tag; besides them the last to and from each digest. */
export const maxMovesPerTag = 1000
/** Moves of one look, and so of one transaction at most. */
const pageSize = 1000
/** Moves of one tag that are read at once. */
const lookSize = 20_000
const dayMs = 86_400_000

type Trimmer = Pick<JobContext, 'db' | 'write' | 'signal'>

/** Returns how many went. */
export async function trimHistory(trimmer: Trimmer, now: number): Promise<number> {
  return (await trimVoid(trimmer, now)) + (await trimLong(trimmer))
}

async function trimVoid({ db, write, signal }: Trimmer, now: number): Promise<number> {
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

async function trimLong({ db, write, signal }: Trimmer): Promise<number> {
  let trimmed = 0
  for (const { repository_id, name } of await listLong(db.heavy)) {
    for (;;) {
      signal.throwIfAborted()
      const ids = await listRepeated(db.heavy, repository_id, name)
      for (const batch of batches(ids)) {
        await write(async (tx) => {
          await tx.deleteFrom('tag_history').where('id', 'in', batch).execute()
        })
        trimmed += batch.length
      }
      if (ids.length < lookSize) break
    }
  }
  return trimmed
}

/** Few: tags that moved so often. */
function listLong(db: Queryable) {
  return db
    .selectFrom('tag_history')
    .select(['repository_id', 'name'])
    .groupBy(['repository_id', 'name'])
    .having(({ fn }) => fn.countAll(), '>', maxMovesPerTag)
    .execute()
}

/**
 * Behind the newest (ids rise with time), unless it is the last that came to its digest, which lets the tag move back
 * there, or the last that left its digest, which tells retention since when nothing names that.
 */
async function listRepeated(
  db: Queryable,
  repositoryId: string,
  name: string,
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from (
      select id,
        row_number() over (order by id desc) as place,
        row_number() over (partition by digest order by id desc) as to_place,
        row_number() over (partition by previous_digest order by id desc) as from_place
      from tag_history where repository_id = ${repositoryId} and name = ${name}
    ) h
    where place > ${maxMovesPerTag} and to_place > 1 and from_place > 1
    limit ${lookSize}`.execute(db)
  return rows.map(({ id }) => id)
}
