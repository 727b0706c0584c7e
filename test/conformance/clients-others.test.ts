// What podman and skopeo, oras and helm, regctl and the pollers of tags send and read; sources named at each.
import assert from 'node:assert/strict'
import { describe } from 'node:test'
import * as made from './content.ts'
import * as manifests from './manifests.ts'
import * as media from './media-types.ts'
import { listReferrers } from './referrers.ts'
import { expectBytes, expectStatus, single } from './reply-checks.ts'
import { listTags } from './tags.ts'
import { conforms, openTarget } from './target.ts'
import * as uploads from './uploads.ts'

const registry = await openTarget()

describe('containers/image: skopeo, podman, buildah, CRI-O (docker/)', () => {
  conforms(registry, 'docker_image_dest.go: POST, PATCH, PUT', [], async () => {
    const repository = registry.freshRepository()
    const item = made.blob(40_000)
    const { location } = await uploads.startUpload(registry, repository)
    const headers = { 'Content-Type': media.octets }
    const options = { headers, body: item.bytes, framing: 'chunked' } as const
    const patched = await registry.call('PATCH', location, options)
    expectStatus(patched, 202)
    const put = { query: { digest: item.digest }, headers }
    const reply = await registry.call('PUT', uploads.locationOf(patched), put)
    await uploads.expectBlobCreated(registry, reply, item)
  })

  // docker_image_dest.go cancels the upload it did not want; it may push but not delete.
  const cancels = 'docker_image_dest.go: a failed mount, then DELETE of the upload'
  conforms(registry, cancels, ['upload-cancel'], async () => {
    const item = made.blob()
    const query = { mount: item.digest, from: registry.otherRepository() }
    const path = `/v2/${registry.freshRepository()}/blobs/uploads/`
    const reply = await registry.call('POST', path, { query })
    expectStatus(reply, 202)
    expectStatus(await registry.call('DELETE', uploads.locationOf(reply)), 204)
  })

  const resumes = 'body_reader.go: a download that broke is resumed by Range'
  conforms(registry, resumes, ['ranges'], async () => {
    const repository = registry.freshRepository()
    const item = made.blob(100_000)
    await uploads.pushBlob(registry, repository, item)
    const path = `/v2/${repository}/blobs/${item.digest}`
    for (const have of [1, 50_000, 99_999]) {
      const headers = { Range: `bytes=${have}-` }
      const reply = await registry.call('GET', path, { headers })
      expectStatus(reply, 206)
      expectBytes(reply, item.bytes.subarray(have))
      const range = single(reply, 'Content-Range')
      assert.equal(range, `bytes ${have}-99999/100000`)
    }
  })

  conforms(
    registry,
    'docker_image_src.go: many ranges in one request',
    ['multiple-ranges'],
    async () => {
      const repository = registry.freshRepository()
      const item = made.blob(100_000)
      await uploads.pushBlob(registry, repository, item)
      const ranges = Array.from({ length: 16 }, (_, at) => `${at * 5000}-${at * 5000 + 999}`)
      const headers = { Range: `bytes=${ranges.join(',')}` }
      const reply = await registry.call('GET', `/v2/${repository}/blobs/${item.digest}`, {
        headers,
      })
      // Either the parts, or the whole blob in one 200; nothing else is understood.
      expectStatus(reply, 206, 200)
      if (reply.status === 200) return expectBytes(reply, item.bytes)
      assert.match(single(reply, 'Content-Type'), /^multipart\/byteranges; ?boundary=/)
      for (const range of ranges) {
        assert.ok(reply.body.includes(`bytes ${range}/100000`), `part ${range}`)
      }
    },
  )

  conforms(registry, 'docker_client.go: the probe for signatures is a plain 404', [], async () => {
    const path = `/extensions/v2/${registry.freshRepository()}/signatures/${made.missingDigest()}`
    expectStatus(await registry.call('GET', path), 404, 401)
  })

  conforms(registry, 'docker_image_dest.go: the manifest by digest, then by tag', [], async () => {
    const repository = registry.freshRepository()
    const image = made.image()
    await manifests.pushImage(registry, repository, image)
    await manifests.pushManifest(registry, repository, image.manifest, 'latest')
    const reply = await manifests.getManifest(registry, repository, 'latest')
    manifests.expectManifestPulled(registry, reply, image.manifest)
  })
})

describe('oras-go: oras, helm, notation (registry/remote)', () => {
  conforms(
    registry,
    'repository.go: the probe with the digest of zeros',
    ['referrers'],
    async () => {
      const path = `/v2/${registry.freshRepository()}/referrers/sha256:${'0'.repeat(64)}`
      const reply = await registry.call('GET', path)
      expectStatus(reply, 200)
      assert.equal(single(reply, 'Content-Type'), media.ociIndex)
      const { descriptors } = await listReferrers(
        registry,
        registry.freshRepository(),
        made.missingDigest(),
      )
      assert.deepEqual(descriptors, [])
    },
  )

  conforms(
    registry,
    'referrers.go: OCI-Subject turns the fallback tag off',
    ['referrers'],
    async () => {
      const repository = registry.freshRepository()
      const subject = await manifests.pushImage(registry, repository, made.image())
      const attached = made.artifact(media.exampleOne, { subject: made.describe(subject) })
      for (const item of attached.blobs) await uploads.pushBlob(registry, repository, item)
      const reply = await manifests.putManifest(registry, repository, attached.manifest)
      assert.equal(single(reply, 'OCI-Subject'), subject.digest)
    },
  )

  conforms(
    registry,
    'blob.go: POST, then the closing PUT keeps the query of Location',
    [],
    async () => {
      const repository = registry.freshRepository()
      const item = made.blob()
      const { location } = await uploads.startUpload(registry, repository)
      const url = new URL(location)
      const before = [...url.searchParams.keys()]
      url.searchParams.set('digest', item.digest)
      const reply = await registry.call('PUT', url.href, { body: item.bytes })
      assert.ok(!before.includes('digest'))
      await uploads.expectBlobCreated(registry, reply, item)
    },
  )
})

