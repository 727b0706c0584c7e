// What a delete removes, what refuses it, and what is left.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { digestOf } from '@entrepot/oci/digest.ts'
import { ociImage, ociIndex } from '@entrepot/oci/media-types.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { listCountDifferences } from '../quotas/recount.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { errorOf, imageOf, outcome, ownerOf, type TestClient } from './test-client.ts'

onEachDatabase('deletes', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient

  before(async () => {
    app = await testApp({ dialect })
    owner = ownerOf(app)
  })
  after(async () => {
    assert.deepEqual(await listCountDifferences(app.app.db.read), [])
    await app.close()
  })

  const tagsOf = async (repository: string) =>
    (
      JSON.parse((await owner.call('GET', `/v2/${repository}/tags/list`)).text) as {
        tags: string[]
      }
    ).tags

  const indexOf = (...images: readonly { digest: string; bytes: Buffer }[]) => {
    const manifests = images.map(({ digest, bytes }) => ({
      mediaType: ociImage,
      digest,
      size: bytes.byteLength,
    }))
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests }))
    return { bytes, digest: digestOf('sha256', bytes) }
  }

  it('of a tag: that tag only; the digest and its other tags stay', async () => {
    const image = await owner.pushImage('demo/tags', 'v1')
    for (const tag of ['v2', 'latest']) await owner.putManifest('demo/tags', tag, image.bytes)
    const path = '/v2/demo/tags/manifests'
    assert.equal(outcome(await owner.call('DELETE', `${path}/v1`)), '202')
    assert.deepEqual(await tagsOf('demo/tags'), ['latest', 'v2'])
    assert.equal(outcome(await owner.call('GET', `${path}/v1`)), '404 MANIFEST_UNKNOWN')
    for (const reference of ['v2', 'latest', image.digest]) {
      assert.equal(outcome(await owner.call('GET', `${path}/${reference}`)), '200', reference)
    }
    assert.equal(outcome(await owner.call('DELETE', `${path}/v1`)), '404 MANIFEST_UNKNOWN')
  })

  it('of the last tag: the manifest stays, by its digest', async () => {
    const image = await owner.pushImage('demo/untagged', 'only')
    await owner.call('DELETE', '/v2/demo/untagged/manifests/only')
    assert.deepEqual(await tagsOf('demo/untagged'), [])
    const byDigest = await owner.call('GET', `/v2/demo/untagged/manifests/${image.digest}`)
    assert.deepEqual(byDigest.bytes, image.bytes)
  })

  it('of a digest: with all its tags, and a push brings both back', async () => {
    const image = await owner.pushImage('demo/digest', 'v1')
    await owner.putManifest('demo/digest', 'v2', image.bytes)
    await owner.pushImage('demo/digest', 'stays', 'another layer')
    const path = `/v2/demo/digest/manifests/${image.digest}`
    assert.equal(outcome(await owner.call('DELETE', path)), '202')
    assert.deepEqual(await tagsOf('demo/digest'), ['stays'])
    for (const each of [path, '/v2/demo/digest/manifests/v1']) {
      assert.equal(outcome(await owner.call('GET', each)), '404 MANIFEST_UNKNOWN')
      assert.equal(outcome(await owner.call('DELETE', each)), '404 MANIFEST_UNKNOWN')
    }
    assert.equal(outcome(await owner.putManifest('demo/digest', 'v1', image.bytes)), '201')
    assert.deepEqual((await owner.call('GET', path)).bytes, image.bytes)
  })

  it('of an image that a kept index names: refused, naming the index', async () => {
    const image = await owner.pushImage('demo/index', 'amd64')
    const index = indexOf(image)
    await owner.putManifest('demo/index', 'all', index.bytes, ociIndex)
    const path = `/v2/demo/index/manifests/${image.digest}`
    const refused = await owner.call('DELETE', path)
    assert.equal(outcome(refused), '403 DENIED')
    assert.ok(errorOf(refused).message.includes(index.digest))
    assert.deepEqual(errorOf(refused).detail, { digest: image.digest, usedBy: [index.digest] })
    assert.equal(outcome(await owner.call('GET', path)), '200')
    // The tag may go, the index may go, and then the image.
    const manifests = '/v2/demo/index/manifests'
    assert.equal(outcome(await owner.call('DELETE', `${manifests}/amd64`)), '202')
    assert.equal(outcome(await owner.call('DELETE', `${manifests}/${index.digest}`)), '202')
    assert.equal(outcome(await owner.call('DELETE', path)), '202')
    assert.equal(outcome(await owner.call('GET', path)), '404 MANIFEST_UNKNOWN')
  })

  it('of an image that an index of another repository names: done', async () => {
    const image = await owner.pushImage('demo/one', 'v1')
    await owner.putManifest('demo/two', 'all', indexOf(image).bytes, ociIndex)
    const path = `/v2/demo/one/manifests/${image.digest}`
    assert.equal(outcome(await owner.call('DELETE', path)), '202')
  })

  it('of a subject: done; what refers to it stays listed', async () => {
    const image = await owner.pushImage('demo/subject', 'v1')
    const subject = { mediaType: ociImage, digest: image.digest, size: image.bytes.byteLength }
    const signature = imageOf({ config: image.config, layers: [], more: { subject } })
    const digest = digestOf('sha256', signature)
    await owner.putManifest('demo/subject', digest, signature)
    const path = `/v2/demo/subject/manifests/${image.digest}`
    assert.equal(outcome(await owner.call('DELETE', path)), '202')
    const referrers = await owner.call('GET', `/v2/demo/subject/referrers/${image.digest}`)
    const listed = JSON.parse(referrers.text) as { manifests: { digest: string }[] }
    assert.deepEqual(
      listed.manifests.map((each) => each.digest),
      [digest],
    )
  })

  it('of a blob that a manifest names: refused, naming the manifest', async () => {
    const image = await owner.pushImage('demo/blobs', 'v1')
    for (const digest of [image.layer, image.config]) {
      const refused = await owner.call('DELETE', `/v2/demo/blobs/blobs/${digest}`)
      assert.equal(outcome(refused), '403 DENIED')
      assert.ok(errorOf(refused).message.includes(image.digest))
      assert.deepEqual(errorOf(refused).detail, { digest, usedBy: [image.digest] })
    }
    await owner.call('DELETE', `/v2/demo/blobs/manifests/${image.digest}`)
    const path = `/v2/demo/blobs/blobs/${image.layer}`
    assert.equal(outcome(await owner.call('DELETE', path)), '202')
    for (const method of ['GET', 'HEAD', 'DELETE']) {
      assert.equal((await owner.call(method, path)).status, 404, method)
    }
  })

  it('of a blob: from that repository only; pushed again, it is there again', async () => {
    const digest = await owner.pushBlob('demo/here', 'in two repositories')
    await owner.pushBlob('demo/there', 'in two repositories')
    await owner.call('DELETE', `/v2/demo/here/blobs/${digest}`)
    assert.equal((await owner.call('GET', `/v2/demo/here/blobs/${digest}`)).status, 404)
    const other = await owner.call('GET', `/v2/demo/there/blobs/${digest}`)
    assert.equal(other.text, 'in two repositories')
    await owner.pushBlob('demo/here', 'in two repositories')
    assert.equal((await owner.call('GET', `/v2/demo/here/blobs/${digest}`)).status, 200)
  })

  it('of what was never there: 404, and nothing is made', async () => {
    const digest = `sha256:${'0'.repeat(64)}`
    for (const path of ['manifests/v1', `manifests/${digest}`, `blobs/${digest}`]) {
      assert.equal((await owner.call('DELETE', `/v2/demo/never/${path}`)).status, 404, path)
    }
    const found = await app.app.db.read
      .selectFrom('repositories')
      .select('id')
      .where('path', '=', 'demo/never')
      .execute()
    assert.deepEqual(found, [])
  })

  it('again and again, like every other request, end the same', async () => {
    const image = await owner.pushImage('demo/again', 'v1')
    for (let time = 0; time < 3; time += 1) {
      assert.equal(outcome(await owner.putManifest('demo/again', 'v1', image.bytes)), '201')
      assert.equal(await owner.pushBlob('demo/again', 'demo/again:v1'), image.layer)
    }
    const rows = await app.app.db.read
      .selectFrom('tag_history as h')
      .innerJoin('repositories as r', 'r.id', 'h.repository_id')
      .select('h.digest')
      .where('r.path', '=', 'demo/again')
      .execute()
    assert.deepEqual(rows, [{ digest: image.digest }], 'the same digest moves no tag')
  })
})
