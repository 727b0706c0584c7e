// A store belongs to one deployment: two that sweep the same bucket would delete each other's bytes. The first
// to use an empty store leaves its id there.

import { StartError } from '../start-error.ts'
import type { Driver } from './driver.ts'
import { StorageError } from './driver.ts'

export const markerKey = 'entrepot-store'

const maxMarkerBytes = 4096

/** Throws StartError unless the store is this deployment's, or empty and now is. */
export async function claimStore(
  driver: Driver,
  deploymentId: string,
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
    await driver.put(markerKey, Buffer.from(`${JSON.stringify({ deploymentId })}\n`), signal)
  }
  // Read again: of two deployments that begin at once the last writer has it. Should the other have read its own
  // before we wrote, its next start is refused.
  const owner = found ?? (await readMarker(driver, signal))
  if (owner !== deploymentId) {
    throw new StartError(
      `the storage belongs to deployment ${owner ?? '(unreadable)'}, this is ${deploymentId}: ` +
        'point ENTREPOT_STORAGE elsewhere, or use the database that belongs to it',
    )
  }
}

/** For who must not write: throws StartError unless the store is this deployment's already. */
export async function assertOwnStore(
  driver: Driver,
  deploymentId: string,
  signal: AbortSignal,
): Promise<void> {
  const owner = await readMarker(driver, signal)
  if (owner === deploymentId) return
  throw new StartError(
    owner === undefined
      ? 'the storage belongs to no deployment: is it mounted, and does ENTREPOT_STORAGE name the right one?'
      : `the storage belongs to deployment ${owner}, this is ${deploymentId}: point ENTREPOT_STORAGE elsewhere`,
  )
}

async function readMarker(driver: Driver, signal: AbortSignal): Promise<string | undefined> {
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

function parseMarker(text: string): string {
  try {
    const { deploymentId } = JSON.parse(text) as { readonly deploymentId?: unknown }
    if (typeof deploymentId === 'string') return deploymentId
  } catch {
    // Somebody else's file under our name.
  }
  return '(unreadable)'
}