describe('regclient: regctl (scheme/reg/blob.go)', () => {
  conforms(registry, 'mount without from, then PUT to the session it got', [], async () => {
    const item = made.blob()
    const path = `/v2/${registry.freshRepository()}/blobs/uploads/`
    const reply = await registry.call('POST', path, { query: { mount: item.digest } })
    expectStatus(reply, 202, 201)
    if (reply.status === 201) return
    const options = { query: { digest: item.digest }, body: item.bytes }
    const put = await registry.call('PUT', uploads.locationOf(reply), options)
    await uploads.expectBlobCreated(registry, put, item)
  })

  conforms(registry, 'chunks; after 416 the status tells where to go on', [], async () => {
    const repository = registry.freshRepository()
    const { location, chunkBytes } = await uploads.startUpload(registry, repository)
    const item = made.blob(chunkBytes * 2)
    const first = item.bytes.subarray(0, chunkBytes)
    await uploads.sendChunk(registry, location, 0, first)
    // The answer was lost on the way, so the chunk is sent once more.
    const headers = uploads.contentRange(0, first.length)
    expectStatus(await registry.call('PATCH', location, { headers, body: first }), 416)
    const status = await registry.call('GET', location)
    expectStatus(status, 204)
    const start = Number(single(status, 'Range').split('-')[1]) + 1
    assert.equal(start, chunkBytes)
    const bytes = item.bytes.subarray(start)
    const next = await uploads.sendChunk(registry, uploads.locationOf(status), start, bytes)
    const reply = await uploads.finishUpload(registry, next, item.digest)
    await uploads.expectBlobCreated(registry, reply, item)
  })

  conforms(registry, 'a retried POST leaves the first session usable', [], async () => {
    const repository = registry.freshRepository()
    const first = await uploads.startUpload(registry, repository)
    const second = await uploads.startUpload(registry, repository)
    for (const { location } of [second, first]) {
      const item = made.blob()
      const options = { query: { digest: item.digest }, body: item.bytes }
      expectStatus(await registry.call('PUT', location, options), 201)
    }
  })

  const both = ['digest-algorithm', 'sha512', 'tag-parameters'] as const
  conforms(registry, 'digest-algorithm=sha512 and several tags at once', both, async () => {
    const repository = registry.freshRepository()
    const image = made.image({}, 'sha512')
    for (const item of image.blobs) await uploads.pushBlob(registry, repository, item, 'chunks')
    const options = { tags: ['v1', 'v1.2', 'v1.2.3'] }
    const reply = await manifests.putManifest(registry, repository, image.manifest, options)
    await manifests.expectManifestCreated(registry, reply, image.manifest)
    const accepted = reply.values('OCI-Tag').join(',').split(/,\s*/)
    assert.deepEqual(accepted.sort(), options.tags)
  })
})

describe('Argo CD, Flux, image-updater (argo-cd#10641, image-updater#108, source-controller#839)', () => {
  conforms(registry, 'all tags by following Link, when n is given and when not', [], async () => {
    const repository = registry.freshRepository()
    const image = made.image()
    await manifests.pushImage(registry, repository, image)
    const versions = Array.from({ length: 25 }, (_, at) => `v0.${at}.0`)
    for (const version of versions) {
      await manifests.pushManifest(registry, repository, image.manifest, version)
    }
    const queries: readonly Record<string, string>[] = [{}, { n: '10' }, { n: '1000' }]
    for (const query of queries) {
      const { tags } = await listTags(registry, repository, query)
      assert.deepEqual(tags.toSorted(), versions.toSorted())
    }
  })
})

describe('Java and JavaScript clients', () => {
  conforms(registry, 'HEAD is never redirected (moby#50065, opa#6580)', [], async () => {
    const repository = registry.freshRepository()
    const item = made.blob()
    await uploads.pushBlob(registry, repository, item)
    const reply = await registry.call('HEAD', `/v2/${repository}/blobs/${item.digest}`)
    expectStatus(reply, 200)
  })

  conforms(registry, 'digests with an escaped colon mean the same', [], async () => {
    const repository = registry.freshRepository()
    const item = made.blob()
    await uploads.pushBlob(registry, repository, item)
    const path = `/v2/${repository}/blobs/${item.digest.replace(':', '%3A')}`
    const reply = await registry.call('GET', path)
    expectStatus(reply, 200)
    expectBytes(reply, item.bytes)
  })
})
