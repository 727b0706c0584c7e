// Sample content: blobs, layers, configs, image manifests and indexes, each with fresh bytes and its digest.
import { createHash, randomBytes } from 'node:crypto'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import * as media from './media-types.ts'

export type Algorithm = 'sha256' | 'sha512'
export const algorithms: readonly Algorithm[] = ['sha256', 'sha512']

export interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
  readonly urls?: readonly string[]
  readonly data?: string
  readonly artifactType?: string
  readonly annotations?: Readonly<Record<string, string>>
  readonly platform?: Readonly<Record<string, string>>
}

export interface Content {
  readonly mediaType: string
  readonly digest: string
  readonly bytes: Buffer
}

export interface ManifestFields {
  readonly schemaVersion: 2
  readonly mediaType?: string
  readonly artifactType?: string
  readonly config?: Descriptor
  readonly layers?: readonly Descriptor[]
  readonly manifests?: readonly Descriptor[]
  readonly subject?: Descriptor
  readonly annotations?: Readonly<Record<string, string>>
  readonly [custom: string]: unknown
}

export function digestOf(bytes: Uint8Array, algorithm: Algorithm = 'sha256'): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`
}

export function content(
  bytes: Uint8Array | string,
  mediaType: string = media.octets,
  algorithm: Algorithm = 'sha256',
): Content {
  const buffer = Buffer.from(bytes)
  return { mediaType, bytes: buffer, digest: digestOf(buffer, algorithm) }
}

export function blob(sizeBytes = 512, algorithm: Algorithm = 'sha256'): Content {
  return content(randomBytes(sizeBytes), media.octets, algorithm)
}

/** The digest of something that nobody has. */
export function missingDigest(algorithm: Algorithm = 'sha256'): string {
  return digestOf(randomBytes(32), algorithm)
}

export function describe(item: Content, more: Partial<Descriptor> = {}): Descriptor {
  return { mediaType: item.mediaType, digest: item.digest, size: item.bytes.length, ...more }
}

/** A layer: a tar archive of one file, packed as asked. */
export function layer(mediaType = media.ociLayerGzip, algorithm: Algorithm = 'sha256'): Content {
  const tar = tarOfOneFile('entrepot.txt', Buffer.from(randomBytes(24).toString('hex')))
  if (mediaType.endsWith('zstd')) return content(zstdCompressSync(tar), mediaType, algorithm)
  if (mediaType.endsWith('gzip')) return content(gzipSync(tar), mediaType, algorithm)
  return content(tar, mediaType, algorithm)
}

function tarOfOneFile(name: string, bytes: Buffer): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0)
  header.write('0000644\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136)
  header.write('        ', 148)
  header.write('0', 156)
  header.write('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  const padding = Buffer.alloc((512 - (bytes.length % 512)) % 512)
  return Buffer.concat([header, bytes, padding, Buffer.alloc(1024)])
}

interface ConfigOptions {
  readonly mediaType?: string
  readonly architecture?: string
  readonly custom?: Readonly<Record<string, unknown>>
}

export function config(
  layers: readonly Content[],
  algorithm: Algorithm = 'sha256',
  options: ConfigOptions = {},
): Content {
  const fields = {
    author: 'Entrepot conformance',
    architecture: options.architecture ?? 'amd64',
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: layers.map((item) => item.digest) },
    ...options.custom,
  }
  return content(JSON.stringify(fields), options.mediaType ?? media.ociConfig, algorithm)
}

/** The bytes of a manifest as most tools write it; the media type is the one inside. */
export function manifest(fields: ManifestFields, algorithm: Algorithm = 'sha256'): Content {
  return content(JSON.stringify(fields), fields.mediaType ?? media.ociManifest, algorithm)
}

export interface Image {
  readonly manifest: Content
  readonly blobs: readonly Content[]
}

/** A whole image of two layers; `fields` adds to or replaces fields of its manifest. */
export function image(
  fields: Partial<ManifestFields> = {},
  algorithm: Algorithm = 'sha256',
  architecture = 'amd64',
): Image {
  const layers = [layer(media.ociLayerGzip, algorithm), layer(media.ociLayerGzip, algorithm)]
  const configBlob = config(layers, algorithm, { architecture })
  return {
    blobs: [...layers, configBlob],
    manifest: manifest(
      {
        schemaVersion: 2,
        mediaType: media.ociManifest,
        config: describe(configBlob),
        layers: layers.map((item) => describe(item)),
        ...fields,
      },
      algorithm,
    ),
  }
}

export const emptyJson = (algorithm: Algorithm = 'sha256') =>
  content('{}', media.ociEmpty, algorithm)

/** An artifact as the image specification advises: empty config, one layer, `artifactType`. */
export function artifact(
  artifactType: string,
  fields: Partial<ManifestFields> = {},
  algorithm: Algorithm = 'sha256',
): Image {
  const payload = content(randomBytes(256), artifactType, algorithm)
  const empty = emptyJson(algorithm)
  return {
    blobs: [payload, empty],
    manifest: manifest(
      {
        schemaVersion: 2,
        mediaType: media.ociManifest,
        artifactType,
        config: describe(empty),
        layers: [describe(payload)],
        ...fields,
      },
      algorithm,
    ),
  }
}

export function index(
  children: readonly Descriptor[],
  fields: Partial<ManifestFields> = {},
  algorithm: Algorithm = 'sha256',
): Content {
  return manifest(
    { schemaVersion: 2, mediaType: media.ociIndex, manifests: children, ...fields },
    algorithm,
  )
}

export function uniqueAnnotations(): Record<string, string> {
  return {
    'org.example.entrepot.greeting': 'hello, conformance',
    [`org.example.entrepot.${randomBytes(4).toString('hex')}`]: randomBytes(8).toString('hex'),
  }
}
