import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { ociIndex } from '@entrepot/oci/media-types.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { listCountDifferences } from '../quotas/recount.ts'
import { ownerOf, type TestClient } from '../registry/test-client.ts'
import { type TestApp, testApp } from '../test-app.ts'

onEachDatabase('the API of images', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient

  before(async () => {
    app = await testApp({ dialect })
    owner = ownerOf(app)
    const namespace = { RegistryId: app.instance.id, NamespaceName: 'other', IsPublic: false }
    assert.equal((await app.api('CreateNamespace', namespace)).Error, undefined)
  })
  after(() => app.close())

  const call = (action: string, path: string, input: object = {}) => {
    const [NamespaceName = '', RepositoryName = ''] = path.split('/')
    return app.api(action, { RegistryId: app.instance.id, NamespaceName, RepositoryName, ...input })
  }

  async function list(
    path: string,
    input: object = {},
  ): Promise<{ tags: string[]; total: number }> {
    const answer = await call('DescribeImages', path, input)
    assert.equal(answer.Error, undefined)
    const tags = answer.ImageInfoList.map((one: { ImageVersion: string }) => one.ImageVersion)
    return { tags, total: answer.TotalCount }
  }

  async function pulls(path: string, tag: string): Promise<number> {
    return (await owner.call('HEAD', `/v2/${path}/manifests/${tag}`)).status
  }

  it('lists tags with digest, size, kind and time', async () => {
    const image = await owner.pushImage('demo/listed', 'v1')
    const { ImageInfoList, TotalCount } = await call('DescribeImages', 'demo/listed')
    assert.equal(TotalCount, 1)
    const { UpdateTime, ...shown } = ImageInfoList[0]
    assert.match(UpdateTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    assert.deepEqual(shown, {
      Digest: image.digest,
      Size: 2 + 'demo/listed:v1'.length,
      ImageVersion: 'v1',
      Kind: 'Artifact::application/vnd.oci.image.manifest.v1+json',
      KmsSignature: '',
    })
    const none = await call('DescribeImages', 'demo/none')
    assert.equal(none.Error?.Code, 'ResourceNotFound.TcrResourceNotFound')
  })

  it('searches, finds by digest, and pages from both ends', async () => {
    const path = 'demo/many'
    const { bytes } = await owner.pushImage(path, 'Base')
    const names = Array.from({ length: 9 }, (_, i) => `t${i}`)
    for (const name of names) await owner.putManifest(path, name, bytes)
    const one = await owner.pushImage(path, 'other', 'other bytes')
    assert.equal((await list(path)).total, 11)
    assert.deepEqual((await list(path, { ImageVersion: 'BAS' })).tags, ['Base'])
    assert.deepEqual((await list(path, { ImageVersion: 'Bas', ExactMatch: true })).tags, [])
    assert.deepEqual((await list(path, { ImageVersion: 'Base', ExactMatch: true })).tags, ['Base'])
    assert.deepEqual((await list(path, { Digest: one.digest })).tags, ['other'])
    const all = ['Base', 'other', ...names]
    assert.deepEqual((await list(path, { Limit: 200 })).tags, all)
    const pages: string[] = []
    for (const Offset of [0, 3, 6, 9]) {
      pages.push(...(await list(path, { Limit: 3, Offset })).tags)
    }
    assert.deepEqual(pages, all)
    // Cold: counted from the end.
    assert.deepEqual((await list(path, { Limit: 2, Offset: 10 })).tags, all.slice(10))
    assert.deepEqual((await list(path, { Limit: 2, Offset: 12 })).tags, [])
  })

  it('shows the manifest and the config, with its labels', async () => {
    const path = 'demo/config'
    const config = JSON.stringify({ config: { Labels: { a: 'b' } }, history: [] })
    const digest = await owner.pushBlob(path, config)
    const manifest = {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest,
        size: config.length,
      },
      layers: [],
    }
    await owner.putManifest(path, 'v1', Buffer.from(JSON.stringify(manifest)))
    const shown = await call('DescribeImageManifests', path, { ImageVersion: 'v1' })
    assert.equal(shown.Manifest, JSON.stringify(manifest))
    assert.equal(shown.Config, config)
    assert.deepEqual(shown.Labels, [{ Key: 'a', Value: 'b' }])
    assert.equal(shown.Size, config.length)
    const none = await call('DescribeImageManifests', path, { ImageVersion: 'v2' })
    assert.equal(none.Error?.Code, 'ResourceNotFound.TcrResourceNotFound')
  })

  it('deletes one tag, and another of the same digest stays', async () => {
    const path = 'demo/shared'
    const { bytes } = await owner.pushImage(path, 'a')
    for (const tag of ['b', 'c', 'd']) await owner.putManifest(path, tag, bytes)
    assert.equal((await call('DeleteImage', path, { ImageVersion: 'a' })).Error, undefined)
    assert.deepEqual((await list(path)).tags, ['b', 'c', 'd'])
    const again = await call('DeleteImage', path, { ImageVersion: 'a' })
    assert.equal(again.Error?.Code, 'ResourceNotFound.TcrResourceNotFound')
    const some = await call('DeleteRepositoryTags', path, { Tags: ['b', 'none'] })
    assert.equal(some.Error?.Code, 'ResourceNotFound.TcrResourceNotFound')
    assert.deepEqual((await list(path)).tags, ['b', 'c', 'd'], 'all or none')
    assert.equal((await call('DeleteRepositoryTags', path, { Tags: ['b', 'c'] })).Error, undefined)
    assert.deepEqual(await list(path), { tags: ['d'], total: 1 })
    const tooMany = { Tags: Array.from({ length: 21 }, (_, i) => `t${i}`) }
    const refused = await call('DeleteRepositoryTags', path, tooMany)
    assert.equal(refused.Error?.Code, 'InvalidParameterValue')
  })

  const copy = (source: string, reference: string, destination: string, more: object = {}) => {
    const [SourceNamespace = '', SourceRepo = ''] = source.split('/')
    const [path = '', DestinationTag = ''] = destination.split(':')
    const [DestinationNamespace = '', DestinationRepo = ''] = path.split('/')
    return app.api('DuplicateImage', {
      RegistryId: app.instance.id,
      SourceNamespace,
      SourceRepo,
      SourceReference: reference,
      DestinationNamespace,
      DestinationRepo,
      DestinationTag,
      ...more,
    })
  }

  it('retags and copies an image, without another upload', async () => {
    const image = await owner.pushImage('demo/source', 'v1')
    assert.equal((await copy('demo/source', 'v1', 'demo/source:v2')).Error, undefined)
    assert.equal((await copy('demo/source', 'v1', 'other/copy:v1')).Error, undefined)
    assert.equal((await copy('demo/source', image.digest, 'other/copy:v2')).Error, undefined)
    const blob = await owner.call('GET', `/v2/other/copy/blobs/${image.layer}`)
    assert.equal(blob.text, 'demo/source:v1')
    assert.equal(await pulls('other/copy', image.digest), 200)
    assert.deepEqual((await list('other/copy')).tags, ['v1', 'v2'])
  })

  it('moves a tag only when told to', async () => {
    await owner.pushImage('demo/mover', 'a', 'one')
    const b = await owner.pushImage('demo/mover', 'b', 'two')
    const refused = await copy('demo/mover', 'b', 'demo/mover:a')
    assert.equal(refused.Error?.Code, 'FailedOperation.ErrorTcrResourceConflict')
    assert.equal((await copy('demo/mover', 'b', 'demo/mover:b')).Error, undefined)
    const moved = await copy('demo/mover', 'b', 'demo/mover:a', { Override: true })
    assert.equal(moved.Error, undefined)
    const { ImageInfoList } = await call('DescribeImages', 'demo/mover', {
      ImageVersion: 'a',
      ExactMatch: true,
    })
    assert.equal(ImageInfoList[0].Digest, b.digest)
  })

  it('copies an index with its children', async () => {
    const children = []
    for (const name of ['amd64', 'arm64']) children.push(await owner.pushImage('demo/multi', name))
    const index = {
      schemaVersion: 2,
      mediaType: ociIndex,
      manifests: children.map(({ digest, bytes }) => ({
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        digest,
        size: bytes.length,
      })),
    }
    await owner.putManifest('demo/multi', 'all', Buffer.from(JSON.stringify(index)), ociIndex)
    assert.equal((await copy('demo/multi', 'all', 'other/multi:all')).Error, undefined)
    for (const { digest, layer } of children) {
      assert.equal(await pulls('other/multi', digest), 200)
      assert.equal((await owner.call('GET', `/v2/other/multi/blobs/${layer}`)).status, 200)
    }
    assert.deepEqual((await list('other/multi')).tags, ['all'])
  })

  const refused: [source: string, reference: string, destination: string, code: string][] = [
    ['demo/none', 'v1', 'demo/x:v1', 'ResourceNotFound.TcrResourceNotFound'],
    ['demo/listed', 'v9', 'demo/x:v1', 'ResourceNotFound.TcrResourceNotFound'],
    ['demo/listed', 'v1', 'nowhere/x:v1', 'ResourceNotFound.TcrResourceNotFound'],
    ['demo/listed', 'v1', 'demo/X:v1', 'InvalidParameterValue'],
    ['demo/listed', 'v1', 'demo/x:-', 'InvalidParameterValue'],
  ]
  for (const [source, reference, destination, code] of refused) {
    it(`refuses ${source}:${reference} to ${destination} with ${code}`, async () => {
      assert.equal((await copy(source, reference, destination)).Error?.Code, code)
    })
  }

  it('keeps the counts that a recount finds', async () => {
    assert.deepEqual(await listCountDifferences(app.app.db.heavy), [])
  })
})
