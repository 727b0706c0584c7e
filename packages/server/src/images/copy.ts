// Copying an image within an instance: no bytes move. Everything that the manifest names is linked to the other
// repository, the children of an index first, in one transaction; so the copy is whole or not there.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Digest } from '@entrepot/oci/digest.ts'
import type { Tag } from '@entrepot/oci/reference.ts'
import type { Origin } from '../audit/origin.ts'
import { claimBlob, linkBlob } from '../blobs/publish.ts'
import { batches } from '../db/batches.ts'
import type { Tx } from '../db/database.ts'
import type { Instance } from '../instances/instances.ts'
import { checkManifest, putManifest } from '../manifests/put.ts'
import type { Namespace } from '../namespaces/namespaces.ts'
import { Bill } from '../quotas/quotas.ts'
import { ensureRepository, type Repository } from '../repositories/repositories.ts'
import { type FoundManifest, type FoundRepository, findManifest } from './queries.ts'

/** An index of more than that is copied by a client, or by a sync rule. */
export const maxManifestsPerCopy = 200

export interface CopyImage {
  readonly instance: Instance
  readonly source: FoundRepository
  readonly manifest: FoundManifest
  readonly namespace: Namespace
  /** Of the copy. */
  readonly path: string
  readonly tag: Tag
  readonly overrides: boolean
  readonly origin: Origin
  readonly at: number
}

/** Throws TAG_EXISTS, IMAGE_TOO_MANY_MANIFESTS, QUOTA_EXCEEDED. */
export async function copyImage(tx: Tx, copy: CopyImage): Promise<void> {
  const { instance, namespace, path, origin, at } = copy
  const by = { actor: origin.actor, at }
  const repository = await ensureRepository(tx, { instance, namespace, path }, by)
  const isSame = repository.id === copy.source.id
  const manifests = isSame ? [copy.manifest] : await listWithChildren(tx, copy)
  for (const manifest of manifests) {
    if (!isSame) await linkBlobs(tx, copy, repository, manifest)
    const isTop = manifest.digest === copy.manifest.digest
    await putManifest(tx, {
      instance,
      namespace,
      repository,
      manifest: checkManifest(manifest.bytes, manifest.mediaType, algorithmOf(manifest.digest)),
      tags: isTop ? [copy.tag] : [],
      keepsTags: !copy.overrides,
      origin,
      at,
    })
  }
}

function algorithmOf(digest: string): 'sha256' | 'sha512' {
  return digest.startsWith('sha512:') ? 'sha512' : 'sha256'
}

/** Children before what names them. A child that isn't here is missing in the copy too. */
async function listWithChildren(tx: Tx, copy: CopyImage): Promise<readonly FoundManifest[]> {
  const { source, instance } = copy
  const found: FoundManifest[] = []
  const seen = new Set<string>()
  const visit = async (manifest: FoundManifest): Promise<void> => {
    if (seen.has(manifest.digest)) return
    seen.add(manifest.digest)
    if (seen.size > maxManifestsPerCopy) throw tooMany()
    const children = await tx
      .selectFrom('manifest_refs')
      .select('digest')
      .where('manifest_id', '=', manifest.id)
      .where('role', '=', 'child')
      .orderBy('position')
      .execute()
    for (const { digest } of children) {
      const child = await findManifest(tx, { id: source.id, instanceId: instance.id }, { digest })
      if (child) await visit(child)
    }
    found.push(manifest)
  }
  await visit(copy.manifest)
  return found
}

function tooMany(): ApiError {
  return new ApiError('LIMIT_EXCEEDED', {
    message: {
      en: `an index of more than ${maxManifestsPerCopy} manifests can't be copied by this action; copy it with a client`,
      zh: `索引包含的清单超过 ${maxManifestsPerCopy} 个，请使用客户端复制`,
    },
  })
}

async function linkBlobs(
  tx: Tx,
  copy: CopyImage,
  repository: Repository,
  manifest: FoundManifest,
): Promise<void> {
  const { instance, namespace, source, at } = copy
  const target = {
    instanceId: instance.id,
    namespaceId: namespace.id,
    repositoryId: repository.id,
  }
  const bill = new Bill()
  const refs = await tx
    .selectFrom('manifest_refs')
    .select('digest')
    .distinct()
    .where('manifest_id', '=', manifest.id)
    .where('present', '=', 1)
    .orderBy('digest')
    .execute()
  for (const batch of batches(refs.map((ref) => ref.digest))) {
    const blobs = await tx
      .selectFrom('blobs as b')
      .innerJoin('repository_blobs as rb', 'rb.blob_id', 'b.id')
      .select(['b.id', 'b.digest', 'b.size_bytes'])
      .where('rb.repository_id', '=', source.id)
      .where('b.digest', 'in', batch)
      .where('b.state', '=', 'present')
      .orderBy('b.digest')
      .execute()
    for (const { id, digest, size_bytes: sizeBytes } of blobs) {
      // Locks the blob's row, as a mount does: its removal waits, and then finds the claim and the link.
      if (!(await claimBlob(tx, id, at))) continue
      // Digests of blobs are parsed before they are stored.
      await linkBlob(tx, bill, target, { id, digest: digest as Digest, sizeBytes }, at)
    }
  }
  await bill.settle(tx)
}
