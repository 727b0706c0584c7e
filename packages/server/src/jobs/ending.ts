// What becomes of a job when a run of it ends. Pure; `lease.ts` applies it under the row's lock.

import type { JobsTable } from '../db/schema.ts'

export type Outcome =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly error: string; readonly backOffMs: number }
  | { readonly kind: 'cancelled' }
  /** The process stops in order: the run doesn't count. */
  | { readonly kind: 'handed-back' }
  /** The process that ran it gave no sign of life for the time of a lease. */
  | { readonly kind: 'abandoned' }

export type EndingRow = Pick<
  JobsTable,
  | 'attempts'
  | 'max_attempts'
  | 'every_ms'
  | 'run_again'
  | 'run_at'
  | 'delay_ms'
  | 'cancel_requested'
  | 'error'
>

export interface Ending
  extends Pick<
    JobsTable,
    'state' | 'run_at' | 'delay_ms' | 'attempts' | 'error' | 'run_again' | 'ended_at'
  > {
  /** It goes behind those of its lane that came while it ran. */
  readonly requeued: boolean
}

const abandonedError = 'the process that ran it ended or stood still'
const maxErrorChars = 2000

export function planEnding(row: EndingRow, ended: Outcome, now: number): Ending {
  // Cancelled is what was asked for, whatever else ended the run short of its success.
  const isCancelled = row.cancel_requested === 1 && ended.kind !== 'succeeded'
  const outcome: Outcome = isCancelled ? { kind: 'cancelled' } : ended
  const base = { error: errorOf(row, outcome), run_again: 0, ended_at: now, requeued: false }
  const { attempts, every_ms, run_at, delay_ms } = row
  if (outcome.kind === 'handed-back') {
    const counted = attempts - 1
    return { ...base, state: 'waiting', run_at: now, delay_ms: 0, attempts: counted }
  }
  const mayRepeat = every_ms === null && attempts < row.max_attempts
  if (outcome.kind === 'abandoned' && (mayRepeat || every_ms !== null)) {
    return { ...base, state: 'waiting', run_at: now, delay_ms: 0, attempts }
  }
  if (outcome.kind === 'failed' && mayRepeat) {
    const delay = outcome.backOffMs
    return { ...base, state: 'waiting', run_at: now + delay, delay_ms: delay, attempts }
  }
  if (row.run_again === 1) {
    return { ...base, state: 'waiting', run_at, delay_ms, attempts: 0, requeued: true }
  }
  if (every_ms !== null) {
    return { ...base, state: 'waiting', run_at: now + every_ms, delay_ms: every_ms, attempts: 0 }
  }
  const state = outcome.kind === 'abandoned' ? 'failed' : outcome.kind
  return { ...base, state, run_at, delay_ms, attempts }
}

function errorOf(row: EndingRow, outcome: Outcome): string | null {
  switch (outcome.kind) {
    case 'succeeded':
      return null
    case 'failed':
      return outcome.error.slice(0, maxErrorChars)
    case 'abandoned':
      return abandonedError
    case 'cancelled':
    case 'handed-back':
      return row.error
  }
}

const firstBackOffMs = 5000
export const maxBackOffMs = 60 * 60_000

/** 5 s, 10 s, 20 s … 1 h, less up to a half, so that what failed together doesn't come back together. */
export function backOffMs(attempts: number, random: () => number): number {
  const full = Math.min(maxBackOffMs, firstBackOffMs * 2 ** Math.min(attempts - 1, 20))
  return Math.round(full * (1 - random() / 2))
}
