// What takes the space of an instance: each distinct blob and manifest by the strongest that holds it. Adding it up
// takes a second where there are a hundred thousand of them, so it is remembered for a minute, and never done twice at
// once.

import { sql } from 'kysely'
import type { Clock } from '../clock.ts'
import type { Queryable } from '../db/database.ts'

const freshMs = 60_000
const maxRemembered = 100

export interface Space {
  /** A tag leads to it: by an index, or as the subject of what it names. */
  readonly keptBytes: number
  readonly untaggedBytes: number
  readonly binBytes: number
  readonly unreferencedBytes: number
  readonly condemnedBytes: number
  /** Wall time. */
  readonly countedAt: number
}

interface Remembered {
  readonly space: Promise<Space>
  readonly atMs: number
}

export class Spaces {
  readonly #clock: Pick<Clock, 'monotonicMs' | 'now'>
  readonly #known = new Map<string, Remembered>()

  constructor(clock: Pick<Clock, 'monotonicMs' | 'now'>) {
    this.#clock = clock
  }

  /** `db`: the one for statements that may take long. */
  of(db: Queryable, instanceId: string): Promise<Space> {
    const atMs = this.#clock.monotonicMs()
    const known = this.#known.get(instanceId)
    if (known && atMs - known.atMs < freshMs) return known.space
    const space = addUp(db, instanceId, this.#clock.now())
    // Anew, so that the one longest untouched is the first to go.
    this.#known.delete(instanceId)
    this.#known.set(instanceId, { space, atMs })
    const [oldest] = this.#known.keys()
    if (this.#known.size > maxRemembered && oldest !== undefined) this.#known.delete(oldest)
    space.catch(() => this.#known.delete(instanceId))
    return space
  }
}

/** The strongest that holds it: 0 a tag, 1 a manifest without one, 2 a deleted manifest, 3 nothing. */
const standings = ['keptBytes', 'untaggedBytes', 'binBytes', 'unreferencedBytes'] as const

export async function addUp(db: Queryable, instanceId: string, countedAt: number): Promise<Space> {
  const { rows } = await sql<{ standing: number; bytes: number | string | null }>`
    with recursive
    edges (parent, child) as (
      select f.manifest_id, c.id
      from manifests c join manifest_refs f
        on f.repository_id = c.repository_id and f.digest = c.digest and f.role = 'child'
      where c.instance_id = ${instanceId} and c.deleted_at is null
      union all
      select s.id, c.id
      from manifests c join manifests s
        on s.repository_id = c.repository_id and s.digest = c.subject_digest
      where c.instance_id = ${instanceId} and c.deleted_at is null and s.deleted_at is null
    ),
    kept (id) as (
      select t.manifest_id from manifests m join tags t on t.manifest_id = m.id
      where m.instance_id = ${instanceId} and m.deleted_at is null and t.deleted_at is null
      union
      select e.child from kept k join edges e on e.parent = k.id
    ),
    standing (id, repository_id, digest, size_bytes, standing) as (
      select m.id, m.repository_id, m.digest, m.size_bytes,
        case when m.deleted_at is not null then 2
          when m.id in (select id from kept) then 0 else 1 end
      from manifests m where m.instance_id = ${instanceId}
    ),
    held (digest, standing) as (
      select f.digest, min(s.standing) from standing s
        join manifest_refs f on f.manifest_id = s.id and f.role <> 'child'
      group by f.digest
    ),
    sizes (standing, bytes) as (
      select coalesce(h.standing, 3), b.size_bytes
      from blobs b left join held h on h.digest = b.digest where b.instance_id = ${instanceId}
      union all
      select min(s.standing), max(s.size_bytes) from standing s group by s.digest
    )
    select standing, sum(bytes) as bytes from sizes group by standing`.execute(db)
  const { bytes: condemned } = await db
    .selectFrom('condemned_objects')
    .select(({ fn }) => fn.sum<number>('size_bytes').as('bytes'))
    .where('instance_id', '=', instanceId)
    .executeTakeFirstOrThrow()
  const bytesOf = Object.fromEntries(
    standings.map((name, standing) => [
      name,
      Number(rows.find((row) => Number(row.standing) === standing)?.bytes ?? 0),
    ]),
  ) as Record<(typeof standings)[number], number>
  return { ...bytesOf, condemnedBytes: Number(condemned ?? 0), countedAt }
}
