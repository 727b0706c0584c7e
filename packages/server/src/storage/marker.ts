// A store belongs to one deployment: two that sweep the same bucket would delete each other's bytes. The first
// to use an empty store leaves its id there.

import { StartError } from '../start-error.ts'
import type { Driver } from './driver.ts'
import { StorageError } from './driver.ts'

export const markerKey = 'entrepot-store'

const maxMarkerBytes = 4096

/** What a marker says: whose the store is, and which of the deployment's. */
export interface StoreOwner {
  readonly deploymentId: string
  /** Undefined: the one that the settings name. */
  readonly storeId?: string | undefined
}

/** Throws StartError unless the store is this one of this deployment, or empty and now is. */
export async function claimStore(
  driver: Driver,
  owner: StoreOwner,
  signal: AbortSignal,
): Promise<void> {
  const found = await readMarker(driver, signal)
  if (found === undefined) {
    const [first] = await driver.list('', undefined, 1, signal)
    if (first) {
      throw new StartError(
        'the storage is not empty and belongs to no deployment: give an empty folder or bucket prefix',
      )
    }
    await driver.put(markerKey, Buffer.from(`${JSON.stringify(owner)}\n`), signal)
  }
  // Read again: of two deployments that begin at once the last writer has it. Should the other have read its own
  // before we wrote, its next start is refused.
  assertSame(found ?? (await readMarker(driver, signal)), owner)
}

/** For who must not write: throws StartError unless the store is this one of this deployment already. */
export async function assertOwnStore(
  driver: Driver,
  owner: StoreOwner,
  signal: AbortSignal,
): Promise<void> {
  const found = await readMarker(driver, signal)
  if (found === undefined) {
    throw new StartError(
      'the storage belongs to no deployment: is it mounted, and does ENTREPOT_STORAGE name the right one?',
    )
  }
  assertSame(found, owner)
}

function assertSame(found: StoreOwner | undefined, { deploymentId, storeId }: StoreOwner): void {
  if (found?.deploymentId !== deploymentId) {
    throw new StartError(
      `the storage belongs to deployment ${found?.deploymentId ?? unreadable}, this is ${deploymentId}: ` +
        'point ENTREPOT_STORAGE elsewhere, or use the database that belongs to it',
    )
  }
  // Two backends over the same bytes would take each other's for strays.
  if (found.storeId === storeId) return
  throw new StartError(
    'the storage is another storage backend of this deployment already: give each a folder or prefix of its own, ' +
      'or attach it (AttachExisting) where that backend was removed',
  )
}

/** Undefined: it belongs to nobody yet. */
export async function readMarker(
  driver: Driver,
  signal: AbortSignal,
): Promise<StoreOwner | undefined> {
  let text = ''
  try {
    for await (const chunk of await driver.get(markerKey, undefined, signal)) {
      text += Buffer.from(chunk).toString('utf8')
      if (text.length > maxMarkerBytes) break
    }
  } catch (error) {
    if (error instanceof StorageError && error.fault === 'missing') return undefined
    throw error
  }
  return parseMarker(text)
}

const unreadable = '(unreadable)'

function parseMarker(text: string): StoreOwner {
  try {
    const { deploymentId, storeId } = JSON.parse(text) as Record<string, unknown>
    if (typeof deploymentId === 'string') {
      return { deploymentId, storeId: typeof storeId === 'string' ? storeId : undefined }
    }
  } catch {
    // Somebody else's file under our name.
  }
  return { deploymentId: unreadable }
}
