// A chart's package becomes what `helm push` would have made of it: its config, the package and its provenance as blobs,
// and a manifest that names them, under `<namespace>/<name>:<version>`. Order of durability: the keys, then the bytes,
// then one transaction with all rows.
//
//   step                          a crash leaves                     who cleans
//   1 an upload for each object   uploads without bytes              expiry
//   2 the objects                 objects under the uploads' keys    expiry, which condemns the keys
//   3 rows, manifest, tag         nothing

import { ApiError } from '@entrepot/contract/errors.ts'
import { type Digest, digestOf } from '@entrepot/oci/digest.ts'
import { helmConfig, ociImage } from '@entrepot/oci/media-types.ts'
import { parseTag } from '@entrepot/oci/reference.ts'
import type { Origin } from '../audit/origin.ts'
import { publishBlob } from '../blobs/publish.ts'
import { closeUpload, dropUpload, insertUpload, type Upload } from '../blobs/uploads.ts'
import type { Clock } from '../clock.ts'
import type { Database, Tx } from '../db/database.ts'
import type { Instance } from '../instances/instances.ts'
import { type CheckedManifest, checkManifest, putManifest } from '../manifests/put.ts'
import type { Namespace } from '../namespaces/namespaces.ts'
import { Bill } from '../quotas/quotas.ts'
import {
  ensureRepository,
  type LocatedRepository,
  type Repository,
} from '../repositories/repositories.ts'
import type { Stores } from '../storage/stores.ts'
import type { Chart } from './chart.ts'
import { type ChartFacts, chartLayer, provenanceLayer } from './facts.ts'
import { metadataJson } from './metadata.ts'
import { findVersion } from './queries.ts'

export interface UploadGround {
  readonly db: Database
  readonly clock: Clock
  readonly stores: Stores
}

export interface ChartUpload {
  readonly instance: Instance
  readonly namespace: Namespace
  readonly path: string
  readonly located: LocatedRepository | undefined
  readonly chart: Chart
  readonly bytes: Uint8Array
  readonly provenance: Uint8Array | undefined
  /** Throws CHART_EXISTS where another package of the version is there. */
  readonly keeps: boolean
  readonly origin: Origin
  readonly signal: AbortSignal
}

export interface Uploaded {
  readonly isReplaced: boolean
}

interface Part {
  readonly mediaType: string
  readonly bytes: Uint8Array
  readonly digest: Digest
}

interface OpenPart extends Part {
  readonly upload: Upload
}

/** For each object; nobody is slower than that with 20 MiB. */
const uploadLifeMs = 60 * 60_000

/** Throws CHART_EXISTS, TAG_OF_OTHER_KIND, TAG_IMMUTABLE, QUOTA_EXCEEDED, STORAGE_FULL. */
export async function uploadChart(ground: UploadGround, upload: ChartUpload): Promise<Uploaded> {
  const { db, clock, stores } = ground
  const { instance, path, chart, signal } = upload
  const before = await findVersion(db.read, instance.id, path, chart.version.tag)
  // The same package again is a success; what is there stays, as a rule may keep it.
  if (before?.package_digest === chart.digest && isCovered(upload, before.provenance_digest)) {
    return { isReplaced: false }
  }
  await stores.assertRoom(instance.backendId, signal)
  const driver = await stores.driver(instance.backendId)
  const open = await openParts(ground, upload)
  try {
    for (const part of open.parts) await driver.put(part.upload.key, part.bytes, signal)
    return await db.write(async (tx) => publish(tx, upload, open, await clock.deployment(tx)))
  } catch (error) {
    // A refusal is certain. After any other failure the commit may have succeeded: what did not expires.
    if (error instanceof ApiError && error.status < 500) await drop(ground, open.parts)
    throw error
  }
}

interface Opened {
  readonly repository: Repository
  readonly parts: readonly [OpenPart, ...OpenPart[]]
}

/** The keys are named before there are bytes, so that no sweep wonders whose they are. */
function openParts({ db, clock }: UploadGround, upload: ChartUpload): Promise<Opened> {
  const { instance, namespace, path, located, origin } = upload
  const open = async (tx: Tx): Promise<Opened> => {
    const at = await clock.deployment(tx)
    const target = { instance, namespace, path, located }
    const repository = await ensureRepository(tx, target, { actor: origin.actor, at })
    const openPart = async (part: Part): Promise<OpenPart> => ({
      ...part,
      upload: await insertUpload(tx, {
        ...{ instanceId: instance.id, namespaceId: namespace.id, repositoryId: repository.id },
        ...{ backendId: instance.backendId, actor: origin.actor, algorithm: 'sha256', at },
        expiresAt: at + uploadLifeMs,
      }),
    })
    const [config, ...layers] = partsOf(upload)
    const parts: [OpenPart, ...OpenPart[]] = [await openPart(config)]
    for (const layer of layers) parts.push(await openPart(layer))
    return { repository, parts }
  }
  return db.write(open, { survives: 'kill' })
}

