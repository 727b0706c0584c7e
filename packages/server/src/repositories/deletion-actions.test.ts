import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { ociIndex } from '@entrepot/oci/media-types.ts'
import { addLogin, addPerson, addStranger } from '../accounts/test-people.ts'
import type { TestKey } from '../cloud-api/test-client.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { imageOf, ownerOf, type TestClient } from '../registry/test-client.ts'
import { addNamespace, addRobot } from '../registry/test-seed.ts'
import { type TestApp, testApp } from '../test-app.ts'

onEachDatabase('what a deletion would take', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient

  before(async () => {
    app = await testApp({ dialect })
    owner = ownerOf(app)
  })
  after(() => app.close())

  const call = async (action: string, input: object = {}, key?: TestKey) => {
    await app.app.registry.audit.flush()
    return app.api(action, input, { product: 'entrepot', ...(key && { key }) })
  }
  const inDemo = (RepositoryName: string, more: object = {}) => ({
    ...{ RegistryId: app.instance.id, NamespaceName: 'demo', RepositoryName },
    ...more,
  })
  const pull = (path: string, reference: string) =>
    owner.call('GET', `/v2/${path}/manifests/${reference}`)

  it('tells of tags which others of the digest stay, and which digests lose their last', async () => {
    const { bytes } = await owner.pushImage('demo/tags', 'a')
    for (const tag of ['b', 'c']) await owner.putManifest('demo/tags', tag, bytes)
    await owner.pushImage('demo/tags', 'alone', 'another')
    await pull('demo/tags', 'a')
    await pull('demo/tags', 'a')
    const Tags = ['a', 'b', 'alone', 'none']
    const told = await call('DescribeTagDeletion', inDemo('tags', { Tags }))
    assert.deepEqual(
      told.Tags.map((one: Record<string, unknown>) => [
        one.Tag,
        one.StayingTags,
        one.StayingTagCount,
        one.RecentPulls,
      ]),
      [
        ['a', ['c'], 1, 2],
        ['alone', [], 0, 0],
        ['b', ['c'], 1, 0],
      ],
    )
    assert.equal(told.UntaggedCount, 1)
    const all = { Tags: ['a', 'b', 'c'] }
    const whole = await call('DescribeTagDeletion', inDemo('tags', all))
    assert.equal(whole.UntaggedCount, 1)
  })

  it('tells of a digest its tags, its referrers and the indexes that hold it', async () => {
    const path = 'demo/digests'
    const image = await owner.pushImage(path, 'v1')
    const { digest } = image
    const mediaType = 'application/vnd.oci.image.manifest.v1+json'
    const descriptor = { mediaType, digest, size: image.bytes.length }
    const about = imageOf({ config: image.config, layers: [], more: { subject: descriptor } })
    await owner.putManifest(path, 'about', about)
    const index = { schemaVersion: 2, mediaType: ociIndex, manifests: [descriptor] }
    await owner.putManifest(path, 'all', Buffer.from(JSON.stringify(index)), ociIndex)
    await pull(path, 'v1')
    await pull(path, digest)
    const told = await call('DescribeManifestDeletion', inDemo('digests', { Digest: digest }))
    assert.deepEqual(
      [told.Tags, told.ReferrerCount, told.Indexes.length, told.RecentPulls],
      [['v1'], 1, 1, 2],
    )
  })

  it('tells of a repository and a namespace what they hold and who uses them', async () => {
    const namespace = await addNamespace(app, 'going', { isPublic: true })
    await addRobot(app, 'reader', [[namespace, ['tcr:PullRepository', 'tcr:PushRepository']]])
    await owner.pushImage('going/app', 'v1')
    await pull('going/app', 'v1')
    const anonymous = await owner.as(undefined).bearer('repository:going/app:pull')
    await owner.as(anonymous).call('GET', '/v2/going/app/manifests/v1')
    const about = { RegistryId: app.instance.id, NamespaceName: 'going' }
    const repository = await call('DescribeRepositoryDeletion', { ...about, RepositoryName: 'app' })
    assert.deepEqual(
      [repository.TagCount, repository.ManifestCount, repository.RecentPulls],
      [1, 1, 2],
    )
    assert.ok(repository.StoredBytes > 0)
    const told = await call('DescribeNamespaceDeletion', about)
    assert.deepEqual(
      [told.IsPublic, told.RepositoryCount, told.Repositories, told.TagCount],
      [true, 1, ['app'], 1],
    )
    assert.deepEqual([told.RecentAnonymousPulls, told.ServiceAccountCount], [1, 1])
    const open = await call('DescribeInstanceAnonymousAccess', { RegistryId: app.instance.id })
    assert.deepEqual(
      [open.EnableAnonymous, open.Namespaces, open.RecentPulls],
      [true, [{ NamespaceName: 'going', RepositoryCount: 1 }], 1],
    )
    for (const [action, more] of [
      ['DescribeRepositoryDeletion', { RepositoryName: 'none' }],
      ['DescribeNamespaceDeletion', { NamespaceName: 'none' }],
    ] as const) {
      const missing = await call(action, { ...about, ...more })
      assert.match(missing.Error?.Code ?? 'ok', /NotFound/)
    }
  })

  it('tells what ends with a user', async () => {
    const person = await addPerson(app, 'leaving', {
      effect: 'allow',
      action: 'tcr:*',
      resource: '*',
    })
    const client = owner.as(await addLogin(app, person.uin))
    await owner.pushImage('demo/used', 'v1')
    await client.call('GET', '/v2/demo/used/manifests/v1')
    const told = await call('DescribeUserDeletion', { TargetUin: person.uin })
    assert.equal(told.Error, undefined)
    const { RequestId, ...figures } = told
    assert.deepEqual(figures, {
      Name: 'leaving',
      ApiKeyCount: 1,
      CredentialCount: 1,
      SessionCount: 0,
      GroupCount: 0,
      PolicyCount: 1,
      RecentPulls: 1,
      LastLoginTime: null,
    })
    const other = await addPerson(app, 'curious')
    const refused = await call('DescribeUserDeletion', { TargetUin: person.uin }, other.key)
    assert.equal(refused.Error?.Code, 'UnauthorizedOperation')
    const stranger = await addStranger(app, 200_000_000_001)
    const foreign = await call('DescribeUserDeletion', { TargetUin: person.uin }, stranger.key)
    assert.match(foreign.Error?.Code ?? 'ok', /NotFound|NotExist/)
  })
})
