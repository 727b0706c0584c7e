// The referrers API as a client reads it: all pages, and what a listed manifest must look like.
import assert from 'node:assert/strict'
import type { Content, Descriptor } from './content.ts'
import type { Reply } from './http-client.ts'
import { ociIndex, ociManifest } from './media-types.ts'
import type { Registry } from './registry.ts'
import { expectStatus, nextPage } from './reply-checks.ts'

const MAX_PAGES = 100

export interface Referrers {
  readonly descriptors: readonly Descriptor[]
  readonly replies: readonly Reply[]
}

export async function listReferrers(
  registry: Registry,
  repository: string,
  digest: string,
  query: Readonly<Record<string, string>> = {},
): Promise<Referrers> {
  const first = new URL(`/v2/${repository}/referrers/${digest}`, registry.origin)
  for (const [name, value] of Object.entries(query)) first.searchParams.set(name, value)
  const descriptors: Descriptor[] = []
  const replies: Reply[] = []
  for (let next: string | undefined = first.href; next !== undefined; ) {
    assert.ok(replies.length < MAX_PAGES, 'the pages come to an end')
    const reply = await registry.call('GET', next)
    descriptors.push(...parsePage(reply))
    replies.push(reply)
    next = nextPage(reply)
  }
  return { descriptors, replies }
}

function parsePage(reply: Reply): Descriptor[] {
  expectStatus(reply, 200)
  assert.deepEqual(reply.values('Content-Type'), [ociIndex], reply.describe())
  const body = reply.json()
  assert.ok(typeof body === 'object' && body !== null && 'manifests' in body, reply.describe())
  assert.ok('schemaVersion' in body && body.schemaVersion === 2, reply.describe())
  assert.ok('mediaType' in body && body.mediaType === ociIndex, reply.describe())
  assert.ok(Array.isArray(body.manifests), `"manifests" is a list: ${reply.describe()}`)
  return body.manifests
}

/** The descriptor that "Listing Referrers" demands for a manifest with a subject. */
export function expectedReferrer(item: Content): Descriptor {
  const fields: {
    artifactType?: string
    config?: Descriptor
    annotations?: Record<string, string>
  } = JSON.parse(item.bytes.toString('utf8'))
  const fallback = item.mediaType === ociManifest ? fields.config?.mediaType : undefined
  const artifactType = fields.artifactType || fallback
  return {
    mediaType: item.mediaType,
    digest: item.digest,
    size: item.bytes.length,
    ...(artifactType !== undefined && { artifactType }),
    ...(fields.annotations !== undefined && { annotations: fields.annotations }),
  }
}

/** Exactly these, each once; order is the registry's own. */
export function expectReferrers(found: readonly Descriptor[], items: readonly Content[]): void {
  const byDigest = (a: Descriptor, b: Descriptor) => (a.digest < b.digest ? -1 : 1)
  assert.deepEqual([...found].sort(byDigest), items.map(expectedReferrer).sort(byDigest))
}

/** "Referrers Tag Schema": where clients keep the list for registries without the API. */
export function fallbackTag(digest: string): string {
  const [algorithm = '', encoded = ''] = digest.split(':')
  return `${algorithm.slice(0, 32)}-${encoded.slice(0, 64)}`.replace(/[^A-Za-z0-9._-]/g, '-')
}
