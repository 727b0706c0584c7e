// Waiting until something is so: asks again, slower and slower.

import { type ClientClock, systemClock } from './clock.ts'
import { CallError, clientCodes } from './errors.ts'

export interface WaitOptions {
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number | undefined
  readonly clock?: ClientClock | undefined
}

/** `over`: it is so; `failed`: it never will be. */
export type Look<T> =
  | { readonly kind: 'over'; readonly value: T }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'failed'; readonly reason: string }

const defaultTimeoutMs = 30 * 60_000
const firstPauseMs = 500
const maxPauseMs = 10_000

/** Throws CallError `ClientError.WaitFailed` or `ClientError.WaitTimeout`, and whatever `look` throws. */
export async function waitUntil<T>(
  look: () => Promise<Look<T>>,
  { signal, timeoutMs = defaultTimeoutMs, clock = systemClock }: WaitOptions = {},
): Promise<T> {
  const deadline = clock.nowMs() + timeoutMs
  let pauseMs = firstPauseMs
  for (;;) {
    const seen = await look()
    if (seen.kind === 'over') return seen.value
    if (seen.kind === 'failed') throw new CallError(clientCodes.waitFailed, seen.reason)
    const leftMs = deadline - clock.nowMs()
    if (leftMs <= 0) {
      throw new CallError(clientCodes.waitTimeout, `still waiting after ${timeoutMs / 1000} s`)
    }
    await clock.sleep(Math.min(pauseMs, leftMs), signal)
    pauseMs = Math.min(pauseMs * 1.5, maxPauseMs)
  }
}
