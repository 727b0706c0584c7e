// What containerd, Docker and the libraries of crane, kaniko and jib send and read; sources named at each.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe } from 'node:test'
import * as made from './content.ts'
import * as manifests from './manifests.ts'
import * as media from './media-types.ts'
import {
  expectBytes,
  expectHeader,
  expectLawfulWarnings,
  expectStatus,
  single,
} from './reply-checks.ts'
import { conforms, openTarget } from './target.ts'
import * as uploads from './uploads.ts'

const registry = await openTarget()

describe('containerd, nerdctl, BuildKit (core/remotes/docker)', () => {
  conforms(registry, 'resolver.go: HEAD alone describes the manifest', [], async () => {
    const repository = registry.freshRepository()
    const image = made.image()
    await manifests.pushImage(registry, repository, image, 'latest')
    const reply = await manifests.getManifest(registry, repository, 'latest', 'HEAD')
    expectStatus(reply, 200)
    expectHeader(reply, 'Docker-Content-Digest', image.manifest.digest)
    expectHeader(reply, 'Content-Length', String(image.manifest.bytes.length))
    expectHeader(reply, 'Content-Type', image.manifest.mediaType)
    expectLawfulWarnings(reply)
  })

  conforms(registry, 'resolver.go: ?ns= on every request, pushes included', [], async () => {
    const repository = registry.freshRepository()
    const query = { ns: 'docker.io' }
    const image = made.image()
    for (const item of image.blobs) {
      const path = `/v2/${repository}/blobs/${item.digest}`
      expectStatus(await registry.call('HEAD', path, { query }), 404)
      const started = await registry.call('POST', `/v2/${repository}/blobs/uploads/`, { query })
      expectStatus(started, 202)
      const location = uploads.locationOf(started)
      const put = { query: { digest: item.digest, ...query }, body: item.bytes }
      expectStatus(await registry.call('PUT', location, put), 201)
      const pulled = await registry.call('GET', path, { query })
      expectStatus(pulled, 200)
      expectBytes(pulled, item.bytes)
    }
    const path = manifests.manifestPath(repository, 'latest')
    const headers = { 'Content-Type': image.manifest.mediaType }
    const options = { query, headers, body: image.manifest.bytes }
    expectStatus(await registry.call('PUT', path, options), 201)
    const accept = { Accept: manifests.acceptAll }
    const reply = await registry.call('GET', path, { query, headers: accept })
    manifests.expectManifestPulled(registry, reply, image.manifest)
    const { digest } = image.manifest
    const missing = await registry.call('GET', `/v2/${repository}/blobs/${digest}`, { query })
    // A digest reference is tried under /manifests/ first and then under /blobs/.
    expectStatus(missing, 200, 404)
  })

  conforms(registry, 'pusher.go: the whole body in the PUT, no PATCH', [], async () => {
    const repository = registry.freshRepository()
    const item = made.content(randomBytes(3_000_000))
    const { location } = await uploads.startUpload(registry, repository)
    const reply = await registry.call('PUT', location, {
      query: { digest: item.digest },
      headers: { 'Content-Type': media.octets },
      body: item.bytes,
      framing: 'chunked',
    })
    await uploads.expectBlobCreated(registry, reply, item)
  })

  conforms(registry, 'pusher.go: a mount that is refused goes on as an upload', [], async () => {
    const item = made.blob()
    const query = { mount: item.digest, from: registry.otherRepository() }
    const path = `/v2/${registry.freshRepository()}/blobs/uploads/`
    const reply = await registry.call('POST', path, { query })
    expectStatus(reply, 202)
    const options = { query: { digest: item.digest }, body: item.bytes }
    expectStatus(await registry.call('PUT', uploads.locationOf(reply), options), 201)
  })

  conforms(registry, 'fetcher.go: parallel ranges of one layer', ['ranges'], async () => {
    const repository = registry.freshRepository()
    const item = made.content(randomBytes(400_000))
    await uploads.pushBlob(registry, repository, item)
    const starts = [0, 100_000, 200_000, 300_000]
    const parts = starts.map(async (start) => {
      const headers = { Range: `bytes=${start}-${start + 99_999}`, 'Accept-Encoding': 'zstd, gzip' }
      const reply = await registry.call('GET', `/v2/${repository}/blobs/${item.digest}`, {
        headers,
      })
      expectStatus(reply, 206)
      return reply.body
    })
    assert.ok(Buffer.concat(await Promise.all(parts)).equals(item.bytes))
  })

  conforms(registry, 'a manifest just under its own limit of 4·1048² bytes', [], async () => {
    const annotations = { 'org.example.padding': 'x'.repeat(4_000_000) }
    const item = made.index([], { annotations })
    const repository = registry.freshRepository()
    const reply = await manifests.putManifest(registry, repository, item, { reference: 'big' })
    await manifests.expectManifestCreated(registry, reply, item)
  })
})

