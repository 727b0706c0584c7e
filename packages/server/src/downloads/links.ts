// Addresses by which one file is fetched without a login, for minutes. An address holds all that it allows, sealed, so
// that nothing is kept of it: which blob of which manifest, whose pull it is, and until when. Whoever has one may fetch
// that file and nothing else; it ends early when the manifest goes.

import { ApiError } from '@entrepot/contract/errors.ts'
import { z } from 'zod'
import type { Origin } from '../audit/origin.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Queryable } from '../db/database.ts'
import { type Client, hostName } from '../http/client-address.ts'
import type { Instance } from '../instances/instances.ts'
import { publicDomainOf } from '../instances/wire.ts'

export const downloadLinkMs = 10 * 60_000
export const downloadRoot = '/service/download/'

const purpose = 'download-link'

/** What a link gives out. */
export interface Download {
  /** `namespace/name` of the repository. */
  readonly path: string
  /** Of the manifest that names the blob. */
  readonly manifest: string
  readonly blob: string
  /** The tag or digest that was asked for: what the audit log tells. */
  readonly reference: string
  readonly fileName: string
}

const sealedShape = z.object({
  instance: z.string(),
  path: z.string(),
  manifest: z.string(),
  blob: z.string(),
  reference: z.string(),
  fileName: z.string(),
  actor: z.string(),
  credential: z.string().nullable(),
  expiresAt: z.int(),
})

export type OpenedDownload = Readonly<z.infer<typeof sealedShape>>

interface Asking {
  readonly ground: { readonly vault: Vault; readonly baseDomain: string | undefined }
  readonly instance: Instance
  readonly origin: Origin
  readonly client: Client
  readonly nowMs: number
}

/** Throws OPERATION_DENIED where no host is the instance's. */
export function makeDownloadUrl(call: Asking, download: Download): string {
  const { ground, instance, origin, client, nowMs } = call
  const place = { baseDomain: ground.baseDomain, clientHost: client.host }
  const domain = publicDomainOf(instance.name, instance.isDefault, place)
  if (domain === '') throw noDomain(instance.name)
  const sealed: OpenedDownload = {
    ...download,
    instance: instance.id,
    actor: origin.actor,
    credential: origin.credential,
    expiresAt: nowMs + downloadLinkMs,
  }
  const bytes = ground.vault.seal(purpose, Buffer.from(JSON.stringify(sealed)))
  const { scheme, host = '' } = client
  // The instance's host has the port by which the caller came to this one.
  const port = ground.baseDomain ? host.slice(hostName(host).length) : ''
  return `${scheme}://${domain}${port}${downloadRoot}${Buffer.from(bytes).toString('base64url')}`
}

/** Undefined: not made here, for another instance, or over. */
export async function openDownload(
  vault: Vault,
  text: string,
  at: { readonly instanceId: string; readonly nowMs: number },
): Promise<OpenedDownload | undefined> {
  const opened = await vault.tryOpen(purpose, Buffer.from(text, 'base64url'))
  if (!opened) return undefined
  const download = sealedShape.parse(JSON.parse(Buffer.from(opened).toString('utf8')))
  const isValid = download.instance === at.instanceId && at.nowMs < download.expiresAt
  return isValid ? download : undefined
}

/** The repository still has that manifest, with that blob in it; and the tag that was asked for, if it still names it. */
export async function findDownloadable(
  db: Queryable,
  { instance, path, manifest, blob, reference }: OpenedDownload,
): Promise<{ readonly tagId: string | null } | undefined> {
  return db
    .selectFrom('repositories as r')
    .innerJoin('manifests as m', 'm.repository_id', 'r.id')
    .innerJoin('manifest_refs as f', 'f.manifest_id', 'm.id')
    .leftJoin('tags as t', (join) =>
      join
        .onRef('t.manifest_id', '=', 'm.id')
        .on('t.name', '=', reference)
        .on('t.deleted_at', 'is', null),
    )
    .select('t.id as tagId')
    .where('r.instance_id', '=', instance)
    .where('r.path', '=', path)
    .where('r.deleted_at', 'is', null)
    .where('m.digest', '=', manifest)
    .where('m.deleted_at', 'is', null)
    .where('f.digest', '=', blob)
    .limit(1)
    .executeTakeFirst()
}

function noDomain(name: string): ApiError {
  return new ApiError('OPERATION_DENIED', {
    message: {
      en: `instance ${name} has no address of its own: set ENTREPOT_BASE_DOMAIN`,
      zh: `实例 ${name} 没有自己的访问地址，请设置 ENTREPOT_BASE_DOMAIN`,
    },
  })
}
