// Pushing and pulling manifests, with what the specification demands of every answer.
import assert from 'node:assert/strict'
import type { Content, Image } from './content.ts'
import type { Reply } from './http-client.ts'
import { dockerList, dockerManifest, ociIndex, ociManifest } from './media-types.ts'
import type { Registry } from './registry.ts'
import { expectBytes, expectHeader, expectLawfulWarnings, expectStatus } from './reply-checks.ts'
import { locationOf, pushBlob } from './uploads.ts'

export const acceptAll = [ociIndex, ociManifest, dockerList, dockerManifest]

export function manifestPath(repository: string, reference: string): string {
  return `/v2/${repository}/manifests/${reference}`
}

export function putManifest(
  registry: Registry,
  repository: string,
  item: Content,
  options: { readonly reference?: string; readonly tags?: readonly string[] } = {},
): Promise<Reply> {
  return registry.call('PUT', manifestPath(repository, options.reference ?? item.digest), {
    headers: { 'Content-Type': item.mediaType },
    query: options.tags === undefined ? {} : { tag: options.tags },
    body: item.bytes,
  })
}

export function subjectOf(item: Content): string | undefined {
  const fields: unknown = JSON.parse(item.bytes.toString('utf8'))
  if (typeof fields !== 'object' || fields === null || !('subject' in fields)) return undefined
  const { subject } = fields
  if (typeof subject !== 'object' || subject === null || !('digest' in subject)) return undefined
  return String(subject.digest)
}

/** "Pushing Manifests": 201, pullable `Location`, equal digest, `OCI-Subject` where there is one. */
export async function expectManifestCreated(
  registry: Registry,
  reply: Reply,
  item: Content,
  digest = item.digest,
): Promise<void> {
  expectStatus(reply, 201)
  expectLawfulWarnings(reply)
  const digests = reply.values('Docker-Content-Digest')
  if (registry.has('digest-header-on-push') || digests.length > 0) {
    assert.deepEqual(digests, [digest], reply.describe())
  }
  const subject = subjectOf(item)
  if (subject !== undefined && registry.has('referrers')) {
    expectHeader(reply, 'OCI-Subject', subject)
  }
  const pulled = await registry.call('GET', locationOf(reply), { headers: { Accept: acceptAll } })
  expectManifestPulled(registry, pulled, item, digest)
}

export function expectManifestPulled(
  registry: Registry,
  reply: Reply,
  item: Content,
  digest = item.digest,
): void {
  expectManifestHeaders(registry, reply, item, digest)
  expectBytes(reply, item.bytes)
}

/** GET and HEAD alike: type as pushed and without parameters, exact length, digest. */
export function expectManifestHeaders(
  registry: Registry,
  reply: Reply,
  item: Content,
  digest = item.digest,
): void {
  expectStatus(reply, 200)
  expectHeader(reply, 'Content-Type', item.mediaType)
  expectHeader(reply, 'Content-Length', String(item.bytes.length))
  const digests = reply.values('Docker-Content-Digest')
  if (registry.has('digest-header') || digests.length > 0) {
    assert.deepEqual(digests, [digest], reply.describe())
  }
}

export function getManifest(
  registry: Registry,
  repository: string,
  reference: string,
  method: 'GET' | 'HEAD' = 'GET',
): Promise<Reply> {
  const headers = { Accept: acceptAll }
  return registry.call(method, manifestPath(repository, reference), { headers })
}

/** Blobs first, then the manifest by digest or by tag: the usual push of a client. */
export async function pushImage(
  registry: Registry,
  repository: string,
  image: Image,
  reference?: string,
): Promise<Content> {
  for (const item of image.blobs) await pushBlob(registry, repository, item)
  await pushManifest(registry, repository, image.manifest, reference)
  return image.manifest
}

export async function pushManifest(
  registry: Registry,
  repository: string,
  item: Content,
  reference?: string,
): Promise<Reply> {
  const options = reference === undefined ? {} : { reference }
  const reply = await putManifest(registry, repository, item, options)
  expectStatus(reply, 201)
  return reply
}
