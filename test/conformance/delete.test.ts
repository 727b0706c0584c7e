// "Content Management" (end-9, end-10): what goes, what stays, and what may not go yet.
import assert from 'node:assert/strict'
import { describe } from 'node:test'
import * as made from './content.ts'
import type { Reply } from './http-client.ts'
import * as manifests from './manifests.ts'
import type { Registry } from './registry.ts'
import { expectErrorBody, expectStatus } from './reply-checks.ts'
import { listTags } from './tags.ts'
import { conforms, openTarget } from './target.ts'
import { pushBlob } from './uploads.ts'

const registry = await openTarget()

/** A registry may hide a manifest from who does not say that its type is welcome. */
function look(method: 'GET' | 'HEAD', path: string): Promise<Reply> {
  return registry.call(method, path, { headers: { Accept: manifests.acceptAll } })
}

async function pushTagged(target: Registry, tags: readonly string[]) {
  const repository = target.freshRepository()
  const image = made.image()
  await manifests.pushImage(target, repository, image)
  for (const tag of tags) await manifests.pushManifest(target, repository, image.manifest, tag)
  const path = (reference: string) => manifests.manifestPath(repository, reference)
  return { repository, image, path, byDigest: path(image.manifest.digest) }
}

describe('a tag', () => {
  conforms(registry, 'is gone; the manifest and its other tags stay', ['tag-delete'], async () => {
    const { repository, image, path, byDigest } = await pushTagged(registry, ['one', 'two'])
    expectStatus(await registry.call('DELETE', path('one')), 202)
    expectStatus(await look('GET', path('one')), 404)
    expectStatus(await look('HEAD', path('one')), 404)
    for (const reference of ['two', image.manifest.digest]) {
      const reply = await manifests.getManifest(registry, repository, reference)
      manifests.expectManifestPulled(registry, reply, image.manifest)
    }
    assert.deepEqual((await listTags(registry, repository)).tags, ['two'])
    expectStatus(await look('HEAD', byDigest), 200)
  })

  conforms(registry, 'the last one: the manifest stays by digest', ['tag-delete'], async () => {
    const { repository, path, image } = await pushTagged(registry, ['only'])
    expectStatus(await registry.call('DELETE', path('only')), 202)
    const reply = await manifests.getManifest(registry, repository, image.manifest.digest)
    manifests.expectManifestPulled(registry, reply, image.manifest)
    assert.deepEqual((await listTags(registry, repository)).tags, [])
  })

  conforms(registry, 'that is not there: 404', ['tag-delete'], async () => {
    const { path } = await pushTagged(registry, [])
    const reply = await registry.call('DELETE', path('missing'))
    expectStatus(reply, 404)
    if (registry.has('error-codes')) expectErrorBody(reply, 'MANIFEST_UNKNOWN')
  })

  conforms(registry, 'can be pushed again', ['tag-delete'], async () => {
    const { repository, image, path } = await pushTagged(registry, ['again'])
    expectStatus(await registry.call('DELETE', path('again')), 202)
    await manifests.pushManifest(registry, repository, image.manifest, 'again')
    expectStatus(await look('GET', path('again')), 200)
  })
})

