// "Pushing Manifests": by tag, by digest, many tags at once (end-7b), limits, and what must be refused.
import assert from 'node:assert/strict'
import { before, describe } from 'node:test'
import * as made from './content.ts'
import * as manifests from './manifests.ts'
import * as media from './media-types.ts'
import { expectErrorBody, expectStatus } from './reply-checks.ts'
import { listTags } from './tags.ts'
import { conforms, openTarget } from './target.ts'
import { pushBlob } from './uploads.ts'

const MANIFEST_LIMIT_BYTES = 4 * 1024 * 1024
const registry = await openTarget()
const repository = registry.freshRepository()
const image = made.image()

before(() => manifests.pushImage(registry, repository, image))

describe('one manifest', () => {
  conforms(registry, 'by tag', [], async () => {
    const reply = await manifests.putManifest(registry, repository, image.manifest, {
      reference: 'by-tag',
    })
    await manifests.expectManifestCreated(registry, reply, image.manifest)
  })

  conforms(registry, 'by digest, again and again', [], async () => {
    for (const _ of ['once', 'twice']) {
      const reply = await manifests.putManifest(registry, repository, image.manifest)
      await manifests.expectManifestCreated(registry, reply, image.manifest)
    }
  })

  conforms(registry, 'a tag moves to the manifest pushed last', [], async () => {
    const other = made.image()
    await manifests.pushImage(registry, repository, image, 'moves')
    await manifests.pushImage(registry, repository, other, 'moves')
    const reply = await manifests.getManifest(registry, repository, 'moves')
    manifests.expectManifestPulled(registry, reply, other.manifest)
    const before = await manifests.getManifest(registry, repository, image.manifest.digest)
    manifests.expectManifestPulled(registry, before, image.manifest)
  })

  for (const tag of ['A', '_', '1.10', 'a'.repeat(128), 'v1.2.3_build.5', 'sha256-a.sig', '0']) {
    conforms(registry, `tag ${tag.slice(0, 20)} (${tag.length})`, [], async () => {
      await manifests.pushManifest(registry, repository, image.manifest, tag)
      const reply = await manifests.getManifest(registry, repository, tag)
      manifests.expectManifestPulled(registry, reply, image.manifest)
    })
  }

  conforms(registry, 'parameters of Content-Type are ignored', [], async () => {
    const reply = await registry.call('PUT', manifests.manifestPath(repository, 'parameters'), {
      headers: { 'Content-Type': `${media.ociManifest}; charset=utf-8` },
      body: image.manifest.bytes,
    })
    await manifests.expectManifestCreated(registry, reply, image.manifest)
  })

  conforms(registry, 'a manifest without mediaType keeps the Content-Type', [], async () => {
    const bytes = Buffer.from(image.manifest.bytes.toString().replace(/"mediaType":"[^"]*",/, ''))
    const item = made.content(bytes, media.ociManifest)
    const reply = await manifests.putManifest(registry, repository, item)
    await manifests.expectManifestCreated(registry, reply, item)
  })

  conforms(registry, 'a body without a length (chunked)', [], async () => {
    const reply = await registry.call('PUT', manifests.manifestPath(repository, 'chunked'), {
      headers: { 'Content-Type': media.ociManifest },
      body: image.manifest.bytes,
      framing: 'chunked',
    })
    await manifests.expectManifestCreated(registry, reply, image.manifest)
  })
})

describe('tags as parameters', () => {
  const tags = Array.from({ length: 12 }, (_, at) => `many-${at}`)

  conforms(registry, 'twelve at once, each in OCI-Tag', ['tag-parameters'], async () => {
    const reply = await manifests.putManifest(registry, repository, image.manifest, { tags })
    await manifests.expectManifestCreated(registry, reply, image.manifest)
    const accepted = reply.values('OCI-Tag').flatMap((value) => value.split(/,\s*/))
    assert.deepEqual(accepted.sort(), tags.toSorted())
    for (const tag of tags) {
      const pulled = await manifests.getManifest(registry, repository, tag)
      manifests.expectManifestPulled(registry, pulled, image.manifest)
    }
  })

  conforms(registry, 'one bad tag: nothing happens', ['tag-parameters', 'entrepot'], async () => {
    const item = made.image().manifest
    const target = registry.freshRepository()
    const reply = await manifests.putManifest(registry, target, item, { tags: ['good', '-bad'] })
    expectStatus(reply, 400)
    expectErrorBody(reply, 'TAG_INVALID')
    expectStatus(await manifests.getManifest(registry, target, 'good'), 404)
    expectStatus(await manifests.getManifest(registry, target, item.digest), 404)
  })

  const needs = ['tag-parameters', 'sha512'] as const
  conforms(registry, 'a sha512 manifest is tagged under its own digest', needs, async () => {
    const whole = made.image({}, 'sha512')
    for (const item of whole.blobs) await pushBlob(registry, repository, item)
    const options = { tags: ['sha512-a', 'sha512-b'] }
    const reply = await manifests.putManifest(registry, repository, whole.manifest, options)
    await manifests.expectManifestCreated(registry, reply, whole.manifest)
    for (const reference of [...options.tags, whole.manifest.digest]) {
      const pulled = await manifests.getManifest(registry, repository, reference)
      manifests.expectManifestPulled(registry, pulled, whole.manifest)
    }
  })

  conforms(registry, 'the same bytes under both algorithms', ['sha512'], async () => {
    const twin = { ...image.manifest, digest: made.digestOf(image.manifest.bytes, 'sha512') }
    const reply = await manifests.putManifest(registry, repository, twin)
    await manifests.expectManifestCreated(registry, reply, twin)
    const first = await manifests.getManifest(registry, repository, image.manifest.digest)
    manifests.expectManifestPulled(registry, first, image.manifest)
  })
})

describe('size', () => {
  /** An index of exactly this many bytes. */
  function sized(sizeBytes: number): made.Content {
    const empty = made.index([], { annotations: { 'org.example.padding': '' } })
    const padding = 'x'.repeat(sizeBytes - empty.bytes.length)
    return made.index([], { annotations: { 'org.example.padding': padding } })
  }

  conforms(registry, '4,000,000 bytes are taken', [], async () => {
    const item = sized(4_000_000)
    const reply = await manifests.putManifest(registry, repository, item)
    await manifests.expectManifestCreated(registry, reply, item)
  })

  conforms(registry, '4 MiB are taken, one byte more is 413', ['entrepot'], async () => {
    const item = sized(MANIFEST_LIMIT_BYTES)
    const reply = await manifests.putManifest(registry, repository, item)
    await manifests.expectManifestCreated(registry, reply, item)
    for (const framing of ['length', 'chunked'] as const) {
      const over = sized(MANIFEST_LIMIT_BYTES + 1)
      const refused = await registry.call('PUT', manifests.manifestPath(repository, 'over'), {
        headers: { 'Content-Type': over.mediaType },
        body: over.bytes,
        framing,
      })
      expectStatus(refused, 413)
      expectErrorBody(refused)
    }
    expectStatus(await manifests.getManifest(registry, repository, 'over'), 404)
  })
})

describe('what is refused', () => {
  conforms(registry, 'a digest that is not the one of the bytes: 400', [], async () => {
    const item = made.image().manifest
    const wrong = { ...item, bytes: Buffer.concat([item.bytes, Buffer.from('  ')]) }
    const reply = await manifests.putManifest(registry, repository, wrong)
    expectStatus(reply, 400)
    if (registry.has('error-codes')) expectErrorBody(reply, 'DIGEST_INVALID')
    expectStatus(await manifests.getManifest(registry, repository, item.digest), 404)
  })

  conforms(registry, 'a malformed digest: 400, and 404 or 400 on GET', [], async () => {
    const options = { reference: 'sha256:baddigeststring' }
    const reply = await manifests.putManifest(registry, repository, image.manifest, options)
    expectStatus(reply, 400)
    const pulled = await manifests.getManifest(registry, repository, options.reference)
    expectStatus(pulled, 400, 404)
  })

  const bodies: readonly (readonly [string, string])[] = [
    ['no JSON', 'nonsense'],
    ['nothing', ''],
    ['JSON cut short', '{"schemaVersion":2,"layers":['],
    ['a list', '[]'],
    ['a number', '7'],
    ['null', 'null'],
    ['no config and no layers', '{"schemaVersion":2}'],
    ['another schema version', '{"schemaVersion":3,"config":{},"layers":[]}'],
    ['layers that are no list', '{"schemaVersion":2,"config":{},"layers":{}}'],
    ['a byte order mark', `\ufeff${image.manifest.bytes.toString()}`],
  ]
  for (const [name, text] of bodies) {
    conforms(registry, `${name}: MANIFEST_INVALID`, ['entrepot'], async () => {
      const item = made.content(text, media.ociManifest)
      const reply = await manifests.putManifest(registry, repository, item, { reference: 'bad' })
      expectStatus(reply, 400)
      expectErrorBody(reply, 'MANIFEST_INVALID')
      expectStatus(await manifests.getManifest(registry, repository, 'bad'), 404)
    })
  }

  conforms(registry, 'mediaType that contradicts the Content-Type', ['entrepot'], async () => {
    const item = { ...image.manifest, mediaType: media.dockerManifest }
    const reply = await manifests.putManifest(registry, repository, item, { reference: 'bad' })
    expectStatus(reply, 400)
    expectErrorBody(reply, 'MANIFEST_INVALID')
  })

  for (const type of [
    'text/html',
    'application/x(y)',
    'image/png',
    `application/${'a'.repeat(241)}`,
  ]) {
    conforms(registry, `Content-Type ${type.slice(0, 24)}: 415`, ['entrepot'], async () => {
      const item = made.content('{"schemaVersion":2}', type)
      const reply = await manifests.putManifest(registry, repository, item, { reference: 'bad' })
      expectStatus(reply, 415)
      expectErrorBody(reply, 'UNSUPPORTED')
    })
  }

  conforms(
    registry,
    'missing blobs: MANIFEST_BLOB_UNKNOWN names every one',
    ['entrepot'],
    async (t) => {
      if (registry.has('sparse-image')) return t.skip('sparse images are accepted')
      const absent = made.image()
      const reply = await manifests.putManifest(registry, repository, absent.manifest)
      expectStatus(reply, 404, 400)
      expectErrorBody(reply, 'MANIFEST_BLOB_UNKNOWN')
      const text = reply.body.toString()
      for (const item of absent.blobs) assert.ok(text.includes(item.digest), `names ${item.digest}`)
      expectStatus(await manifests.getManifest(registry, repository, absent.manifest.digest), 404)
    },
  )

  conforms(registry, 'a blob of another repository is not enough', ['entrepot'], async (t) => {
    if (registry.has('sparse-image')) return t.skip('sparse images are accepted')
    const target = registry.freshRepository()
    const reply = await manifests.putManifest(registry, target, image.manifest)
    expectStatus(reply, 404, 400)
    expectErrorBody(reply, 'MANIFEST_BLOB_UNKNOWN')
    // Nothing was born: the repository is still not there.
    expectStatus(await registry.call('GET', `/v2/${target}/tags/list`), 404)
  })

  conforms(registry, 'what was refused for a missing blob works when it is there', [], async () => {
    const whole = made.image()
    await manifests.putManifest(registry, repository, whole.manifest)
    await manifests.pushImage(registry, repository, whole, 'repaired')
    const { tags } = await listTags(registry, repository)
    assert.ok(tags.includes('repaired'))
  })
})
