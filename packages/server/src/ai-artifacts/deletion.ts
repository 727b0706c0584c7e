// Deleting versions of models and skills: by tag those tags only, by digest the manifest, without either all tags on
// artifacts of the types. What else lies in the repository stays.

import { ApiError } from '@entrepot/contract/errors.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { parseReference } from '@entrepot/oci/reference.ts'
import type { Origin } from '../audit/origin.ts'
import type { Tx } from '../db/database.ts'
import type { FoundRepository } from '../images/queries.ts'
import { getRepository } from '../images/reading.ts'
import type { Instance } from '../instances/instances.ts'
import { deleteManifest } from '../manifests/delete.ts'
import { deleteTags } from '../tags/tags.ts'
import { listVersionNames } from './queries.ts'
import { getArtifact } from './reading.ts'

/** In one transaction; who has more deletes the repository. */
const maxVersions = 1000

interface Deletion {
  readonly instance: Instance
  readonly origin: Origin
  readonly at: number
  readonly types: readonly string[]
}

export interface DeletedArtifact {
  readonly path: string
  /** A tag or a digest; undefined: all versions. */
  readonly reference: string | undefined
}

/** Throws NAME_UNKNOWN, MANIFEST_UNKNOWN, MANIFEST_IN_USE, TAG_IMMUTABLE. */
export async function deleteArtifact(
  tx: Tx,
  { types, ...by }: Deletion,
  { path, reference }: DeletedArtifact,
): Promise<void> {
  const repository = await getRepository(tx, by.instance, path)
  const change = { ...by, repository, cause: 'user' as const }
  if (reference === undefined) {
    await deleteTags(tx, change, await listAll(tx, repository, types))
    return
  }
  await getArtifact(tx, repository, reference, types)
  const parsed = parseReference(reference)
  if (parsed?.kind === 'digest') {
    await deleteManifest(tx, { ...by, repository, digest: parsed.digest })
  } else {
    await deleteTags(tx, change, [reference])
  }
}

async function listAll(
  tx: Tx,
  { id, path }: FoundRepository,
  types: readonly string[],
): Promise<readonly string[]> {
  const names = await listVersionNames(tx, id, types, maxVersions)
  if (!names) {
    throw invalidValue('Items', {
      en: `${path} has more than ${maxVersions} versions: delete the repository, or versions by name`,
      zh: `${path} 的版本超过 ${maxVersions} 个，请删除仓库，或指定版本删除`,
    })
  }
  if (names.length > 0) return names
  throw new ApiError('MANIFEST_UNKNOWN', {
    message: { en: `${path} has no such version`, zh: `${path} 中没有该类制品的版本` },
    detail: { repository: path },
  })
}
