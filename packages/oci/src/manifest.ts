// A manifest as pushed: checked, and reduced to what the registry must know of it. The bytes are kept as they
// came; nothing here writes JSON. Two readers of one document must not see different things, so a repeated
// key, or a document that is an image and an index at once, is refused (image-spec GHSA-77vh-xpmg-72qh).

import {
  type Descriptor,
  isAbsent,
  isObject,
  type JsonObject,
  keptText,
  maxMediaTypeChars,
  type ParsedDescriptor,
  parseAnnotations,
  parseDescriptor,
} from './descriptor.ts'
import type { Digest } from './digest.ts'
import { countMembers, measureJson } from './json-shape.ts'
import { ManifestProblem } from './manifest-problem.ts'
import {
  isManifestType,
  isNonDistributableType,
  isSchema1Type,
  type ManifestKind,
  manifestKind,
  ociArtifact,
  ociImage,
  ociIndex,
  parseContentType,
} from './media-types.ts'

export const maxManifestBytes = 4 * 1024 * 1024
export const maxManifestRefs = 10_000
/** Known manifests nest 5 levels; custom fields may add theirs. */
export const maxManifestDepth = 64

export type RefRole = 'config' | 'layer' | 'child'

export interface ManifestRef {
  readonly role: RefRole
  /** Counts over all references of the manifest, in the order of the document; the config comes first. */
  readonly position: number
  /** A child of an index may be a blob too: BuildKit's older caches are indexes of layers. */
  readonly target: 'manifest' | 'blob'
  readonly digest: Digest
  readonly mediaType: string
  readonly sizeBytes: number
  readonly platform: string | undefined
  readonly nonDistributable: boolean
  /** The manifest is accepted while this is not here. */
  readonly optional: boolean
}

export interface ParsedManifest {
  readonly kind: ManifestKind
  readonly mediaType: string
  /** By the rule of the referrers listing: `artifactType`, else an image's `config.mediaType`. */
  readonly artifactType: string | undefined
  readonly subject: Descriptor | undefined
  readonly annotations: Readonly<Record<string, string>>
  readonly refs: readonly ManifestRef[]
  /** Sum of the sizes of all references. */
  readonly contentBytes: number
}

/**
 * Throws `ManifestProblem`, and nothing else. `contentType` is the request's header; undefined takes the
 * document's own `mediaType`.
 */
export function parseManifest(bytes: Uint8Array, contentType: string | undefined): ParsedManifest {
  const stated = statedType(contentType)
  const document = parseDocument(bytes)
  refuseSchema1(document, stated)
  const mediaType = decideMediaType(document, stated)
  const kind = manifestKind(mediaType)
  if (kind === undefined) throw unsupportedType(mediaType)
  if (!isAbsent(document.schemaVersion) && document.schemaVersion !== 2) {
    throw new ManifestProblem('invalid', 'schemaVersion must be 2')
  }
  refuseAmbiguous(document, kind)
  const refs = kind === 'index' ? indexRefs(document) : imageRefs(document, mediaType)
  return {
    kind,
    mediaType,
    artifactType: artifactType(document, kind),
    subject: isAbsent(document.subject) ? undefined : subjectOf(document.subject),
    annotations: parseAnnotations(document.annotations, 'annotations'),
    refs,
    contentBytes: sumBytes(refs),
  }
}

function statedType(contentType: string | undefined): string | undefined {
  if (contentType === undefined || contentType === '') return undefined
  const type = parseContentType(contentType)
  if (type === undefined) throw unsupportedType(contentType)
  return type
}

function unsupportedType(mediaType: string): ManifestProblem {
  const shown = mediaType.slice(0, maxMediaTypeChars)
  return new ManifestProblem(
    'media-type',
    `${shown} is not a media type of manifests; push an OCI or Docker schema 2 image or index`,
    { mediaType: shown },
  )
}

function parseDocument(bytes: Uint8Array): JsonObject {
  if (bytes.length > maxManifestBytes) {
    throw new ManifestProblem('too-large', `a manifest has at most ${maxManifestBytes} bytes`, {
      sizeBytes: bytes.length,
      limitBytes: maxManifestBytes,
    })
  }
  const shape = measureJson(bytes, maxManifestDepth)
  if (shape.depth > maxManifestDepth) {
    throw new ManifestProblem('too-deep', `the JSON nests more than ${maxManifestDepth} levels`, {
      limit: maxManifestDepth,
    })
  }
  let document: unknown
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    throw new ManifestProblem('invalid', 'the manifest is not JSON in UTF-8')
  }
  if (!isObject(document)) throw new ManifestProblem('invalid', 'the manifest is not a JSON object')
  if (countMembers(document) !== shape.members) {
    throw new ManifestProblem('invalid', 'an object of the manifest has the same key twice')
  }
  return document
}

