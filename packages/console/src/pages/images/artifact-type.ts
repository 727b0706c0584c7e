// What people call an artifact, in words: by its kind, its media type and the artifact type that it says it has.

import { dockerImage } from '@entrepot/oci/media-types.ts'
import type { Words } from '../../words/use-words.ts'

export interface TypedArtifact {
  readonly Kind: 'Image' | 'Index' | 'Chart' | 'Cnab' | 'Artifact'
  readonly MediaType: string
  readonly ArtifactType: string | null
}

export const kindWords = {
  Image: 'images.image',
  Index: 'images.index',
  Chart: 'images.chart',
  Cnab: 'images.cnab',
  Artifact: 'images.artifact',
} as const

export function artifactTypeWord(artifact: TypedArtifact, t: Words['t']): string {
  switch (artifact.Kind) {
    case 'Image':
      return t(artifact.MediaType === dockerImage ? 'images.dockerImage' : 'images.ociImage')
    case 'Index':
    case 'Chart':
    case 'Cnab':
      return t(kindWords[artifact.Kind])
    case 'Artifact':
      return artifactWord(artifact.ArtifactType, t)
  }
}

/** Of artifacts about others, and of those that no image is: by the type they give, which is shown where it isn't known. */
export function artifactWord(type: string | null, t: Words['t']): string {
  if (type === null || type === '') return t('images.artifact')
  const known = knownTypes.find(([pattern]) => pattern.test(type))
  return known ? t(known[1]) : type
}

// Cosign 2 and 3, Notation 1; Syft and BuildKit (SPDX, CycloneDX); in-toto, as BuildKit and Cosign attach it; CNAI 0.1,
// ModelPack, Docker Model Runner and KitOps; skills as the registry lists them.
const knownTypes = [
  [/cosign.*sig|notary\.signature|simplesigning/, 'images.signature'],
  [/spdx|cyclonedx|syft/, 'images.sbom'],
  [/in-toto|attestation|sigstore\.bundle|provenance/, 'images.attestation'],
  [/(?:cnai|cncf|docker\.ai)\.model|kitops\.modelkit|^CNAI-Model$/, 'images.aiModel'],
  [/agent\.?skills?\.|toolhive\.skills|modelcontextprotocol\.server/, 'images.aiSkill'],
] as const
