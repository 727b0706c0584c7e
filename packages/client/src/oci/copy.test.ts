// Copies between the program's own registries: within one, to another, and what goes wrong on the way.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Digest, digestOf } from '@entrepot/oci/digest.ts'
import { ociImage, ociIndex } from '@entrepot/oci/media-types.ts'
import { imageOf, ownerOf, type TestClient } from '@entrepot/server/registry/test-client.ts'
import { type TestApp, testApp } from '@entrepot/server/test-app.ts'
import { skippingClock } from '../test-endpoint.ts'
import { copyImage, type Place } from './copy.ts'
import { type BlobSource, Registry } from './registry.ts'
import { RegistryError } from './registry-error.ts'

type Fetch = typeof globalThis.fetch

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const kept: T[] = []
  for await (const item of items) kept.push(item)
  return kept
}

describe('copies', () => {
  let here: TestApp
  let there: TestApp
  let owner: TestClient

  before(async () => {
    here = await testApp({ realTime: true })
    // Of what is stopped or refused on purpose.
    there = await testApp({ realTime: true, leaves: { uploads: true } })
    owner = ownerOf(here)
  })
  after(async () => {
    await there.close()
    await here.close()
  })

  function registry(app: TestApp, more: { fetch?: Fetch; isAnonymous?: boolean } = {}): Registry {
    const login = { username: app.username, password: app.password }
    return new Registry({
      origin: app.url,
      clock: skippingClock(Date.now()),
      ...(more.fetch && { fetch: more.fetch }),
      ...(!more.isAnonymous && { login }),
    })
  }
  const place = (app: TestApp, path: string, reference: string, fetch?: Fetch): Place => ({
    registry: registry(app, fetch && { fetch }),
    repository: `${app.namespace}/${path}`,
    reference,
  })
  const path = (name: string) => `${here.namespace}/${name}`

  async function pushIndex(name: string, tag: string): Promise<Digest> {
    const images = [
      await owner.pushImage(path(name), 'amd64', `${name} amd64`),
      await owner.pushImage(path(name), 'arm64', `${name} arm64`),
    ]
    const manifests = images.map(({ digest, bytes }) => ({
      mediaType: ociImage,
      digest,
      size: bytes.byteLength,
    }))
    const index = { schemaVersion: 2, mediaType: ociIndex, manifests }
    const bytes = Buffer.from(JSON.stringify(index))
    assert.equal((await owner.putManifest(path(name), tag, bytes, ociIndex)).status, 201)
    return digestOf('sha256', bytes)
  }

  it('bring an image to another registry, and find it there the next time', async () => {
    const { digest } = await owner.pushImage(path('app'), 'v1')
    const target = place(there, 'app', 'copied')
    const seen: string[] = []
    const copied = await copyImage(place(here, 'app', 'v1'), target, {
      onBlob: ({ arrival }) => seen.push(arrival),
    })
    assert.deepEqual(
      [copied.digest, copied.manifests, copied.blobs],
      [digest, 1, { present: 0, mounted: 0, pushed: 2 }],
    )
    assert.deepEqual(seen, ['pushed', 'pushed'])
    assert.equal(copied.sentBytes, 2 + Buffer.byteLength(`${path('app')}:v1`))
    assert.equal(await target.registry.resolve(target.repository, 'copied'), digest)
    const again = await copyImage(place(here, 'app', digest), target)
    assert.deepEqual(again.blobs, { present: 2, mounted: 0, pushed: 0 })
  })

  it('bring an index with all below it, and pass over images that are there', async () => {
    const digest = await pushIndex('multi', 'v1')
    const target = place(there, 'multi', 'v1')
    const copied = await copyImage(place(here, 'multi', 'v1'), target)
    // Both images have the same config.
    assert.deepEqual([copied.digest, copied.manifests, copied.blobs.pushed], [digest, 3, 3])
    assert.equal(await target.registry.resolve(target.repository, 'v1'), digest)
    const again = await copyImage(place(here, 'multi', 'v1'), target)
    assert.deepEqual([again.manifests, again.blobs.present], [1, 0])
  })

  it('mount blobs within a registry', async () => {
    await owner.pushImage(path('mounted'), 'v1', 'only here')
    const copied = await copyImage(place(here, 'mounted', 'v1'), place(here, 'mounted-2', 'v1'))
    assert.deepEqual(copied.blobs, { present: 0, mounted: 2, pushed: 0 })
    assert.equal(copied.sentBytes, 0)
  })

  it('list tags over pages, in the registry’s order', async () => {
    const { bytes } = await owner.pushImage(path('tagged'), 'v0')
    for (const tag of ['b', 'a', 'c']) await owner.putManifest(path('tagged'), tag, bytes)
    const small: Fetch = (url, init) => fetch(String(url).replace('n=1000', 'n=2'), init)
    const tags = registry(here, { fetch: small }).listTags(path('tagged'))
    assert.deepEqual(await all(tags), ['a', 'b', 'c', 'v0'])
  })

  it('say what is not there, or not theirs', async () => {
    const code = async (work: Promise<unknown>) => {
      try {
        await work
        return 'done'
      } catch (error) {
        assert.ok(error instanceof RegistryError)
        return `${error.status} ${error.code}`
      }
    }
    const target = place(there, 'none', 'v1')
    assert.equal(await code(copyImage(place(here, 'none', 'v1'), target)), '404 MANIFEST_UNKNOWN')
    assert.equal(await target.registry.resolve(target.repository, 'v1'), undefined)
    const anonymous = registry(here, { isAnonymous: true })
    assert.equal(await code(anonymous.getManifest(path('app'), 'v1')), '401 UNAUTHORIZED')
    const login = { username: here.username, password: 'wrong' }
    const wrong = new Registry({ origin: here.url, login })
    assert.equal(await code(wrong.getManifest(path('app'), 'v1')), '401 UNAUTHORIZED')
  })

  it('repeat what could not be answered just now, and a transfer that broke off', async () => {
    await owner.pushImage(path('flaky'), 'v1', 'flaky')
    let refused = 0
    const busy: Fetch = async (url, init) => {
      if (String(url).includes('/service/token')) return fetch(url, init)
      refused += 1
      return refused % 2 === 1 ? new Response('', { status: 503 }) : fetch(url, init)
    }
    let broken = 0
    const breaking: Fetch = async (url, init) => {
      if (init?.method !== 'PUT' || broken > 0) return fetch(url, init)
      broken += 1
      throw new TypeError('fetch failed', { cause: new Error('reset') })
    }
    const target = place(there, 'flaky', 'v1', breaking)
    const copied = await copyImage(place(here, 'flaky', 'v1', busy), target)
    assert.deepEqual([copied.blobs.pushed, broken], [2, 1])
    assert.ok(refused > 4)
  })

  it('take no bytes but those of the digest', async () => {
    await owner.pushImage(path('altered'), 'v1', 'right bytes')
    const altered: Fetch = async (url, init) => {
      const response = await fetch(url, init)
      if (init?.method !== 'GET' || !String(url).includes('/blobs/')) return response
      return new Response('wrong bytes', { headers: response.headers })
    }
    const target = place(there, 'altered', 'v1')
    await assert.rejects(
      copyImage(place(here, 'altered', 'v1', altered), target),
      /gave other bytes/,
    )
    assert.equal(await target.registry.resolve(target.repository, 'v1'), undefined)
    const manifests: Fetch = async (url, init) => {
      const response = await fetch(url, init)
      const { headers, status } = response
      const isManifest = String(url).includes('/manifests/') && status === 200
      return isManifest ? new Response('{}', { headers }) : response
    }
    await assert.rejects(
      registry(here, { fetch: manifests }).getManifest(path('altered'), 'v1'),
      /other bytes/,
    )
  })

  it('stop when they are told to', async () => {
    await owner.pushImage(path('stopped'), 'v1')
    const stop = new AbortController()
    const stopping: Fetch = (url, init) => {
      if (init?.method === 'POST') stop.abort(new Error('enough'))
      return fetch(url, init)
    }
    const target = place(there, 'stopped', 'v1', stopping)
    const { signal } = stop
    await assert.rejects(copyImage(place(here, 'stopped', 'v1'), target, { signal }), /enough/)
  })

  it('push a blob of their own', async () => {
    const bytes = Buffer.from('made here')
    const blob: BlobSource = {
      digest: digestOf('sha512', bytes),
      sizeBytes: bytes.byteLength,
      open: async () => new Blob([bytes]).stream(),
    }
    const target = registry(there)
    const repository = `${there.namespace}/own`
    assert.equal(await target.pushBlob(repository, blob), 'pushed')
    assert.equal(await target.pushBlob(repository, blob), 'present')
    const layer = [[blob.digest, blob.sizeBytes]] as const
    const manifest = imageOf({ config: blob.digest, configBytes: blob.sizeBytes, layers: layer })
    const digest = digestOf('sha256', manifest)
    await target.putManifest(repository, 'v1', { bytes: manifest, mediaType: ociImage, digest })
    const chunks = await all(await target.openBlob(repository, blob))
    assert.deepEqual(Buffer.concat(chunks), bytes)
  })
})
