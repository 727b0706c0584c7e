// The rows of a blob. `publishBlob` is called when the bytes under the new key survive power loss; it is the
// only writer of `blobs` and `blob_copies` that makes rows; sweeps remove them and `verify/` marks them.
//
// Why no live blob is lost. A key is made once per publish and never reused, so deleting a condemned key can
// hurt no later publish. The blob's row is locked before anything is decided about it: whoever publishes the
// same digest, and whoever removes an unreferenced one (`gc/`), wait for each other. If the removal comes
// first, the row is gone and we insert a new one with our own bytes; if we come first, `claimed_at` is fresh
// and the removal, which looks again under its lock, leaves the row alone.

import type { Digest } from '@entrepot/oci/digest.ts'
import { sql } from 'kysely'
import { batches } from '../db/batches.ts'
import type { Tx } from '../db/database.ts'
import { forUpdate, isOneOf, isOneOfPairs } from '../db/forms.ts'
import { newId } from '../db/ids.ts'
import { columns, isChanged, prepare, run } from '../db/prepared.ts'
import type { Bill } from '../quotas/quotas.ts'
import { addContent, removeContent, removeContents } from './contents.ts'

export interface BlobTarget {
  readonly instanceId: string
  readonly namespaceId: string
  readonly repositoryId: string
}

export interface StoredBytes {
  readonly digest: Digest
  readonly sizeBytes: number
  readonly backendId: string
  readonly key: string
}

/** Makes the stored bytes a blob of the repository; bytes that are already there under another key go. */
export async function publishBlob(
  tx: Tx,
  bill: Bill,
  target: BlobTarget,
  stored: StoredBytes,
  at: number,
): Promise<void> {
  const blobId = await upsertBlob(tx, bill, target.instanceId, stored, at)
  await linkBlob(tx, bill, target, { id: blobId, ...stored }, at)
}

const insertBlob = prepare<{
  id: string
  instance_id: string
  digest: Digest
  size_bytes: number
  at: number
}>()((db, p) =>
  db
    .insertInto('blobs')
    .values({
      ...columns(p, ['id', 'instance_id', 'digest', 'size_bytes']),
      state: 'present',
      claimed_at: p('at'),
      unreferenced_at: null,
      created_at: p('at'),
    })
    .onConflict((oc) => oc.columns(['instance_id', 'digest']).doNothing()),
)

async function upsertBlob(
  tx: Tx,
  bill: Bill,
  instanceId: string,
  stored: StoredBytes,
  at: number,
): Promise<string> {
  const id = newId()
  const inserted = await run(tx, insertBlob, {
    id,
    instance_id: instanceId,
    digest: stored.digest,
    size_bytes: stored.sizeBytes,
    at,
  })
  if (isChanged(inserted)) {
    bill.add(instanceId, 'bytes', stored.sizeBytes)
    await addCopy(tx, id, stored)
    return id
  }
  const existing = await tx
    .selectFrom('blobs')
    .select(['id', 'state'])
    .where('instance_id', '=', instanceId)
    .where('digest', '=', stored.digest)
    .$call((query) => forUpdate(tx, query))
    .executeTakeFirst()
  // Removed between the two statements; the row is gone, so ours becomes the blob.
  if (!existing) return upsertBlob(tx, bill, instanceId, stored, at)
  if (existing.state === 'present') {
    const { backendId, key, sizeBytes } = stored
    await condemnObjects(tx, [{ backendId, key, instanceId, sizeBytes }], at)
  } else {
    await dropCopies(tx, [{ id: existing.id, instanceId }], at)
    await addCopy(tx, existing.id, stored)
  }
  await tx
    .updateTable('blobs')
    .set({ state: 'present', claimed_at: at, unreferenced_at: null })
    .where('id', '=', existing.id)
    .execute()
  return existing.id
}

const insertLink = prepare<{ repository_id: string; blob_id: string; at: number }>()((db, p) =>
  db
    .insertInto('repository_blobs')
    .values({
      ...columns(p, ['repository_id', 'blob_id']),
      created_at: p('at'),
      unreferenced_at: null,
    })
    .onConflict((oc) => oc.columns(['repository_id', 'blob_id']).doNothing()),
)

/** Lets the repository serve the blob, and makes whole the manifests that were waiting for it. */
export async function linkBlob(
  tx: Tx,
  bill: Bill,
  target: BlobTarget,
  blob: { readonly id: string; readonly digest: Digest; readonly sizeBytes: number },
  at: number,
): Promise<void> {
  const { repositoryId } = target
  const linked = await run(tx, insertLink, { repository_id: repositoryId, blob_id: blob.id, at })
  if (!isChanged(linked)) return
  await addContent(tx, bill, target.namespaceId, blob.digest, blob.sizeBytes)
  await run(tx, markArrived, { repository: repositoryId, digest: blob.digest })
}

