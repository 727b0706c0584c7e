// end-4, end-5, end-6, end-11, end-13 and end-14 of the distribution specification: how a blob is pushed.
// Headers become ranges here; 404 and 416 are decided here.

import { ApiError } from '@entrepot/contract/errors.ts'
import {
  type Digest,
  type DigestAlgorithm,
  digestAlgorithm,
  digestOf,
  parseDigest,
  parseDigestAlgorithm,
} from '@entrepot/oci/digest.ts'
import { parseRepositoryPath } from '@entrepot/oci/reference.ts'
import { pullRepository } from '../access/actions.ts'
import { appendToUpload, cancelUpload, finishUpload } from '../blobs/ingest.ts'
import { claimBlob, linkBlob } from '../blobs/publish.ts'
import { findMountSource, findUpload } from '../blobs/queries.ts'
import { prepareBody } from '../blobs/room.ts'
import { insertUpload, type Upload } from '../blobs/uploads.ts'
import type { Body } from '../blobs/writing.ts'
import type { Tx } from '../db/database.ts'
import { ClientGone } from '../http/client-gone.ts'
import { formatUploadRange, parseContentRange } from '../http/content-range.ts'
import type { Namespace } from '../namespaces/namespaces.ts'
import { Bill } from '../quotas/quotas.ts'
import { ensureRepository, type LocatedRepository, locate } from '../repositories/repositories.ts'
import { ask, namespaceOf } from './authorize.ts'
import type { Call, Reply } from './call.ts'
import { challengeOf } from './challenge.ts'
import { authorizePush } from './manifests.ts'
import { pushScope } from './mount-scope.ts'
import type { Name } from './routes.ts'
import { chargedUpload } from './transfers.ts'

export async function startUpload(call: Call, name: Name): Promise<Reply> {
  const { namespace, repository } = await authorizePush(call, name)
  const mount = parameter(call, 'mount')
  if (mount !== undefined) {
    const mounted = await mountBlob(call, name, { namespace, repository, digest: getDigest(mount) })
    if (mounted) return mounted
  }
  const digestText = parameter(call, 'digest')
  const digest = digestText === undefined ? undefined : getDigest(digestText)
  const upload = await openUpload(call, name, { namespace, repository, digest })
  if (digest && (hasBody(call) || isOfNothing(digest))) {
    const { ownerUin } = namespace
    return postWhole(call, name, { upload, ownerUin }, digest)
  }
  return { status: 202, headers: uploadHeaders(name, upload) }
}

interface Place {
  readonly namespace: Namespace
  readonly repository: LocatedRepository | undefined
}

async function openUpload(
  call: Call,
  name: Name,
  place: Place & { readonly digest: Digest | undefined },
): Promise<Upload> {
  const { registry, instance, origin } = call
  const algorithm = place.digest ? digestAlgorithm(place.digest) : algorithmOf(call)
  await registry.openUploads.begin(instance.id)
  const open = async (tx: Tx) => {
    const at = await registry.clock.deployment(tx)
    const { namespace } = place
    const target = { instance, namespace, path: name.path, located: place.repository }
    const repository = await ensureRepository(tx, target, { actor: origin.actor, at })
    return insertUpload(tx, {
      instanceId: instance.id,
      namespaceId: namespace.id,
      repositoryId: repository.id,
      backendId: instance.backendId,
      actor: origin.actor,
      algorithm,
      at,
      expiresAt: at + registry.uploadExpiryMs,
    })
  }
  // Nothing stands on the row yet: what is sent to the upload brings a write for `power` with it.
  return registry.db.write(open, { survives: 'kill' })
}

function algorithmOf(call: Call): DigestAlgorithm {
  const text = parameter(call, 'digest-algorithm')
  if (text === undefined) return 'sha256'
  const algorithm = parseDigestAlgorithm(text)
  if (algorithm) return algorithm
  throw new ApiError('DIGEST_INVALID', {
    message: 'digest-algorithm must be sha256 or sha512',
    detail: { 'digest-algorithm': text.slice(0, 64) },
  })
}

function getDigest(text: string): Digest {
  const digest = parseDigest(text)
  if (digest) return digest
  throw new ApiError('DIGEST_INVALID', {
    message: 'invalid digest: sha256 or sha512, a colon, and lower-case hex',
    detail: { digest: text.slice(0, 256) },
  })
}

