// Policies at the registry: the same documents that decide about the API decide about docker, with the rules of the
// present second, and what is hidden is as what isn't.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import {
  addLogin,
  addPerson,
  allow,
  cam,
  deny,
  givePolicy,
  ok,
  policyOf,
  type TestPerson,
} from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { outcome, ownerOf, type TestClient } from './test-client.ts'
import { addNamespace } from './test-seed.ts'

onEachDatabase('policies at the registry', (_open, dialect) => {
  let app: TestApp
  let second: TestApp
  let owner: TestClient

  before(async () => {
    app = await testApp({ dialect })
    second = await app.beside()
    owner = ownerOf(app)
    for (const name of ['team-01', 'secret']) await addNamespace(app, name)
    for (const path of ['team-01/repo-demo', 'team-01/other', 'secret/app']) {
      await owner.pushImage(path, 'v1')
    }
  })
  after(async () => {
    await second.close()
    await app.close()
  })

  async function personWith(name: string, ...statements: object[]) {
    const person = await addPerson(app, name)
    const policyId = await givePolicy(app, person, policyOf(...statements))
    const client = owner.as(await addLogin(app, person.uin))
    return { person, policyId, client }
  }

  // The seeds' "read one repository": pulls it, pushes nothing, sees nothing else.
  function readDemo(): object[] {
    return [
      allow(
        ['tcr:DescribeRepositories', 'tcr:PullRepository'],
        `qcs::tcr:::repository/${app.instance.id}/team-01/repo-demo/*`,
      ),
      allow('tcr:DescribeInstance*', `qcs::tcr:::instance/${app.instance.id}`),
    ]
  }

  const demo = '/v2/team-01/repo-demo/manifests/v1'

  it('let a reader pull his repository and not push to it', async () => {
    const { client } = await personWith('reader', ...readDemo())
    assert.equal((await client.call('GET', demo)).status, 200)
    const push = await client.call('POST', '/v2/team-01/repo-demo/blobs/uploads/')
    assert.equal(outcome(push), '403 DENIED')
    const token = client.as(await client.bearer('repository:team-01/repo-demo:pull,push'))
    assert.equal((await token.call('GET', demo)).status, 200)
    const scoped = await token.call('POST', '/v2/team-01/repo-demo/blobs/uploads/')
    assert.equal(outcome(scoped), '403 DENIED')
  })

  it('hide what they do not show as if it were not there', async () => {
    const { client } = await personWith('blind', ...readDemo())
    const hidden = await client.call('GET', '/v2/secret/app/manifests/v1')
    const missing = await client.call('GET', '/v2/secret/none/manifests/v1')
    const nowhere = await client.call('GET', '/v2/nowhere/app/manifests/v1')
    const sibling = await client.call('GET', '/v2/team-01/other/manifests/v1')
    for (const answer of [hidden, missing, nowhere, sibling]) {
      assert.equal(outcome(answer), outcome(hidden))
      assert.equal(answer.status, 404)
    }
    assert.equal(hidden.text.replaceAll('app', ''), missing.text.replaceAll('none', ''))
  })

  it('show a catalog of what they reach', async () => {
    const { client } = await personWith('lister', ...readDemo())
    const { text } = await client.call('GET', '/v2/_catalog')
    assert.deepEqual(JSON.parse(text), { repositories: ['team-01/repo-demo'] })
    const all = await personWith(
      'wide',
      allow('tcr:DescribeRepositories', '*'),
      deny('tcr:DescribeRepositories', `qcs::tcr:::repository/${app.instance.id}/secret/*`),
    )
    const wide = await all.client.call('GET', '/v2/_catalog?n=1')
    assert.deepEqual(JSON.parse(wide.text), { repositories: ['team-01/other'] })
    const next = await all.client.call('GET', '/v2/_catalog?n=5&last=team-01/other')
    assert.deepEqual(JSON.parse(next.text), { repositories: ['team-01/repo-demo'] })
  })

  it('change within a second, on every process, for tokens from before too', async () => {
    const { client, policyId, person } = await personWith('changing', ...readDemo())
    const there = client.as(await client.bearer('repository:team-01/repo-demo:pull,push'))
    const beside = [client, there].map((one) => one.on(second.url))
    const statuses = async () => {
      const all = [client, there, ...beside]
      return (await Promise.all(all.map((one) => one.call('GET', demo)))).map((a) => a.status)
    }
    assert.deepEqual(await statuses(), [200, 200, 200, 200])
    const refusing = policyOf(...readDemo(), deny('tcr:PullRepository', '*'))
    await ok(cam(app, 'UpdatePolicy', { PolicyId: policyId, PolicyDocument: refusing }))
    app.clock.advance(1000)
    assert.deepEqual(await statuses(), [404, 404, 404, 404])
    await ok(
      cam(app, 'UpdatePolicy', { PolicyId: policyId, PolicyDocument: policyOf(...readDemo()) }),
    )
    app.clock.advance(1000)
    assert.deepEqual(await statuses(), [200, 200, 200, 200])
    await ok(cam(app, 'DetachUserPolicy', { PolicyId: policyId, DetachUin: person.uin }))
    app.clock.advance(1000)
    assert.deepEqual(await statuses(), [404, 404, 404, 404])
  })

  it('come through groups, and end at the boundary', async () => {
    const person: TestPerson = await addPerson(app, 'grouped')
    const client = owner.as(await addLogin(app, person.uin))
    const status = async () => {
      app.clock.advance(1000)
      return (await client.call('GET', demo)).status
    }
    assert.equal(await status(), 404)
    const { GroupId } = await ok(cam(app, 'CreateGroup', { GroupName: 'readers' }))
    const preset = { PolicyId: 1002 }
    await ok(cam(app, 'AttachGroupPolicy', { ...preset, AttachGroupId: GroupId }))
    await ok(cam(app, 'AddUserToGroup', { Info: [{ GroupId, Uin: person.uin }] }))
    assert.equal(await status(), 200)
    const document = policyOf(allow('tcr:*', 'qcs::tcr:::repository/tcr-other/*'))
    const bounded = { PolicyName: 'elsewhere-only', PolicyDocument: document }
    const { PolicyId } = await ok(cam(app, 'CreatePolicy', bounded))
    const target = { TargetUin: person.uin }
    await ok(cam(app, 'PutUserPermissionsBoundary', { ...target, PolicyId }))
    assert.equal(await status(), 404)
    await ok(cam(app, 'DeleteUserPermissionsBoundary', target))
    assert.equal(await status(), 200)
    await ok(cam(app, 'DeleteGroup', { GroupId }))
    assert.equal(await status(), 404)
  })

  it('end with their person', async () => {
    const { client, person } = await personWith('leaving', ...readDemo())
    const token = client.as(await client.bearer('repository:team-01/repo-demo:pull'))
    assert.equal((await token.call('GET', demo)).status, 200)
    await ok(cam(app, 'DeleteUser', { Name: person.name, Force: 1 }))
    app.clock.advance(1000)
    for (const one of [client, token]) {
      assert.equal(outcome(await one.call('GET', demo)), '401 UNAUTHORIZED')
    }
  })
})
