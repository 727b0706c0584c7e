// For tests: a memory store that tells how many bytes of bodies have arrived, so that nobody needs to sleep.

import type { Clock } from '../clock.ts'
import { fakeClock } from '../clock.ts'
import type { Driver } from '../storage/driver.ts'
import { FaultyDriver } from '../storage/faulty.ts'
import { openDriver } from '../storage/open.ts'

export interface WatchedStore {
  readonly store: Driver
  readonly faults: FaultyDriver
  /** Resolves when parts have been given so many more bytes, from now on. */
  nextBytes(bytes: number): Promise<void>
}

export async function watchedStore(
  clock: Clock = fakeClock(),
  maxObjectBytes = Number.MAX_SAFE_INTEGER,
): Promise<WatchedStore> {
  const faults = new FaultyDriver(await openDriver({ kind: 'memory' }, { clock }))
  const waiting = new Map<() => void, number>()
  let total = 0
  async function* counted(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      total += chunk.byteLength
      for (const [resolve, wanted] of waiting) {
        if (total < wanted) continue
        waiting.delete(resolve)
        resolve()
      }
      yield chunk
    }
  }
  const store = new Proxy<Driver>(faults, {
    get(target, property) {
      if (property === 'writePart') {
        const writePart: Driver['writePart'] = (state, body, options) =>
          target.writePart(state, counted(body), options)
        return writePart
      }
      if (property === 'limits') return { ...target.limits, maxObjectBytes }
      const value: unknown = Reflect.get(target, property)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return {
    store,
    faults,
    nextBytes(bytes) {
      return new Promise((resolve) => waiting.set(resolve, total + bytes))
    },
  }
}
