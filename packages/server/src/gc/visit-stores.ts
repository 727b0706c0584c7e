// A look at every store in turn. One that does not answer leaves the others to be looked at.

import type { Driver } from '../storage/driver.ts'
import { StorageError } from '../storage/driver.ts'
import { type Stores, UnknownBackendError } from '../storage/stores.ts'

/** Throws the first store's failure after all were visited. */
export async function visitStores(
  stores: Stores,
  signal: AbortSignal,
  visit: (driver: Driver, backendId: string) => Promise<void>,
): Promise<void> {
  let failure: StorageError | undefined
  for (const backendId of await stores.ids()) {
    signal.throwIfAborted()
    try {
      await visit(await stores.driver(backendId), backendId)
    } catch (error) {
      // It was emptied and removed meanwhile.
      if (error instanceof UnknownBackendError) continue
      if (!(error instanceof StorageError)) throw error
      failure ??= error
    }
  }
  if (failure) throw failure
}
