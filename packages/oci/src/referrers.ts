// The answer to "Listing Referrers" of the distribution specification, and the tag under which clients keep
// the same list on registries without that endpoint ("Referrers tag schema").

import { type Digest, digestAlgorithm, digestHex } from './digest.ts'
import { ociIndex } from './media-types.ts'
import type { Tag } from './reference.ts'

export interface Referrer {
  readonly mediaType: string
  readonly digest: Digest
  readonly sizeBytes: number
  readonly artifactType: string | undefined
  readonly annotations: Readonly<Record<string, string>>
}

export interface ReferrersPage {
  readonly body: string
  /** How many of the given referrers are in it; the rest belongs on the next page. */
  readonly count: number
}

/** Clients read a referrers answer into memory with the limit they have for manifests. */
export const maxReferrersBytes = 4 * 1024 * 1024

const algorithmChars = 32
const encodedChars = 64

/** An index of as many referrers, in the given order, as fit; always at least one, where there is one. */
export function referrersPage(
  referrers: readonly Referrer[],
  limitBytes: number = maxReferrersBytes,
): ReferrersPage {
  const head = `{"schemaVersion":2,"mediaType":"${ociIndex}","manifests":[`
  const tail = ']}'
  const descriptors: string[] = []
  let sizeBytes = head.length + tail.length
  for (const referrer of referrers) {
    const descriptor = JSON.stringify(descriptorOf(referrer))
    sizeBytes += Buffer.byteLength(descriptor) + 1
    if (sizeBytes > limitBytes && descriptors.length > 0) break
    descriptors.push(descriptor)
  }
  return { body: head + descriptors.join(',') + tail, count: descriptors.length }
}

function descriptorOf(referrer: Referrer): object {
  const { mediaType, digest, sizeBytes, artifactType, annotations } = referrer
  const hasAnnotations = Object.keys(annotations).length > 0
  return {
    mediaType,
    digest,
    size: sizeBytes,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(hasAnnotations ? { annotations } : {}),
  }
}

/** `sha256-<64 hex>`; of a sha512 digest only the first 64 digits. */
export function referrersTag(subject: Digest): Tag {
  const algorithm = digestAlgorithm(subject).slice(0, algorithmChars)
  return `${algorithm}-${digestHex(subject).slice(0, encodedChars)}` as Tag
}
