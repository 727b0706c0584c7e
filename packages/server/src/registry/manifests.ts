// end-3, end-7 and end-9 of the distribution specification: manifests by tag or digest.

import { ApiError } from '@entrepot/contract/errors.ts'
import { digestAlgorithm } from '@entrepot/oci/digest.ts'
import { maxManifestBytes } from '@entrepot/oci/manifest.ts'
import { parseTag, type Reference, type Tag } from '@entrepot/oci/reference.ts'
import { createRepository, deleteImage, pullRepository, pushRepository } from '../access/actions.ts'
import { recordAudit } from '../audit/audit.ts'
import { findFacts } from '../charts/config.ts'
import { readBody } from '../http/body.ts'
import { formatEtag, matchesEtag } from '../http/etag.ts'
import { deleteManifest } from '../manifests/delete.ts'
import { checkManifest, putManifest } from '../manifests/put.ts'
import { findManifestByDigest, findTaggedManifest } from '../manifests/queries.ts'
import { assertFlatPath } from '../personal/names.ts'
import { ensureRepository, type LocatedRepository, locate } from '../repositories/repositories.ts'
import { deleteTags } from '../tags/tags.ts'
import { authorize, namespaceOf } from './authorize.ts'
import type { Call, Reply } from './call.ts'
import { namespaceUnknown } from './namespace-unknown.ts'
import type { Name } from './routes.ts'

/** The specification asks for at least 10 `tag` parameters. */
const maxTagsInPut = 50

interface Target {
  readonly name: Name
  readonly reference: Reference
}

export async function getManifest(call: Call, { name, reference }: Target): Promise<Reply> {
  const key = { instance: call.instance.id, namespace: name.namespace, path: name.path }
  const { db, audit } = call.registry
  const isTag = reference.kind === 'tag'
  const found = isTag
    ? db.fetch(findTaggedManifest, { ...key, tag: reference.tag })
    : db.fetch(findManifestByDigest, { ...key, digest: reference.digest })
  const row = (found instanceof Promise ? await found : found)[0]
  const namespace = namespaceOf(row)
  authorize(call, { action: pullRepository, name, namespace, hiddenAs: 'MANIFEST_UNKNOWN' })
  if (!row?.digest || !row.repository_id || !row.bytes || !row.media_type) {
    throw new ApiError('MANIFEST_UNKNOWN', { detail: describe(reference) })
  }
  const etag = formatEtag(row.digest)
  const headers = {
    'Docker-Content-Digest': row.digest,
    ETag: etag,
    'Content-Type': row.media_type,
  }
  if (matchesEtag(call.req.headers['if-none-match'], etag)) return { status: 304, headers }
  if (!call.isHead) {
    audit.pull({
      origin: call.origin,
      instanceId: call.instance.id,
      repositoryId: row.repository_id,
      repositoryPath: name.path,
      tagId: row.tag_id,
      reference: isTag ? reference.tag : reference.digest,
      digest: row.digest,
      ownerUin: namespace?.ownerUin,
    })
  }
  return {
    status: 200,
    headers: { ...headers, 'Content-Length': row.bytes.byteLength },
    body: row.bytes,
  }
}

function describe(reference: Reference): object {
  return reference.kind === 'tag' ? { tag: reference.tag } : { digest: reference.digest }
}

export async function pushManifest(call: Call, { name, reference }: Target): Promise<Reply> {
  const { registry, instance, origin } = call
  const tags = tagsOf(call, reference)
  const { repository, namespace } = await authorizePush(call, name)
  const bytes = await readManifest(call)
  const algorithm = reference.kind === 'digest' ? digestAlgorithm(reference.digest) : 'sha256'
  const manifest = checkManifest(bytes, call.req.headers['content-type'], algorithm)
  if (reference.kind === 'digest' && manifest.digest !== reference.digest) {
    throw new ApiError('DIGEST_INVALID', {
      detail: { expected: reference.digest, computed: manifest.digest },
    })
  }
  const chart = await findFacts(registry, repository?.id, manifest.parsed)
  await registry.db.write(async (tx) => {
    const at = await registry.clock.deployment(tx)
    const target = { instance, namespace, path: name.path, located: repository }
    const held = await ensureRepository(tx, target, { actor: origin.actor, at })
    const put = { instance, namespace, repository: held, manifest, chart, tags, origin, at }
    await putManifest(tx, put)
  })
  const subject = manifest.parsed.subject?.digest
  return {
    status: 201,
    headers: {
      Location: `/v2/${name.path}/manifests/${manifest.digest}`,
      'Docker-Content-Digest': manifest.digest,
      ...(subject && { 'OCI-Subject': subject }),
      ...(reference.kind === 'digest' && tags.length > 0 && { 'OCI-Tag': tags.join(', ') }),
    },
  }
}

