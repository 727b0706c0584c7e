// `registry.example.com/team/app:v1`, as people write it: a host, a repository, and a tag or a digest.

import type { Digest } from '@entrepot/oci/digest.ts'
import {
  parseReference,
  parseRepositoryPath,
  type RepositoryPath,
} from '@entrepot/oci/reference.ts'

export interface RepositoryReference {
  /** `https://registry.example.com`. */
  readonly origin: string
  readonly repository: RepositoryPath
}

export interface ImageReference extends RepositoryReference {
  /** A tag or a digest. */
  readonly reference: string
  /** What a tag has to lead to, where both are written: `app:v1@sha256:…`. */
  readonly digest: Digest | undefined
}

/** Docker Hub has another host for its registry, and a namespace for what is written without one. */
const hubNames: ReadonlySet<string> = new Set(['docker.io', 'index.docker.io'])
const hubHost = 'registry-1.docker.io'

/** A machine talks to itself without TLS, as Docker has it; `http://` before the host says so for others. */
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/

/** Throws TypeError. Without a tag or digest it means `latest`. */
export function parseImageReference(text: string): ImageReference {
  const [, scheme = '', rest = ''] = /^(https?:\/\/)?(.*)$/s.exec(text) ?? []
  const at = rest.indexOf('@')
  const named = at === -1 ? rest : rest.slice(0, at)
  const digest = at === -1 ? undefined : parseReference(rest.slice(at + 1))
  if (at !== -1 && digest?.kind !== 'digest') throw notAnImage(text)
  const colon = named.lastIndexOf(':')
  const hasTag = colon > named.lastIndexOf('/')
  const place = parsePlace(scheme, hasTag ? named.slice(0, colon) : named, text)
  const tag = hasTag ? parseReference(named.slice(colon + 1)) : undefined
  if (hasTag && tag?.kind !== 'tag') throw notAnImage(text)
  const known = digest?.kind === 'digest' ? digest.digest : undefined
  return {
    ...place,
    reference: tag?.kind === 'tag' ? tag.tag : (known ?? 'latest'),
    digest: known,
  }
}

/** Throws TypeError. */
export function parseRepositoryReference(text: string): RepositoryReference {
  const [, scheme = '', rest = ''] = /^(https?:\/\/)?(.*)$/s.exec(text) ?? []
  return parsePlace(scheme, rest, text)
}

function parsePlace(scheme: string, named: string, text: string): RepositoryReference {
  const slash = named.indexOf('/')
  const host = named.slice(0, slash).toLowerCase()
  // Without a sign of a host the first segment would be a namespace: which registry is meant must be said.
  if (slash === -1 || !/[.:]|^localhost$/.test(host)) throw notAnImage(text)
  const isHub = hubNames.has(host)
  const path = named.slice(slash + 1)
  const parsed = parseRepositoryPath(isHub && !path.includes('/') ? `library/${path}` : path)
  const origin = `${scheme || (loopback.test(host) ? 'http://' : 'https://')}${isHub ? hubHost : host}`
  if (!parsed || !URL.canParse(origin)) throw notAnImage(text)
  return { origin: new URL(origin).origin, repository: parsed.path }
}

function notAnImage(text: string): TypeError {
  return new TypeError(`${text} is no image: write host/repository:tag or host/repository@digest`)
}
