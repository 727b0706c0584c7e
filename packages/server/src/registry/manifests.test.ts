// Which manifests are taken, and what is told of those that are not.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { type Digest, digestOf } from '@entrepot/oci/digest.ts'
import { dockerImage, dockerList, ociImage, ociIndex } from '@entrepot/oci/media-types.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { updateInstanceSwitches } from '../instances/instances.ts'
import { maxIndexNesting } from '../manifests/nesting.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { errorOf, imageOf, outcome, ownerOf, type TestClient } from './test-client.ts'

const digestOfText = (text: string): Digest => digestOf('sha256', Buffer.from(text))

onEachDatabase('manifests', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient

  before(async () => {
    app = await testApp({ dialect })
    owner = ownerOf(app)
  })
  after(() => app.close())

  const acceptSparse = async (sparse: boolean) => {
    await app.app.db.write((tx) =>
      updateInstanceSwitches(tx, app.instance.id, { acceptSparse: sparse }),
    )
    app.clock.advance(1000)
  }

  /** The flag of each reference of the manifest, in order. */
  const presentOf = async (digest: Digest) => {
    const rows = await app.app.db.read
      .selectFrom('manifest_refs as ref')
      .innerJoin('manifests as m', 'm.id', 'ref.manifest_id')
      .select('ref.present')
      .where('m.digest', '=', digest)
      .orderBy('ref.position')
      .execute()
    return rows.map((row) => row.present)
  }

  it('of which config and layers are missing are refused, naming each of them', async () => {
    const layer = await owner.pushBlob('demo/missing', 'is here')
    const missing = ['config', 'one', 'two'].map(digestOfText)
    const [config = layer, one = layer, two = layer] = missing
    const layers = [one, layer, two, one].map((digest) => [digest, 7] as const)
    const bytes = imageOf({ config, layers })
    const answer = await owner.putManifest('demo/missing', 'v1', bytes)
    assert.equal(outcome(answer), '404 MANIFEST_BLOB_UNKNOWN')
    const { message, detail } = errorOf(answer)
    assert.deepEqual(
      detail,
      missing.map((digest) => ({ digest })),
    )
    for (const digest of missing) assert.ok(message.includes(digest))
    assert.ok(!message.includes(layer))
    assert.equal((await owner.call('GET', '/v2/demo/missing/manifests/v1')).status, 404)
  })

  it('may not name the blobs of another repository', async () => {
    const image = await owner.pushImage('demo/theirs', 'v1')
    const answer = await owner.putManifest('demo/ours', 'v1', image.bytes)
    assert.equal(outcome(answer), '404 MANIFEST_BLOB_UNKNOWN')
  })

  it('are sparse where the instance accepts it, and become whole when blobs arrive', async () => {
    await acceptSparse(true)
    const config = digestOfText('{"sparse":true}')
    const layers = ['first layer', 'second layer'].map(
      (text) => [digestOfText(text), text.length] as const,
    )
    const bytes = imageOf({ config, configBytes: 15, layers })
    const digest = digestOf('sha256', bytes)
    assert.equal(outcome(await owner.putManifest('demo/sparse', 'v1', bytes)), '201')
    await acceptSparse(false)
    assert.deepEqual(await presentOf(digest), [0, 0, 0])
    await owner.pushBlob('demo/sparse', 'second layer')
    assert.deepEqual(await presentOf(digest), [0, 0, 1])
    await owner.pushBlob('demo/elsewhere', 'first layer')
    assert.deepEqual(await presentOf(digest), [0, 0, 1])
    await owner.call(
      'POST',
      `/v2/demo/sparse/blobs/uploads/?mount=${layers[0]?.[0]}&from=demo/elsewhere`,
    )
    await owner.pushBlob('demo/sparse', '{"sparse":true}')
    assert.deepEqual(await presentOf(digest), [1, 1, 1])
  })

  it('of indexes are taken before their children, which make them whole', async () => {
    const config = await owner.pushBlob('demo/early', '{}')
    const child = imageOf({ config, layers: [] })
    const index = indexOf([[ociImage, digestOf('sha256', child)]])
    assert.equal(outcome(await owner.putManifest('demo/early', 'all', index, ociIndex)), '201')
    assert.deepEqual(await presentOf(digestOf('sha256', index)), [0])
    await owner.putManifest('demo/early', 'child', child)
    assert.deepEqual(await presentOf(digestOf('sha256', index)), [1])
  })

  it('of layers that may not be pushed are taken without them', async () => {
    const config = await owner.pushBlob('demo/foreign', '{}')
    for (const mediaType of [
      'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
      'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
    ]) {
      const layer = { mediaType, digest: digestOfText(mediaType), size: 9 }
      const bytes = imageOf({ config, layers: [], more: { layers: [layer] } })
      assert.equal(outcome(await owner.putManifest('demo/foreign', 'v1', bytes)), '201', mediaType)
    }
  })

  it('of schema 1 are refused with how to convert them', async () => {
    const types = ['', '+prettyjws', '+json'].map(
      (end) => `application/vnd.docker.distribution.manifest.v1${end}`,
    )
    const document = { schemaVersion: 1, name: 'demo/old', tag: 'v1', fsLayers: [], history: [] }
    const bytes = Buffer.from(JSON.stringify(document))
    for (const type of [...types.slice(1), ociImage]) {
      const answer = await owner.putManifest('demo/old', 'v1', bytes, type)
      assert.equal(outcome(answer), '400 MANIFEST_INVALID', type)
      assert.match(errorOf(answer).message, /schema 1 .*skopeo copy --format v2s2/)
    }
  })

  it('have at most 4 MiB', async () => {
    const config = await owner.pushBlob('demo/large', '{}')
    const sized = (sizeBytes: number) => {
      const empty = imageOf({ config, layers: [], more: { annotations: { a: '' } } })
      const a = 'x'.repeat(sizeBytes - empty.byteLength)
      return imageOf({ config, layers: [], more: { annotations: { a } } })
    }
    const limit = 4 * 1024 * 1024
    const largest = sized(limit)
    assert.equal(outcome(await owner.putManifest('demo/large', 'v1', largest)), '201')
    assert.deepEqual((await owner.call('GET', '/v2/demo/large/manifests/v1')).bytes, largest)
    const headers = { 'Content-Type': ociImage }
    const path = '/v2/demo/large/manifests/v2'
    for (const how of [{ waits: true }, { isChunked: true }, {}]) {
      const answer = await owner.call('PUT', path, { headers, body: sized(limit + 1), ...how })
      assert.equal(outcome(answer), '413 SIZE_INVALID')
      assert.equal(answer.wasInvited, false)
    }
  })

  it('get all tags of the parameters, or none', async () => {
    const image = await owner.pushImage('demo/many', 'first')
    const put = (tags: readonly string[]) => {
      const query = new URLSearchParams(tags.map((tag) => ['tag', tag]))
      return owner.putManifest('demo/many', `${image.digest}?${query}`, image.bytes)
    }
    const names = (count: number) => Array.from({ length: count }, (_, at) => `t${at}`)
    const answer = await put(names(50))
    assert.equal(answer.status, 201)
    assert.equal(answer.headers['oci-tag'], names(50).join(', '))
    const listed = await owner.call('GET', '/v2/demo/many/tags/list')
    assert.equal((JSON.parse(listed.text) as { tags: string[] }).tags.length, 51)
    assert.equal(outcome(await put(names(51))), '400 UNSUPPORTED')
    assert.equal(outcome(await put(['fine', '-wrong'])), '400 TAG_INVALID')
    assert.equal((await owner.call('GET', '/v2/demo/many/manifests/fine')).status, 404)
  })

  it('have a media type of manifests', async () => {
    const image = await owner.pushImage('demo/types', 'v1')
    for (const type of ['text/html', 'image/svg+xml', 'application/x y', 'nonsense']) {
      const answer = await owner.putManifest('demo/types', 'v1', image.bytes, type)
      assert.equal(outcome(answer), '415 UNSUPPORTED', type)
      assert.match(errorOf(answer).message, /not a media type of manifests/)
    }
    const disagrees = await owner.putManifest('demo/types', 'v1', image.bytes, dockerImage)
    assert.equal(outcome(disagrees), '400 MANIFEST_INVALID')
    const withParameter = `${ociImage}; charset=utf-8`
    const answer = await owner.putManifest('demo/types', 'v1', image.bytes, withParameter)
    assert.equal(outcome(answer), '201')
    const got = await owner.call('GET', '/v2/demo/types/manifests/v1')
    assert.equal(got.headers['content-type'], ociImage)
  })

  it('of Docker are what they were', async () => {
    const config = await owner.pushBlob('demo/docker', '{}')
    const image = imageOf({ config, layers: [], isDocker: true })
    assert.equal(outcome(await owner.putManifest('demo/docker', 'v1', image, dockerImage)), '201')
    const list = indexOf([[dockerImage, digestOf('sha256', image)]], dockerList)
    assert.equal(outcome(await owner.putManifest('demo/docker', 'all', list, dockerList)), '201')
    const got = await owner.call('GET', '/v2/demo/docker/manifests/all')
    assert.deepEqual([got.headers['content-type'], got.bytes], [dockerList, list])
  })

  /** A chain of indexes, the innermost first; each but that one names the one before. */
  function chainOf(length: number, label: string): readonly Buffer[] {
    const chain: Buffer[] = []
    for (let level = 0; level < length; level += 1) {
      const inner = chain.at(-1)
      const children = inner ? [[ociIndex, digestOf('sha256', inner)] as const] : []
      chain.push(indexOf(children, ociIndex, label))
    }
    return chain
  }

  it('of indexes nest up to the limit, in whatever order they come', async () => {
    const orders: readonly (readonly [string, (chain: readonly Buffer[]) => readonly Buffer[]])[] =
      [
        ['inwards', (chain) => chain.toReversed()],
        ['outwards', (chain) => chain],
        ['ends first', (chain) => [...chain.slice(5), ...chain.slice(0, 4), ...chain.slice(4, 5)]],
      ]
    for (const [order, arrange] of orders) {
      const put = (index: Buffer) =>
        owner.putManifest('demo/nested', digestOf('sha256', index), index, ociIndex)
      for (const index of arrange(chainOf(maxIndexNesting, `${order} fits`))) {
        assert.equal(outcome(await put(index)), '201', order)
      }
      const outcomes: string[] = []
      for (const index of arrange(chainOf(maxIndexNesting + 1, `${order} does not fit`))) {
        const answer = await put(index)
        outcomes.push(outcome(answer))
        if (answer.status !== 201) assert.match(errorOf(answer).message, /nest more than 8 levels/)
      }
      // The one that closes the chain is refused.
      assert.equal(outcomes.filter((each) => each === '400 MANIFEST_INVALID').length, 1, order)
    }
  })
})

function indexOf(
  children: readonly (readonly [mediaType: string, digest: Digest])[],
  mediaType = ociIndex,
  label = '',
): Buffer {
  const manifests = children.map(([type, digest]) => ({ mediaType: type, digest, size: 100 }))
  const annotations = label === '' ? {} : { annotations: { label } }
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests, ...annotations }))
}
