// What a manifest of a chart says of itself, read from it and its config: the same for every repository that holds it,
// so it lies beside the manifest's bytes.

import { parseDigest } from '@entrepot/oci/digest.ts'
import type { ManifestRef, ParsedManifest } from '@entrepot/oci/manifest.ts'
import { helmConfig } from '@entrepot/oci/media-types.ts'
import { type ChartMetadata, readConfigMetadata } from './metadata.ts'
import type { ChartVersion } from './versions.ts'

export const chartLayer = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'
/** Helm 3.0 to 3.6, while OCI was an experiment. */
const olderChartLayer = 'application/tar+gzip'
export const provenanceLayer = 'application/vnd.cncf.helm.chart.provenance.v1.prov'

export type ChartFacts =
  | { readonly state: 'unfit'; readonly problem: string }
  | {
      readonly state: 'read'
      readonly metadata: ChartMetadata
      readonly version: ChartVersion
      readonly packageDigest: string
      readonly packageBytes: number
      readonly provenanceDigest: string | undefined
    }

export function isChart(manifest: ParsedManifest): boolean {
  return configOf(manifest)?.mediaType === helmConfig
}

export function configOf(manifest: ParsedManifest): ManifestRef | undefined {
  return manifest.refs.find((ref) => ref.role === 'config')
}

const maxProblemChars = 400

/** Clients push what they like: what makes no sense is told on the pages, and left out of the index. */
export function readFacts(manifest: ParsedManifest, config: string): ChartFacts {
  const { refs } = manifest
  const content = refs.find(
    ({ mediaType: type }) => type === chartLayer || type === olderChartLayer,
  )
  if (!content) return { state: 'unfit', problem: 'the manifest names no package' }
  try {
    const { metadata, version } = readConfigMetadata(config)
    const provenance = refs.find(({ mediaType }) => mediaType === provenanceLayer)
    return {
      state: 'read',
      metadata,
      version,
      packageDigest: content.digest,
      packageBytes: content.sizeBytes,
      provenanceDigest: provenance?.digest,
    }
  } catch (error) {
    // A refusal of the config is about its bytes, and stays so.
    if (!(error instanceof Error) || error.name !== 'ApiError') throw error
    return { state: 'unfit', problem: error.message.slice(0, maxProblemChars) }
  }
}

export function fileNameOf(name: string, version: string): string {
  return `${name}-${version}.tgz`
}

/** An entry of index.yaml (helm's `repo.ChartVersion`). Its address is relative: the same on every host. */
export function indexEntry(
  facts: Extract<ChartFacts, { state: 'read' }>,
  createdAt: number,
): string {
  const { metadata, version, packageDigest } = facts
  const [algorithm, hex] = (parseDigest(packageDigest) ?? '').split(':')
  const address = encodeURIComponent(fileNameOf(metadata.name, version.text))
  return JSON.stringify({
    ...withoutEmpty(metadata),
    // Helm compares it as SHA-256 in hex.
    ...(algorithm === 'sha256' && { digest: hex }),
    created: new Date(createdAt).toISOString(),
    urls: [`charts/${address.replaceAll('%2B', '+')}`],
  })
}

function withoutEmpty(metadata: ChartMetadata): object {
  const filled = Object.entries(metadata).filter(([, value]) => {
    if (value === undefined || value === '' || value === false) return false
    return typeof value !== 'object' || Object.keys(value).length > 0
  })
  return Object.fromEntries(filled)
}
