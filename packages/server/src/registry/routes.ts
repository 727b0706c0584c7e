// Which endpoint of the distribution specification a request means. Names may hold the words of the paths
// (`a/manifests/b`), so the path is read from its end.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Digest } from '@entrepot/oci/digest.ts'
import { parseDigest } from '@entrepot/oci/digest.ts'
import {
  type ParsedPath,
  parseReference,
  parseRepositoryPath,
  type Reference,
} from '@entrepot/oci/reference.ts'
import { downloadRoot } from '../downloads/links.ts'

export type Route =
  | { readonly kind: 'base' }
  | { readonly kind: 'token' }
  | { readonly kind: 'download'; readonly sealed: string }
  | { readonly kind: 'catalog' }
  | { readonly kind: 'manifest'; readonly name: Name; readonly reference: Reference }
  | { readonly kind: 'blob'; readonly name: Name; readonly digest: Digest }
  | { readonly kind: 'uploads'; readonly name: Name }
  | { readonly kind: 'upload'; readonly name: Name; readonly uploadId: string }
  | { readonly kind: 'tags'; readonly name: Name }
  | { readonly kind: 'referrers'; readonly name: Name; readonly digest: Digest }

/** A path with its namespace; `namespace` is '' where the name has only one segment. */
export interface Name {
  readonly path: string
  readonly namespace: string
}

/** For metrics: a bounded set of labels. Those of charts are the edge's beside this one. */
export type RouteKind = Route['kind'] | 'chart-index' | 'chart-file' | 'charts' | 'other'

const maxPathChars = 1024
const uploadIdPattern = /^[0-9a-v]{20}$/

/** Undefined: nothing of the registry lies there. Throws for a name, tag or digest that can't be. */
export function parseRoute(pathname: string): Route | undefined {
  if (pathname === '/v2/' || pathname === '/v2') return { kind: 'base' }
  if (pathname === '/service/token') return { kind: 'token' }
  if (pathname.startsWith(downloadRoot)) {
    return { kind: 'download', sealed: pathname.slice(downloadRoot.length) }
  }
  if (!pathname.startsWith('/v2/') || pathname.length > maxPathChars) return undefined
  if (pathname === '/v2/_catalog') return { kind: 'catalog' }
  const path = decodePath(pathname.slice('/v2/'.length))
  const lastSlash = path.lastIndexOf('/')
  if (lastSlash === -1) return undefined
  const last = path.slice(lastSlash + 1)
  const before = path.slice(0, lastSlash)
  if (before.endsWith('/manifests')) {
    const name = parseName(before.slice(0, -'/manifests'.length))
    return { kind: 'manifest', name, reference: getReference(last) }
  }
  if (before.endsWith('/blobs/uploads')) {
    const name = parseName(before.slice(0, -'/blobs/uploads'.length))
    return last === ''
      ? { kind: 'uploads', name }
      : { kind: 'upload', name, uploadId: getUploadId(last) }
  }
  if (before.endsWith('/blobs')) {
    const name = parseName(before.slice(0, -'/blobs'.length))
    return last === 'uploads'
      ? { kind: 'uploads', name }
      : { kind: 'blob', name, digest: getDigest(last) }
  }
  if (last === 'list' && before.endsWith('/tags')) {
    return { kind: 'tags', name: parseName(before.slice(0, -'/tags'.length)) }
  }
  if (before.endsWith('/referrers')) {
    const name = parseName(before.slice(0, -'/referrers'.length))
    return { kind: 'referrers', name, digest: getDigest(last) }
  }
  return undefined
}

function decodePath(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    throw new ApiError('NAME_INVALID', { message: 'the path is not valid percent-encoding' })
  }
}

function parseName(text: string): Name {
  const parsed: ParsedPath | undefined = parseRepositoryPath(text)
  if (!parsed) {
    throw new ApiError('NAME_INVALID', {
      message:
        'invalid repository name: lower-case letters and digits, separated by . _ __ or -, in segments separated by /, at most 255 characters',
      detail: { name: text.slice(0, 255) },
    })
  }
  return { path: parsed.path, namespace: parsed.namespace ?? '' }
}

function getReference(text: string): Reference {
  const reference = parseReference(text)
  if (reference) return reference
  if (text.includes(':')) throw new ApiError('DIGEST_INVALID', { message: invalidDigest })
  throw new ApiError('TAG_INVALID', {
    message:
      'invalid tag: letters, digits, . _ and -, not starting with . or -, at most 128 characters',
    detail: { tag: text.slice(0, 128) },
  })
}

const invalidDigest = 'invalid digest: sha256 or sha512, a colon, and lower-case hex'

function getDigest(text: string): Digest {
  const digest = parseDigest(text)
  if (!digest) throw new ApiError('DIGEST_INVALID', { message: invalidDigest })
  return digest
}

function getUploadId(text: string): string {
  if (!uploadIdPattern.test(text)) throw new ApiError('BLOB_UPLOAD_UNKNOWN')
  return text
}
