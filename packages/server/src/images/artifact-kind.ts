// What people call an artifact, from its manifest.

import type { ParsedManifest } from '@entrepot/oci/manifest.ts'
import {
  cnabAnnotation,
  cnabConfig,
  dockerConfig,
  helmConfig,
  ociConfig,
} from '@entrepot/oci/media-types.ts'

export type ArtifactKind = 'Image' | 'Index' | 'Chart' | 'Cnab' | 'Artifact'

export function artifactKind(manifest: ParsedManifest): ArtifactKind {
  if (cnabAnnotation in manifest.annotations) return 'Cnab'
  if (manifest.kind === 'index') return 'Index'
  const config = manifest.refs.find((ref) => ref.role === 'config')
  switch (config?.mediaType) {
    case helmConfig:
      return 'Chart'
    case cnabConfig:
      return 'Cnab'
    case ociConfig:
    case dockerConfig:
      // An artifact may name its type beside an image's config (image-spec 1.1, "Guidelines for Artifact Usage").
      return manifest.artifactType === config.mediaType ? 'Image' : 'Artifact'
    default:
      return 'Artifact'
  }
}