function refuseSchema1(document: JsonObject, stated: string | undefined): void {
  const named = typeof document.mediaType === 'string' ? document.mediaType : ''
  const isSchema1 =
    (stated !== undefined && isSchema1Type(stated)) ||
    isSchema1Type(named) ||
    (document.schemaVersion === 1 && 'fsLayers' in document)
  if (!isSchema1) return
  throw new ManifestProblem(
    'schema1',
    'Docker image manifest schema 1 is not supported; convert the image with ' +
      '"skopeo copy --format v2s2 docker://SOURCE docker://TARGET", or pull it and push it again ' +
      'with Docker 1.10 or newer',
  )
}

function decideMediaType(document: JsonObject, stated: string | undefined): string {
  const { mediaType } = document
  if (isAbsent(mediaType) || mediaType === '') {
    return stated ?? ('manifests' in document ? ociIndex : ociImage)
  }
  const named = keptText(mediaType, 'mediaType', maxMediaTypeChars)
  if (stated !== undefined && stated !== named) {
    throw new ManifestProblem(
      'invalid',
      'the mediaType of the manifest differs from the Content-Type of the request',
      { mediaType: named, contentType: stated },
    )
  }
  return named
}

function refuseAmbiguous(document: JsonObject, kind: ManifestKind): void {
  const foreign = kind === 'index' ? ['config', 'layers', 'fsLayers'] : ['manifests', 'fsLayers']
  const field = foreign.find((key) => !isAbsent(document[key]))
  if (field === undefined) return
  const what = kind === 'index' ? 'an index' : 'an image manifest'
  throw new ManifestProblem('invalid', `${what} must not have the field "${field}"`, { field })
}

/** A list that is there; Go's encoders write an empty one as null. */
function listOf(document: JsonObject, key: string): readonly unknown[] {
  const list = document[key]
  if (list === null) return []
  if (Array.isArray(list)) return list
  throw new ManifestProblem('invalid', `${key} must be a list of descriptors`, { where: key })
}

function refuseTooMany(count: number): void {
  if (count <= maxManifestRefs) return
  throw new ManifestProblem(
    'too-many-refs',
    `the manifest names ${count} blobs and manifests; at most ${maxManifestRefs} are allowed`,
    { count, limit: maxManifestRefs },
  )
}

function indexRefs(document: JsonObject): readonly ManifestRef[] {
  const children = listOf(document, 'manifests')
  refuseTooMany(children.length)
  return children.map((child, position) =>
    toRef('child', position, parseDescriptor(child, `manifests[${position}]`)),
  )
}

function imageRefs(document: JsonObject, mediaType: string): readonly ManifestRef[] {
  const isArtifact = mediaType === ociArtifact
  const layersKey = isArtifact ? 'blobs' : 'layers'
  // `blobs` is optional in an artifact manifest, which has no config at all.
  const layers = isArtifact && !('blobs' in document) ? [] : listOf(document, layersKey)
  refuseTooMany(layers.length + (isArtifact ? 0 : 1))
  const refs = isArtifact ? [] : [toRef('config', 0, parseDescriptor(document.config, 'config'))]
  layers.forEach((layer, index) => {
    refs.push(toRef('layer', refs.length, parseDescriptor(layer, `${layersKey}[${index}]`)))
  })
  return refs
}

function toRef(role: RefRole, position: number, parsed: ParsedDescriptor): ManifestRef {
  const { mediaType, digest, sizeBytes, platform } = parsed
  const nonDistributable = role === 'layer' && (parsed.hasUrls || isNonDistributableType(mediaType))
  return {
    role,
    position,
    target: role === 'child' && isManifestType(mediaType) ? 'manifest' : 'blob',
    digest,
    mediaType,
    sizeBytes,
    platform,
    nonDistributable,
    optional: nonDistributable || role === 'child',
  }
}

function artifactType(document: JsonObject, kind: ManifestKind): string | undefined {
  const own = isAbsent(document.artifactType)
    ? ''
    : keptText(document.artifactType, 'artifactType', maxMediaTypeChars)
  if (own !== '') return own
  if (kind === 'index' || !isObject(document.config)) return undefined
  return keptText(document.config.mediaType, 'config.mediaType', maxMediaTypeChars) || undefined
}

function subjectOf(value: unknown): Descriptor {
  const { mediaType, digest, sizeBytes } = parseDescriptor(value, 'subject')
  return { mediaType, digest, sizeBytes }
}

function sumBytes(refs: readonly ManifestRef[]): number {
  let sum = 0
  for (const ref of refs) sum += ref.sizeBytes
  if (!Number.isSafeInteger(sum)) {
    throw new ManifestProblem(
      'invalid',
      'the sizes of the references add up to more than 2^53 bytes',
    )
  }
  return sum
}
