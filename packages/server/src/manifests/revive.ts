// A deleted manifest that still has its rows is there again: as it was, with the children that an index names, if they
// were deleted too, and with the artifacts about it that the clean-up took because of its deletion. The caller holds the repository against every push into it, so that what is found missing here
// can't arrive meanwhile, and nobody makes the same manifest anew.

import type { Origin } from '../audit/origin.ts'
import { markArrived } from '../blobs/publish.ts'
import { batches } from '../db/batches.ts'
import type { Tx } from '../db/database.ts'
import { forUpdate } from '../db/forms.ts'
import { run } from '../db/prepared.ts'
import { record } from '../events/record.ts'
import type { Instance } from '../instances/instances.ts'
import type { Repository } from '../repositories/repositories.ts'
import { markPresence } from './presence.ts'

export interface Reviving {
  readonly instance: Instance
  readonly repository: Repository
  readonly origin: Origin
  readonly at: number
}

export interface Revived {
  /** Of the manifest that has the digest now: pushed again since, it is another row. */
  readonly id: string
  /** The entries of the recycle bin that something was taken from. */
  readonly deletions: readonly string[]
}

export async function reviveManifest(
  tx: Tx,
  change: Reviving,
  manifestId: string,
): Promise<Revived> {
  const deletions: string[] = []
  const id = await revive(tx, change, manifestId, deletions)
  return { id, deletions }
}

async function revive(
  tx: Tx,
  change: Reviving,
  manifestId: string,
  deletions: string[],
): Promise<string> {
  const manifest = await tx
    .selectFrom('manifests')
    .select(['id', 'digest', 'media_type', 'artifact_type', 'size_bytes', 'subject_digest'])
    .select(['deleted_at', 'deletion_id'])
    .where('id', '=', manifestId)
    .$call((query) => forUpdate(tx, query))
    .executeTakeFirstOrThrow()
  if (manifest.deleted_at === null) return manifestId
  const { digest } = manifest
  const again = await tx
    .selectFrom('manifests')
    .select('id')
    .where('repository_id', '=', change.repository.id)
    .where('digest', '=', digest)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (again) return again.id
  await tx
    .updateTable('manifests')
    .set({ deleted_at: null, deleted_by: null, delete_cause: null, deletion_id: null })
    .where('id', '=', manifestId)
    .execute()
  if (manifest.deletion_id !== null) deletions.push(manifest.deletion_id)
  for (const child of await listDeletedChildren(tx, change.repository.id, manifestId)) {
    await revive(tx, change, child, deletions)
  }
  const subject = { digest, deletedAt: manifest.deleted_at }
  for (const referrer of await listSweptReferrers(tx, change.repository.id, subject)) {
    await revive(tx, change, referrer, deletions)
  }
  await markPresence(tx, manifestId)
  await run(tx, markArrived, { repository: change.repository.id, digest })
  await record(tx, {
    type: 'image.pushed',
    at: change.at,
    instanceId: change.instance.id,
    region: change.instance.region,
    repository: change.repository,
    origin: change.origin,
    cause: 'restore',
    payload: {
      digest,
      mediaType: manifest.media_type,
      artifactType: manifest.artifact_type,
      sizeBytes: manifest.size_bytes,
      subject: manifest.subject_digest,
      tags: [],
    },
  })
  return manifestId
}

/** Of each digest that the index names and that is not there, the one that was deleted last. */
async function listDeletedChildren(
  tx: Tx,
  repositoryId: string,
  manifestId: string,
): Promise<readonly string[]> {
  const refs = await tx
    .selectFrom('manifest_refs')
    .select('digest')
    .distinct()
    .where('manifest_id', '=', manifestId)
    .where('role', '=', 'child')
    .orderBy('digest')
    .execute()
  const last = new Map<string, string>()
  for (const batch of batches(refs.map(({ digest }) => digest))) {
    const rows = await tx
      .selectFrom('manifests')
      .select(['id', 'digest', 'deleted_at'])
      .where('repository_id', '=', repositoryId)
      .where('digest', 'in', batch)
      .orderBy('deleted_at')
      .execute()
    const there = new Set(rows.filter((row) => row.deleted_at === null).map((row) => row.digest))
    for (const { id, digest } of rows) if (!there.has(digest)) last.set(digest, id)
  }
  return [...last.values()]
}

/** Those that somebody deleted by hand stay deleted. */
async function listSweptReferrers(
  tx: Tx,
  repositoryId: string,
  subject: { readonly digest: string; readonly deletedAt: number },
): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('manifests')
    .select('id')
    .where('repository_id', '=', repositoryId)
    .where('subject_digest', '=', subject.digest)
    .where('deleted_at', '>=', subject.deletedAt)
    .where('delete_cause', '=', 'system')
    .orderBy('digest')
    .execute()
  return rows.map(({ id }) => id)
}
