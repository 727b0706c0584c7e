// Manifests that a client listed under the fallback tag (`sha256-<hex>`) before, or beside, the referrers
// endpoint ("Backwards Compatibility" of the distribution specification): they are part of its answer too.

import { parseDigest } from '@entrepot/oci/digest.ts'
import type { Referrer } from '@entrepot/oci/referrers.ts'

interface ListedDescriptor {
  readonly mediaType?: unknown
  readonly digest?: unknown
  readonly size?: unknown
  readonly artifactType?: unknown
  readonly annotations?: unknown
}

/** The bytes were checked when they were pushed; what is no index lists nothing. */
export function fallbackReferrers(bytes: Uint8Array): readonly Referrer[] {
  const document = JSON.parse(new TextDecoder().decode(bytes)) as { readonly manifests?: unknown }
  if (!Array.isArray(document.manifests)) return []
  return (document.manifests as readonly ListedDescriptor[]).flatMap((listed) => {
    const digest = typeof listed.digest === 'string' ? parseDigest(listed.digest) : undefined
    if (!digest) return []
    const { artifactType, annotations } = listed
    return {
      mediaType: String(listed.mediaType ?? ''),
      digest,
      sizeBytes: Number(listed.size ?? 0),
      artifactType: typeof artifactType === 'string' ? artifactType : undefined,
      annotations: (annotations ?? {}) as Readonly<Record<string, string>>,
    }
  })
}
