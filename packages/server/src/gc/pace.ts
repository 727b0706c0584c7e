// How fast a sweep may go beside pushes and pulls. A transaction holds the one writer of SQLite, and there the
// event loop too, so it takes as many rows as fit into a few milliseconds on this machine.

import { type Clock, systemClock } from '../clock.ts'
import type { Database, Tx } from '../db/database.ts'

/** What a batch may take. A push waits for no longer, and the event loop stands still for no longer. */
const targetMs = 6
/** Beside pushes a sweep rests between two batches for so many times what the first took. */
export const besidePushes = 4
const maxRows = 500
const minRows = 8
const firstRows = 64

export class Pace {
  readonly #clock: Pick<Clock, 'monotonicMs' | 'setTimer'>
  readonly #restFactor: number
  #rows = firstRows

  /** Without a factor it never rests. */
  constructor(clock: Pick<Clock, 'monotonicMs' | 'setTimer'> = systemClock(), restFactor = 0) {
    this.#clock = clock
    this.#restFactor = restFactor
  }

  /**
   * Works on all items, some of them in each transaction; `committed` is told after each. Stops between two when the
   * signal says so.
   */
  async inBatches<T>(
    db: Pick<Database, 'write'>,
    items: readonly T[],
    work: (tx: Tx, batch: readonly T[]) => Promise<void>,
    signal: AbortSignal,
    committed: () => void = () => {},
  ): Promise<void> {
    for (let at = 0; at < items.length; ) {
      signal.throwIfAborted()
      const batch = items.slice(at, at + this.#rows)
      let tookMs = 0
      await db.write(async (tx) => {
        const begunMs = this.#clock.monotonicMs()
        await work(tx, batch)
        tookMs = this.#clock.monotonicMs() - begunMs
      })
      committed()
      at += batch.length
      this.#learn(batch.length, tookMs)
      await this.#rest(tookMs)
    }
  }

  #learn(rows: number, tookMs: number): void {
    // A short batch says nothing of a longer one, except that it was too long already.
    if (rows < this.#rows && tookMs < targetMs) return
    const fitting = tookMs > 0 ? (rows * targetMs) / tookMs : maxRows
    const wanted = Math.min(fitting, this.#rows * 2)
    this.#rows = Math.round(Math.max(minRows, Math.min(maxRows, wanted)))
  }

  /** Nothing where time stands still: tests. */
  #rest(tookMs: number): Promise<void> {
    const restMs = Math.round(tookMs * this.#restFactor)
    if (restMs === 0) return Promise.resolve()
    return new Promise((resolve) => this.#clock.setTimer(restMs, resolve))
  }
}
