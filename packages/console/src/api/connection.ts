// Whether the server answers. Who finds that it does not says so; from then on it is asked again and again, and all
// that waits for it goes on once it answers.

import { CallError } from '@entrepot/client/errors.ts'
import { useSyncExternalStore } from 'react'
import { isUnreachable } from './call.ts'
import { fetchSession } from './session.ts'

const firstWaitSeconds = 2
const maxWaitSeconds = 30
const secondMs = 1000

/** Undefined while it answers; else the seconds until it is asked again. */
let leftSeconds: number | undefined
let waitSeconds = firstWaitSeconds
let timer: ReturnType<typeof setInterval> | undefined
const watchers = new Set<() => void>()

export function useSecondsToRetry(): number | undefined {
  return useSyncExternalStore(watch, () => leftSeconds)
}

/** `onChange` is called when the connection is lost, each second until it is back, and then. */
function watch(onChange: () => void): () => void {
  watchers.add(onChange)
  return () => watchers.delete(onChange)
}

export function onConnectionBack(goOn: () => void): void {
  let wasLost = false
  watch(() => {
    if (wasLost && leftSeconds === undefined) goOn()
    wasLost = leftSeconds !== undefined
  })
}

export function loseConnection(): void {
  if (leftSeconds !== undefined) return
  waitSeconds = firstWaitSeconds
  show(waitSeconds)
  timer = setInterval(() => {
    if (leftSeconds === undefined || leftSeconds === 0) return
    show(leftSeconds - 1)
    if (leftSeconds === 0) void tryConnection()
  }, secondMs)
}

/** Asks at once. */
export async function tryConnection(): Promise<void> {
  if (await answers()) {
    clearInterval(timer)
    show(undefined)
    return
  }
  // Still away: the bar goes on saying so.
  waitSeconds = Math.min(maxWaitSeconds, waitSeconds * 2)
  show(waitSeconds)
}

/** Resolves when the server answers; false: it did at once. */
export async function whenConnected(): Promise<boolean> {
  if (leftSeconds === undefined && (await answers())) return false
  loseConnection()
  await new Promise<void>((resolve) => {
    const stop = watch(() => {
      if (leftSeconds !== undefined) return
      stop()
      resolve()
    })
  })
  return true
}

/** By whom it is asked counts: a proxy that says it has no server is none. */
async function answers(): Promise<boolean> {
  try {
    await fetchSession({ isPolling: true })
    return true
  } catch (error) {
    return error instanceof CallError && !isUnreachable(error)
  }
}

function show(seconds: number | undefined): void {
  leftSeconds = seconds
  for (const tell of [...watchers]) tell()
}

window.addEventListener('online', () => {
  if (leftSeconds !== undefined) void tryConnection()
})
