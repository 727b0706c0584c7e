// A repository and what lies in it, by the names that a caller has; throws in the caller's terms.

import { ApiError } from '@entrepot/contract/errors.ts'
import { parseManifest } from '@entrepot/oci/manifest.ts'
import { parseReference } from '@entrepot/oci/reference.ts'
import type { ActionGround } from '../actions/define.ts'
import type { Queryable } from '../db/database.ts'
import type { Instance } from '../instances/instances.ts'
import { repositoryUnknown } from '../repositories/repositories.ts'
import { maxConfigBytes } from './config.ts'
import {
  type FoundManifest,
  type FoundRepository,
  findBlobCopy,
  findManifest,
  findRepository,
} from './queries.ts'

export interface RepositoryInput {
  readonly NamespaceName: string
  readonly RepositoryName: string
}

export function pathOf({ NamespaceName, RepositoryName }: RepositoryInput): string {
  return `${NamespaceName}/${RepositoryName}`
}

/** Throws NAME_UNKNOWN. */
export async function getRepository(
  db: Queryable,
  instance: Instance,
  path: string,
): Promise<FoundRepository> {
  const repository = await findRepository(db, instance.id, path)
  if (!repository) throw repositoryUnknown(path)
  return repository
}

const maxShownChars = 256

/** By tag or digest. Throws MANIFEST_UNKNOWN. */
export async function getManifest(
  db: Queryable,
  repository: FoundRepository,
  text: string,
): Promise<FoundManifest> {
  const reference = parseReference(text)
  const found =
    reference &&
    (await findManifest(
      db,
      repository,
      reference.kind === 'tag' ? { tag: reference.tag } : { digest: reference.digest },
    ))
  if (found) return found
  const name = text.slice(0, maxShownChars)
  throw new ApiError('MANIFEST_UNKNOWN', {
    message: {
      en: `there is no image ${name} in ${repository.path}`,
      zh: `仓库 ${repository.path} 中没有镜像 ${name}`,
    },
    detail: { reference: name },
  })
}

/** A store that takes longer is not asked for a megabyte. */
const configReadMs = 10_000

/** Empty where there is none: an index, or a config that was never pushed. */
export async function readConfig(
  { db, stores }: Pick<ActionGround, 'db' | 'stores'>,
  repository: FoundRepository,
  manifest: FoundManifest,
): Promise<string> {
  const { refs } = parseManifest(manifest.bytes, manifest.mediaType)
  const config = refs.find((ref) => ref.role === 'config')
  return config ? readConfigBlob({ db, stores }, repository.id, config) : ''
}

/** Empty where it was never pushed, or is too large for a config. */
export async function readConfigBlob(
  { db, stores }: Pick<ActionGround, 'db' | 'stores'>,
  repositoryId: string,
  config: { readonly digest: string; readonly sizeBytes: number },
): Promise<string> {
  if (config.sizeBytes > maxConfigBytes) return ''
  const copy = await findBlobCopy(db.read, repositoryId, config.digest)
  if (!copy) return ''
  const signal = AbortSignal.timeout(configReadMs)
  const driver = await stores.driver(copy.backendId)
  const chunks: Uint8Array[] = []
  for await (const chunk of await driver.get(copy.key, undefined, signal)) {
    // Copied: the driver uses a chunk's memory again for the next.
    chunks.push(Buffer.from(chunk))
  }
  return Buffer.concat(chunks).toString('utf8')
}