function isCovered({ provenance }: ChartUpload, present: string | null): boolean {
  return provenance === undefined || present === digestOf('sha256', provenance)
}

function partsOf({ chart, bytes, provenance }: ChartUpload): readonly [Part, ...Part[]] {
  const part = (mediaType: string, content: Uint8Array): Part => {
    return { mediaType, bytes: content, digest: digestOf('sha256', content) }
  }
  return [
    part(helmConfig, Buffer.from(metadataJson(chart.metadata))),
    part(chartLayer, bytes),
    ...(provenance ? [part(provenanceLayer, provenance)] : []),
  ]
}

async function publish(tx: Tx, upload: ChartUpload, open: Opened, at: number): Promise<Uploaded> {
  const { instance, namespace, path, chart, origin } = upload
  const { parts } = open
  // Unborn it may have been swept meanwhile.
  const target = { instance, namespace, path, located: { ...open.repository, isBorn: false } }
  const repository = await ensureRepository(tx, target, { actor: origin.actor, at })
  const present = await findVersion(tx, instance.id, path, chart.version.tag)
  const isOther = present !== undefined && present.package_digest !== chart.digest
  if (isOther && upload.keeps) throw chartExists(chart)
  const bill = new Bill()
  const place = {
    instanceId: instance.id,
    namespaceId: namespace.id,
    repositoryId: repository.id,
  }
  const { backendId } = instance
  // In digest order, as whoever locks several blobs.
  for (const { digest, bytes, upload: opened } of [...parts].sort(byDigest)) {
    await closeUpload(tx, bill, opened)
    const stored = { digest, key: opened.key, sizeBytes: bytes.byteLength, backendId }
    await publishBlob(tx, bill, place, stored, at)
  }
  const tag = parseTag(chart.version.tag)
  if (!tag) throw new Error(`${chart.version.tag} is no tag`)
  const manifest = manifestOf(chart, parts)
  const facts = factsOf(upload)
  const put = { instance, namespace, repository, manifest, tags: [tag], chart: facts, origin, at }
  await putManifest(tx, put, bill)
  return { isReplaced: isOther }
}

function byDigest(a: Part, b: Part): number {
  return a.digest < b.digest ? -1 : 1
}

/** The same package gives the same manifest. */
function manifestOf(
  chart: Chart,
  [config, ...layers]: readonly [Part, ...Part[]],
): CheckedManifest {
  const descriptor = ({ mediaType, digest, bytes }: Part) => {
    return { mediaType, digest, size: bytes.byteLength }
  }
  const manifest = {
    schemaVersion: 2,
    mediaType: ociImage,
    config: descriptor(config),
    layers: layers.map(descriptor),
    annotations: {
      'org.opencontainers.image.title': chart.metadata.name,
      'org.opencontainers.image.version': chart.version.text,
    },
  }
  return checkManifest(Buffer.from(JSON.stringify(manifest)), ociImage, 'sha256')
}

function factsOf({ chart, bytes, provenance }: ChartUpload): ChartFacts {
  return {
    state: 'read',
    metadata: chart.metadata,
    version: chart.version,
    packageDigest: chart.digest,
    packageBytes: bytes.byteLength,
    provenanceDigest: provenance && digestOf('sha256', provenance),
  }
}

/** Only spares the wait for their expiry, so it may fail. */
async function drop({ db, clock }: UploadGround, parts: readonly OpenPart[]): Promise<void> {
  await db
    .write(async (tx) => {
      const at = await clock.deployment(tx)
      for (const { upload } of parts) await dropUpload(tx, upload.id, at)
    })
    .catch(() => undefined)
}

function chartExists({ metadata, version }: Chart): ApiError {
  const { name } = metadata
  return new ApiError('CHART_EXISTS', {
    message: {
      en: `${name} ${version.text} exists, with another package: say that it is to be replaced, or raise the version`,
      zh: `${name} ${version.text} 已存在且内容不同，请确认替换或提高版本号`,
    },
    detail: { chart: name, version: version.text },
  })
}
