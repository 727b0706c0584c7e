// How often an account may call an action: the declared rate, per process. Beyond it the call is refused, not queued.

import type { Action } from '@entrepot/contract/action.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { Clock } from '../clock.ts'
import { TokenBuckets } from '../http/limits.ts'

const maxKeys = 10_000

export class Rates {
  readonly #clock: Clock
  readonly #factor: number
  /** By rate: actions of one rate share a table, not a bucket. */
  readonly #buckets = new Map<number, TokenBuckets>()

  /** `factor`: the operator's; 2 doubles every rate. */
  constructor(clock: Clock, factor: number) {
    this.#clock = clock
    this.#factor = factor
  }

  /** Throws REQUEST_LIMIT_EXCEEDED. */
  take(action: Action, account: number): void {
    const perSecond = action.ratePerSecond * this.#factor
    let buckets = this.#buckets.get(perSecond)
    if (!buckets) {
      const settings = { name: 'calls', perSecond, burst: Math.max(1, perSecond), maxKeys }
      buckets = new TokenBuckets(settings, this.#clock)
      this.#buckets.set(perSecond, buckets)
    }
    if (buckets.tryTake(`${action.product}:${action.name}:${account}`) === 0) return
    throw new ApiError('REQUEST_LIMIT_EXCEEDED', {
      message: {
        en: `${action.name} may be called ${perSecond} times a second; repeat in a moment`,
        zh: `${action.name} 每秒最多调用 ${perSecond} 次，请稍后重试`,
      },
    })
  }
}
