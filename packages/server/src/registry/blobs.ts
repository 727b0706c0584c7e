// end-2 and end-10 of the distribution specification: a blob by digest. Bytes go out as they came in, never
// re-encoded.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Digest } from '@entrepot/oci/digest.ts'
import { octetStream } from '@entrepot/oci/media-types.ts'
import { deleteImage, pullRepository, pushRepository } from '../access/actions.ts'
import { recordAudit } from '../audit/audit.ts'
import { claimLinkedBlob, unlinkBlob } from '../blobs/publish.ts'
import { findServedBlob } from '../blobs/queries.ts'
import { forUpdate } from '../db/forms.ts'
import { formatEtag, matchesEtag } from '../http/etag.ts'
import { multipartRanges } from '../http/multipart.ts'
import { formatContentRange, parseRange, rangeBytes } from '../http/range.ts'
import { listUsers } from '../manifests/delete.ts'
import type { Namespace } from '../namespaces/namespaces.ts'
import { Bill } from '../quotas/quotas.ts'
import { type ByteRange, type ObjectBody, StorageError } from '../storage/driver.ts'
import { maxSmallObjectBytes } from '../storage/small-objects.ts'
import { authorize, isAllowed, namespaceOf } from './authorize.ts'
import type { Call, Reply } from './call.ts'
import type { Name } from './routes.ts'
import { chargeTransfer } from './transfers.ts'

interface Target {
  readonly name: Name
  readonly digest: Digest
}

interface Served {
  readonly blobId: string
  readonly sizeBytes: number
  readonly claimedAt: number
  readonly copies: readonly { readonly backendId: string; readonly key: string }[]
}

interface Located {
  readonly namespace: Namespace | undefined
  readonly repositoryId: string | null
  readonly blob: Served | undefined
}

export async function findBlob(call: Call, { name, digest }: Target): Promise<Located> {
  const found = call.registry.db.fetch(findServedBlob, {
    instance: call.instance.id,
    namespace: name.namespace,
    path: name.path,
    digest,
  })
  const rows = found instanceof Promise ? await found : found
  const row = rows[0]
  const copies = rows.flatMap((copy) =>
    copy.backend_id && copy.key ? [{ backendId: copy.backend_id, key: copy.key }] : [],
  )
  return {
    namespace: namespaceOf(row),
    repositoryId: row?.repository_id ?? null,
    blob:
      row?.blob_id && row.size_bytes !== null && copies.length > 0
        ? { blobId: row.blob_id, sizeBytes: row.size_bytes, claimedAt: row.claimed_at ?? 0, copies }
        : undefined,
  }
}

export async function getBlob(call: Call, target: Target): Promise<Reply> {
  const { name, digest } = target
  const { namespace, repositoryId, blob } = await findBlob(call, target)
  authorize(call, { action: pullRepository, name, namespace, hiddenAs: 'BLOB_UNKNOWN' })
  if (!blob) throw new ApiError('BLOB_UNKNOWN', { detail: { digest } })
  if (call.isHead && repositoryId) {
    await renewClaim(call, { name, namespace, repositoryId }, blob)
  }
  return sendBlob(call, { namespace, blob, digest })
}

/** Whole or in parts, as the request asks; what may be asked was decided. */
export async function sendBlob(
  call: Call,
  { namespace, blob, digest }: Pick<Located, 'namespace'> & { blob: Served; digest: Digest },
  more: Headers = {},
): Promise<Reply> {
  const etag = formatEtag(digest)
  const headers = {
    'Docker-Content-Digest': digest,
    ETag: etag,
    'Accept-Ranges': 'bytes',
    'Content-Type': octetStream,
    ...more,
  }
  const { headers: asked } = call.req
  if (matchesEtag(asked['if-none-match'], etag)) return { status: 304, headers }
  const range = parseRange(asked.range, blob.sizeBytes, {
    etag,
    ifRange: call.req.headersDistinct['if-range']?.[0],
  })
  switch (range.kind) {
    case 'whole':
      await chargeDownload(call, namespace, blob.sizeBytes)
      return send(call, blob, headers, undefined)
    case 'one':
      await chargeDownload(call, namespace, rangeBytes(range.range))
      return send(call, blob, headers, range.range)
    case 'many':
      await chargeDownload(call, namespace, sumBytes(range.ranges))
      return sendMany(call, blob, headers, range.ranges)
    case 'unsatisfiable':
      throw new ApiError('RANGE_INVALID', {
        headers: { 'Content-Range': `bytes */${blob.sizeBytes}` },
        detail: { sizeBytes: blob.sizeBytes },
      })
  }
}

function sumBytes(ranges: readonly ByteRange[]): number {
  return ranges.reduce((sum, range) => sum + rangeBytes(range), 0)
}

async function chargeDownload(
  call: Call,
  namespace: Namespace | undefined,
  bytes: number,
): Promise<void> {
  if (call.isHead || namespace?.ownerUin === undefined) return
  const { ownerUin } = namespace
  await chargeTransfer(call, { ownerUin, direction: 'download' }, bytes)
}

interface Place {
  readonly name: Name
  readonly namespace: Namespace | undefined
  readonly repositoryId: string
}

