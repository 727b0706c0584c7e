// An image, or an index with all below it, from one registry to another: first blobs, then manifests from below, the
// tag last, so that at no moment the target names what it doesn't have.

import type { Digest } from '@entrepot/oci/digest.ts'
import { parseManifest } from '@entrepot/oci/manifest.ts'
import type { BlobArrival, Manifest, Registry } from './registry.ts'
import { badAnswer } from './registry-error.ts'

export interface Place {
  readonly registry: Registry
  readonly repository: string
  /** A tag or a digest. */
  readonly reference: string
}

export interface CopyOptions {
  readonly signal?: AbortSignal | undefined
  /** Told of each blob that is there now. */
  readonly onBlob?: (blob: { readonly digest: Digest; readonly arrival: BlobArrival }) => void
}

export interface Copied {
  readonly digest: Digest
  readonly manifests: number
  readonly blobs: Readonly<Record<BlobArrival, number>>
  /** Of the blobs that were sent. */
  readonly sentBytes: number
}

/** Blobs on their way at the same time, and manifests asked for. */
const parallelTransfers = 4
/** As the registries take them: nesting, and what one index may hold. */
const maxDepth = 8
const maxManifests = 10_000
/** Of a blob whose transfer broke off. */
const maxAttempts = 3

interface Blob {
  readonly digest: Digest
  readonly sizeBytes: number
}

/** What has to go over, in the order in which the target takes it. */
interface Plan {
  readonly manifests: readonly Manifest[]
  readonly blobs: readonly Blob[]
}

/** Throws RegistryError, CallError, ManifestProblem, the signal's reason. */
export async function copyImage(
  source: Place,
  target: Place,
  options: CopyOptions = {},
): Promise<Copied> {
  const { signal } = options
  const top = await source.registry.getManifest(source.repository, source.reference, { signal })
  const { manifests, blobs } = await planCopy(source, target, top, signal)
  const arrivals = { present: 0, mounted: 0, pushed: 0 }
  let sentBytes = 0
  await inParallel(blobs, signal, async (blob, stop) => {
    const arrival = await copyBlob(source, target, blob, stop)
    arrivals[arrival] += 1
    if (arrival === 'pushed') sentBytes += blob.sizeBytes
    options.onBlob?.({ digest: blob.digest, arrival })
  })
  for (const manifest of manifests) {
    const reference = manifest === top ? target.reference : manifest.digest
    await target.registry.putManifest(target.repository, reference, manifest, { signal })
  }
  return { digest: top.digest, manifests: manifests.length, blobs: arrivals, sentBytes }
}

async function planCopy(
  source: Place,
  target: Place,
  top: Manifest,
  signal: AbortSignal | undefined,
): Promise<Plan> {
  const levels: (readonly Manifest[])[] = []
  const seen = new Set<Digest>([top.digest])
  const blobs = new Map<Digest, Blob>()
  for (let level: readonly Manifest[] = [top]; level.length > 0; ) {
    if (levels.length === maxDepth) throw badAnswer('MANIFEST_INVALID', 'indexes nest too deep')
    levels.push(level)
    const children: Digest[] = []
    for (const { bytes, mediaType } of level) {
      for (const ref of parseManifest(bytes, mediaType).refs) {
        // Layers that their licence keeps where they are.
        if (ref.nonDistributable) continue
        if (ref.target === 'blob') blobs.set(ref.digest, ref)
        else if (!seen.has(ref.digest)) children.push(ref.digest)
        seen.add(ref.digest)
      }
    }
    if (seen.size > maxManifests + blobs.size) {
      throw badAnswer('MANIFEST_INVALID', `there are over ${maxManifests} manifests below it`)
    }
    level = await fetchMissing(source, target, children, signal)
  }
  return { manifests: levels.toReversed().flat(), blobs: [...blobs.values()] }
}

/** An image that the target has is there whole; so is what is below an index. */
async function fetchMissing(
  source: Place,
  target: Place,
  digests: readonly Digest[],
  signal: AbortSignal | undefined,
): Promise<readonly Manifest[]> {
  const found = new Map<Digest, Manifest>()
  await inParallel(digests, signal, async (digest, stop) => {
    const options = { signal: stop }
    if (await target.registry.hasManifest(target.repository, digest, options)) return
    found.set(digest, await source.registry.getManifest(source.repository, digest, options))
  })
  return digests.flatMap((digest) => found.get(digest) ?? [])
}

async function copyBlob(
  source: Place,
  target: Place,
  blob: Blob,
  signal: AbortSignal,
): Promise<BlobArrival> {
  const open = () => source.registry.openBlob(source.repository, blob, { signal })
  const isOneRegistry = source.registry.origin === target.registry.origin
  const mountFrom = isOneRegistry ? source.repository : undefined
  for (let attempt = 1; ; attempt += 1) {
    try {
      const options = { signal, mountFrom }
      return await target.registry.pushBlob(target.repository, { ...blob, open }, options)
    } catch (error) {
      if (signal.aborted || attempt === maxAttempts || !isPassing(error)) throw error
    }
  }
}

/** Broken off, or refused for the moment; what is refused for good stays refused. */
function isPassing(error: unknown): boolean {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : undefined
  return status === undefined || status === 401 || status === 429 || status >= 500
}

/** Bounded; the first failure stops the others, and is thrown when they have stopped. */
async function inParallel<T>(
  items: readonly T[],
  signal: AbortSignal | undefined,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController()
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal
  const queue = items.values()
  const worker = async () => {
    for (const item of queue) {
      either.throwIfAborted()
      await work(item, either)
    }
  }
  const workers = Array.from({ length: Math.min(parallelTransfers, items.length) }, () =>
    worker().catch((error) => {
      stop.abort(error)
      throw error
    }),
  )
  const ended = await Promise.allSettled(workers)
  signal?.throwIfAborted()
  if (ended.some(({ status }) => status === 'rejected')) throw stop.signal.reason
}
