// Descriptors (image-spec descriptor.md) as they stand in manifests. `where` names the place for the message:
// `layers[2]`, `subject`. Text that is kept must fit a PostgreSQL text column: no NUL, well-formed Unicode.

import { type Digest, digestAlgorithm, digestOf, parseDigest } from './digest.ts'
import { ManifestProblem } from './manifest-problem.ts'
import { formatPlatform } from './platform.ts'

export interface Descriptor {
  readonly mediaType: string
  readonly digest: Digest
  readonly sizeBytes: number
}

export interface ParsedDescriptor extends Descriptor {
  readonly platform: string | undefined
  readonly hasUrls: boolean
}

export type JsonObject = Readonly<Record<string, unknown>>

/** RFC 6838 allows 127 characters on each side of the slash. */
export const maxMediaTypeChars = 255
export const maxPlatformPartChars = 128

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function invalid(where: string, what: string): ManifestProblem {
  return new ManifestProblem('invalid', `${where} ${what}`, { where })
}

/** Text that may go into a column. */
export function keptText(value: unknown, where: string, maxChars: number): string {
  if (typeof value !== 'string') throw invalid(where, 'must be a string')
  if (value.length > maxChars) throw invalid(where, `must have at most ${maxChars} characters`)
  if (value.includes('\0')) throw invalid(where, 'must not hold the character U+0000')
  if (!value.isWellFormed()) throw invalid(where, 'must be well-formed Unicode')
  return value
}

/** Go's encoders write an absent map or pointer as null. */
export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null
}

export function parseAnnotations(value: unknown, where: string): Readonly<Record<string, string>> {
  if (isAbsent(value)) return {}
  if (!isObject(value)) throw invalid(where, 'must be an object of strings')
  const entries = Object.entries(value).map(([key, text]): [string, string] => {
    const name = keptText(key, `a key of ${where}`, Number.MAX_SAFE_INTEGER)
    return [name, keptText(text, `${where}[${JSON.stringify(name)}]`, Number.MAX_SAFE_INTEGER)]
  })
  return Object.fromEntries(entries)
}

function parsePlatform(value: unknown, where: string): string | undefined {
  if (isAbsent(value)) return undefined
  if (!isObject(value)) throw invalid(where, 'must be an object')
  const part = (key: string) =>
    isAbsent(value[key]) ? '' : keptText(value[key], `${where}.${key}`, maxPlatformPartChars)
  const os = part('os')
  const architecture = part('architecture')
  if (os === '' && architecture === '') return undefined
  return formatPlatform({
    os,
    architecture,
    variant: part('variant'),
    osVersion: part('os.version'),
  })
}

/** Embedded content (`data`) must be what the descriptor names, or clients that use it see other bytes. */
function checkData(data: unknown, descriptor: Descriptor, where: string): void {
  if (isAbsent(data)) return
  if (typeof data !== 'string') throw invalid(`${where}.data`, 'must be a base64 string')
  const bytes = Buffer.from(data, 'base64')
  if (bytes.toString('base64') !== data) throw invalid(`${where}.data`, 'is not base64')
  const { digest, sizeBytes } = descriptor
  if (bytes.length !== sizeBytes || digestOf(digestAlgorithm(digest), bytes) !== digest) {
    throw invalid(`${where}.data`, 'does not match the size and digest beside it')
  }
}

function parseUrls(value: unknown, where: string): boolean {
  if (isAbsent(value)) return false
  if (!Array.isArray(value) || value.some((url) => typeof url !== 'string')) {
    throw invalid(`${where}.urls`, 'must be a list of strings')
  }
  return value.length > 0
}

export function parseDescriptor(value: unknown, where: string): ParsedDescriptor {
  if (!isObject(value)) throw invalid(where, 'must be a descriptor (mediaType, digest, size)')
  const mediaType = keptText(value.mediaType, `${where}.mediaType`, maxMediaTypeChars)
  const digest = typeof value.digest === 'string' ? parseDigest(value.digest) : undefined
  if (digest === undefined) {
    throw invalid(`${where}.digest`, 'must be a sha256 or sha512 digest (algorithm:hex)')
  }
  const sizeBytes = value.size
  if (typeof sizeBytes !== 'number' || !Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
    throw invalid(`${where}.size`, 'must be a whole number of bytes, 0 or more')
  }
  const descriptor = { mediaType, digest, sizeBytes }
  checkData(value.data, descriptor, where)
  return {
    ...descriptor,
    platform: parsePlatform(value.platform, `${where}.platform`),
    hasUrls: parseUrls(value.urls, where),
  }
}
