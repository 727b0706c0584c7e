// A registry as its clients see it (distribution-spec 1.1): manifests as exact bytes, blobs as streams that are compared
// with their digests while they pass.

import { createHash } from 'node:crypto'
import {
  type Digest,
  digestAlgorithm,
  digestHex,
  digestOf,
  parseDigest,
} from '@entrepot/oci/digest.ts'
import { maxManifestBytes } from '@entrepot/oci/manifest.ts'
import { dockerImage, dockerList, ociImage, ociIndex } from '@entrepot/oci/media-types.ts'
import { membersOf, readJson, readLimited } from './limited-body.ts'
import { badAnswer } from './registry-error.ts'
import { type RegistryRequest, type RegistrySettings, Transport } from './transport.ts'

export interface Manifest {
  readonly digest: Digest
  readonly mediaType: string
  readonly bytes: Uint8Array
}

export interface BlobSource {
  readonly digest: Digest
  readonly sizeBytes: number
  /** From the beginning, each time. */
  open(): Promise<ReadableStream<Uint8Array>>
}

interface Options {
  readonly signal?: AbortSignal | undefined
}

/** How a blob came to be there. */
export type BlobArrival = 'present' | 'mounted' | 'pushed'

const accepted = [ociImage, ociIndex, dockerImage, dockerList].join(', ')
const tagsPerPage = 1000
const maxTagPageBytes = 4 * 1024 * 1024

export class Registry {
  readonly #transport: Transport

  constructor(settings: RegistrySettings) {
    this.#transport = new Transport(settings)
  }

  get origin(): string {
    return this.#transport.origin
  }

  /** What a tag leads to; undefined: it is not there. */
  async resolve(
    repository: string,
    reference: string,
    { signal }: Options = {},
  ): Promise<Digest | undefined> {
    const request = manifestRequest('HEAD', repository, reference)
    const response = await this.#transport.send({ ...request, signal }, [404])
    if (response.status === 404) return undefined
    const digest = parseDigest(response.headers.get('docker-content-digest') ?? '')
    // Only the body tells, where the registry doesn't.
    return digest ?? (await this.getManifest(repository, reference, { signal })).digest
  }

  /** Throws RegistryError, also where its bytes are not what its digest says. */
  async getManifest(
    repository: string,
    reference: string,
    { signal }: Options = {},
  ): Promise<Manifest> {
    const request = manifestRequest('GET', repository, reference)
    const response = await this.#transport.send({ ...request, signal })
    const bytes = await readLimited(response, maxManifestBytes)
    if (!bytes) {
      throw badAnswer(
        'SIZE_INVALID',
        `${reference}: a manifest has at most ${maxManifestBytes} bytes`,
      )
    }
    const stated = response.headers.get('docker-content-digest') ?? ''
    const expected = parseDigest(reference) ?? parseDigest(stated)
    const digest = digestOf(expected ? digestAlgorithm(expected) : 'sha256', bytes)
    if (expected && expected !== digest) throw otherBytes(expected)
    const [mediaType = ''] = (response.headers.get('content-type') ?? '').split(';')
    return { digest, mediaType: mediaType.trim(), bytes }
  }

