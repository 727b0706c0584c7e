// Images made from a seed: the same seed gives the same bytes, so a test can say what it must get back
// without keeping what it pushed.

import { createCipheriv, createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { tar } from './tar.ts'

export interface Content {
  readonly mediaType: string
  readonly digest: string
  readonly bytes: Buffer
}

export interface Image {
  readonly architecture: string
  readonly manifest: Content
  readonly config: Content
  readonly layers: readonly Content[]
}

export interface ImageShape {
  readonly seed: string
  readonly layers?: number
  /** Bytes of random data in each layer, before the tar around it. */
  readonly layerBytes?: number
  readonly architecture?: string
  readonly gzip?: boolean
}

export const ociManifest = 'application/vnd.oci.image.manifest.v1+json'
export const ociIndex = 'application/vnd.oci.image.index.v1+json'
const ociConfig = 'application/vnd.oci.image.config.v1+json'
const ociLayer = 'application/vnd.oci.image.layer.v1.tar'

export function makeImage(shape: ImageShape): Image {
  const { seed, layers: count = 2, layerBytes = 4096, architecture = 'amd64', gzip = true } = shape
  const tars = Array.from({ length: count }, (_, n) =>
    tar([
      { name: `layer-${n}.bin`, bytes: randomBytes(`${seed}/${architecture}/${n}`, layerBytes) },
    ]),
  )
  const layers = tars.map((bytes) =>
    gzip ? content(`${ociLayer}+gzip`, gzipSync(bytes, { level: 1 })) : content(ociLayer, bytes),
  )
  const config = json(ociConfig, {
    created: '2026-01-01T00:00:00Z',
    architecture,
    os: 'linux',
    config: { Cmd: ['/layer-0.bin'], Labels: { seed } },
    rootfs: { type: 'layers', diff_ids: tars.map(digestOf) },
    history: tars.map(() => ({ created: '2026-01-01T00:00:00Z', created_by: 'test' })),
  })
  const manifest = json(ociManifest, {
    schemaVersion: 2,
    mediaType: ociManifest,
    config: descriptor(config),
    layers: layers.map(descriptor),
  })
  return { architecture, manifest, config, layers }
}

export function makeIndex(images: readonly Image[]): Content {
  return json(ociIndex, {
    schemaVersion: 2,
    mediaType: ociIndex,
    manifests: images.map((image) => ({
      ...descriptor(image.manifest),
      platform: { os: 'linux', architecture: image.architecture },
    })),
  })
}

/** Random-looking bytes that a seed decides: a cipher's key stream, at gigabytes a second. */
export function randomBytes(seed: string, length: number): Buffer {
  const key = createHash('sha256').update(seed).digest()
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length))
}

export function content(mediaType: string, bytes: Buffer): Content {
  return { mediaType, digest: digestOf(bytes), bytes }
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

export function descriptor(of: Content) {
  return { mediaType: of.mediaType, digest: of.digest, size: of.bytes.length }
}

function json(mediaType: string, value: unknown): Content {
  return content(mediaType, Buffer.from(JSON.stringify(value)))
}
