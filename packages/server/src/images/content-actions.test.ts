import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { digestOf } from '@entrepot/oci/digest.ts'
import { ociIndex } from '@entrepot/oci/media-types.ts'
import type { ApiAnswer } from '../cloud-api/test-client.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { imageOf, ownerOf, type TestClient } from '../registry/test-client.ts'
import { type TestApp, testApp } from '../test-app.ts'

onEachDatabase('what lies in a repository', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient

  before(async () => {
    app = await testApp({ dialect })
    owner = ownerOf(app)
  })
  after(() => app.close())

  const call = (action: string, name: string, input: object = {}) => {
    const about = { RegistryId: app.instance.id, NamespaceName: 'demo', RepositoryName: name }
    return app.api(action, { ...about, ...input }, { product: 'entrepot' })
  }
  const tagsOf = (answer: ApiAnswer): string[] => answer.Tags.map(({ Tag }: { Tag: string }) => Tag)

  /** An image of `sizeBytes` beside its config, for a platform. */
  async function pushFor(path: string, tag: string, architecture: string, sizeBytes = 10) {
    const config = JSON.stringify({ os: 'linux', architecture })
    const layer = `${tag}:`.padEnd(sizeBytes, '.')
    const bytes = imageOf({
      config: await owner.pushBlob(path, config),
      configBytes: config.length,
      layers: [[await owner.pushBlob(path, layer), sizeBytes]],
    })
    const answer = await owner.putManifest(path, tag, bytes)
    assert.equal(answer.status, 201, answer.text)
    app.clock.advance(1000)
    return { digest: digestOf('sha256', bytes), bytes }
  }

  it('lists tags with their platforms, twins, pushes and pulls', async () => {
    const one = await pushFor('demo/rows', 'v1', 'amd64')
    await owner.putManifest('demo/rows', 'latest', one.bytes)
    const two = await pushFor('demo/rows', 'v2', 'arm64')
    const manifests = [one, two].map(({ digest, bytes }, n) => ({
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest,
      size: bytes.length,
      platform: { os: 'linux', architecture: n === 0 ? 'amd64' : 'arm64' },
    }))
    const index = JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests })
    await owner.putManifest('demo/rows', 'all', Buffer.from(index), ociIndex)
    await owner.call('GET', '/v2/demo/rows/manifests/v1')
    await app.app.registry.audit.flush()
    const list = await call('DescribeRepositoryTags', 'rows', { SortBy: 'name' })
    assert.deepEqual(tagsOf(list), ['all', 'latest', 'v1', 'v2'])
    const [all, , v1] = list.Tags
    assert.deepEqual(
      [all.Kind, all.Platforms.map(({ Architecture }: never) => Architecture)],
      ['Index', ['amd64', 'arm64']],
    )
    // Of the image, not of its manifest.
    assert.equal(all.Platforms[0].Size, v1.Size)
    const { PushTime, LastPullTime, MediaType, ...row } = v1
    assert.match(`${PushTime} ${LastPullTime} ${MediaType}`, /Z .*Z application/)
    assert.deepEqual(row, {
      Tag: 'v1',
      Digest: one.digest,
      Kind: 'Image',
      ArtifactType: row.ArtifactType,
      Size: row.Size,
      Platforms: [{ Os: 'linux', Architecture: 'amd64', Variant: null, Size: row.Size }],
      SameDigestTags: ['latest'],
      SameDigestCount: 1,
      ReferrerCount: 0,
      IsImmutable: false,
      PushedBy: app.username,
      PullCount: 1,
    })
  })

  it('searches, filters and sorts them, page by page', async () => {
    const path = 'demo/sorted'
    await pushFor(path, 'b-small', 'amd64', 10)
    const between = new Date(app.clock.now() - 500).toISOString()
    const large = await pushFor(path, 'a-large', 'amd64', 1000)
    await pushFor(path, 'C-middle', 'amd64', 500)
    await owner.call('GET', '/v2/demo/sorted/manifests/b-small')
    await app.app.registry.audit.flush()
    const cases: [object, string[]][] = [
      [{}, ['C-middle', 'a-large', 'b-small']],
      [{ SortBy: 'push_time' }, ['b-small', 'a-large', 'C-middle']],
      [{ SortBy: 'name' }, ['C-middle', 'a-large', 'b-small']],
      [{ SortBy: '-size' }, ['a-large', 'C-middle', 'b-small']],
      [{ SortBy: '-pull_count', Limit: 1 }, ['b-small']],
      [{ SortBy: '-pull_time', Limit: 1 }, ['b-small']],
      [{ Limit: 1, Offset: 1 }, ['a-large']],
      [{ Offset: 3 }, []],
      [{ Search: 'c-m' }, ['C-middle']],
      [{ Search: large.digest.slice(0, 20) }, ['a-large']],
      [{ Digest: large.digest }, ['a-large']],
      [{ Kinds: ['Index'] }, []],
      [{ Kinds: ['Image', 'Chart'], Limit: 1 }, ['C-middle']],
      [{ PushedBefore: between }, ['b-small']],
      [{ PushedAfter: between }, ['C-middle', 'a-large']],
      [{ NotPulledSince: between }, ['C-middle', 'a-large']],
    ]
    for (const [input, expected] of cases) {
      const list = await call('DescribeRepositoryTags', 'sorted', input)
      assert.deepEqual(tagsOf(list), expected, JSON.stringify(input))
    }
    const searched = await call('DescribeRepositoryTags', 'sorted', { Search: 'l', Limit: 1 })
    assert.equal(searched.TotalCount, 3)
    const wrong = await call('DescribeRepositoryTags', 'sorted', { PushedAfter: 'yesterday' })
    assert.equal(wrong.Error?.Code, 'InvalidParameterValue')
  })

  it('hides signatures until asked for, and lists manifests by what names them', async () => {
    const path = 'demo/signed'
    const image = await pushFor(path, 'v1', 'amd64')
    const old = await pushFor(path, 'v2', 'amd64')
    await pushFor(path, `${image.digest.replace(':', '-')}.sig`, 'amd64')
    // Where the tag goes, its manifest stays.
    await pushFor(path, 'v2', 'arm64')
    const subject = {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: image.digest,
      size: image.bytes.length,
    }
    const config = await owner.pushBlob(path, '{}')
    const about = imageOf({ config, layers: [], more: { subject, artifactType: 'text/x-note' } })
    await owner.putManifest(path, digestOf('sha256', about), about)
    const list = await call('DescribeRepositoryTags', 'signed', { CountUntagged: true })
    assert.deepEqual(tagsOf(list).sort(), ['v1', 'v2'])
    assert.deepEqual([list.TotalCount, list.SignatureCount, list.UntaggedCount], [2, 1, 1])
    const whole = await call('DescribeRepositoryTags', 'signed', { WithSignatures: true })
    assert.deepEqual([whole.TotalCount, whole.SignatureCount, whole.UntaggedCount], [3, 0, null])
    const digestsOf = async (Group: string) => {
      const found = await call('DescribeRepositoryManifests', 'signed', { Group })
      assert.equal(found.TotalCount, found.Manifests.length)
      return found.Manifests.map(({ Digest }: { Digest: string }) => Digest)
    }
    assert.deepEqual(await digestsOf('Untagged'), [old.digest])
    assert.deepEqual(await digestsOf('Referrer'), [digestOf('sha256', about)])
    assert.deepEqual(await digestsOf('Child'), [])
    assert.equal((await digestsOf('All')).length, 5)
  })

  it('tells where a tag has pointed, and whether it may go back', async () => {
    const path = 'demo/moved'
    const first = await pushFor(path, 'v1', 'amd64')
    const second = await pushFor(path, 'v1', 'arm64')
    const input = { RegistryId: app.instance.id, NamespaceName: 'demo', RepositoryName: 'moved' }
    await app.api('DeleteImage', { ...input, ImageVersion: 'v1' })
    const history = await call('DescribeTagHistory', 'moved', { Tag: 'v1' })
    const moves = history.Moves.map((move: Record<string, unknown>) => [
      move.PreviousDigest,
      move.Digest,
      move.By,
      move.IsPresent,
    ])
    assert.deepEqual(moves, [
      [second.digest, null, app.username, false],
      [first.digest, second.digest, app.username, true],
      [null, first.digest, app.username, true],
    ])
    assert.equal(history.TotalCount, 3)
  })
})
