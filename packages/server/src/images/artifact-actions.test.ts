import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { ociIndex } from '@entrepot/oci/media-types.ts'
import { addPerson, allow } from '../accounts/test-people.ts'
import type { TestKey } from '../cloud-api/test-client.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { imageOf, ownerOf, type TestClient } from '../registry/test-client.ts'
import { type TestApp, testApp } from '../test-app.ts'

onEachDatabase('own actions on artifacts', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient

  before(async () => {
    app = await testApp({ dialect })
    owner = ownerOf(app)
  })
  after(() => app.close())

  const call = (action: string, path: string, input: object = {}) => {
    const [NamespaceName = '', RepositoryName = ''] = path.split('/')
    const about = { RegistryId: app.instance.id, NamespaceName, RepositoryName }
    return app.api(action, { ...about, ...input }, { product: 'entrepot' })
  }

  async function pushWithConfig(path: string, tag: string, architecture: string) {
    const config = JSON.stringify({
      os: 'linux',
      architecture,
      created: '2026-01-02T03:04:05Z',
      config: {
        Labels: { for: architecture },
        Env: ['A=b'],
        Cmd: ['serve'],
        User: '1000',
        ExposedPorts: { '80/tcp': {} },
      },
      history: [{ created_by: 'ENV A=b', empty_layer: true }, { created_by: `RUN ${tag}` }],
    })
    const configDigest = await owner.pushBlob(path, config)
    const layer = await owner.pushBlob(path, `layer of ${tag}`)
    const bytes = imageOf({
      config: configDigest,
      configBytes: config.length,
      layers: [[layer, `layer of ${tag}`.length]],
    })
    const answer = await owner.putManifest(path, tag, bytes)
    assert.equal(answer.status, 201, answer.text)
    return { digest: String(answer.headers['docker-content-digest']), bytes, layer }
  }

  it('show an image: its layers with their commands, labels, pushes and pulls', async () => {
    const image = await pushWithConfig('demo/shown', 'v1', 'amd64')
    await owner.putManifest('demo/shown', 'v2', image.bytes)
    await owner.call('GET', '/v2/demo/shown/manifests/v1')
    await app.app.registry.audit.flush()
    const shown = await call('DescribeManifest', 'demo/shown', { Reference: 'v1' })
    assert.equal(shown.Error, undefined)
    assert.deepEqual(
      [shown.Digest, shown.Kind, shown.Tags, shown.PushedBy, shown.PullCount],
      [image.digest, 'Image', ['v1', 'v2'], app.username, 1],
    )
    assert.deepEqual(shown.Labels, [{ Key: 'for', Value: 'amd64' }])
    assert.deepEqual(
      shown.Layers.map((one: { CreatedBy: string; Digest: string }) => [one.CreatedBy, one.Digest]),
      [
        ['ENV A=b', null],
        ['RUN v1', image.layer],
      ],
    )
    assert.equal(shown.Platforms[0].Architecture, 'amd64')
    assert.equal(shown.ImageDigest, image.digest)
    const { Config: config } = shown
    assert.deepEqual(
      [config.Env, config.Cmd, config.User, config.ExposedPorts, config.Entrypoint, config.Volumes],
      [['A=b'], ['serve'], '1000', ['80/tcp'], [], []],
    )
    assert.equal(JSON.parse(shown.RawConfig).architecture, 'amd64')
    assert.equal(shown.Manifest, image.bytes.toString())
    assert.match(shown.LastPullTime, /Z$/)
  })

  it('show the platforms of an index, and the layers of the one asked for', async () => {
    const path = 'demo/multi'
    const amd64 = await pushWithConfig(path, 'a', 'amd64')
    const arm64 = await pushWithConfig(path, 'b', 'arm64')
    const child = (image: typeof amd64, architecture: string) => ({
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: image.digest,
      size: image.bytes.length,
      platform: { os: 'linux', architecture },
    })
    const index = {
      schemaVersion: 2,
      mediaType: ociIndex,
      manifests: [child(arm64, 'arm64'), child(amd64, 'amd64')],
    }
    await owner.putManifest(path, 'all', Buffer.from(JSON.stringify(index)), ociIndex)
    const shown = await call('DescribeManifest', path, { Reference: 'all' })
    assert.equal(shown.Kind, 'Index')
    assert.deepEqual(
      shown.Platforms.map((one: { Architecture: string }) => one.Architecture),
      ['arm64', 'amd64'],
    )
    assert.equal(shown.Layers[1].Digest, amd64.layer)
    const other = await call('DescribeManifest', path, {
      Reference: 'all',
      Platform: 'linux/arm64',
    })
    assert.equal(other.Layers[1].Digest, arm64.layer)
    const none = await call('DescribeManifest', path, { Reference: 'all', Platform: 'plan9/mips' })
    assert.deepEqual(none.Layers, [])
  })

  it('tell in how many other repositories a layer lies, of those that the caller may list', async () => {
    await pushWithConfig('demo/base', 'v1', 'amd64')
    await pushWithConfig('demo/derived-a', 'v1', 'arm64')
    await pushWithConfig('demo/derived-b', 'v1', 'arm64')
    const person = await addPerson(
      app,
      'half-sighted',
      ...['base', 'derived-a'].map((name) =>
        allow('tcr:Describe*', `qcs::tcr:::repository/${app.instance.id}/demo/${name}`),
      ),
    )
    const about = { RegistryId: app.instance.id, NamespaceName: 'demo', RepositoryName: 'base' }
    const shared = async (key?: TestKey) => {
      const input = { ...about, Reference: 'v1' }
      const shown = await app.api('DescribeManifest', input, {
        product: 'entrepot',
        ...(key && { key }),
      })
      return shown.Layers[1].SharedRepositoryCount
    }
    // `demo/shown` holds the same layer.
    assert.equal(await shared(), 3)
    assert.equal(await shared(person.key), 1)
  })

  it('show what an index holds beside images', async () => {
    const path = 'demo/attested'
    const image = await pushWithConfig(path, 'a', 'amd64')
    const about = await owner.pushImage(path, 'b', 'a statement')
    const type = 'application/vnd.oci.image.manifest.v1+json'
    const manifests = [
      { mediaType: type, digest: image.digest, size: image.bytes.length },
      {
        mediaType: type,
        digest: about.digest,
        size: about.bytes.length,
        platform: { os: 'unknown', architecture: 'unknown' },
        annotations: {
          'vnd.docker.reference.digest': image.digest,
          'vnd.docker.reference.type': 'attestation-manifest',
        },
      },
    ]
    const index = JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests })
    await owner.putManifest(path, 'all', Buffer.from(index), ociIndex)
    const shown = await call('DescribeManifest', path, { Reference: 'all' })
    assert.deepEqual(shown.Attestations, [
      {
        Digest: about.digest,
        Size: about.bytes.length,
        SubjectDigest: image.digest,
        Type: 'attestation-manifest',
        IsPresent: true,
      },
    ])
  })

  it('tell which tags share a digest, and delete a digest with all of them', async () => {
    const path = 'demo/sharing'
    const { bytes, digest } = await owner.pushImage(path, 'a')
    await owner.putManifest(path, 'b', bytes)
    const shared = await call('DescribeTagsOfDigest', path, { Digest: digest })
    assert.deepEqual(
      [shared.TotalCount, shared.Tags.map((one: { Tag: string }) => one.Tag)],
      [2, ['a', 'b']],
    )
    const deleted = await call('DeleteManifest', path, { Digest: digest })
    assert.deepEqual([...deleted.DeletedTags].sort(), ['a', 'b'])
    const again = await call('DeleteManifest', path, { Digest: digest })
    assert.equal(again.Error?.Code, 'ResourceNotFound.TcrResourceNotFound')
    const wrong = await call('DeleteManifest', path, { Digest: 'v1' })
    assert.equal(wrong.Error?.Code, 'InvalidParameterValue')
  })

  it('list what is about a digest', async () => {
    const path = 'demo/subject'
    const subject = await owner.pushImage(path, 'v1')
    const about = imageOf({
      config: subject.config,
      layers: [],
      more: {
        artifactType: 'application/vnd.example.sbom',
        annotations: { a: 'b' },
        subject: {
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          digest: subject.digest,
          size: subject.bytes.length,
        },
      },
    })
    await owner.putManifest(path, 'sbom', about)
    const list = await call('DescribeReferrers', path, { Digest: subject.digest })
    assert.equal(list.TotalCount, 1)
    assert.equal(list.Referrers[0].ArtifactType, 'application/vnd.example.sbom')
    assert.deepEqual(list.Referrers[0].Annotations, [{ Key: 'a', Value: 'b' }])
    const other = await call('DescribeReferrers', path, {
      Digest: subject.digest,
      ArtifactType: 'application/vnd.other',
    })
    assert.equal(other.TotalCount, 0)
    const shown = await call('DescribeManifest', path, { Reference: 'v1' })
    assert.equal(shown.ReferrerCount, 1)
  })
})
