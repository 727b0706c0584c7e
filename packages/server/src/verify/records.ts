// Whether the rows agree with each other. A server may write meanwhile: what disagrees is looked at again, and
// only what says the same several times is reported.

import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import type { Queryable, Tx } from '../db/database.ts'
import { isPresent } from '../manifests/presence.ts'
import { listCountDifferences } from '../quotas/recount.ts'

/** More of one kind say no more. */
const maxFindings = 1000
const looks = 3

export interface RecordFinding {
  readonly kind:
    | 'manifest bytes damaged'
    | 'manifest without bytes'
    | 'bytes without manifest'
    | 'tag without manifest'
    | 'reference wrongly marked'
    | 'blob without copy'
    | 'content miscounted'
    | 'counter wrong'
  /** What it is about; ids and digests, no secret. */
  readonly place: string
  readonly detail: string
}

export async function verifyRecords(
  db: Queryable,
  signal: AbortSignal,
): Promise<readonly RecordFinding[]> {
  let found = await look(db)
  for (let again = 1; again < looks && found.length > 0; again += 1) {
    signal.throwIfAborted()
    const next = await look(db)
    found = found.filter((finding) => next.some((other) => isDeepStrictEqual(finding, other)))
  }
  return found
}

/** What `--fix` can put right: marks of references and counters follow from other rows. */
export async function fixRecords(tx: Tx): Promise<void> {
  await sql`update manifest_refs set present = ${isPresent} where present <> ${isPresent}
    and manifest_id in (select id from manifests where deleted_at is null)`.execute(tx)
  for (const { scopeId, metric, counted, kept } of await listCountDifferences(tx)) {
    const delta = counted - kept
    await tx.insertInto('counter_deltas').values({ scope_id: scopeId, metric, delta }).execute()
  }
}

async function look(db: Queryable): Promise<RecordFinding[]> {
  const found: RecordFinding[] = []
  for (const { kind, query } of questions) {
    const { rows } = await query.execute(db)
    for (const { place, detail } of rows) found.push({ kind, place, detail: String(detail) })
  }
  for (const { scopeId, metric, counted, kept } of await listCountDifferences(db)) {
    const detail = `${metric}: ${kept} kept, ${counted} counted`
    found.push({ kind: 'counter wrong', place: scopeId, detail })
  }
  return found
}

interface Row {
  readonly place: string
  readonly detail: string | number
}

const questions = [
  {
    kind: 'manifest without bytes',
    query: sql<Row>`select m.id as place, m.digest as detail from manifests m
      where not exists (select 1 from manifest_bytes b
        where b.instance_id = m.instance_id and b.digest = m.digest)
      order by m.id limit ${maxFindings}`,
  },
  {
    kind: 'bytes without manifest',
    query: sql<Row>`select b.instance_id as place, b.digest as detail from manifest_bytes b
      where not exists (select 1 from manifests m
        where m.instance_id = b.instance_id and m.digest = b.digest)
      order by b.instance_id, b.digest limit ${maxFindings}`,
  },
  {
    kind: 'tag without manifest',
    query: sql<Row>`select t.repository_id as place, t.name as detail from tags t
      where t.deleted_at is null and not exists (select 1 from manifests m
        where m.id = t.manifest_id and m.repository_id = t.repository_id
          and m.digest = t.digest and m.deleted_at is null)
      order by t.repository_id, t.name limit ${maxFindings}`,
  },
  {
    kind: 'reference wrongly marked',
    query: sql<Row>`select manifest_id as place, digest as detail from manifest_refs
      where present <> ${isPresent}
        and manifest_id in (select id from manifests where deleted_at is null)
      order by manifest_id, position limit ${maxFindings}`,
  },
  {
    kind: 'blob without copy',
    query: sql<Row>`select b.id as place, b.digest as detail from blobs b
      where b.state = 'present' and not exists (select 1 from blob_copies c
        where c.blob_id = b.id and c.state = 'present')
      order by b.id limit ${maxFindings}`,
  },
  {
    kind: 'content miscounted',
    query: sql<Row>`with used as (
        select r.namespace_id, b.digest from repository_blobs l
          join repositories r on r.id = l.repository_id join blobs b on b.id = l.blob_id
        union all
        select r.namespace_id, m.digest from manifests m
          join repositories r on r.id = m.repository_id
      ), counted as (
        select namespace_id, digest, count(*) as uses from used group by namespace_id, digest
      ), both_sides as (
        select c.namespace_id, c.digest, c.uses as kept, coalesce(u.uses, 0) as uses
          from namespace_contents c left join counted u
          on u.namespace_id = c.namespace_id and u.digest = c.digest
        union all
        select u.namespace_id, u.digest, 0, u.uses from counted u
          where not exists (select 1 from namespace_contents c
            where c.namespace_id = u.namespace_id and c.digest = u.digest)
      )
      select namespace_id as place, digest as detail from both_sides where kept <> uses
      order by namespace_id, digest limit ${maxFindings}`,
  },
] as const
