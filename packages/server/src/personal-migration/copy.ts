// One image from the Personal edition into an instance. Each step leaves what the next one finds:
//
//   step                              a crash leaves                  who cleans
//   1 bytes of a blob under a new     an object that no row names     the sweep of orphans
//     key, compared on their way
//   2 the blob's rows, linked to the  a blob that no manifest names   the next attempt, else the sweep
//     new repository
//   3 the manifest, once its blobs    nothing                         –
//     are there
//
// Another instance may lie in another store and is emptied on its own, so bytes are copied, never shared.

import { createHash } from 'node:crypto'
import { ApiError } from '@entrepot/contract/errors.ts'
import { type Digest, digestAlgorithm, digestHex } from '@entrepot/oci/digest.ts'
import { parseManifest } from '@entrepot/oci/manifest.ts'
import type { Tag } from '@entrepot/oci/reference.ts'
import { systemOrigin } from '../audit/origin.ts'
import { claimBlob, condemnObjects, linkBlob, publishBlob } from '../blobs/publish.ts'
import type { Clock } from '../clock.ts'
import { batches } from '../db/batches.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { type FoundManifest, findManifest } from '../images/queries.ts'
import type { Instance } from '../instances/instances.ts'
import type { JobContext } from '../jobs/jobs.ts'
import { checkManifest, putManifest } from '../manifests/put.ts'
import type { Namespace } from '../namespaces/namespaces.ts'
import { Bill } from '../quotas/quotas.ts'
import { ensureRepository, type Repository } from '../repositories/repositories.ts'
import { copyObject } from '../storage/copy.ts'
import { StorageError } from '../storage/driver.ts'
import { newBlobKey, type Stores } from '../storage/stores.ts'
import { listBlobs, type SourceBlob, type SourceRepository } from './sources.ts'

export const migrationOrigin = systemOrigin('personal-migration')

/** As for pushes: until its row names it, two sweeps a grace period apart would take the new object. */
const maxUnnamedMs = 30 * 60_000

export interface CopyGround {
  readonly clock: Clock
  readonly stores: Stores
}

export interface Destination {
  readonly instance: Instance
  readonly namespace: Namespace
  readonly repository: Repository
}

type Job = Pick<JobContext, 'db' | 'signal' | 'write'>

/** The repository that the images go to, unborn until the first is there. */
export async function openDestination(
  { clock }: CopyGround,
  job: Job,
  to: Omit<Destination, 'repository'>,
  path: string,
): Promise<Destination> {
  const repository = await job.write(async (tx) => {
    const by = { actor: migrationOrigin.actor, at: await clock.deployment(tx) }
    return ensureRepository(tx, { ...to, path }, by)
  })
  return { ...to, repository }
}

export function findSourceManifest(
  db: Queryable,
  source: SourceRepository,
  digest: string,
): Promise<FoundManifest | undefined> {
  return findManifest(db, source, { digest })
}

/** Undefined: it is not there, or not yet. */
export function findCopied(
  db: Queryable,
  { instance, repository }: Destination,
  reference: { readonly tag: string } | { readonly digest: string },
): Promise<FoundManifest | undefined> {
  return findManifest(db, { id: repository.id, instanceId: instance.id }, reference)
}

/** Blobs first. Throws MANIFEST_BLOB_UNKNOWN where the source lost one, QUOTA_EXCEEDED, StorageError. */
export async function copyManifest(
  ground: CopyGround,
  job: Job,
  { source, manifest, to }: ImageCopy,
): Promise<void> {
  const { refs } = parseManifest(manifest.bytes, manifest.mediaType)
  const named = refs.filter((ref) => ref.target === 'blob').map((ref) => ref.digest)
  for (const batch of batches([...new Set<string>(named)])) {
    for (const blob of await listBlobs(job.db.read, source.id, batch)) {
      await copyBlob(ground, job, blob, to)
    }
  }
  await putCopied(ground, job, { manifest, to }, [])
}

export interface ImageCopy {
  readonly source: SourceRepository
  readonly manifest: FoundManifest
  readonly to: Destination
}

/** Of a manifest whose blobs are there. `keepsTags`: throws TAG_EXISTS where a tag names another image. */
export async function putCopied(
  { clock }: CopyGround,
  job: Job,
  {
    manifest,
    to,
    keepsTags = false,
  }: Pick<ImageCopy, 'manifest' | 'to'> & { readonly keepsTags?: boolean },
  tags: readonly Tag[],
  alongside?: (tx: Tx) => Promise<void>,
): Promise<void> {
  const algorithm = digestAlgorithm(manifest.digest as Digest)
  const checked = checkManifest(manifest.bytes, manifest.mediaType, algorithm)
  await job.write(async (tx) => {
    const at = await clock.deployment(tx)
    // First: the last statements of a push hold what every other push waits for.
    await alongside?.(tx)
    const origin = migrationOrigin
    await putManifest(tx, { ...to, manifest: checked, tags, keepsTags, origin, at })
  })
}

async function copyBlob(
  ground: CopyGround,
  job: Job,
  blob: SourceBlob,
  to: Destination,
): Promise<void> {
  if (await linkPresent(ground, job, blob, to)) return
  const { clock, stores } = ground
  const digest = blob.digest as Digest
  const backendId = to.instance.backendId
  const key = newBlobKey()
  const untilMs = clock.now() + maxUnnamedMs
  const isWhole = await copyObject(
    {
      source: await stores.driver(blob.backendId),
      from: blob.key,
      target: await stores.driver(backendId),
      to: key,
      hash: createHash(digestAlgorithm(digest)),
      isRight: (hash) => hash.digest('hex') === digestHex(digest),
    },
    job.signal,
  )
  // Damaged: the manifest that names it is refused, and counted as failed.
  if (!isWhole) return
  try {
    await job.write(async (tx) => {
      if (clock.now() > untilMs) throw new StorageError('unavailable', 'the process stood still')
      const at = await clock.deployment(tx)
      const bill = new Bill()
      const stored = { digest, sizeBytes: blob.sizeBytes, backendId, key }
      await publishBlob(tx, bill, targetOf(to), stored, at)
      await bill.settle(tx)
    })
  } catch (error) {
    const isRefused = error instanceof ApiError && error.status < 500
    if (isRefused) {
      await job.write(async (tx) =>
        condemnObjects(tx, [{ backendId, key }], await clock.deployment(tx)),
      )
    }
    throw error
  }
}

/** The instance may hold the bytes already: then only its repository is told. */
async function linkPresent(
  { clock }: CopyGround,
  job: Job,
  { digest, sizeBytes }: SourceBlob,
  to: Destination,
): Promise<boolean> {
  return job.write(async (tx) => {
    const present = await tx
      .selectFrom('blobs')
      .select('id')
      .where('instance_id', '=', to.instance.id)
      .where('digest', '=', digest)
      .where('state', '=', 'present')
      .executeTakeFirst()
    if (!present) return false
    const at = await clock.deployment(tx)
    if (!(await claimBlob(tx, present.id, at))) return false
    const bill = new Bill()
    // Digests of blobs are parsed before they are stored.
    const blob = { id: present.id, digest: digest as Digest, sizeBytes }
    await linkBlob(tx, bill, targetOf(to), blob, at)
    await bill.settle(tx)
    return true
  })
}

function targetOf({ instance, namespace, repository }: Destination) {
  return { instanceId: instance.id, namespaceId: namespace.id, repositoryId: repository.id }
}
