// A file by a link that was made for it (`downloads/links.ts`): no login, since the link is one.

import { ApiError } from '@entrepot/contract/errors.ts'
import { parseDigest } from '@entrepot/oci/digest.ts'
import { parseRepositoryPath } from '@entrepot/oci/reference.ts'
import { findDownloadable, type OpenedDownload, openDownload } from '../downloads/links.ts'
import type { Namespace } from '../namespaces/namespaces.ts'
import { findBlob, sendBlob } from './blobs.ts'
import type { Call, Reply } from './call.ts'

export async function getDownload(call: Call, sealed: string): Promise<Reply> {
  const { registry, instance, method } = call
  if (method !== 'GET') throw new ApiError('UNSUPPORTED', { headers: { Allow: 'GET, HEAD' } })
  const at = { instanceId: instance.id, nowMs: registry.clock.now() }
  const download = await openDownload(registry.vault, sealed, at)
  if (!download) throw linkEnded()
  const path = parseRepositoryPath(download.path)
  const digest = parseDigest(download.blob)
  const found = await findDownloadable(registry.db.read, download)
  if (!path || !digest || !found) throw gone(download)
  const name = { path: path.path, namespace: path.namespace ?? '' }
  const { namespace, repositoryId, blob } = await findBlob(call, { name, digest })
  if (!namespace || !repositoryId || !blob) throw gone(download)
  call.uses(namespace)
  const reply = await sendBlob(
    call,
    { namespace, blob, digest },
    { 'Content-Disposition': attachment(download.fileName), 'Cache-Control': 'private, no-store' },
  )
  // Of a file fetched in parts, the part that begins it is the pull.
  const beginsIt = reply.status === 200 || call.req.headers.range?.startsWith('bytes=0-')
  if (!call.isHead && beginsIt) {
    recordPull(call, download, { repositoryId, namespace, tagId: found.tagId })
  }
  return reply
}

interface Pulled {
  readonly repositoryId: string
  readonly namespace: Pick<Namespace, 'ownerUin'>
  readonly tagId: string | null
}

function recordPull(call: Call, download: OpenedDownload, pulled: Pulled): void {
  const { actor, credential, path, reference, manifest } = download
  call.registry.audit.pull({
    origin: { ...call.origin, actor, credential },
    instanceId: call.instance.id,
    repositoryId: pulled.repositoryId,
    repositoryPath: path,
    tagId: pulled.tagId,
    reference,
    digest: manifest,
    ownerUin: pulled.namespace.ownerUin,
  })
}

/** Names of files that were made from names of repositories and tags; a browser saves anything else as `download`. */
function attachment(fileName: string): string {
  return /^[\w.+~-]+$/.test(fileName) ? `attachment; filename="${fileName}"` : 'attachment'
}

function linkEnded(): ApiError {
  return new ApiError('DENIED', {
    message: {
      en: 'this link is not valid, or no longer: ask for a new one',
      zh: '该链接无效或已过期，请重新获取',
    },
  })
}

function gone({ path, reference }: OpenedDownload): ApiError {
  return new ApiError('MANIFEST_UNKNOWN', { detail: { repository: path, reference } })
}
