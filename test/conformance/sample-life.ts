// The whole life of one sample set: push, list, head, get, query, delete, with every requirement checked.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Content } from './content.ts'
import {
  acceptAll,
  expectManifestCreated,
  expectManifestHeaders,
  expectManifestPulled,
  getManifest,
  manifestPath,
  putManifest,
  subjectOf,
} from './manifests.ts'
import { expectReferrers, listReferrers } from './referrers.ts'
import type { Registry } from './registry.ts'
import { expectBytes, expectHeader, expectStatus } from './reply-checks.ts'
import type { SampleSet } from './sample-sets.ts'
import { listTags } from './tags.ts'
import { expectBlobCreated, type UploadWay, upload, uploadWays } from './uploads.ts'

interface Place {
  readonly registry: Registry
  readonly repository: string
}

export async function live(
  t: TestContext,
  registry: Registry,
  set: SampleSet,
  name: string,
): Promise<void> {
  const place = { registry, repository: registry.freshRepository() }
  const sha512 = name.endsWith('sha512')
  let pushed = false
  await t.test('push', async () => {
    await push(place, set, sha512)
    pushed = true
  })
  if (!pushed) return
  await t.test('list tags', () => listsTags(place, set))
  await t.test('head', () => pull(place, set, 'HEAD'))
  await t.test('get', () => pull(place, set, 'GET'))
  if (registry.has('referrers')) await t.test('referrers', () => referrers(place, set))
  await t.test('delete', () => deleteAll(place, set))
}

const usableWays = (target: Registry): readonly UploadWay[] =>
  uploadWays.filter((way) => way !== 'post only' || target.has('single-post'))

async function push(place: Place, set: SampleSet, sha512: boolean): Promise<void> {
  const { registry, repository } = place
  const ways = usableWays(registry)
  for (const [at, item] of set.blobs.entries()) {
    const way = ways[at % ways.length] ?? 'post+put'
    await expectBlobCreated(registry, await upload(registry, repository, item, way), item)
  }
  for (const item of set.manifests) {
    const reply = await putManifest(registry, repository, item)
    await expectManifestCreated(registry, reply, item)
  }
  for (const [tag, digest] of set.tags) {
    const item = manifestOf(set, digest)
    // A push by tag lets the registry choose the algorithm, so a tag for sha512 goes with the digest.
    const reply = sha512
      ? await putManifest(registry, repository, item, { tags: [tag] })
      : await putManifest(registry, repository, item, { reference: tag })
    await expectManifestCreated(registry, reply, item)
  }
}

function manifestOf(set: SampleSet, digest: string): Content {
  const found = set.manifests.find((item) => item.digest === digest)
  assert.ok(found !== undefined)
  return found
}

async function listsTags(place: Place, set: SampleSet): Promise<void> {
  const { registry, repository } = place
  const { tags } = await listTags(registry, repository)
  assert.deepEqual([...tags].sort(), [...set.tags.keys()].sort())
}

async function pull(place: Place, set: SampleSet, method: 'GET' | 'HEAD'): Promise<void> {
  const { registry, repository } = place
  const references = [
    ...[...set.tags].map(([tag, digest]) => [tag, manifestOf(set, digest)] as const),
    ...set.manifests.map((item) => [item.digest, item] as const),
  ]
  for (const [reference, item] of references) {
    const reply = await getManifest(registry, repository, reference, method)
    if (method === 'GET') expectManifestPulled(registry, reply, item)
    else expectManifestHeaders(registry, reply, item)
    if (method === 'HEAD') assert.equal(reply.body.length, 0)
  }
  for (const item of set.blobs) {
    const reply = await registry.call(method, `/v2/${repository}/blobs/${item.digest}`)
    expectStatus(reply, 200)
    expectHeader(reply, 'Content-Length', String(item.bytes.length))
    if (registry.has('digest-header')) expectHeader(reply, 'Docker-Content-Digest', item.digest)
    expectBytes(reply, method === 'GET' ? item.bytes : Buffer.alloc(0))
  }
}

async function referrers(place: Place, set: SampleSet): Promise<void> {
  const { registry, repository } = place
  const bySubject = Map.groupBy(set.manifests, (item) => subjectOf(item) ?? '')
  for (const item of set.manifests) {
    const found = await listReferrers(registry, repository, item.digest)
    expectReferrers(found.descriptors, bySubject.get(item.digest) ?? [])
  }
  for (const [subject, items] of bySubject) {
    if (subject === '') continue
    const found = await listReferrers(registry, repository, subject)
    expectReferrers(found.descriptors, items)
    const types = new Set(found.descriptors.map((item) => item.artifactType))
    for (const artifactType of types) {
      if (artifactType === undefined) continue
      const filtered = await listReferrers(registry, repository, subject, { artifactType })
      for (const reply of filtered.replies) {
        expectHeader(reply, 'OCI-Filters-Applied', 'artifactType')
      }
      const wanted = found.descriptors.filter((item) => item.artifactType === artifactType)
      assert.deepEqual(filtered.descriptors, wanted)
    }
  }
}

/** Tags, then manifests from the outside in, then blobs; each is gone at once. */
async function deleteAll(place: Place, set: SampleSet): Promise<void> {
  const { registry, repository } = place
  if (registry.has('tag-delete')) {
    for (const tag of set.tags.keys()) await deleteAt(registry, manifestPath(repository, tag))
    assert.deepEqual((await listTags(registry, repository)).tags, [])
  }
  if (registry.has('manifest-delete')) {
    for (const item of set.manifests.toReversed()) {
      await deleteAt(registry, manifestPath(repository, item.digest))
    }
  }
  if (registry.has('manifest-delete') && registry.has('blob-delete')) {
    for (const item of set.blobs) await deleteAt(registry, `/v2/${repository}/blobs/${item.digest}`)
  }
}

async function deleteAt(registry: Registry, path: string): Promise<void> {
  expectStatus(await registry.call('DELETE', path), 202)
  const headers = { Accept: acceptAll }
  expectStatus(await registry.call('HEAD', path, { headers }), 404)
  expectStatus(await registry.call('GET', path, { headers }), 404)
  expectStatus(await registry.call('DELETE', path), 404)
}
