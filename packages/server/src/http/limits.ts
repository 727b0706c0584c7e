// Two ways to say "not now": a gate for what runs at once, buckets for what happens per second. Both answer
// 429 with Retry-After instead of letting a queue grow.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Clock } from '../clock.ts'

function tooMany(message: string, retryAfterMs: number): ApiError {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000))
  return new ApiError('TOO_MANY_REQUESTS', {
    message,
    headers: { 'Retry-After': String(seconds) },
  })
}

export interface GateSettings {
  /** For the message: `uploads at once`. */
  readonly name: string
  readonly maxRunning: number
  readonly maxWaiting: number
  readonly maxWaitMs: number
}

/** Frees its place once, however often it is called. */
export type Leave = () => void

interface WaitingEntry {
  readonly admit: () => void
}

export class Gate {
  readonly #settings: GateSettings
  readonly #clock: Pick<Clock, 'setTimer'>
  readonly #waiting = new Set<WaitingEntry>()
  #running = 0

  constructor(settings: GateSettings, clock: Pick<Clock, 'setTimer'>) {
    this.#settings = settings
    this.#clock = clock
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /** In order of arrival. Throws TOO_MANY_REQUESTS, or the signal's reason. */
  enter(signal?: AbortSignal): Promise<Leave> {
    if (signal?.aborted) return Promise.reject(signal.reason)
    if (this.#running < this.#settings.maxRunning) return Promise.resolve(this.#admit())
    if (this.#waiting.size >= this.#settings.maxWaiting) return Promise.reject(this.#refusal())
    return this.#wait(signal)
  }

  #wait(signal: AbortSignal | undefined): Promise<Leave> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#waiting.delete(entry)
        timer.cancel()
        signal?.removeEventListener('abort', onAbort)
      }
      const entry: WaitingEntry = {
        admit: () => {
          settle()
          resolve(this.#admit())
        },
      }
      const onAbort = (): void => {
        settle()
        reject(signal?.reason)
      }
      const timer = this.#clock.setTimer(this.#settings.maxWaitMs, () => {
        settle()
        reject(this.#refusal())
      })
      signal?.addEventListener('abort', onAbort)
      this.#waiting.add(entry)
    })
  }

  #admit(): Leave {
    this.#running += 1
    let hasLeft = false
    return () => {
      if (hasLeft) return
      hasLeft = true
      this.#running -= 1
      const [next] = this.#waiting
      next?.admit()
    }
  }

  #refusal(): ApiError {
    const { name, maxRunning, maxWaitMs } = this.#settings
    return tooMany(`more than ${maxRunning} ${name}; repeat in a moment`, maxWaitMs)
  }
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
