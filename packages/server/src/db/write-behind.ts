// Rows that change nothing anybody waits for: gathered in memory by their owner, written together some time after the
// first of them came, one write at a time, and once more when the program stops.

import type { Clock, Timer } from '../clock.ts'

export interface Gathered {
  readonly clock: Pick<Clock, 'setTimer'>
  readonly afterMs: number
  /** How often a stop tries. */
  readonly stopAttempts: number
  isEmpty(): boolean
  /** Writes what is there; what could not be written stays. */
  write(): Promise<void>
  /** A write by the timer failed; the timer goes on. */
  onDelay(error: unknown): void
  /** A write at the stop failed. */
  onStopFailure(error: unknown): void
}

export class WriteBehind {
  readonly #gathered: Gathered
  #timer: Timer | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(gathered: Gathered) {
    this.#gathered = gathered
  }

  /** After something was gathered. */
  arm(): void {
    this.#timer ??= this.#startTimer()
  }

  /** After the write that runs. Throws when the database can't. */
  flush(): Promise<void> {
    const next = this.#writing.then(() => this.#gathered.write())
    this.#writing = next.catch(() => {})
    return next
  }

  /** Called when nothing more is gathered. */
  async stop(): Promise<void> {
    const { stopAttempts, onStopFailure } = this.#gathered
    for (let attempts = 1; attempts <= stopAttempts; attempts += 1) {
      try {
        await this.flush()
        break
      } catch (error) {
        onStopFailure(error)
      }
    }
    this.#timer?.cancel()
  }

  #startTimer(): Timer {
    const { clock, afterMs, isEmpty, onDelay } = this.#gathered
    return clock.setTimer(afterMs, () => {
      this.flush()
        .catch(onDelay)
        .finally(() => {
          this.#timer = isEmpty() ? undefined : this.#startTimer()
        })
    })
  }
}
