// Rules of our own where the specification leaves a choice; skipped against other registries.
import assert from 'node:assert/strict'
import { describe } from 'node:test'
import * as made from './content.ts'
import type { Reply } from './http-client.ts'
import * as manifests from './manifests.ts'
import * as media from './media-types.ts'
import { expectErrorBody, expectHeader, expectStatus } from './reply-checks.ts'
import { conforms, openTarget } from './target.ts'
import { pushBlob } from './uploads.ts'

const MAX_REFERENCES = 10_000
const registry = await openTarget()

function expectGuarded(reply: Reply): void {
  // The console may share this origin: nothing that was pushed may run in a browser.
  expectHeader(reply, 'X-Content-Type-Options', 'nosniff')
  expectHeader(reply, 'Content-Security-Policy', "default-src 'none'; sandbox")
  expectHeader(reply, 'Cross-Origin-Resource-Policy', 'same-origin')
  assert.deepEqual(reply.values('Set-Cookie'), [])
}

describe('answers are no web pages', () => {
  conforms(registry, 'every kind of answer carries the guards', ['entrepot'], async () => {
    const repository = registry.freshRepository()
    const image = made.image()
    await manifests.pushImage(registry, repository, image, 'latest')
    const [blob = made.blob()] = image.blobs
    const paths = [
      '/v2/',
      `/v2/${repository}/manifests/latest`,
      `/v2/${repository}/manifests/missing`,
      `/v2/${repository}/blobs/${blob.digest}`,
      `/v2/${repository}/tags/list`,
      `/v2/${repository}/referrers/${blob.digest}`,
      '/v2/_catalog',
      '/v2/nothing-here',
    ]
    for (const path of paths) {
      for (const method of ['GET', 'HEAD']) expectGuarded(await registry.call(method, path))
    }
    expectGuarded(await registry.call('GET', '/v2/', { authorization: 'none' }))
    expectGuarded(await registry.call('POST', `/v2/${repository}/blobs/uploads/`))
  })

  conforms(registry, 'a request id in every answer', ['entrepot'], async () => {
    const reply = await registry.call('GET', '/v2/')
    assert.match(reply.header('X-Request-Id') ?? '', /^\S{8,}$/)
  })

  for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']) {
    conforms(registry, `${method} /v2/: 405`, ['entrepot'], async () => {
      expectStatus(await registry.call(method, '/v2/'), 405)
    })
  }
})

describe('where a push may go', () => {
  const path = (name: string) => `/v2/${name}/blobs/uploads/`

  conforms(
    registry,
    'a namespace that does not exist: refused, with advice',
    ['entrepot'],
    async () => {
      const reply = await registry.call('POST', path('no-such-namespace/app'))
      expectStatus(reply, 403, 404)
      const [error] = expectErrorBody(reply)
      assert.match(error?.message ?? '', /namespace/i)
    },
  )

  conforms(registry, 'a name without a namespace: refused, with advice', ['entrepot'], async () => {
    const reply = await registry.call('POST', path('app'))
    expectStatus(reply, 400, 403, 404)
    const [error] = expectErrorBody(reply)
    assert.match(error?.message ?? '', /namespace/i)
  })
})

describe('what is missing may come later', () => {
  conforms(registry, 'an index before its children', ['sparse-index'], async () => {
    const repository = registry.freshRepository()
    const children = ['amd64', 'arm64'].map((at) => made.image({}, 'sha256', at))
    const index = made.index(children.map((child) => made.describe(child.manifest)))
    await manifests.pushManifest(registry, repository, index, 'early')
    for (const child of children) {
      const { digest } = child.manifest
      expectStatus(await manifests.getManifest(registry, repository, digest), 404)
      await manifests.pushImage(registry, repository, child)
      const reply = await manifests.getManifest(registry, repository, digest)
      manifests.expectManifestPulled(registry, reply, child.manifest)
    }
    const reply = await manifests.getManifest(registry, repository, 'early')
    manifests.expectManifestPulled(registry, reply, index)
  })

  conforms(
    registry,
    'an image whose own layers are nowhere is refused',
    ['entrepot'],
    async (t) => {
      if (registry.has('sparse-image')) return t.skip('sparse images are accepted')
      const repository = registry.freshRepository()
      const image = made.image()
      await pushBlob(registry, repository, image.blobs[0] ?? made.blob())
      const reply = await manifests.putManifest(registry, repository, image.manifest)
      expectStatus(reply, 400, 404)
      const errors = expectErrorBody(reply, 'MANIFEST_BLOB_UNKNOWN')
      const text = JSON.stringify(errors)
      assert.ok(!text.includes(image.blobs[0]?.digest ?? ''), 'names only what is missing')
      for (const item of image.blobs.slice(1)) assert.ok(text.includes(item.digest))
    },
  )
})

describe('limits', () => {
  conforms(registry, '10,000 references are taken, one more is refused', ['entrepot'], async () => {
    const repository = registry.freshRepository()
    const child = (at: number): made.Descriptor => ({
      mediaType: media.ociManifest,
      digest: made.digestOf(Buffer.from(`child ${at}`)),
      size: 10,
    })
    const children = Array.from({ length: MAX_REFERENCES }, (_, at) => child(at))
    const full = made.index(children)
    const accepted = await manifests.putManifest(registry, repository, full)
    await manifests.expectManifestCreated(registry, accepted, full)
    const over = made.index([...children, child(MAX_REFERENCES)])
    const refused = await manifests.putManifest(registry, repository, over)
    expectStatus(refused, 400, 413)
    expectErrorBody(refused)
  })

  conforms(registry, 'JSON nested without end is refused quickly', ['entrepot'], async () => {
    const deep = `{"schemaVersion":2,"manifests":[],"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`
    const item = made.content(deep, media.ociIndex)
    const reply = await manifests.putManifest(registry, registry.freshRepository(), item)
    expectStatus(reply, 400)
    expectErrorBody(reply, 'MANIFEST_INVALID')
  })
})