describe('a manifest', () => {
  conforms(registry, 'goes with all its tags', ['manifest-delete'], async () => {
    const { repository, path, byDigest } = await pushTagged(registry, ['one', 'two'])
    expectStatus(await registry.call('DELETE', byDigest), 202)
    for (const at of [byDigest, path('one'), path('two')]) {
      expectStatus(await look('GET', at), 404)
      expectStatus(await look('HEAD', at), 404)
    }
    const list = await registry.call('GET', `/v2/${repository}/tags/list`)
    expectStatus(list, 200, 404)
    assert.ok(!list.body.toString().includes('"one"'))
  })

  conforms(registry, 'of which others are left untouched', ['manifest-delete'], async () => {
    const { repository, byDigest } = await pushTagged(registry, ['one'])
    const other = made.image()
    await manifests.pushImage(registry, repository, other, 'other')
    expectStatus(await registry.call('DELETE', byDigest), 202)
    const reply = await manifests.getManifest(registry, repository, 'other')
    manifests.expectManifestPulled(registry, reply, other.manifest)
  })

  conforms(registry, 'that is not there: 404', ['manifest-delete'], async () => {
    const { path } = await pushTagged(registry, [])
    const reply = await registry.call('DELETE', path(made.missingDigest()))
    expectStatus(reply, 404)
    if (registry.has('error-codes')) expectErrorBody(reply, 'MANIFEST_UNKNOWN')
  })

  conforms(registry, 'in a repository that is not there: 404', ['manifest-delete'], async () => {
    const path = manifests.manifestPath(registry.freshRepository(), made.missingDigest())
    expectStatus(await registry.call('DELETE', path), 404)
  })

  conforms(registry, 'can be pushed again with the same bytes', ['manifest-delete'], async () => {
    const { repository, image, byDigest } = await pushTagged(registry, ['one'])
    expectStatus(await registry.call('DELETE', byDigest), 202)
    await manifests.pushImage(registry, repository, image, 'one')
    const reply = await manifests.getManifest(registry, repository, 'one')
    manifests.expectManifestPulled(registry, reply, image.manifest)
  })

  conforms(registry, 'that an index names: 403, naming the index', ['entrepot'], async () => {
    const { repository, image, byDigest } = await pushTagged(registry, ['child'])
    const index = made.index([made.describe(image.manifest)])
    await manifests.pushManifest(registry, repository, index, 'index')
    const refused = await registry.call('DELETE', byDigest)
    expectStatus(refused, 403)
    expectErrorBody(refused, 'DENIED')
    assert.ok(refused.body.toString().includes(index.digest), refused.describe())
    expectStatus(
      await registry.call('DELETE', manifests.manifestPath(repository, index.digest)),
      202,
    )
    expectStatus(await registry.call('DELETE', byDigest), 202)
  })

  conforms(registry, 'the tag of a child of an index may go', ['entrepot'], async () => {
    const { repository, image, path, byDigest } = await pushTagged(registry, ['child'])
    const index = made.index([made.describe(image.manifest)])
    await manifests.pushManifest(registry, repository, index, 'index')
    expectStatus(await registry.call('DELETE', path('child')), 202)
    expectStatus(await look('GET', byDigest), 200)
  })
})

describe('a blob', () => {
  conforms(registry, 'is gone', ['blob-delete'], async () => {
    for (const algorithm of made.algorithms) {
      if (algorithm === 'sha512' && !registry.has('sha512')) continue
      const repository = registry.freshRepository()
      const item = made.blob(512, algorithm)
      await pushBlob(registry, repository, item)
      const path = `/v2/${repository}/blobs/${item.digest}`
      expectStatus(await registry.call('DELETE', path), 202)
      expectStatus(await registry.call('GET', path), 404)
      expectStatus(await registry.call('HEAD', path), 404)
      expectStatus(await registry.call('DELETE', path), 404)
    }
  })

  conforms(registry, 'that is not there: 404', ['blob-delete'], async () => {
    const { repository } = await pushTagged(registry, [])
    const reply = await registry.call('DELETE', `/v2/${repository}/blobs/${made.missingDigest()}`)
    expectStatus(reply, 404)
    if (registry.has('error-codes')) expectErrorBody(reply, 'BLOB_UNKNOWN')
  })

  conforms(registry, 'can be pushed again, or mounted back', ['blob-delete', 'mount'], async () => {
    const [one, two] = [registry.freshRepository(), registry.otherRepository()]
    const item = made.blob()
    await pushBlob(registry, one, item)
    await pushBlob(registry, two, item)
    const path = `/v2/${one}/blobs/${item.digest}`
    expectStatus(await registry.call('DELETE', path), 202)
    const query = { mount: item.digest, from: two }
    expectStatus(await registry.call('POST', `/v2/${one}/blobs/uploads/`, { query }), 201)
    expectStatus(await registry.call('GET', path), 200)
    expectStatus(await registry.call('DELETE', path), 202)
    await pushBlob(registry, one, item)
    expectStatus(await registry.call('GET', path), 200)
  })

  conforms(registry, 'in another repository stays', ['blob-delete'], async () => {
    const [one, two] = [registry.freshRepository(), registry.otherRepository()]
    const item = made.blob()
    await pushBlob(registry, one, item)
    await pushBlob(registry, two, item)
    expectStatus(await registry.call('DELETE', `/v2/${one}/blobs/${item.digest}`), 202)
    expectStatus(await registry.call('GET', `/v2/${two}/blobs/${item.digest}`), 200)
    expectStatus(await registry.call('GET', `/v2/${one}/blobs/${item.digest}`), 404)
  })

  conforms(
    registry,
    'that a manifest names: 403, until the manifest is gone',
    ['entrepot'],
    async () => {
      const { repository, image, byDigest } = await pushTagged(registry, ['one'])
      const paths = image.blobs.map((item) => `/v2/${repository}/blobs/${item.digest}`)
      for (const path of paths) {
        const refused = await registry.call('DELETE', path)
        expectStatus(refused, 403)
        expectErrorBody(refused, 'DENIED')
      }
      expectStatus(await registry.call('DELETE', byDigest), 202)
      for (const path of paths) expectStatus(await registry.call('DELETE', path), 202)
    },
  )
})
