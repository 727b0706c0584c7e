// Time. What decides deletion, leases or expiry asks `deployment(db)`, so that all processes of a
// deployment agree; what measures a wait asks `monotonicMs()`; nobody else asks the machine.

import { performance } from 'node:perf_hooks'
import type { Queryable } from './db/database.ts'
import { serverNow } from './db/forms.ts'

export interface Timer {
  cancel(): void
}

export interface Clock {
  /** Milliseconds since 1970 by this machine. */
  now(): number
  /** Milliseconds since some moment; never jumps. */
  monotonicMs(): number
  /** The deployment's one clock: PostgreSQL's where there is one, else this machine's. */
  deployment(db: Queryable): Promise<number>
  /** Keeps no process alive. */
  setTimer(ms: number, fn: () => void): Timer
}

export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    monotonicMs: () => performance.now(),
    deployment: async (db) => (await serverNow(db)) ?? Date.now(),
    setTimer(ms, fn) {
      const timeout = setTimeout(fn, ms)
      timeout.unref()
      return { cancel: () => clearTimeout(timeout) }
    },
  }
}

export interface FakeClock extends Clock {
  /** Time passes: both clocks move and due timers fire, in order. */
  advance(ms: number): void
  /** Somebody set the clock: only the wall and the deployment's clock move. May be negative. */
  jump(ms: number): void
}

interface FakeTimer {
  readonly dueMs: number
  readonly fn: () => void
}

export function fakeClock(startMs = Date.UTC(2026, 0, 1)): FakeClock {
  let wallMs = startMs
  let monotonic = 0
  let timers: FakeTimer[] = []
  return {
    now: () => wallMs,
    monotonicMs: () => monotonic,
    deployment: async () => wallMs,
    setTimer(ms, fn) {
      const timer = { dueMs: monotonic + ms, fn }
      timers.push(timer)
      return {
        cancel() {
          timers = timers.filter((other) => other !== timer)
        },
      }
    },
    advance(ms) {
      const endMs = monotonic + ms
      for (;;) {
        const due = timers
          .filter((timer) => timer.dueMs <= endMs)
          .reduce<FakeTimer | undefined>(
            (first, timer) => (first && first.dueMs <= timer.dueMs ? first : timer),
            undefined,
          )
        if (!due) break
        timers = timers.filter((timer) => timer !== due)
        wallMs += Math.max(0, due.dueMs - monotonic)
        monotonic = Math.max(monotonic, due.dueMs)
        due.fn()
      }
      wallMs += endMs - monotonic
      monotonic = endMs
    },
    jump(ms) {
      wallMs += ms
    },
  }
}
