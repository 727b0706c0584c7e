import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { ociIndex } from '@entrepot/oci/media-types.ts'
import { addPerson, allow } from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import {
  begunUser,
  type PersonalUser,
  personalApp,
  personalPassword,
  userOf,
} from '../personal/test-personal.ts'
import { imageOf, outcome, ownerOf, type TestClient } from '../registry/test-client.ts'
import { mainKey, type TestApp } from '../test-app.ts'

onEachDatabase('the way from the Personal edition into an instance', (_open, dialect) => {
  let app: TestApp
  let user: PersonalUser
  /** At the instance. */
  let client: TestClient

  before(async () => {
    app = await personalApp({ dialect })
    user = userOf(app, { uin: app.instance.ownerUin, key: mainKey })
    client = ownerOf(app)
    await user.done('CreateUserPersonal', { Password: personalPassword })
    for (const Namespace of ['mine', 'more'])
      await user.done('CreateNamespacePersonal', { Namespace })
    app.app.startJobs()
  })
  after(() => app.close())

  const migrate = (input: object) =>
    user.api('MigratePersonalNamespace', { RegistryId: app.instance.id, ...input }, 'entrepot')

  async function ended(JobId: string) {
    await app.app.jobs.idle()
    const input = { RegistryId: app.instance.id, JobId }
    const answer = await user.api('DescribePersonalNamespaceMigrations', input, 'entrepot')
    assert.equal(answer.TotalCount, 1)
    return answer.Migrations[0]
  }

  const pulled = async (path: string, reference: string) =>
    outcome(await client.call('GET', `/v2/${path}/manifests/${reference}`))

  it('copies all that an account has: images, indexes, what is untagged, what is about an image', async () => {
    const image = await user.client.pushImage('mine/app', 'v1', 'one')
    await user.client.putManifest('mine/app', 'same', image.bytes)
    const untagged = await user.client.pushImage('mine/app', 'moved', 'two')
    await user.client.pushImage('mine/app', 'moved', 'three')
    const subject = {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: image.digest,
    }
    const referrer = imageOf({
      config: image.config,
      layers: [[image.layer, 3]],
      more: { subject: { ...subject, size: image.bytes.byteLength }, artifactType: 'a/signature' },
    })
    await user.client.putManifest('mine/app', 'signature', referrer)
    const index = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: ociIndex,
        manifests: [{ ...subject, size: image.bytes.byteLength }],
      }),
    )
    await user.client.putManifest('mine/app', 'index', index, ociIndex)
    await user.client.pushImage('more/tool', 'v1', 'four')

    const { JobId } = await migrate({})
    const { CreateTime, EndTime, ...done } = await ended(JobId)
    assert.match(CreateTime, /Z$/)
    assert.match(EndTime, /Z$/)
    assert.deepEqual(done, {
      JobId,
      RegistryId: app.instance.id,
      Namespaces: [
        { Namespace: 'mine', DestinationNamespace: 'mine' },
        { Namespace: 'more', DestinationNamespace: 'more' },
      ],
      State: 'Succeeded',
      RepositoryCount: 2,
      RepositoriesDone: 2,
      TagCount: 6,
      TagsDone: 6,
      TagsFailed: 0,
      Reason: null,
    })
    for (const tag of ['v1', 'same', 'moved', 'signature', 'index', untagged.digest]) {
      assert.equal(await pulled('mine/app', tag), '200', tag)
    }
    assert.equal(await pulled('more/tool', 'v1'), '200')
    const blob = await client.call('GET', `/v2/mine/app/blobs/${image.layer}`)
    assert.equal(blob.text, 'one')
    const referrers = await client.call('GET', `/v2/mine/app/referrers/${image.digest}`)
    assert.equal((JSON.parse(referrers.text) as { manifests: object[] }).manifests.length, 1)
  })

  it('leaves tags that are there unless told, and asked again brings what is new', async () => {
    const Namespaces = [{ Namespace: 'more', DestinationNamespace: 'others' }]
    await ended((await migrate({ Namespaces })).JobId)
    await user.client.pushImage('more/tool', 'v1', 'changed')
    await user.client.pushImage('more/tool', 'v2', 'new')
    const kept = await ended((await migrate({ Namespaces })).JobId)
    assert.deepEqual([kept.State, kept.TagsDone, kept.TagsFailed], ['Succeeded', 1, 1])
    assert.equal(await pulled('others/tool', 'v2'), '200')
    const before = await client.call('GET', '/v2/others/tool/manifests/v1')
    const moved = await ended((await migrate({ Namespaces, Override: true })).JobId)
    assert.deepEqual([moved.TagsDone, moved.TagsFailed], [2, 0])
    const now = await client.call('GET', '/v2/others/tool/manifests/v1')
    assert.notEqual(now.text, before.text)
  })

  it('says what stops it, and goes on when there is room', async () => {
    await user.done('CreateNamespacePersonal', { Namespace: 'wide' })
    for (const name of ['a', 'b']) await user.client.pushImage(`wide/${name}`, 'v1', name)
    const quota = (Limit: number) =>
      user.done(
        'ModifyInstanceQuota',
        { TargetRegistryId: app.instance.id, Quotas: [{ Name: 'Repositories', Limit }] },
        'entrepot',
      )
    const { Quotas } = await user.api(
      'DescribeInstanceQuota',
      { RegistryId: app.instance.id },
      'entrepot',
    )
    const used = Quotas.find((one: { Name: string }) => one.Name === 'Repositories').Used
    await quota(used + 1)
    const Namespaces = [{ Namespace: 'wide' }]
    const stopped = await ended((await migrate({ Namespaces })).JobId)
    assert.deepEqual([stopped.State, stopped.RepositoriesDone], ['Failed', 1])
    assert.match(stopped.Reason, /repositories/)
    await quota(1000)
    const done = await ended((await migrate({ Namespaces })).JobId)
    assert.deepEqual([done.State, done.RepositoriesDone], ['Succeeded', 2])
    assert.equal(await pulled('wide/b', 'v1'), '200')
  })

  it('takes only what is the account’s, and what the caller may pull', async () => {
    const other = await begunUser(app, 100000000721)
    await other.done('CreateNamespacePersonal', { Namespace: 'theirs' })
    const stolen = await migrate({ Namespaces: [{ Namespace: 'theirs' }] })
    assert.equal(stolen.Error?.Code, 'ResourceNotFound.ErrNoNamespace')
    const twice = await migrate({
      Namespaces: [{ Namespace: 'mine' }, { Namespace: 'more', DestinationNamespace: 'mine' }],
    })
    assert.equal(twice.Error?.Code, 'InvalidParameterValue')
    const foreign = await other.code(
      'MigratePersonalNamespace',
      { RegistryId: app.instance.id },
      'entrepot',
    )
    assert.match(foreign ?? '', /^ResourceNotFound/)
    const pusher = userOf(
      app,
      await addPerson(app, 'pusher', allow('tcr:PushRepository', 'qcs::tcr:::repository/*')),
    )
    const refused = await pusher.code(
      'MigratePersonalNamespace',
      { RegistryId: app.instance.id, Namespaces: [{ Namespace: 'mine' }] },
      'entrepot',
    )
    assert.equal(refused, 'UnauthorizedOperation')
  })
})
