// The processes of a deployment, on all its machines: each writes now and then that it runs. Nothing depends on it but
// the page that shows them.

import { hostname } from 'node:os'
import type { Clock } from '../clock.ts'
import type { Database, Queryable } from '../db/database.ts'
import { newId } from '../db/ids.ts'
import { Poller } from '../jobs/poller.ts'
import type { Log } from '../log.ts'

const beatMs = 30_000
/** One that has missed two beats is not alive any more. */
export const aliveWithinMs = 75_000
/** One that ended without saying so is shown for a day. */
const forgetAfterMs = 86_400_000
const maxShown = 500

interface BeatOptions {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
  readonly version: string
}

export class ProcessBeat {
  readonly #options: BeatOptions
  readonly #id = newId()
  readonly #poller: Poller
  #startedAt: number | undefined

  constructor(options: BeatOptions) {
    this.#options = options
    this.#poller = new Poller({
      clock: options.clock,
      everyMs: beatMs,
      poll: () => this.beat(),
      onError: (error) => options.log.warn('the process could not say that it runs', { error }),
    })
  }

  start(): void {
    this.#poller.start()
  }

  /** It leaves in order, where the database still answers. */
  async stop(): Promise<void> {
    await this.#poller.stop()
    if (this.#startedAt === undefined) return
    const { db, log } = this.#options
    try {
      await db.write(async (tx) => {
        await tx.deleteFrom('server_processes').where('id', '=', this.#id).execute()
      })
    } catch (error) {
      // It is shown as silent, and forgotten after a day.
      log.warn('the process could not say that it ends', { error })
    }
  }

  async beat(): Promise<void> {
    const { db, clock, version } = this.#options
    await db.write(async (tx) => {
      const now = await clock.deployment(tx)
      this.#startedAt ??= now
      const seen = { seen_at: now, memory_bytes: process.memoryUsage.rss() }
      await tx
        .insertInto('server_processes')
        .values({
          id: this.#id,
          host: hostname(),
          pid: process.pid,
          version,
          node_version: process.version,
          started_at: this.#startedAt,
          ...seen,
        })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(seen))
        .execute()
      await tx
        .deleteFrom('server_processes')
        .where('seen_at', '<', now - forgetAfterMs)
        .execute()
    })
  }
}

/** By machine, the longest running first. */
export function listProcesses(db: Queryable) {
  return db
    .selectFrom('server_processes')
    .selectAll()
    .orderBy('host')
    .orderBy('started_at')
    .orderBy('id')
    .limit(maxShown)
    .execute()
}