/** The tag of the path, or those of `?tag=` (end-7b). */
function tagsOf(call: Call, reference: Reference): readonly Tag[] {
  if (reference.kind === 'tag') return [reference.tag]
  const texts = [...new Set(call.query.getAll('tag'))]
  if (texts.length > maxTagsInPut) {
    throw new ApiError('PARAMETER_INVALID', {
      message: `at most ${maxTagsInPut} tag parameters are allowed in one request`,
      detail: { limit: maxTagsInPut, given: texts.length },
    })
  }
  return texts.map((text) => {
    const tag = parseTag(text)
    if (!tag) throw new ApiError('TAG_INVALID', { detail: { tag: text.slice(0, 128) } })
    return tag
  })
}

async function readManifest(call: Call): Promise<Uint8Array> {
  const tooLarge = () => {
    return new ApiError('MANIFEST_TOO_LARGE', { detail: { limitBytes: maxManifestBytes } })
  }
  if (Number(call.req.headers['content-length'] ?? 0) > maxManifestBytes) throw tooLarge()
  return readBody(call.body(), maxManifestBytes, tooLarge)
}

/** Rights for a push, and the repository unless it is yet to be made. */
export async function authorizePush(call: Call, name: Name) {
  const { db } = call.registry
  const rows = await db.fetch(locate, {
    instance: call.instance.id,
    namespace: name.namespace,
    path: name.path,
  })
  const row = rows[0]
  const namespace = namespaceOf(row)
  const asked = { name, namespace, hiddenAs: 'NAME_UNKNOWN' as const }
  try {
    authorize(call, { ...asked, action: pushRepository })
    if (!row?.repository_id) authorize(call, { ...asked, action: createRepository })
  } catch (error) {
    // Whoever may not know gets the same words as for a namespace that isn't there.
    if (error instanceof ApiError && error.code === 'NAME_UNKNOWN') throw namespaceUnknown(name)
    throw error
  }
  if (!namespace) {
    const { origin, instance } = call
    const refused = { origin, instanceId: instance.id, action: pushRepository, resource: name.path }
    call.registry.audit.refusal({ ...refused, reason: 'namespace-missing' })
    throw namespaceUnknown(name)
  }
  if (call.instance.kind === 'personal') assertFlatPath(name.path)
  const repository: LocatedRepository | undefined = row?.repository_id
    ? { id: row.repository_id, path: name.path, isBorn: row.born_at !== null }
    : undefined
  return { namespace, repository }
}

export async function removeManifest(call: Call, { name, reference }: Target): Promise<Reply> {
  const { registry, instance, origin } = call
  const rows = await registry.db.fetch(locate, {
    instance: instance.id,
    namespace: name.namespace,
    path: name.path,
  })
  const namespace = namespaceOf(rows[0])
  authorize(call, { action: deleteImage, name, namespace, hiddenAs: 'MANIFEST_UNKNOWN' })
  const repositoryId = rows[0]?.repository_id
  if (!repositoryId) throw new ApiError('MANIFEST_UNKNOWN', { detail: describe(reference) })
  const repository = { id: repositoryId, path: name.path }
  await registry.db.write(async (tx) => {
    const at = await registry.clock.deployment(tx)
    const change = { instance, repository, origin, at }
    if (reference.kind === 'digest') {
      await deleteManifest(tx, { ...change, digest: reference.digest })
    } else {
      await deleteTags(tx, { ...change, cause: 'user' }, [reference.tag])
    }
    await recordAudit(tx, {
      at,
      instanceId: instance.id,
      origin,
      action: deleteImage,
      ownerUin: namespace?.ownerUin,
      resource: name.path,
      reference: reference.kind === 'digest' ? reference.digest : reference.tag,
      result: 'ok',
    })
  })
  return { status: 202 }
}