describe('Docker (distribution internal/client/blob_writer.go)', () => {
  conforms(registry, 'PATCH of the layer, chunked, without Content-Range', [], async () => {
    const repository = registry.freshRepository()
    const item = made.blob(200_000)
    const started = await registry.call('POST', `/v2/${repository}/blobs/uploads/`)
    const uuid = single(started, 'Docker-Upload-UUID')
    assert.ok(uuid.length > 0)
    let location = uploads.locationOf(started)
    const half = item.bytes.length / 2
    for (const [at, bytes] of [item.bytes.subarray(0, half), item.bytes.subarray(half)].entries()) {
      const options = { body: bytes, framing: 'chunked' } as const
      const reply = await registry.call('PATCH', location, options)
      expectStatus(reply, 202)
      expectHeader(reply, 'Docker-Upload-UUID', uuid)
      // Parsed with "%d-%d": `bytes=` in front breaks it.
      expectHeader(reply, 'Range', `0-${(at + 1) * half - 1}`)
      location = uploads.locationOf(reply)
    }
    const reply = await uploads.finishUpload(registry, location, item.digest)
    await uploads.expectBlobCreated(registry, reply, item)
  })

  conforms(registry, 'push of a manifest: HEAD of every blob, then PUT by tag', [], async () => {
    const repository = registry.freshRepository()
    const image = made.image()
    for (const item of image.blobs) {
      const path = `/v2/${repository}/blobs/${item.digest}`
      expectStatus(await registry.call('HEAD', path), 404)
      await uploads.pushBlob(registry, repository, item, 'stream')
      const head = await registry.call('HEAD', path)
      expectStatus(head, 200)
      expectHeader(head, 'Docker-Content-Digest', item.digest)
      expectHeader(head, 'Content-Length', String(item.bytes.length))
    }
    await manifests.pushManifest(registry, repository, image.manifest, 'latest')
  })

  conforms(
    registry,
    'Docker-Distribution-Api-Version says registry/2.0',
    ['entrepot'],
    async () => {
      const reply = await registry.call('GET', '/v2/')
      expectHeader(reply, 'Docker-Distribution-Api-Version', 'registry/2.0')
    },
  )
})

describe('go-containerregistry: crane, ko, kaniko, Flux (pkg/v1/remote)', () => {
  conforms(registry, 'write.go: mount, from and origin together', ['mount'], async () => {
    const source = registry.otherRepository()
    const item = made.blob()
    await uploads.pushBlob(registry, source, item)
    const query = { mount: item.digest, from: source, origin: registry.origin.host }
    const path = `/v2/${registry.freshRepository()}/blobs/uploads/`
    const reply = await registry.call('POST', path, { query })
    await uploads.expectBlobCreated(registry, reply, item)
  })

  conforms(
    registry,
    'write.go: a stream of unknown length, then PUT answered 201',
    [],
    async () => {
      const repository = registry.freshRepository()
      const item = made.blob(70_000)
      await uploads.expectBlobCreated(
        registry,
        await uploads.upload(registry, repository, item, 'stream'),
        item,
      )
    },
  )

  conforms(registry, 'write.go: Location is relative or on the same host', [], async () => {
    // It refuses a Location on another host whose name is a private or loopback address.
    const path = `/v2/${registry.freshRepository()}/blobs/uploads/`
    const text = single(await registry.call('POST', path), 'Location')
    assert.equal(new URL(text, registry.origin).host, registry.origin.host)
    if (registry.has('entrepot')) assert.match(text, /^\/v2\//)
  })

  conforms(registry, 'referrers.go: an index, never 400, 404 or 406', ['referrers'], async () => {
    const headers = { Accept: media.ociIndex }
    const path = `/v2/${registry.freshRepository()}/referrers/${made.missingDigest()}`
    const reply = await registry.call('GET', path, { headers })
    expectStatus(reply, 200)
    expectHeader(reply, 'Content-Type', media.ociIndex)
  })
})

describe('jib (BlobPusher.java)', () => {
  conforms(registry, 'exactly one Location in every answer of a push', [], async () => {
    const repository = registry.freshRepository()
    const item = made.blob(3000)
    const started = await registry.call('POST', `/v2/${repository}/blobs/uploads/`, {
      query: { mount: item.digest, from: registry.otherRepository() },
    })
    single(started, 'Location')
    const options = { body: item.bytes, framing: 'chunked' } as const
    const patched = await registry.call('PATCH', uploads.locationOf(started), options)
    single(patched, 'Location')
    const finished = await uploads.finishUpload(registry, uploads.locationOf(patched), item.digest)
    expectStatus(finished, 201)
    single(finished, 'Location')
  })
})

describe('cautious clients', () => {
  conforms(registry, 'push with all children before the index, by digest', [], async () => {
    const repository = registry.freshRepository()
    const children = await Promise.all(
      ['amd64', 'arm64', 's390x'].map(async (architecture) => {
        const child = made.image({}, 'sha256', architecture)
        await manifests.pushImage(registry, repository, child)
        return made.describe(child.manifest, { platform: { os: 'linux', architecture } })
      }),
    )
    await manifests.pushManifest(registry, repository, made.index(children), 'multi')
  })

  conforms(registry, 'thirty blobs at once, the same ones twice', [], async () => {
    const repository = registry.freshRepository()
    const items = Array.from({ length: 15 }, () => made.blob(5000))
    await Promise.all(
      [...items, ...items].map((item) => uploads.pushBlob(registry, repository, item)),
    )
    for (const item of items) {
      expectStatus(await registry.call('HEAD', `/v2/${repository}/blobs/${item.digest}`), 200)
    }
  })
})
