// The media types that decide what a manifest is. Everything else (configs, layers, artifact types) is text
// that is kept and shown, never a reason to refuse.

export const ociImage = 'application/vnd.oci.image.manifest.v1+json'
export const ociIndex = 'application/vnd.oci.image.index.v1+json'
/** Withdrawn before OCI 1.1 was final, but ORAS 0.15–0.16 and Notation's first releases pushed it. */
export const ociArtifact = 'application/vnd.oci.artifact.manifest.v1+json'
export const ociEmpty = 'application/vnd.oci.empty.v1+json'
export const ociConfig = 'application/vnd.oci.image.config.v1+json'
export const dockerImage = 'application/vnd.docker.distribution.manifest.v2+json'
export const dockerList = 'application/vnd.docker.distribution.manifest.list.v2+json'
export const dockerConfig = 'application/vnd.docker.container.image.v1+json'
export const helmConfig = 'application/vnd.cncf.helm.config.v1+json'
/** CNAB 1.2, "Bundle configuration"; a bundle is pushed as an index that an annotation marks. */
export const cnabConfig = 'application/vnd.cnab.config.v1+json'
export const cnabAnnotation = 'io.cnab.runtime_version'
export const octetStream = 'application/octet-stream'

export type ManifestKind = 'image' | 'index'

const kinds: ReadonlyMap<string, ManifestKind> = new Map([
  [ociImage, 'image'],
  [ociArtifact, 'image'],
  [dockerImage, 'image'],
  [ociIndex, 'index'],
  [dockerList, 'index'],
])

const schema1Types: ReadonlySet<string> = new Set([
  'application/vnd.docker.distribution.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
])

/** Served under our own origin, so nothing that a browser would run. */
const servedPattern = /^application\/[a-z0-9.+-]{1,240}$/

export function manifestKind(mediaType: string): ManifestKind | undefined {
  return kinds.get(mediaType)
}

/** True for what is pushed to `/manifests/`; a child of an index may also be a blob (BuildKit's cache). */
export function isManifestType(mediaType: string): boolean {
  return kinds.has(mediaType)
}

export function isSchema1Type(mediaType: string): boolean {
  return schema1Types.has(mediaType)
}

/** Layers that their licence forbids to push: `…nondistributable…` (OCI), `…foreign…` (Docker). */
export function isNonDistributableType(mediaType: string): boolean {
  return mediaType.includes('.nondistributable.') || mediaType.includes('.foreign.')
}

/** The type of a Content-Type header without its parameters; undefined when we would not serve it. */
export function parseContentType(header: string): string | undefined {
  const semicolon = header.indexOf(';')
  const type = (semicolon === -1 ? header : header.slice(0, semicolon)).trim()
  return servedPattern.test(type) ? type : undefined
}
