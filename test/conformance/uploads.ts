// The ways a client may upload a blob ("Pushing blobs"), each as one function with its requirements checked.
import assert from 'node:assert/strict'
import type { Content } from './content.ts'
import type { Reply } from './http-client.ts'
import { octets } from './media-types.ts'
import type { Registry } from './registry.ts'
import { expectBytes, expectHeader, expectStatus, single } from './reply-checks.ts'

/** Small enough to be quick; a registry with a minimum says so in `OCI-Chunk-Min-Length`. */
export const CHUNK_BYTES = 1024

export type UploadWay = 'post+put' | 'post only' | 'stream' | 'chunks' | 'chunks, last in put'
export const uploadWays: readonly UploadWay[] = [
  'post+put',
  'post only',
  'stream',
  'chunks',
  'chunks, last in put',
]

export interface Upload {
  readonly location: string
  readonly chunkBytes: number
}

export function algorithmOf(digest: string): string {
  return digest.slice(0, digest.indexOf(':'))
}

/** POST: 202 and exactly one `Location`. sha512 is announced, as the specification advises. */
export async function startUpload(
  registry: Registry,
  repository: string,
  algorithm = 'sha256',
): Promise<Upload> {
  const query: Record<string, string> = {}
  if (algorithm !== 'sha256') query['digest-algorithm'] = algorithm
  const reply = await registry.call('POST', `/v2/${repository}/blobs/uploads/`, { query })
  expectStatus(reply, 202)
  const minimum = Number(reply.header('OCI-Chunk-Min-Length') ?? 0)
  assert.ok(Number.isInteger(minimum) && minimum >= 0, 'OCI-Chunk-Min-Length is a size')
  return { location: locationOf(reply), chunkBytes: Math.max(CHUNK_BYTES, minimum) }
}

/** The absolute form of an answer's `Location`. */
export function locationOf(reply: Reply): string {
  return new URL(single(reply, 'Location'), reply.call.url).href
}

export function contentRange(start: number, lengthBytes: number): Record<string, string> {
  return { 'Content-Type': octets, 'Content-Range': `${start}-${start + lengthBytes - 1}` }
}

/** Sends one chunk: 202, the next `Location`, and `Range` up to its last byte. */
export async function sendChunk(
  registry: Registry,
  location: string,
  start: number,
  bytes: Uint8Array,
): Promise<string> {
  const headers = contentRange(start, bytes.length)
  const reply = await registry.call('PATCH', location, { headers, body: bytes })
  expectStatus(reply, 202)
  expectHeader(reply, 'Range', `0-${start + bytes.length - 1}`)
  return locationOf(reply)
}

/** The closing PUT, with or without bytes; the caller judges the answer. */
export function finishUpload(
  registry: Registry,
  location: string,
  digest: string,
  chunk?: { readonly start: number; readonly bytes: Uint8Array },
): Promise<Reply> {
  const query = { digest }
  if (chunk === undefined) return registry.call('PUT', location, { query })
  const headers = contentRange(chunk.start, chunk.bytes.length)
  return registry.call('PUT', location, { query, headers, body: chunk.bytes })
}

/** Sends the bytes in one of the ways and gives the answer of the last request. */
export async function upload(
  registry: Registry,
  repository: string,
  item: Content,
  way: UploadWay,
): Promise<Reply> {
  const headers = { 'Content-Type': octets }
  const query = { digest: item.digest }
  if (way === 'post only') {
    const target = `/v2/${repository}/blobs/uploads/`
    return registry.call('POST', target, { query, headers, body: item.bytes })
  }
  const { location, chunkBytes } = await startUpload(registry, repository, algorithmOf(item.digest))
  if (way === 'post+put')
    return registry.call('PUT', location, { query, headers, body: item.bytes })
  if (way === 'stream') {
    const framing = 'chunked'
    const options = { headers, body: item.bytes, framing } as const
    const reply = await registry.call('PATCH', location, options)
    expectStatus(reply, 202)
    return finishUpload(registry, locationOf(reply), item.digest)
  }
  return uploadChunks(registry, location, item, { chunkBytes, lastInPut: way !== 'chunks' })
}

async function uploadChunks(
  registry: Registry,
  first: string,
  item: Content,
  how: { readonly chunkBytes: number; readonly lastInPut: boolean },
): Promise<Reply> {
  let location = first
  for (let start = 0; start < item.bytes.length; start += how.chunkBytes) {
    const bytes = item.bytes.subarray(start, start + how.chunkBytes)
    const last = start + how.chunkBytes >= item.bytes.length
    if (last && how.lastInPut)
      return finishUpload(registry, location, item.digest, { start, bytes })
    location = await sendChunk(registry, location, start, bytes)
  }
  return finishUpload(registry, location, item.digest)
}

/** 201, `Docker-Content-Digest`, and a `Location` from which the blob can be pulled. */
export async function expectBlobCreated(
  registry: Registry,
  reply: Reply,
  item: Content,
): Promise<void> {
  expectStatus(reply, 201)
  const digests = reply.values('Docker-Content-Digest')
  if (registry.has('digest-header-on-push') || digests.length > 0) {
    assert.deepEqual(digests, [item.digest], reply.describe())
  }
  const pulled = await registry.call('GET', locationOf(reply))
  expectStatus(pulled, 200)
  expectBytes(pulled, item.bytes)
}

export async function pushBlob(
  registry: Registry,
  repository: string,
  item: Content,
  way: UploadWay = 'post+put',
): Promise<void> {
  const reply = await upload(registry, repository, item, way)
  expectStatus(reply, 201)
}
