// Packages and provenance files out of the store, whole: they are small.

import { maxChartBytes } from '@entrepot/contract/entrepot/charts.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { Database } from '../db/database.ts'
import { findBlobCopy } from '../images/queries.ts'
import type { Stores } from '../storage/stores.ts'

/** A store that takes longer is not asked for a page. */
const readMs = 30_000

/** Throws CHART_UNKNOWN where it is not there (no more), UNAVAILABLE. */
export async function readStored(
  { db, stores }: { readonly db: Database; readonly stores: Stores },
  repositoryId: string,
  digest: string,
): Promise<Buffer> {
  const copy = await findBlobCopy(db.read, repositoryId, digest)
  if (!copy) throw new ApiError('CHART_UNKNOWN')
  const driver = await stores.driver(copy.backendId)
  const body = await driver.get(copy.key, undefined, AbortSignal.timeout(readMs))
  if (body.sizeBytes > maxChartBytes) {
    body.cancel()
    throw new ApiError('CHART_INVALID')
  }
  const chunks: Uint8Array[] = []
  // Copied: the driver uses a chunk's memory again for the next.
  for await (const chunk of body) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}
