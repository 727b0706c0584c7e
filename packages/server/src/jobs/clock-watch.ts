// Whether the deployment's clock can be trusted with deletions. A clock that was set (by more than two
// minutes against what really passed) makes fresh things look old: sweeping, retention and expiry pause
// for a grace period, and say so. Leases don't depend on it (`lease.ts`).
//
// The row outlives the process, so a clock that was set back while nobody ran is found too. One that was set
// forward meanwhile looks like a long rest (`rests.ts`); what a sweep deletes has been seen by two of them.

import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Log } from '../log.ts'
import { Poller } from './poller.ts'
import { minRestMs, type Rest, recordRest } from './rests.ts'
import { maxClockStepMs } from './worker.ts'

const beatMs = 30_000
const rowId = 1

interface ClockWatchOptions {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
  /** The same as of sweeps: 24 h by default. */
  readonly graceMs: number
}

export class ClockWatch {
  readonly #options: ClockWatchOptions
  readonly #poller: Poller
  #last: { readonly wallMs: number; readonly monotonicMs: number } | undefined

  constructor(options: ClockWatchOptions) {
    this.#options = options
    this.#poller = new Poller({
      clock: options.clock,
      everyMs: beatMs,
      poll: async () => {
        await this.isPaused()
      },
      onError: (error) => options.log.warn('the clock could not be watched', { error }),
    })
  }

  start(): void {
    this.#poller.start()
  }

  async stop(): Promise<void> {
    await this.#poller.stop()
  }

  /** Looks at the clock first: what asks is about to delete. */
  async isPaused(): Promise<boolean> {
    const { db, clock, log, graceMs } = this.#options
    const now = await clock.deployment(db.read)
    const monotonicMs = clock.monotonicMs()
    const row = await db.read
      .selectFrom('clock_state')
      .select(['seen_at', 'paused_until'])
      .where('id', '=', rowId)
      .executeTakeFirst()
    const step = this.#last
      ? now - this.#last.wallMs - (monotonicMs - this.#last.monotonicMs)
      : Math.min(0, now - (row?.seen_at ?? now))
    const wasSet = Math.abs(step) > maxClockStepMs
    const pausedUntil = wasSet ? now + graceMs : (row?.paused_until ?? 0)
    const rest = this.#restBefore(now, row?.seen_at)
    await db.write(async (tx) => {
      if (rest) await recordRest(tx, rest)
      await tx
        .insertInto('clock_state')
        .values({ id: rowId, seen_at: now, paused_until: pausedUntil })
        .onConflict((conflict) =>
          // Only a step that was found changes the pause: another process may have found one just now.
          conflict
            .column('id')
            .doUpdateSet(wasSet ? { seen_at: now, paused_until: pausedUntil } : { seen_at: now }),
        )
        .execute()
    })
    // Remembered only once the pause is written: a failed write finds the same step again.
    this.#last = { wallMs: now, monotonicMs }
    if (wasSet) {
      log.warn('the clock was set: sweeping, retention and expiry pause', {
        stepMs: Math.round(step),
        pausedUntil: new Date(pausedUntil).toISOString(),
      })
    }
    return now < pausedUntil
  }

  /**
   * What the row has not seen: a start long after the last beat of anybody, or a database that has forgotten
   * our own beats, because an older one was put in its place.
   */
  #restBefore(now: number, seenAt: number | undefined): Rest | undefined {
    if (seenAt === undefined) return undefined
    const known = this.#last ? this.#last.wallMs : now
    return known - seenAt > minRestMs ? { from: seenAt, to: now } : undefined
  }
}
