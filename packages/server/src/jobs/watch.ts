// Tells who looks at a job that it moved: its row, or its log. However many look, a process asks the database once a
// second, and not at all while nobody looks.

import { sql } from 'kysely'
import type { Clock } from '../clock.ts'
import type { Database, Queryable } from '../db/database.ts'
import type { Log } from '../log.ts'
import { Poller } from './poller.ts'

const everyMs = 1000

interface WatchGround {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
}

interface Watched {
  readonly onMove: Set<() => void>
  /** As it was last seen; undefined: not looked at yet. */
  mark: string | undefined
}

export class JobWatch {
  readonly #ground: WatchGround
  readonly #jobs = new Map<string, Watched>()
  readonly #poller: Poller
  #isPolling = false

  constructor(ground: WatchGround) {
    this.#ground = ground
    this.#poller = new Poller({
      clock: ground.clock,
      everyMs,
      poll: () => this.#look(),
      onError: (error) => ground.log.warn('watched jobs could not be looked at', { error }),
    })
  }

  /** `onMove` is called soon after each change, and perhaps once without any. Returns how to stop. */
  watch(id: string, onMove: () => void): () => void {
    const watched = this.#jobs.get(id) ?? { onMove: new Set(), mark: undefined }
    watched.onMove.add(onMove)
    this.#jobs.set(id, watched)
    if (!this.#isPolling) {
      this.#isPolling = true
      this.#poller.start()
    }
    return () => {
      watched.onMove.delete(onMove)
      if (watched.onMove.size > 0 || this.#jobs.get(id) !== watched) return
      this.#jobs.delete(id)
      if (this.#jobs.size === 0) void this.stop()
    }
  }

  /** After the look that is under way. */
  stop(): Promise<void> {
    this.#isPolling = false
    return this.#poller.stop()
  }

  async #look(): Promise<void> {
    const marks = await markJobs(this.#ground.db.read, [...this.#jobs.keys()])
    for (const [id, watched] of this.#jobs) {
      const mark = marks.get(id) ?? ''
      if (watched.mark === mark) continue
      watched.mark = mark
      for (const tell of watched.onMove) tell()
    }
  }
}

/** A job's mark differs when anything that people are shown of it does. */
async function markJobs(
  db: Queryable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('jobs as j')
    .select(['j.id', 'j.state', 'j.progress', 'j.attempts', 'j.error'])
    .select(['j.started_at', 'j.ended_at', 'j.cancel_requested'])
    .select((eb) =>
      eb
        .selectFrom('job_logs as l')
        .select(sql<number | null>`max(l.id)`.as('last'))
        .whereRef('l.job_id', '=', 'j.id')
        .as('last_line'),
    )
    .where('j.id', 'in', ids)
    .execute()
  return new Map(rows.map(({ id, ...shown }) => [id, JSON.stringify(shown)]))
}