  /** By its digest, or under a tag. */
  async putManifest(
    repository: string,
    reference: string,
    { bytes, mediaType, digest }: Manifest,
    { signal }: Options = {},
  ): Promise<void> {
    const response = await this.#transport.send({
      method: 'PUT',
      path: `/v2/${repository}/manifests/${reference}`,
      scopes: [pushScope(repository)],
      headers: { 'Content-Type': mediaType },
      body: bytes,
      signal,
    })
    await response.body?.cancel()
    const stored = parseDigest(response.headers.get('docker-content-digest') ?? '')
    const isComparable = stored && digestAlgorithm(stored) === digestAlgorithm(digest)
    if (isComparable && stored !== digest) throw otherBytes(digest)
  }

  hasBlob(repository: string, digest: Digest, { signal }: Options = {}): Promise<boolean> {
    return this.#has(repository, {
      method: 'HEAD',
      path: `/v2/${repository}/blobs/${digest}`,
      signal,
    })
  }

  hasManifest(repository: string, digest: Digest, { signal }: Options = {}): Promise<boolean> {
    const request = manifestRequest('HEAD', repository, digest)
    return this.#has(repository, { ...request, signal })
  }

  /** As a pusher asks, so that one token serves for what follows. */
  async #has(repository: string, request: Omit<RegistryRequest, 'scopes'>): Promise<boolean> {
    const scopes = [pushScope(repository)]
    const response = await this.#transport.send({ ...request, scopes }, [404])
    return response.status !== 404
  }

  /** Its end is reached only by the right bytes. Whoever doesn't read it to there cancels it. */
  async openBlob(
    repository: string,
    { digest, sizeBytes }: Pick<BlobSource, 'digest' | 'sizeBytes'>,
    { signal }: Options = {},
  ): Promise<ReadableStream<Uint8Array>> {
    const path = `/v2/${repository}/blobs/${digest}`
    const scopes = [pullScope(repository)]
    const response = await this.#transport.send({ method: 'GET', path, scopes, signal })
    const body: ReadableStream<Uint8Array> = response.body ?? ReadableStream.from([])
    return body.pipeThrough(verifier(digest, sizeBytes))
  }

  /** `mountFrom`: a repository of this registry that has it, perhaps. */
  async pushBlob(
    repository: string,
    blob: BlobSource,
    { signal, mountFrom }: Options & { readonly mountFrom?: string | undefined } = {},
  ): Promise<BlobArrival> {
    const { digest } = blob
    if (await this.hasBlob(repository, digest, { signal })) return 'present'
    const mount = mountFrom !== undefined && mountFrom !== repository ? mountFrom : undefined
    const query =
      mount === undefined ? '' : `?${new URLSearchParams({ mount: digest, from: mount })}`
    const scopes = [pushScope(repository), ...(mount === undefined ? [] : [pullScope(mount)])]
    const begun = await this.#transport.send({
      method: 'POST',
      path: `/v2/${repository}/blobs/uploads/${query}`,
      scopes,
      signal,
    })
    await begun.body?.cancel()
    if (begun.status === 201) return 'mounted'
    const place = new URL(begun.headers.get('location') ?? '', `${this.origin}/v2/${repository}/`)
    place.searchParams.set('digest', digest)
    await this.#upload(repository, place.href, blob, signal)
    return 'pushed'
  }

  async #upload(
    repository: string,
    path: string,
    blob: BlobSource,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const body = await blob.open()
    const length = String(blob.sizeBytes)
    const headers = { 'Content-Type': 'application/octet-stream', 'Content-Length': length }
    const scopes = [pushScope(repository)]
    try {
      const response = await this.#transport.send({
        method: 'PUT',
        path,
        scopes,
        headers,
        body,
        signal,
      })
      await response.body?.cancel()
    } catch (error) {
      // Refused before it was read: its source would wait for ever. Else it is closed already, or whoever reads closes it.
      await body.cancel(error).catch(() => undefined)
      throw error
    }
  }

  /** In the registry's order, page by page. */
  async *listTags(repository: string, { signal }: Options = {}): AsyncGenerator<string, void> {
    let path: string | undefined = `/v2/${repository}/tags/list?n=${tagsPerPage}`
    const scopes = [pullScope(repository)]
    while (path !== undefined) {
      const response: Response = await this.#transport.send({ method: 'GET', path, scopes, signal })
      const { tags } = membersOf(await readJson(response, maxTagPageBytes))
      if (!Array.isArray(tags)) throw badAnswer('UNKNOWN', `${path}: that is no list of tags`)
      yield* tags.map(String)
      const next = nextPage(response, path)
      // A page that leads to itself would never end.
      path = next === path ? undefined : next
    }
  }
}

function manifestRequest(method: 'GET' | 'HEAD', repository: string, reference: string) {
  return {
    method,
    path: `/v2/${repository}/manifests/${reference}`,
    scopes: [pullScope(repository)],
    headers: { Accept: accepted },
  } as const
}

function pullScope(repository: string): string {
  return `repository:${repository}:pull`
}

function pushScope(repository: string): string {
  return `repository:${repository}:pull,push`
}

function nextPage(response: Response, path: string): string | undefined {
  const [, target] = /<([^>]+)>\s*;\s*rel="?next"?/i.exec(response.headers.get('link') ?? '') ?? []
  if (target === undefined) return undefined
  const url = new URL(target, new URL(path, response.url || 'http://registry.invalid'))
  return `${url.pathname}${url.search}`
}

function verifier(digest: Digest, sizeBytes: number): TransformStream<Uint8Array, Uint8Array> {
  const hash = createHash(digestAlgorithm(digest))
  let size = 0
  return new TransformStream({
    transform(chunk, controller) {
      hash.update(chunk)
      size += chunk.byteLength
      if (size > sizeBytes) throw otherBytes(digest)
      controller.enqueue(chunk)
    },
    flush() {
      if (size !== sizeBytes || hash.digest('hex') !== digestHex(digest)) throw otherBytes(digest)
    },
  })
}

function otherBytes(digest: Digest): Error {
  return badAnswer('DIGEST_INVALID', `the registry gave other bytes than those of ${digest}`)
}
