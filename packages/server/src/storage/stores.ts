// The stores of this deployment by backend id, and whether they have room. A backend is opened when it is first asked
// for, so that every process knows those which another one made.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Clock } from '../clock.ts'
import { newId } from '../db/ids.ts'
import { type Driver, StorageError } from './driver.ts'

/** How long one answer about free space is good for. */
const freeBytesFreshMs = 1000
/** Within this a process has the new address or keys of a store. */
const revisionFreshMs = 5000

export interface KnownBackend {
  /** The store that it is a section of. */
  readonly storeId: string | null
  /** Rises with each change of its settings. */
  readonly revision: number
}

/** Where backends stand that nobody has opened here yet. */
export interface BackendSource {
  ids(): Promise<readonly string[]>
  find(backendId: string): Promise<KnownBackend | undefined>
  /** `store`: what it is a section of. */
  open(backendId: string, store: Driver | undefined): Promise<Driver>
}

/** Its row is gone, and nothing names it any more; or this program has no rows to look into. */
export class UnknownBackendError extends StorageError {
  constructor(backendId: string) {
    super('unavailable', `there is no storage backend ${backendId}`)
    this.name = 'UnknownBackendError'
  }
}

interface Opened {
  readonly driver: Driver
  /** Undefined: it was added, and never changes. */
  readonly known: KnownBackend | undefined
  /** What it is a section of. */
  readonly store: Driver | undefined
  checkedAtMs: number
}

export class Stores {
  readonly #opened = new Map<string, Opened>()
  readonly #opening = new Map<string, Promise<Opened>>()
  /** Somebody may still read through them. */
  readonly #replaced: Driver[] = []
  readonly #free = new Map<string, { readonly bytes: number | undefined; readonly atMs: number }>()
  readonly #clock: Pick<Clock, 'monotonicMs'>
  readonly #reserveBytes: number
  readonly #source: BackendSource | undefined

  constructor(clock: Pick<Clock, 'monotonicMs'>, reserveBytes: number, source?: BackendSource) {
    this.#clock = clock
    this.#reserveBytes = reserveBytes
    this.#source = source
  }

  add(backendId: string, driver: Driver): void {
    this.#opened.set(backendId, { driver, known: undefined, store: undefined, checkedAtMs: 0 })
  }

  /** Rejects with StorageError where it can't be opened, or is not there (`UnknownBackendError`). */
  async driver(backendId: string): Promise<Driver> {
    const opened = this.#opened.get(backendId)
    if (opened && this.#isFresh(opened)) return opened.driver
    return (await this.#open(backendId)).driver
  }

  #isFresh({ known, checkedAtMs }: Opened): boolean {
    return known === undefined || this.#clock.monotonicMs() - checkedAtMs < revisionFreshMs
  }

  #open(backendId: string): Promise<Opened> {
    let opening = this.#opening.get(backendId)
    if (!opening) {
      opening = this.#openOnce(backendId).finally(() => this.#opening.delete(backendId))
      this.#opening.set(backendId, opening)
    }
    return opening
  }

  async #openOnce(backendId: string): Promise<Opened> {
    const checkedAtMs = this.#clock.monotonicMs()
    const known = await this.#source?.find(backendId)
    if (!this.#source || !known) throw new UnknownBackendError(backendId)
    const store = known.storeId === null ? undefined : await this.driver(known.storeId)
    const before = this.#opened.get(backendId)
    if (before?.store === store && before?.known?.revision === known.revision) {
      before.checkedAtMs = checkedAtMs
      return before
    }
    const driver = await this.#source.open(backendId, store)
    if (before) this.#replaced.push(before.driver)
    const opened = { driver, known, store, checkedAtMs }
    this.#opened.set(backendId, opened)
    return opened
  }

  /** Of every backend, also of those that nobody has opened here. */
  async ids(): Promise<readonly string[]> {
    const rows = (await this.#source?.ids()) ?? []
    const added = [...this.#opened].filter(([, { known }]) => known === undefined)
    return [...new Set([...added.map(([id]) => id), ...rows])]
  }

  /** It is a part of another store. */
  async isSection(backendId: string): Promise<boolean> {
    const opened = this.#opened.get(backendId)
    const known = opened ? opened.known : await this.#source?.find(backendId)
    return typeof known?.storeId === 'string'
  }

  /** What was opened of a backend that is gone. */
  forget(backendId: string): void {
    const opened = this.#opened.get(backendId)
    if (!opened) return
    this.#opened.delete(backendId)
    this.#replaced.push(opened.driver)
  }

  /**
   * Refuses new bytes (507) while less than the reserve is free, so that what commits and deletes need on
   * the same disk is still there.
   */
  async assertRoom(backendId: string, signal: AbortSignal): Promise<void> {
    const nowMs = this.#clock.monotonicMs()
    let free = this.#free.get(backendId)
    if (!free || nowMs - free.atMs > freeBytesFreshMs) {
      const driver = await this.driver(backendId)
      free = { bytes: await driver.freeBytes(signal), atMs: nowMs }
      this.#free.set(backendId, free)
    }
    if (free.bytes !== undefined && free.bytes < this.#reserveBytes) {
      throw new ApiError('STORAGE_FULL', {
        detail: { freeBytes: free.bytes, reserveBytes: this.#reserveBytes },
      })
    }
  }

  async close(): Promise<void> {
    for (const { driver } of this.#opened.values()) await driver.close()
    for (const driver of this.#replaced) await driver.close()
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
