// Names of repositories and tags. What a push may create follows the distribution specification's grammar
// ("Pulling manifests"); what a person makes by hand follows a narrower one, which every other product that
// such a name may be copied to accepts too.

import { type Digest, parseDigest } from './digest.ts'

/** The specification's `<name>`: what stands between `/v2/` and `/manifests/`. */
export type RepositoryPath = string & { readonly __repositoryPath: never }
/** A repository's path without its namespace; may hold `/`. */
export type RepositoryName = string & { readonly __repositoryName: never }
export type NamespaceName = string & { readonly __namespaceName: never }
export type Tag = string & { readonly __tag: never }

export interface ParsedPath {
  readonly path: RepositoryPath
  /** The first segment; undefined when the path has only one. */
  readonly namespace: string | undefined
  readonly name: RepositoryName
}

export type Reference =
  | { readonly kind: 'tag'; readonly tag: Tag }
  | { readonly kind: 'digest'; readonly digest: Digest }

/** Clients refuse longer references ("Pulling manifests", implementers note). */
export const maxRepositoryPathChars = 255
export const maxTagChars = 128
export const minNamespaceChars = 2
export const maxNamespaceChars = 30
export const minHandMadeNameChars = 2
export const maxHandMadeNameChars = 200

// Each repetition begins with a separator that its predecessor can't end in, so matching is linear.
const pathPattern =
  /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/
const namespacePattern = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/
const handMadePattern = /^[a-z0-9]+(?:[._-][a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-][a-z0-9]+)*)*$/

export function parseRepositoryPath(text: string): ParsedPath | undefined {
  if (text.length > maxRepositoryPathChars || !pathPattern.test(text)) return undefined
  const slash = text.indexOf('/')
  return {
    path: text as RepositoryPath,
    namespace: slash === -1 ? undefined : text.slice(0, slash),
    name: text.slice(slash + 1) as RepositoryName,
  }
}

export function parseTag(text: string): Tag | undefined {
  return tagPattern.test(text) ? (text as Tag) : undefined
}

/** `<tag-or-digest>`: a colon can only stand in a digest. */
export function parseReference(text: string): Reference | undefined {
  if (text.includes(':')) {
    const digest = parseDigest(text)
    return digest === undefined ? undefined : { kind: 'digest', digest }
  }
  const tag = parseTag(text)
  return tag === undefined ? undefined : { kind: 'tag', tag }
}

export function parseNamespaceName(text: string): NamespaceName | undefined {
  const fits = text.length >= minNamespaceChars && text.length <= maxNamespaceChars
  return fits && namespacePattern.test(text) ? (text as NamespaceName) : undefined
}

/** The name of a repository that a person makes, without its namespace. A push follows `parseRepositoryPath`. */
export function parseHandMadeName(text: string): RepositoryName | undefined {
  const fits = text.length >= minHandMadeNameChars && text.length <= maxHandMadeNameChars
  return fits && handMadePattern.test(text) ? (text as RepositoryName) : undefined
}
