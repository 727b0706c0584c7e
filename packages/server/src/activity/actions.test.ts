import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { ociImage, ociIndex } from '@entrepot/oci/media-types.ts'
import {
  addLogin,
  addPerson,
  addStranger,
  allow,
  givePolicy,
  policyOf,
} from '../accounts/test-people.ts'
import type { TestKey } from '../cloud-api/test-client.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { basic, ownerOf, TestClient } from '../registry/test-client.ts'
import { addInstance, addNamespace, addRobot } from '../registry/test-seed.ts'
import { type TestApp, testApp } from '../test-app.ts'

onEachDatabase('what happens at registries', (_open, dialect) => {
  let app: TestApp

  before(async () => {
    app = await testApp({ dialect, env: { ENTREPOT_BASE_DOMAIN: 'registry.example.com' } })
  })
  after(() => app.close())

  const call = async (action: string, input: object = {}, key?: TestKey) => {
    await app.app.registry.audit.flush()
    return app.api(action, input, { product: 'entrepot', ...(key && { key }) })
  }
  const kindsOf = (answer: { readonly Activities: readonly { readonly Kind: string }[] }) =>
    answer.Activities.map(({ Kind }) => Kind)
  const refusalsOf = async (input: object = {}, key?: TestKey) => {
    const { Refusals } = await call('DescribeRefusals', input, key)
    return Refusals as readonly Record<string, unknown>[]
  }

  it('shows a first login and push as they arrive, each once', async () => {
    const owner = ownerOf(app)
    const first = await call('DescribeActivity')
    assert.deepEqual(first.Activities, [])
    app.clock.advance(10_000)
    assert.equal((await owner.call('GET', '/service/token')).status, 200)
    const begun = await owner.startUpload('demo/app')
    await owner.call('PATCH', begun, { body: 'some bytes', headers: { 'User-Agent': 'test' } })
    const during = await call('DescribeActivity', { Since: first.Next })
    assert.deepEqual(kindsOf(during as never).sort(), ['Login', 'Upload'])
    const upload = during.Activities.find(({ Kind }: { Kind: string }) => Kind === 'Upload')
    assert.deepEqual([upload.RepositoryName, upload.Size, upload.Actor], ['app', 10, app.username])
    await owner.call('DELETE', begun)
    app.clock.advance(10_000)
    const image = await owner.pushImage('demo/app', 'v1')
    await owner.call('GET', '/v2/demo/app/manifests/v1')
    const arrived = await call('DescribeActivity', { Since: during.Next, NamespaceName: 'demo' })
    assert.deepEqual(kindsOf(arrived as never), ['Push'])
    const [{ ActivityId, Size, Time, ...push }] = arrived.Activities
    assert.ok(Size > 0)
    assert.match(Time, /Z$/)
    assert.deepEqual(push, {
      Kind: 'Push',
      RegistryId: app.instance.id,
      NamespaceName: 'demo',
      RepositoryName: 'app',
      Tags: 'v1',
      Digest: image.digest,
      Actor: app.username,
      Address: '127.0.0.1',
      Agent: null,
      Reason: null,
      Count: 1,
    })
    const again = await call('DescribeActivity', { Since: arrived.Next })
    assert.deepEqual(
      again.Activities.map((one: { ActivityId: string }) => one.ActivityId),
      [ActivityId],
    )
    app.clock.advance(10_000)
    const later = (await call('DescribeActivity')).Next
    assert.deepEqual((await call('DescribeActivity', { Since: later })).Activities, [])
  })

  it('tells no size of an index, whose document is small however large its images are', async () => {
    const owner = ownerOf(app)
    app.clock.advance(10_000)
    const { Next } = await call('DescribeActivity')
    const { digest, bytes } = await owner.pushImage('demo/multi', 'amd64')
    const manifests = [{ mediaType: ociImage, digest, size: bytes.length }]
    const index = { schemaVersion: 2, mediaType: ociIndex, manifests }
    await owner.putManifest('demo/multi', 'all', Buffer.from(JSON.stringify(index)), ociIndex)
    await app.app.registry.audit.flush()
    const { Activities } = await call('DescribeActivity', { Since: Next })
    const sizes = new Map(
      Activities.map((one: { Tags: string; Size: number | null }) => [one.Tags, one.Size]),
    )
    assert.ok(Number(sizes.get('amd64')) > 0)
    assert.equal(sizes.get('all'), null)
  })

  it('shows nobody what he may not list, and no logins of others', async () => {
    const resource = `qcs::tcr:::repository/${app.instance.id}/other/*`
    const person = await addPerson(app, 'elsewhere', allow('tcr:Describe*', resource))
    assert.deepEqual((await call('DescribeActivity', {}, person.key)).Activities, [])
    await givePolicy(app, person, policyOf(allow('cloudaudit:DescribeEvents', '*')))
    app.clock.advance(1000)
    const all = await call('DescribeActivity', {}, person.key)
    assert.deepEqual(kindsOf(all as never), ['Login'])
    const stranger = await addStranger(app, 200_000_000_001)
    assert.deepEqual((await call('DescribeActivity', {}, stranger.key)).Activities, [])
    const foreign = await call('DescribeActivity', { RegistryId: app.instance.id }, stranger.key)
    assert.notEqual(foreign.Error, undefined)
  })

  it('says why somebody was refused, once to him and once to who reads the audit log', async () => {
    const person = await addPerson(app, 'refused')
    const login = await addLogin(app, person.uin)
    const client = new TestClient(app.url, login)
    app.clock.advance(10_000)
    const wrong = client.as(basic(person.uin, 'wrong-secret-of-20-chars'))
    assert.equal((await wrong.call('GET', '/service/token')).status, 401)
    assert.equal((await client.call('GET', '/v2/demo/app/manifests/v1')).status, 404)
    assert.equal((await client.call('POST', '/v2/demo/app/blobs/uploads/')).status, 404)
    const own = await refusalsOf({}, person.key)
    assert.deepEqual(
      own.map((one) => [one.Reason, one.Permission, one.Resource, one.LoginName]).sort(),
      [
        ['NoPermission', 'tcr:PullRepository', `repository/${app.instance.id}/demo/app`],
        ['NoPermission', 'tcr:PushRepository', `repository/${app.instance.id}/demo/app`],
        ['WrongCredential', null, null],
      ].map((one) => [...one, String(person.uin)]),
    )
    const everybodys = await call('DescribeRefusals', { Scope: 'All' }, person.key)
    assert.equal(everybodys.Error?.Code, 'UnauthorizedOperation')
    const seen = await refusalsOf({ Scope: 'All', RegistryId: app.instance.id })
    assert.ok(seen.some(({ LoginName }) => LoginName === String(person.uin)))
    assert.deepEqual(await refusalsOf({}), [])
  })

  it('tells each fault by its own word', async () => {
    const owner = ownerOf(app)
    const other = await addInstance(app, 'other-one')
    const namespace = await addNamespace(app, 'robots')
    const robot = await addRobot(app, 'ended', [[namespace, ['tcr:PullRepository']]], {
      expiresAt: app.clock.now() + 1000,
    })
    app.clock.advance(60_000)
    const since = new Date(app.clock.now()).toISOString()
    await owner.as(robot.authorization).call('GET', '/service/token')
    // Its secret was made here: one that a person chose is only told as wrong.
    const elsewhere = owner.as(await addLogin(app, Number(app.username)))
    await elsewhere.at(`${other.name}.registry.example.com`).call('GET', '/service/token')
    await owner.at('nobody.registry.example.com').call('GET', '/v2/')
    await owner.call('POST', '/v2/nosuch/app/blobs/uploads/')
    const anonymous = await owner.as(undefined).bearer()
    await owner.as(anonymous).call('GET', '/v2/demo/app/manifests/v1')
    await owner.as(await owner.bearer()).call('GET', '/v2/demo/app/manifests/v1')
    const found = await refusalsOf({ Scope: 'All', Since: since })
    assert.deepEqual(found.map((one) => [one.Reason, one.LoginName, one.Resource ?? '']).sort(), [
      ['CredentialExpired', 'tcr$ended', ''],
      ['LoginNeeded', null, `repository/${app.instance.id}/demo/app`],
      ['NamespaceMissing', app.username, `repository/${app.instance.id}/nosuch/app`],
      ['OtherInstance', app.username, ''],
      ['TokenTooNarrow', app.username, `repository/${app.instance.id}/demo/app`],
      ['UnknownHost', null, 'nobody.registry.example.com'],
    ])
  })

  it('tells that a credential is disabled, and that there were too many attempts', async () => {
    const person = await addPerson(app, 'disabled')
    const login = await addLogin(app, person.uin)
    const { id } = await app.app.db.read
      .selectFrom('user_credentials')
      .select('id')
      .where('uin', '=', person.uin)
      .executeTakeFirstOrThrow()
    await disable(id)
    const client = new TestClient(app.url, login)
    await client.call('GET', '/service/token')
    const wrong = client.as(basic(person.uin, 'wrong-secret-of-20-chars'))
    for (let n = 0; n < 11; n += 1) await wrong.call('GET', '/service/token')
    const own = await refusalsOf({}, person.key)
    const reasons = new Set(own.map(({ Reason }) => Reason))
    assert.deepEqual([...reasons].sort(), [
      'CredentialDisabled',
      'TooManyAttempts',
      'WrongCredential',
    ])
    // The secret that was tried stands nowhere.
    const rows = await app.app.db.read.selectFrom('audit').selectAll().execute()
    assert.ok(!JSON.stringify(rows).includes('wrong-secret'))
  })

  function disable(id: string): Promise<void> {
    return app.app.db.write(async (tx) => {
      await tx
        .updateTable('user_credentials')
        .set({ disabled_at: app.clock.now() })
        .where('id', '=', id)
        .execute()
    })
  }
})
