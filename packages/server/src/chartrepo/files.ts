// The package of a chart and its provenance, by their file names. A GET of a package is a pull.

import { ApiError } from '@entrepot/contract/errors.ts'
import { parseDigest } from '@entrepot/oci/digest.ts'
import { parseRepositoryPath } from '@entrepot/oci/reference.ts'
import { pullRepository } from '../access/actions.ts'
import { findByFile, type VersionRow } from '../charts/queries.ts'
import { authorize, namespaceOf } from '../registry/authorize.ts'
import { findBlob, sendBlob } from '../registry/blobs.ts'
import type { Reply } from '../registry/call.ts'
import { locate } from '../repositories/repositories.ts'
import type { ChartCall } from './call.ts'
import type { ChartRoute } from './routes.ts'

type FileRoute = Extract<ChartRoute, { kind: 'file' }>

export async function getFile(call: ChartCall, route: FileRoute): Promise<Reply> {
  const { registry, instance } = call
  const { folder, fileName, isProvenance } = route
  const row = await findByFile(registry.db.read, instance.id, folder, fileName)
  // Of what isn't there the decision is made all the same, about the name that it would have.
  const path = row?.path ?? `${folder}/${nameOf(fileName)}`
  const name = { path, namespace: route.namespace }
  const key = { instance: instance.id, namespace: route.namespace, path }
  const namespace = namespaceOf((await registry.db.fetch(locate, key))[0])
  await call.know([path])
  authorize(call, { action: pullRepository, name, namespace, hiddenAs: 'CHART_UNKNOWN' })
  const digest = parseDigest((isProvenance ? row?.provenance_digest : row?.package_digest) ?? '')
  if (!row || !digest) throw fileUnknown(route)
  const { blob } = await findBlob(call, { name, digest })
  if (!blob) throw fileUnknown(route)
  const reply = await sendBlob(call, { namespace, blob, digest }, headersOf(route))
  if (reply.status === 200 && !call.isHead && !isProvenance) {
    recordPull(call, row, namespace?.ownerUin)
  }
  return reply
}

function nameOf(fileName: string): string {
  const parsed = parseRepositoryPath(fileName.replace(/-v?\d+\.\d+\.\d+.*$/, ''))
  return parsed?.path ?? 'chart'
}

function headersOf({ fileName, isProvenance }: FileRoute): Readonly<Record<string, string>> {
  const isPlain = /^[\w.+-]+$/.test(fileName)
  return {
    'Content-Type': isProvenance ? 'application/pgp-signature' : 'application/x-tar',
    ...(isPlain &&
      !isProvenance && { 'Content-Disposition': `attachment; filename="${fileName}"` }),
    // Another package may take the version's place.
    'Cache-Control': 'no-cache',
  }
}

function recordPull(call: ChartCall, row: VersionRow, ownerUin: number | undefined): void {
  call.registry.audit.pull({
    origin: call.origin,
    instanceId: call.instance.id,
    repositoryId: row.repository_id,
    repositoryPath: row.path,
    tagId: row.tag_id,
    reference: row.tag,
    digest: row.digest,
    ownerUin,
  })
}

function fileUnknown({ namespace, fileName, isProvenance }: FileRoute): ApiError {
  const file = `${namespace}/${fileName}${isProvenance ? '.prov' : ''}`
  return new ApiError('CHART_UNKNOWN', { message: `there is no ${file.slice(0, 300)}` })
}
