// Says "not now" to what happens too often: 429 with Retry-After, instead of letting a queue grow.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Clock } from '../clock.ts'

function tooMany(message: string, retryAfterMs: number): ApiError {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000))
  return new ApiError('TOO_MANY_REQUESTS', {
    message,
    headers: { 'Retry-After': String(seconds) },
  })
}

export interface BucketSettings {
  /** For the message: `failed logins from this address`. */
  readonly name: string
  readonly perSecond: number
  /** How many may come at once after a pause. */
  readonly burst: number
  /** Buckets beyond this are forgotten, the longest untouched first. */
  readonly maxKeys: number
}

interface Bucket {
  tokens: number
  atMs: number
}

/** A token bucket per key, in this process. */
export class TokenBuckets {
  readonly #settings: BucketSettings
  readonly #clock: Pick<Clock, 'monotonicMs'>
  /** A Map keeps insertion order; a touched key is inserted anew, so the first is the oldest. */
  readonly #buckets = new Map<string, Bucket>()

  constructor(settings: BucketSettings, clock: Pick<Clock, 'monotonicMs'>) {
    this.#settings = settings
    this.#clock = clock
  }

  get size(): number {
    return this.#buckets.size
  }

  /** Throws TOO_MANY_REQUESTS that says when the next token is there. */
  take(key: string): void {
    const waitMs = this.tryTake(key)
    if (waitMs > 0) throw tooMany(`too many ${this.#settings.name}`, waitMs)
  }

  /** 0 when a token was taken; else how long until there is one, and nothing was taken. */
  tryTake(key: string): number {
    const { perSecond, burst, maxKeys } = this.#settings
    const nowMs = this.#clock.monotonicMs()
    const bucket = this.#buckets.get(key) ?? { tokens: burst, atMs: nowMs }
    const refilled = ((nowMs - bucket.atMs) / 1000) * perSecond
    bucket.tokens = Math.min(burst, bucket.tokens + refilled)
    bucket.atMs = nowMs
    this.#buckets.delete(key)
    this.#buckets.set(key, bucket)
    const [oldest] = this.#buckets.keys()
    if (this.#buckets.size > maxKeys && oldest !== undefined) this.#buckets.delete(oldest)
    if (bucket.tokens < 1) return ((1 - bucket.tokens) / perSecond) * 1000
    bucket.tokens -= 1
    return 0
  }
}
