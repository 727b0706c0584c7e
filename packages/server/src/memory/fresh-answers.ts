// Answers of the database that may change, each kept for a second: so what every request asks costs one look-up, and
// "at once" means within a second, on every process.

import type { Clock } from '../clock.ts'
import { RecentlyUsed } from './recently-used.ts'

export const freshMs = 1000

interface Known<A> {
  readonly answer: A
  readonly askedAtMs: number
}

interface FreshSettings<A> {
  /** As of `RecentlyUsed`: characters of keys. */
  readonly maxWeight: number
  /** Where it says so the earlier answer stays, the same object: what was made from it can be kept. */
  readonly isSame?: (earlier: A, now: A) => boolean
}

export class FreshAnswers<A> {
  readonly #clock: Pick<Clock, 'monotonicMs'>
  readonly #isSame: (earlier: A, now: A) => boolean
  readonly #known: RecentlyUsed<Known<A>>
  readonly #asking = new Map<string, Promise<A>>()

  constructor(clock: Pick<Clock, 'monotonicMs'>, settings: FreshSettings<A>) {
    this.#clock = clock
    this.#isSame = settings.isSame ?? (() => false)
    this.#known = new RecentlyUsed(settings.maxWeight)
  }

  /** A promise only where it must be asked, and the answer is not there synchronously. */
  find(key: string, ask: () => A | Promise<A>): A | Promise<A> {
    const known = this.#known.get(key)
    if (known && this.#clock.monotonicMs() - known.askedAtMs < freshMs) return known.answer
    return this.ask(key, ask)
  }

  /** Asks, whatever is remembered; those who ask at the same moment share one answer. */
  ask(key: string, ask: () => A | Promise<A>): A | Promise<A> {
    const asking = this.#asking.get(key)
    if (asking) return asking
    // Counted from before the question: an answer may be old by the time it arrives.
    const askedAtMs = this.#clock.monotonicMs()
    const answer = ask()
    if (!(answer instanceof Promise)) return this.#keep(key, answer, askedAtMs)
    const kept = answer
      .then((given) => this.#keep(key, given, askedAtMs))
      .finally(() => this.#asking.delete(key))
    this.#asking.set(key, kept)
    return kept
  }

  #keep(key: string, given: A, askedAtMs: number): A {
    const earlier = this.#known.get(key)
    const answer = earlier && this.#isSame(earlier.answer, given) ? earlier.answer : given
    this.#known.set(key, { answer, askedAtMs })
    return answer
  }
}
