// The stores of this deployment by backend id, and whether they have room.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Clock } from '../clock.ts'
import { newId } from '../db/ids.ts'
import type { Driver } from './driver.ts'

/** How long one answer about free space is good for. */
const freeBytesFreshMs = 1000

export class Stores {
  readonly #drivers = new Map<string, Driver>()
  readonly #free = new Map<string, { readonly bytes: number | undefined; readonly atMs: number }>()
  readonly #clock: Clock
  readonly #reserveBytes: number

  constructor(clock: Clock, reserveBytes: number) {
    this.#clock = clock
    this.#reserveBytes = reserveBytes
  }

  add(backendId: string, driver: Driver): void {
    this.#drivers.set(backendId, driver)
  }

  driver(backendId: string): Driver {
    const driver = this.#drivers.get(backendId)
    if (!driver) throw new Error(`no driver is open for the storage backend ${backendId}`)
    return driver
  }

  ids(): readonly string[] {
    return [...this.#drivers.keys()]
  }

  /**
   * Refuses new bytes (507) while less than the reserve is free, so that what commits and deletes need on
   * the same disk is still there.
   */
  async assertRoom(backendId: string, signal: AbortSignal): Promise<void> {
    const nowMs = this.#clock.monotonicMs()
    let free = this.#free.get(backendId)
    if (!free || nowMs - free.atMs > freeBytesFreshMs) {
      free = { bytes: await this.driver(backendId).freeBytes(signal), atMs: nowMs }
      this.#free.set(backendId, free)
    }
    if (free.bytes !== undefined && free.bytes < this.#reserveBytes) {
      throw new ApiError('STORAGE_FULL', {
        detail: { freeBytes: free.bytes, reserveBytes: this.#reserveBytes },
      })
    }
  }

  async close(): Promise<void> {
    for (const driver of this.#drivers.values()) await driver.close()
  }
}

/**
 * A key that was never used before and says nothing about what lies under it. Keys of the same four minutes
 * share a folder: concurrent puts then share its fsync, and no folder grows without bound.
 */
export function newBlobKey(): string {
  const id = newId()
  return `blobs/${id.slice(0, 6)}/${id}`
}
