// Images as people build them: layers with their commands, environment, labels; and what hangs on them.

import type { Registry } from '@entrepot/client/oci/registry.ts'
import { parseDigest } from '@entrepot/oci/digest.ts'
import { ociConfig, ociEmpty, ociImage, ociIndex } from '@entrepot/oci/media-types.ts'
import { type Content, content, descriptor, digestOf, randomBytes } from '../images/image.ts'

const gzipLayer = 'application/vnd.oci.image.layer.v1.tar+gzip'

export interface ImageFacts {
  /** The same name gives the same bytes: images share their layers by it. */
  readonly layers: readonly { readonly name: string; readonly bytes: number; readonly by: string }[]
  readonly architecture?: string
  readonly env?: readonly string[]
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

export interface Artifact {
  readonly manifest: Content
  readonly blobs: readonly Content[]
  readonly architecture: string
}

export function imageOf(facts: ImageFacts): Artifact {
  const { architecture = 'amd64', env = [], labels = {}, annotations } = facts
  const layers = facts.layers.map(({ name, bytes }) => content(gzipLayer, randomBytes(name, bytes)))
  const config = json(ociConfig, {
    created: '2026-10-01T08:00:00Z',
    architecture,
    os: 'linux',
    config: { Cmd: ['/bin/app'], Env: env, Labels: labels, WorkingDir: '/srv', User: '10001' },
    // Stored bytes are random and not compressed: nobody unpacks them here.
    rootfs: { type: 'layers', diff_ids: layers.map(({ bytes }) => digestOf(bytes)) },
    history: facts.layers.map(({ by }) => ({ created: '2026-10-01T08:00:00Z', created_by: by })),
  })
  const manifest = json(ociImage, {
    schemaVersion: 2,
    mediaType: ociImage,
    config: descriptor(config),
    layers: layers.map(descriptor),
    ...(annotations && { annotations }),
  })
  return { manifest, blobs: [config, ...layers], architecture }
}

export function indexOf(images: readonly Artifact[]): Content {
  const manifests = images.map(({ manifest, architecture }) => ({
    ...descriptor(manifest),
    platform: { os: 'linux', architecture },
  }))
  return json(ociIndex, { schemaVersion: 2, mediaType: ociIndex, manifests })
}

/** What says something about `subject`: a bill of materials, a report. */
export function referrerOf(
  subject: Content,
  artifactType: string,
  blob: Content,
  annotations: Readonly<Record<string, string>> = {},
): Artifact {
  const config = content(ociEmpty, Buffer.from('{}'))
  const manifest = json(ociImage, {
    schemaVersion: 2,
    mediaType: ociImage,
    artifactType,
    config: descriptor(config),
    layers: [descriptor(blob)],
    subject: descriptor(subject),
    annotations,
  })
  return { manifest, blobs: [config, blob], architecture: 'unknown' }
}

export async function pushArtifact(
  registry: Registry,
  repository: string,
  artifact: Artifact,
  tags: readonly string[] = [],
): Promise<void> {
  for (const blob of artifact.blobs) await pushBlob(registry, repository, blob)
  await pushManifest(registry, repository, artifact.manifest, tags)
}

/** Under its digest, where no tag is given. */
export async function pushManifest(
  registry: Registry,
  repository: string,
  { bytes, mediaType, digest }: Content,
  tags: readonly string[] = [],
): Promise<void> {
  const manifest = { bytes, mediaType, digest: digestIn(digest) }
  for (const reference of tags.length === 0 ? [digest] : tags) {
    await registry.putManifest(repository, reference, manifest)
  }
}

export async function pushBlob(
  registry: Registry,
  repository: string,
  { bytes, digest }: Content,
): Promise<void> {
  await registry.pushBlob(repository, {
    digest: digestIn(digest),
    sizeBytes: bytes.length,
    open: async () => new Blob([new Uint8Array(bytes)]).stream(),
  })
}

function digestIn(text: string) {
  const digest = parseDigest(text)
  if (!digest) throw new Error(`${text} is no digest`)
  return digest
}

function json(mediaType: string, value: unknown): Content {
  return content(mediaType, Buffer.from(JSON.stringify(value)))
}