/** Whoever may push counts on what a HEAD told: the blob then outlives the grace period anew. */
async function renewClaim(
  call: Call,
  { name, namespace, repositoryId }: Place,
  blob: Served,
): Promise<void> {
  const { registry } = call
  const age = registry.clock.now() - blob.claimedAt
  if (age < registry.settings.graceMs / 2 || !isAllowed(call, pushRepository, name, namespace))
    return
  const isHere = await registry.db.write(async (tx) =>
    claimLinkedBlob(tx, repositoryId, blob.blobId, await registry.clock.deployment(tx)),
  )
  if (!isHere) throw new ApiError('BLOB_UNKNOWN')
}

type Headers = Readonly<Record<string, string>>

async function send(
  call: Call,
  blob: Served,
  headers: Headers,
  range: ByteRange | undefined,
): Promise<Reply> {
  const sizeBytes = range ? rangeBytes(range) : blob.sizeBytes
  const all = {
    ...headers,
    'Content-Length': sizeBytes,
    ...(range && { 'Content-Range': formatContentRange(range, blob.sizeBytes) }),
  }
  const status = range ? 206 : 200
  if (call.isHead || sizeBytes === 0) return { status, headers: all }
  const isSmall = !range && sizeBytes <= maxSmallObjectBytes
  const body = isSmall ? await readSmall(call, blob) : await openCopy(call, blob, range)
  return { status, headers: all, body }
}

/** Whole, from memory where it was read before. */
async function readSmall(call: Call, blob: Served): Promise<Uint8Array> {
  const { smallObjects } = call.registry
  for (const { backendId, key } of blob.copies) {
    const kept = smallObjects.get(backendId, key)
    if (kept) return kept
  }
  const chunks: Uint8Array[] = []
  const { body, copy } = await openFirst(call, blob, undefined)
  // Copied: the driver uses a chunk's memory again for the next.
  for await (const chunk of body) chunks.push(Buffer.from(chunk))
  const bytes = Buffer.concat(chunks)
  // A store that gives less than it announced is not believed, nor remembered.
  if (bytes.byteLength !== blob.sizeBytes) throw new ApiError('UNAVAILABLE')
  smallObjects.put(copy.backendId, copy.key, bytes)
  return bytes
}

function sendMany(call: Call, blob: Served, headers: Headers, ranges: readonly ByteRange[]): Reply {
  const body = multipartRanges({
    ranges,
    totalBytes: blob.sizeBytes,
    contentType: octetStream,
    open: (range) => openCopy(call, blob, range),
  })
  const all = {
    ...headers,
    'Content-Type': body.contentType,
    'Content-Length': body.sizeBytes,
  }
  return call.isHead ? { status: 206, headers: all } : { status: 206, headers: all, body }
}

async function openCopy(
  call: Call,
  blob: Served,
  range: ByteRange | undefined,
): Promise<ObjectBody> {
  return (await openFirst(call, blob, range)).body
}

interface OpenedCopy {
  readonly body: ObjectBody
  readonly copy: Served['copies'][number]
}

/** The first copy that can be read: a store that is down doesn't hide another that holds the bytes. */
async function openFirst(
  call: Call,
  blob: Served,
  range: ByteRange | undefined,
): Promise<OpenedCopy> {
  const { stores } = call.registry
  const signal = call.signal(range ? rangeBytes(range) : blob.sizeBytes)
  let failure: unknown
  for (const copy of blob.copies) {
    try {
      const driver = await stores.driver(copy.backendId)
      return { body: await driver.get(copy.key, range, signal), copy }
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
      failure = error
    }
  }
  throw new ApiError('UNAVAILABLE', { cause: failure })
}

export async function deleteBlob(call: Call, target: Target): Promise<Reply> {
  const { name, digest } = target
  const { registry, instance, origin } = call
  const { namespace, repositoryId, blob } = await findBlob(call, target)
  authorize(call, { action: deleteImage, name, namespace, hiddenAs: 'BLOB_UNKNOWN' })
  if (!namespace || !repositoryId || !blob)
    throw new ApiError('BLOB_UNKNOWN', { detail: { digest } })
  await registry.db.write(async (tx) => {
    const link = await tx
      .selectFrom('repository_blobs')
      .select('blob_id')
      .where('repository_id', '=', repositoryId)
      .where('blob_id', '=', blob.blobId)
      .$call((query) => forUpdate(tx, query))
      .executeTakeFirst()
    if (!link) throw new ApiError('BLOB_UNKNOWN', { detail: { digest } })
    // Under the lock: a manifest that is being pushed holds it until its references can be seen.
    const users = await listUsers(tx, repositoryId, digest)
    if (users.length > 0) {
      throw new ApiError('BLOB_IN_USE', {
        message: `the manifest ${users.join(', ')} names this blob; delete the manifest first`,
        detail: { digest, usedBy: users },
      })
    }
    const bill = new Bill()
    const place = { instanceId: instance.id, namespaceId: namespace.id, repositoryId }
    await unlinkBlob(tx, bill, place, { id: blob.blobId, digest, sizeBytes: blob.sizeBytes })
    await recordAudit(tx, {
      at: await registry.clock.deployment(tx),
      instanceId: instance.id,
      origin,
      action: deleteImage,
      ownerUin: namespace.ownerUin,
      resource: name.path,
      reference: digest,
      result: 'ok',
    })
    await bill.settle(tx)
  })
  return { status: 202 }
}
