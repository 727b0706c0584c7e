// Every shape of content, in both digest algorithms, through its whole life: push, list, pull, query, delete.
import assert from 'node:assert/strict'
import { describe, type TestContext } from 'node:test'
import { algorithms, type Content } from './content.ts'
import {
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
import { type SampleKind, type SampleSet, sampleKinds } from './sample-sets.ts'
import { listTags } from './tags.ts'
import { conforms, openTarget } from './target.ts'
import { expectBlobCreated, type UploadWay, upload, uploadWays } from './uploads.ts'

const registry = await openTarget()

for (const algorithm of algorithms) {
  const byAlgorithm = algorithm === 'sha512' ? (['sha512', 'tag-parameters'] as const) : []
  describe(`content in ${algorithm}`, () => {
    for (const kind of sampleKinds) {
      conforms(registry, kind.name, [...kind.needs, ...byAlgorithm], (t) =>
        live(t, kind.build(algorithm), `${kind.name} ${algorithm}`),
      )
    }
  })
}

describe('tags as parameters of the push by digest (end-7b)', () => {
  for (const kind of sampleKinds.filter((item) => item.name === 'index')) {
    conforms(registry, kind.name, ['tag-parameters'], tagEverything(kind))
  }
})

async function live(t: TestContext, set: SampleSet, name: string): Promise<void> {
  const repository = registry.freshRepository()
  const sha512 = name.endsWith('sha512')
  let pushed = false
  await t.test('push', async () => {
    await push(repository, set, sha512)
    pushed = true
  })
  if (!pushed) return
  await t.test('list tags', () => listsTags(repository, set))
  await t.test('head', () => pull(repository, set, 'HEAD'))
  await t.test('get', () => pull(repository, set, 'GET'))
  if (registry.has('referrers')) await t.test('referrers', () => referrers(repository, set))
  await t.test('delete', () => deleteAll(repository, set))
}

const usableWays = (target: Registry): readonly UploadWay[] =>
  uploadWays.filter((way) => way !== 'post only' || target.has('single-post'))

async function push(repository: string, set: SampleSet, sha512: boolean): Promise<void> {
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

async function listsTags(repository: string, set: SampleSet): Promise<void> {
  const { tags } = await listTags(registry, repository)
  assert.deepEqual([...tags].sort(), [...set.tags.keys()].sort())
}

async function pull(repository: string, set: SampleSet, method: 'GET' | 'HEAD'): Promise<void> {
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

async function referrers(repository: string, set: SampleSet): Promise<void> {
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
async function deleteAll(repository: string, set: SampleSet): Promise<void> {
  if (registry.has('tag-delete')) {
    for (const tag of set.tags.keys()) await deleteAt(manifestPath(repository, tag))
    assert.deepEqual((await listTags(registry, repository)).tags, [])
  }
  if (registry.has('manifest-delete')) {
    for (const item of set.manifests.toReversed()) {
      await deleteAt(manifestPath(repository, item.digest))
    }
  }
  if (registry.has('manifest-delete') && registry.has('blob-delete')) {
    for (const item of set.blobs) await deleteAt(`/v2/${repository}/blobs/${item.digest}`)
  }
}

async function deleteAt(path: string): Promise<void> {
  expectStatus(await registry.call('DELETE', path), 202)
  expectStatus(await registry.call('HEAD', path), 404)
  expectStatus(await registry.call('GET', path), 404)
  expectStatus(await registry.call('DELETE', path), 404)
}

function tagEverything(kind: SampleKind): (t: TestContext) => Promise<void> {
  return async () => {
    const set = kind.build('sha256')
    const repository = registry.freshRepository()
    for (const item of set.blobs) await upload(registry, repository, item, 'post+put')
    for (const [at, item] of set.manifests.entries()) {
      const tags = [`each-${at}`, `also-${at}`]
      const reply = await putManifest(registry, repository, item, { tags })
      await expectManifestCreated(registry, reply, item)
      for (const tag of tags) {
        expectManifestPulled(registry, await getManifest(registry, repository, tag), item)
      }
    }
  }
}
