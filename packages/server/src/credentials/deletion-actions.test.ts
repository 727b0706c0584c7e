import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { addLogin, addPerson, allow } from '../accounts/test-people.ts'
import type { TestKey } from '../cloud-api/test-client.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { ownerOf } from '../registry/test-client.ts'
import { addNamespace, addRobot } from '../registry/test-seed.ts'
import { type TestApp, testApp } from '../test-app.ts'

onEachDatabase('who would be cut off without a credential', (_open, dialect) => {
  let app: TestApp

  before(async () => {
    app = await testApp({ dialect })
  })
  after(() => app.close())

  const tell = async (Kind: string, CredentialId: string, key?: TestKey) => {
    await app.app.registry.audit.flush()
    await app.app.registry.authenticator.writeUses()
    const input = { RegistryId: app.instance.id, Kind, CredentialId }
    return app.api('DescribeCredentialDeletion', input, {
      product: 'entrepot',
      ...(key && { key }),
    })
  }

  it('is told of a service account to who may list them', async () => {
    const owner = ownerOf(app)
    const namespace = await addNamespace(app, 'used')
    const rights = ['tcr:PullRepository', 'tcr:PushRepository', 'tcr:CreateRepository'] as const
    const robot = await addRobot(app, 'ci', [[namespace, rights]])
    const client = owner.as(robot.authorization)
    await client.pushImage('used/app', 'v1')
    await client.call('GET', '/v2/used/app/manifests/v1')
    await client.call('GET', '/v2/used/app/manifests/v1')
    for (const name of ['ci', 'tcr$ci']) {
      const told = await tell('ServiceAccount', name)
      assert.deepEqual(
        [told.RecentPulls, told.RecentPushes, told.RecentAddresses, told.LastUsedAddress],
        [2, 1, ['127.0.0.1'], '127.0.0.1'],
      )
    }
    const resource = `qcs::tcr:::instance/${app.instance.id}`
    const person = await addPerson(app, 'curious', allow('tcr:DescribeInstanceToken', resource))
    const refused = await tell('ServiceAccount', 'ci', person.key)
    assert.equal(refused.Error?.Code, 'UnauthorizedOperation')
    const missing = await tell('ServiceAccount', 'none')
    assert.match(missing.Error?.Code ?? 'ok', /NotFound/)
  })

  it('is told of a long-term credential to its person alone', async () => {
    const resource = `qcs::tcr:::*`
    const person = await addPerson(app, 'ann', allow('tcr:*', resource))
    const client = ownerOf(app).as(await addLogin(app, person.uin))
    await client.call('GET', '/v2/used/app/manifests/v1')
    const { id } = await app.app.db.read
      .selectFrom('user_credentials')
      .select('id')
      .where('uin', '=', person.uin)
      .executeTakeFirstOrThrow()
    const told = await tell('LongTerm', id, person.key)
    assert.deepEqual([told.RecentPulls, told.RecentPushes], [1, 0])
    const others = await tell('LongTerm', id)
    assert.match(others.Error?.Code ?? 'ok', /NotFound/)
  })
})
