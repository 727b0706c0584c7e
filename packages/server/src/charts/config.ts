// Facts of a chart whose config lies in a repository already.

import type { ParsedManifest } from '@entrepot/oci/manifest.ts'
import type { Database } from '../db/database.ts'
import { readConfigBlob } from '../images/reading.ts'
import { StorageError } from '../storage/driver.ts'
import type { Stores } from '../storage/stores.ts'
import { type ChartFacts, configOf, isChart, readFacts } from './facts.ts'

interface Ground {
  readonly db: Database
  readonly stores: Stores
}

/** Undefined: no chart, or its config can't be read now; then a job does it. */
export async function findFacts(
  ground: Ground,
  repositoryId: string | undefined,
  manifest: ParsedManifest,
): Promise<ChartFacts | undefined> {
  if (repositoryId === undefined || !isChart(manifest)) return undefined
  try {
    return await getFacts(ground, repositoryId, manifest)
  } catch (error) {
    // A push does not fail for it.
    if (error instanceof StorageError) return undefined
    throw error
  }
}

/** Undefined: the config never came (a sparse image), or is none by its size. Throws StorageError. */
export async function getFacts(
  ground: Ground,
  repositoryId: string,
  manifest: ParsedManifest,
): Promise<ChartFacts | undefined> {
  const config = configOf(manifest)
  if (!config) return undefined
  const text = await readConfigBlob(ground, repositoryId, config)
  return text === '' ? undefined : readFacts(manifest, text)
}