/** Manifests and indexes that were pushed before what they name are whole now. */
export const markArrived = prepare<{ repository: string; digest: string }>()((db, p) =>
  db
    .updateTable('manifest_refs')
    .set({ present: 1 })
    .where('repository_id', '=', p('repository'))
    .where('digest', '=', p('digest'))
    .where('present', '=', 0),
)

/** The repository serves the blob no more; the bytes stay until a sweep finds that nothing names them. */
export async function unlinkBlob(
  tx: Tx,
  bill: Bill,
  target: BlobTarget,
  blob: { readonly id: string; readonly digest: string; readonly sizeBytes: number },
): Promise<boolean> {
  const unlinked = await tx
    .deleteFrom('repository_blobs')
    .where('repository_id', '=', target.repositoryId)
    .where('blob_id', '=', blob.id)
    .returning('blob_id')
    .executeTakeFirst()
  if (!unlinked) return false
  await removeContent(tx, bill, target.namespaceId, blob.digest, blob.sizeBytes)
  return true
}

/** `unlinkBlob` of links that the caller has locked: all of them are there. */
export async function unlinkBlobs(
  tx: Tx,
  bill: Bill,
  links: readonly {
    readonly repositoryId: string
    readonly namespaceId: string
    readonly blobId: string
    readonly digest: string
  }[],
): Promise<void> {
  const pairs = links.map(({ repositoryId, blobId }) => [repositoryId, blobId] as const)
  await tx
    .deleteFrom('repository_blobs')
    .where(isOneOfPairs(tx, [sql.ref('repository_id'), sql.ref('blob_id')], pairs))
    .execute()
  await removeContents(tx, bill, links)
}

/** Says that somebody was told of the blob; false when it is no longer there. */
export async function claimBlob(tx: Tx, blobId: string, at: number): Promise<boolean> {
  const claimed = await tx
    .updateTable('blobs')
    .set({ claimed_at: at, unreferenced_at: null })
    .where('id', '=', blobId)
    .where('state', '=', 'present')
    .executeTakeFirst()
  return claimed.numUpdatedRows > 0n
}

/** The same for a blob as one repository serves it: a sweep may just have taken it from there. */
export async function claimLinkedBlob(
  tx: Tx,
  repositoryId: string,
  blobId: string,
  at: number,
): Promise<boolean> {
  if (!(await claimBlob(tx, blobId, at))) return false
  // Seen anew: the claim waited for the sweep that held the blob's row.
  const link = await tx
    .selectFrom('repository_blobs')
    .select('blob_id')
    .where('repository_id', '=', repositoryId)
    .where('blob_id', '=', blobId)
    .executeTakeFirst()
  return link !== undefined
}

const insertCopy = prepare<{
  id: string
  blob_id: string
  backend_id: string
  key: string
  stored_bytes: number
}>()((db, p) =>
  db.insertInto('blob_copies').values({
    ...columns(p, ['id', 'blob_id', 'backend_id', 'key', 'stored_bytes']),
    state: 'present',
    verified_at: null,
  }),
)

async function addCopy(tx: Tx, blobId: string, stored: StoredBytes): Promise<void> {
  await run(tx, insertCopy, {
    id: newId(),
    blob_id: blobId,
    backend_id: stored.backendId,
    key: stored.key,
    stored_bytes: stored.sizeBytes,
  })
}

/** Removes the copies' rows; their keys are condemned in the same transaction. */
export async function dropCopies(
  tx: Tx,
  blobs: readonly { readonly id: string; readonly instanceId: string }[],
  at: number,
): Promise<void> {
  const instances = new Map(blobs.map(({ id, instanceId }) => [id, instanceId]))
  const copies = await tx
    .deleteFrom('blob_copies')
    .where(isOneOf(tx, sql.ref('blob_id'), [...instances.keys()]))
    .returning(['blob_id', 'backend_id', 'key', 'stored_bytes'])
    .execute()
  const objects = copies.map((copy) => ({
    backendId: copy.backend_id,
    key: copy.key,
    instanceId: instances.get(copy.blob_id),
    sizeBytes: copy.stored_bytes,
  }))
  for (const batch of batches(objects)) await condemnObjects(tx, batch, at)
}

export interface CondemnedObject {
  readonly backendId: string
  readonly key: string
  /** Whose it was, and how much: for people; left out where nobody knows. */
  readonly instanceId?: string | undefined
  readonly sizeBytes?: number | undefined
}

/** Only keys that stand here are ever deleted from a store. */
export async function condemnObjects(
  tx: Tx,
  objects: readonly CondemnedObject[],
  at: number,
): Promise<void> {
  if (objects.length === 0) return
  await tx
    .insertInto('condemned_objects')
    .values(
      objects.map((object) => ({
        id: newId(),
        backend_id: object.backendId,
        key: object.key,
        condemned_at: at,
        instance_id: object.instanceId ?? null,
        size_bytes: object.sizeBytes ?? null,
      })),
    )
    .onConflict((oc) => oc.columns(['backend_id', 'key']).doNothing())
    .execute()
}