/**
 * Only from a repository that the caller may pull from. Without `from` (anonymous mount), or where the source
 * isn't or may not be known, an upload begins: the client can't tell these apart.
 */
async function mountBlob(
  call: Call,
  name: Name,
  place: Place & { readonly digest: Digest },
): Promise<Reply | undefined> {
  const { registry, instance, origin } = call
  const from = parseRepositoryPath(parameter(call, 'from') ?? '')
  if (!from) return undefined
  const source: Name = { path: from.path, namespace: from.namespace ?? '' }
  const key = { instance: instance.id, namespace: source.namespace, path: source.path }
  const [row] = await registry.db.fetch(locate, key)
  if (!mayMount(call, name, source, namespaceOf(row))) return undefined
  const { digest, namespace } = place
  const [blob] = await registry.db.fetch(findMountSource, {
    instance: instance.id,
    path: source.path,
    digest,
  })
  if (!blob) return undefined
  const isMounted = await registry.db.write(async (tx) => {
    const at = await registry.clock.deployment(tx)
    // Locks the blob's row: its removal waits, and then finds the claim and the link.
    if (!(await claimBlob(tx, blob.id, at))) return false
    const target = { instance, namespace, path: name.path, located: place.repository }
    const repository = await ensureRepository(tx, target, { actor: origin.actor, at })
    const bill = new Bill()
    const link = {
      instanceId: instance.id,
      namespaceId: namespace.id,
      repositoryId: repository.id,
    }
    await linkBlob(tx, bill, link, { id: blob.id, digest, sizeBytes: blob.size_bytes }, at)
    await bill.settle(tx)
    return true
  })
  if (!isMounted) return undefined
  return { status: 201, headers: blobHeaders(name, digest) }
}

/** Whoever may pull the source, but brought a token that doesn't say so, is told which token to bring. */
function mayMount(call: Call, name: Name, source: Name, namespace: Namespace | undefined): boolean {
  const asked = ask(call, pullRepository, { kind: 'repository', namespace, path: source.path })
  if (asked.kind !== 'scope-needed') return asked.kind === 'allowed'
  const scope = pushScope(name.path, source.path)
  throw new ApiError('UNAUTHORIZED', { headers: challengeOf(call, scope, 'insufficient_scope') })
}

interface Target {
  readonly name: Name
  readonly uploadId: string
}

interface Owned {
  readonly upload: Upload
  /** Of the namespace; undefined outside the Personal edition. */
  readonly ownerUin: number | undefined
}

async function getUpload(call: Call, { name, uploadId }: Target): Promise<Owned> {
  const { repository, namespace } = await authorizePush(call, name)
  if (!repository) throw new ApiError('BLOB_UPLOAD_UNKNOWN')
  const rows = await call.registry.db.fetch(findUpload, { id: uploadId, repository: repository.id })
  const upload = rows[0]
  if (!upload) throw new ApiError('BLOB_UPLOAD_UNKNOWN')
  return { upload: upload as Upload, ownerUin: namespace.ownerUin }
}

export async function getUploadStatus(call: Call, target: Target): Promise<Reply> {
  const { upload } = await getUpload(call, target)
  return { status: 204, headers: uploadHeaders(target.name, upload) }
}

export async function patchUpload(call: Call, target: Target): Promise<Reply> {
  const { registry } = call
  const { upload, ownerUin } = await getUpload(call, target)
  const sizeBytes = assertInOrder(call, target.name, upload)
  const signal = call.signal()
  const reserve = await prepareBody(registry, upload, sizeBytes, signal)
  const { chunks } = bodyOf(call, sizeBytes, ownerUin)
  const body = { chunks: untilGone(chunks), sizeBytes }
  const next = await appendToUpload(registry, upload, body, { signal, reserve })
  return { status: 202, headers: uploadHeaders(target.name, next) }
}

/** A client that leaves in the middle of a chunk finds what had arrived, and goes on from there. */
async function* untilGone(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
  } catch (error) {
    if (!(error instanceof ClientGone)) throw error
  }
}

/**
 * `Content-Range: a-b` must begin where the upload ends (416 otherwise) and agree with `Content-Length`.
 * Docker's PATCH has neither, so no range at all means: at the end. Returns the size of the chunk.
 */
