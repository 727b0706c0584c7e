// Content digests (image-spec descriptor.md, "Digests"): `algorithm:encoded`. Only the two algorithms that
// the specification registers and that we can compute are digests here; any other text is none.

import { hash } from 'node:crypto'

export type DigestAlgorithm = 'sha256' | 'sha512'

/** `sha256:` and 64 lower-case hex digits, or `sha512:` and 128. Made by `parseDigest` and `digestOf`. */
export type Digest = string & { readonly __digest: never }

export const digestAlgorithms: readonly DigestAlgorithm[] = ['sha256', 'sha512']

const digestPattern = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/

export function parseDigest(text: string): Digest | undefined {
  return digestPattern.test(text) ? (text as Digest) : undefined
}

export function parseDigestAlgorithm(text: string): DigestAlgorithm | undefined {
  return digestAlgorithms.find((algorithm) => algorithm === text)
}

export function digestAlgorithm(digest: Digest): DigestAlgorithm {
  return digest.startsWith('sha256:') ? 'sha256' : 'sha512'
}

export function digestHex(digest: Digest): string {
  return digest.slice(digest.indexOf(':') + 1)
}

/** From a hash that was computed while bytes streamed; undefined when the hex has the wrong form. */
export function digestFromHex(algorithm: DigestAlgorithm, hex: string): Digest | undefined {
  return parseDigest(`${algorithm}:${hex}`)
}

export function digestOf(algorithm: DigestAlgorithm, bytes: Uint8Array): Digest {
  return `${algorithm}:${hash(algorithm, bytes, 'hex')}` as Digest
}
