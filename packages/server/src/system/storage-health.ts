// Whether stores answer, as the operator's page shows it: one look at each, that changes nothing.

import type { ActionGround } from '../actions/define.ts'
import { type Backend, listStores } from '../storage/backends.ts'
import { StorageError } from '../storage/driver.ts'
import { markerKey } from '../storage/marker.ts'

const lookLimitMs = 5000
/** Looked at in parallel; an operator makes a handful known. */
const maxStores = 50

export interface StorageHealth {
  readonly name: string
  readonly kind: Backend['kind']
  readonly latencyMs: number | null
  readonly reason: string | null
  readonly freeBytes: number | null
}

type Ground = Pick<ActionGround, 'db' | 'stores' | 'clock'>

export async function lookAtStores(ground: Ground): Promise<readonly StorageHealth[]> {
  const stores = await listStores(ground.db.read)
  return Promise.all(stores.slice(0, maxStores).map((store) => lookAt(ground, store)))
}

async function lookAt({ stores, clock }: Ground, store: Backend): Promise<StorageHealth> {
  const { kind } = store
  const name = store.name ?? store.id
  const startedMs = clock.monotonicMs()
  try {
    const signal = AbortSignal.timeout(lookLimitMs)
    const driver = await stores.driver(store.id)
    await driver.stat(markerKey, signal)
    const latencyMs = clock.monotonicMs() - startedMs
    const freeBytes = (await driver.freeBytes(signal)) ?? null
    return { name, kind, latencyMs, reason: null, freeBytes }
  } catch (error) {
    const isTime = error instanceof DOMException && error.name === 'TimeoutError'
    if (!(error instanceof StorageError) && !isTime) throw error
    const reason = isTime ? `no answer within ${lookLimitMs / 1000} s` : error.message
    return { name, kind, latencyMs: null, reason, freeBytes: null }
  }
}