function assertInOrder(call: Call, name: Name, upload: Upload): number | undefined {
  const declared = call.req.headers['content-length']
  const sizeBytes = declared === undefined ? undefined : Number(declared)
  const text = call.req.headers['content-range']
  if (text === undefined) return sizeBytes
  const range = parseContentRange(text)
  if (!range || (sizeBytes !== undefined && range.end - range.start + 1 !== sizeBytes)) {
    throw new ApiError('SIZE_INVALID', {
      message: 'Content-Range must be <first>-<last> and agree with Content-Length',
      detail: { 'Content-Range': text.slice(0, 64) },
    })
  }
  if (range.start !== upload.offset_bytes) {
    throw new ApiError('CHUNK_OUT_OF_ORDER', {
      headers: uploadHeaders(name, upload),
      detail: { expectedStart: upload.offset_bytes, start: range.start },
    })
  }
  return range.end - range.start + 1
}

export async function putUpload(call: Call, target: Target): Promise<Reply> {
  const { name } = target
  const text = parameter(call, 'digest')
  if (text === undefined) {
    throw new ApiError('DIGEST_INVALID', { message: 'the digest parameter is missing' })
  }
  const digest = getDigest(text)
  return putWhole(call, name, await getUpload(call, target), digest)
}

/** The client knows no upload that it could go on with, so a failure leaves none. */
async function postWhole(call: Call, name: Name, owned: Owned, digest: Digest): Promise<Reply> {
  try {
    return await putWhole(call, name, owned, digest)
  } catch (error) {
    await cancelUpload(call.registry, owned.upload.id, call.signal())
    throw error
  }
}

async function putWhole(
  call: Call,
  name: Name,
  { upload, ownerUin }: Owned,
  digest: Digest,
): Promise<Reply> {
  const { registry } = call
  const sizeBytes = hasBody(call) ? assertInOrder(call, name, upload) : 0
  const signal = call.signal()
  const reserve = await prepareBody(registry, upload, sizeBytes, signal)
  const body = hasBody(call) ? bodyOf(call, sizeBytes, ownerUin) : undefined
  await finishUpload(registry, upload, { digest, body, signal, reserve })
  return { status: 201, headers: blobHeaders(name, digest) }
}

export async function deleteUpload(call: Call, target: Target): Promise<Reply> {
  const { upload } = await getUpload(call, target)
  if (!(await cancelUpload(call.registry, upload.id, call.signal()))) {
    throw new ApiError('BLOB_UPLOAD_UNKNOWN')
  }
  return { status: 204 }
}

/** A POST without bytes that names a digest asks for an upload, unless the blob has no bytes. */
function isOfNothing(digest: Digest): boolean {
  return digest === digestOf(digestAlgorithm(digest), new Uint8Array(0))
}

/** Empty is absent: regclient asks for an anonymous mount with `from=`. */
function parameter(call: Call, name: string): string | undefined {
  return call.query.get(name) || undefined
}

function hasBody({ req }: Call): boolean {
  return (
    req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0
  )
}

function bodyOf(call: Call, sizeBytes: number | undefined, ownerUin: number | undefined): Body {
  const received = call.body()
  const chunks =
    ownerUin === undefined ? received : chargedUpload(call, ownerUin, received, sizeBytes)
  const isCounted = sizeBytes === undefined || call.req.headers['content-length'] !== undefined
  return { chunks: isCounted ? chunks : ofSize(chunks, sizeBytes), sizeBytes }
}

/** `Content-Range` of a chunked body is a promise that nobody below us holds: neither more nor less. */
async function* ofSize(chunks: AsyncIterable<Uint8Array>, sizeBytes: number) {
  let leftBytes = sizeBytes
  for await (const chunk of chunks) {
    leftBytes -= chunk.byteLength
    if (leftBytes < 0) throw new ApiError('SIZE_INVALID')
    yield chunk
  }
  if (leftBytes > 0) throw new ApiError('SIZE_INVALID')
}

function uploadHeaders(name: Name, upload: Upload): Readonly<Record<string, string>> {
  return {
    Location: `/v2/${name.path}/blobs/uploads/${upload.id}`,
    Range: formatUploadRange(upload.offset_bytes),
    'Docker-Upload-UUID': upload.id,
  }
}

function blobHeaders(name: Name, digest: Digest): Readonly<Record<string, string>> {
  return { Location: `/v2/${name.path}/blobs/${digest}`, 'Docker-Content-Digest': digest }
}
