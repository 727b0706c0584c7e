// Looks for work every so often, and at once when told; never twice at the same time.

import type { Clock, Timer } from '../clock.ts'

interface PollerOptions {
  readonly clock: Clock
  readonly everyMs: number
  readonly poll: () => Promise<void>
  readonly onError: (error: unknown) => void
}

export class Poller {
  readonly #options: PollerOptions
  #running = false
  #current: Promise<void> | undefined
  #again = false
  #timer: Timer | undefined

  constructor(options: PollerOptions) {
    this.#options = options
  }

  start(): void {
    this.#running = true
    this.wake()
  }

  /** Cheap and safe to call often: what comes while it looks makes it look once more. */
  wake(): void {
    if (!this.#running) return
    this.#again = true
    this.#current ??= this.#loop()
  }

  /** After the look that is under way. */
  async stop(): Promise<void> {
    this.#running = false
    this.#timer?.cancel()
    await this.#current
  }

  async #loop(): Promise<void> {
    const { clock, everyMs, poll, onError } = this.#options
    this.#timer?.cancel()
    while (this.#again && this.#running) {
      this.#again = false
      try {
        await poll()
      } catch (error) {
        onError(error)
        break
      }
    }
    this.#current = undefined
    if (this.#running) this.#timer = clock.setTimer(everyMs, () => this.wake())
  }
}
