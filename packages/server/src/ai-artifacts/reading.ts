// One version of an artifact, by the names that a caller has; throws in the caller's terms.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Queryable } from '../db/database.ts'
import type { FoundManifest, FoundRepository } from '../images/queries.ts'
import { getManifest } from '../images/reading.ts'
import { recommendedTag } from './queries.ts'

/** By tag or digest. Throws MANIFEST_UNKNOWN, also for what is of another type. */
export async function getArtifact(
  db: Queryable,
  repository: FoundRepository,
  reference: string,
  types: readonly string[],
): Promise<FoundManifest> {
  const manifest = await getManifest(db, repository, reference)
  if (types.includes(manifest.artifactType ?? '')) return manifest
  throw new ApiError('MANIFEST_UNKNOWN', {
    message: {
      en: `${repository.path}:${reference} is of another type: ${manifest.artifactType ?? manifest.mediaType}`,
      zh: `${repository.path}:${reference} 是其他类型的制品：${manifest.artifactType ?? manifest.mediaType}`,
    },
    detail: { reference },
  })
}

/** Undefined: nothing is recommended. */
export async function findRecommended(
  db: Queryable,
  repositoryId: string,
): Promise<string | undefined> {
  const tag = await db
    .selectFrom('tags')
    .select('digest')
    .where('repository_id', '=', repositoryId)
    .where('name', '=', recommendedTag)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return tag?.digest
}
