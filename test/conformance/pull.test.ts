// "Pull": manifests and blobs by GET and HEAD.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { before, describe } from 'node:test'
import * as made from './content.ts'
import * as manifests from './manifests.ts'
import * as media from './media-types.ts'
import { expectBytes, expectHeader, expectStatus, single } from './reply-checks.ts'
import { conforms, openTarget } from './target.ts'
import { pushBlob } from './uploads.ts'

const registry = await openTarget()
const repository = registry.freshRepository()
const image = made.image()
const blob = image.blobs[0] ?? made.blob()
const blobPath = `/v2/${repository}/blobs/${blob.digest}`

before(async () => {
  await manifests.pushImage(registry, repository, image)
  await manifests.pushManifest(registry, repository, image.manifest, 'v1.0')
})

describe('pulling manifests (end-3)', () => {
  for (const method of ['GET', 'HEAD'] as const) {
    conforms(registry, `${method} by tag and by digest`, [], async () => {
      for (const reference of ['v1.0', image.manifest.digest]) {
        const reply = await manifests.getManifest(registry, repository, reference, method)
        manifests.expectManifestHeaders(registry, reply, image.manifest)
        expectBytes(reply, method === 'GET' ? image.manifest.bytes : Buffer.alloc(0))
      }
    })
  }

  const accepts: readonly (readonly [string, Readonly<Record<string, string | string[]>>])[] = [
    ['no Accept', {}],
    ['Accept: */*', { Accept: '*/*' }],
    ['one Accept with a list', { Accept: manifests.acceptAll.join(', ') }],
    ['several Accept headers', { Accept: manifests.acceptAll }],
    ['Accept with weights', { Accept: `${media.ociIndex};q=0.9, ${media.ociManifest};q=0.5` }],
  ]
  for (const [name, headers] of accepts) {
    conforms(registry, `content negotiation: ${name}`, [], async () => {
      const path = manifests.manifestPath(repository, 'v1.0')
      const reply = await registry.call('GET', path, { headers })
      manifests.expectManifestPulled(registry, reply, image.manifest)
    })
  }

  conforms(registry, 'a type that is not accepted is sent as it is', ['entrepot'], async () => {
    // The bytes decide the digest: a manifest is never converted, and clients read its Content-Type.
    const headers = { Accept: media.dockerManifest }
    const path = manifests.manifestPath(repository, 'v1.0')
    const reply = await registry.call('GET', path, { headers })
    manifests.expectManifestPulled(registry, reply, image.manifest)
  })

  conforms(registry, 'a blob is no manifest, a manifest is no blob of its own', [], async () => {
    const path = manifests.manifestPath(repository, blob.digest)
    expectStatus(await registry.call('GET', path), 404)
  })

  conforms(registry, 'another repository does not have it', [], async () => {
    const other = registry.freshRepository()
    const reply = await manifests.getManifest(registry, other, image.manifest.digest)
    expectStatus(reply, 404)
  })

  conforms(registry, 'odd spacing in the JSON is kept byte for byte', [], async () => {
    const fields: unknown = JSON.parse(image.manifest.bytes.toString('utf8'))
    const text = `\n${JSON.stringify(fields, null, '\t')}  \r\n`
    const odd = made.content(text, media.ociManifest)
    const reply = await manifests.putManifest(registry, repository, odd)
    await manifests.expectManifestCreated(registry, reply, odd)
  })
})

describe('pulling blobs (end-2)', () => {
  conforms(registry, 'GET: the bytes, their length and their digest', [], async () => {
    const reply = await registry.call('GET', blobPath)
    expectStatus(reply, 200)
    expectBytes(reply, blob.bytes)
    expectHeader(reply, 'Content-Length', String(blob.bytes.length))
  })

  conforms(registry, 'HEAD: the same headers, no body', [], async () => {
    const reply = await registry.call('HEAD', blobPath)
    expectStatus(reply, 200)
    expectBytes(reply, Buffer.alloc(0))
    expectHeader(reply, 'Content-Length', String(blob.bytes.length))
  })

  conforms(registry, 'GET and HEAD carry Docker-Content-Digest', ['digest-header'], async () => {
    for (const method of ['GET', 'HEAD']) {
      const reply = await registry.call(method, blobPath)
      expectHeader(reply, 'Docker-Content-Digest', blob.digest)
    }
  })

  conforms(registry, 'a blob is octets whatever it was called', ['entrepot'], async () => {
    const reply = await registry.call('GET', blobPath)
    expectHeader(reply, 'Content-Type', media.octets)
    expectHeader(reply, 'X-Content-Type-Options', 'nosniff')
  })

  conforms(registry, 'another repository does not have it', [], async () => {
    const reply = await registry.call(
      'GET',
      `/v2/${registry.freshRepository()}/blobs/${blob.digest}`,
    )
    expectStatus(reply, 404)
  })

  conforms(registry, 'a blob of several megabytes arrives whole', [], async () => {
    const large = made.content(randomBytes(5 * 1024 * 1024 + 17))
    await pushBlob(registry, repository, large, 'stream')
    const reply = await registry.call('GET', `/v2/${repository}/blobs/${large.digest}`)
    expectStatus(reply, 200)
    expectBytes(reply, large.bytes)
  })

  conforms(registry, 'Accept-Encoding changes nothing (containerd)', [], async () => {
    // containerd core/remotes/docker/fetcher.go asks for zstd, gzip and deflate; a layer that is
    // encoded again has another length and another digest.
    for (const path of [blobPath, manifests.manifestPath(repository, 'v1.0')]) {
      const headers = { Accept: manifests.acceptAll, 'Accept-Encoding': 'zstd, gzip, deflate, br' }
      const reply = await registry.call('GET', path, { headers })
      expectStatus(reply, 200)
      assert.deepEqual(reply.values('Content-Encoding'), [])
      assert.equal(reply.body.length, Number(single(reply, 'Content-Length')))
    }
  })
})

describe('conditional requests (RFC 9110 section 13)', () => {
  for (const method of ['GET', 'HEAD']) {
    const name = `${method} with the ETag it gave: 304, without a body`
    conforms(registry, name, ['conditional-requests'], async () => {
      const headers = { Accept: manifests.acceptAll }
      for (const path of [blobPath, manifests.manifestPath(repository, 'v1.0')]) {
        const etag = single(await registry.call(method, path, { headers }), 'ETag')
        assert.match(etag, /^(W\/)?"[^"]+"$/)
        for (const condition of [etag, `"other", ${etag}`, '*']) {
          const conditional = { ...headers, 'If-None-Match': condition }
          const reply = await registry.call(method, path, { headers: conditional })
          expectStatus(reply, 304)
          expectBytes(reply, Buffer.alloc(0))
          expectHeader(reply, 'ETag', etag)
        }
        const changed = { ...headers, 'If-None-Match': '"other"' }
        expectStatus(await registry.call(method, path, { headers: changed }), 200)
      }
    })
  }
})
