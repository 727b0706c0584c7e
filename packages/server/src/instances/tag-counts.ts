// How many tags instances hold. A count is kept for each repository, and adding up a hundred thousand of them takes a
// while: a page may show what was true a minute ago.

import { sql } from 'kysely'
import type { Clock } from '../clock.ts'
import type { Queryable } from '../db/database.ts'

const freshMs = 60_000
const maxRemembered = 10_000

interface Counted {
  readonly count: number
  readonly atMs: number
}

export class TagCounts {
  readonly #clock: Pick<Clock, 'monotonicMs'>
  readonly #known = new Map<string, Counted>()

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock
  }

  /** `db`: the one for statements that may take long. */
  async of(db: Queryable, instanceIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const atMs = this.#clock.monotonicMs()
    const isFresh = (id: string) => (this.#known.get(id)?.atMs ?? -freshMs) > atMs - freshMs
    const stale = instanceIds.filter((id) => !isFresh(id))
    if (this.#known.size + stale.length > maxRemembered) this.#known.clear()
    if (stale.length > 0) {
      const counts = await countTags(db, stale)
      for (const id of stale) this.#known.set(id, { count: counts.get(id) ?? 0, atMs })
    }
    return new Map(instanceIds.map((id) => [id, this.#known.get(id)?.count ?? 0]))
  }
}

async function countTags(
  db: Queryable,
  instanceIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ id: string; count: number }>`
    select id, cast(sum(counted) as bigint) as count from (
      select r.instance_id as id, c.value as counted
      from repositories r join counters c on c.scope_id = r.id and c.metric = 'tags'
      where r.instance_id in (${sql.join([...instanceIds])}) and r.deleted_at is null
      union all
      select r.instance_id as id, d.delta as counted
      from counter_deltas d join repositories r on r.id = d.scope_id
      where d.metric = 'tags' and r.instance_id in (${sql.join([...instanceIds])})
        and r.deleted_at is null
    ) as counts group by id`.execute(db)
  return new Map(rows.map((row) => [row.id, Number(row.count)]))
}
