// Who may pull, push and delete, by every kind of login.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { deleteImage, readOnly, readWrite } from '../access/actions.ts'
import { updateServiceAccount } from '../credentials/service-accounts.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { updateInstanceSwitches } from '../instances/instances.ts'
import { type Namespace, updateNamespace } from '../namespaces/namespaces.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { errorOf, outcome, ownerOf, type TestClient } from './test-client.ts'
import { addCredential, addNamespace, addRobot, addTemporary, seedOrigin } from './test-seed.ts'

onEachDatabase('who may', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient
  let open: Namespace
  let team: Namespace

  before(async () => {
    app = await testApp({ dialect })
    owner = ownerOf(app)
    open = await addNamespace(app, 'open', { isPublic: true })
    team = await addNamespace(app, 'team')
    await owner.pushImage('open/app', 'v1')
    await owner.pushImage('team/app', 'v1')
  })
  after(() => app.close())

  /** What each verb is answered in a repository, as one line. */
  async function verbs(client: TestClient, repository: string): Promise<string> {
    const image = await owner.pushImage(repository, 'doomed', 'the same text each time')
    const answers = [
      await client.call('GET', `/v2/${repository}/manifests/v1`),
      await client.call('GET', `/v2/${repository}/blobs/${image.layer}`),
      await client.call('GET', `/v2/${repository}/tags/list`),
      await client.putBlob(repository, 'a blob of a push'),
      await client.putManifest(repository, 'pushed', image.bytes),
      await client.call('DELETE', `/v2/${repository}/manifests/doomed`),
    ]
    return answers.map((answer) => answer.status).join(' ')
  }

  const everything = '200 200 200 201 201 202'
  const reading = '200 200 200 403 403 403'
  const writing = '200 200 200 201 201 403'
  const unknown = '401 401 401 401 401 401'
  const readingAnonymously = '200 200 200 401 401 401'

  it('the main account may all, by a long-term and by a temporary credential', async () => {
    const longTerm = await addCredential(app)
    const temporary = await addTemporary(app)
    // The key that signed it is of another process: its name is looked up no oftener than once a second.
    app.clock.advance(1001)
    for (const { authorization } of [longTerm, temporary]) {
      const client = owner.as(authorization)
      assert.equal(await verbs(client, 'team/app'), everything)
      const bearer = await client.bearer('repository:team/app:pull,push,delete')
      assert.equal(await verbs(owner.as(bearer), 'team/app'), everything)
    }
  })

  it('Basic works on /v2/ itself, a wrong password does not', async () => {
    assert.equal((await owner.call('GET', '/v2/')).status, 200)
    const answer = await owner.as('Basic bm9ib2R5Om5vdGhpbmc=').call('GET', '/v2/')
    assert.equal(outcome(answer), '401 UNAUTHORIZED')
    assert.match(errorOf(answer).message, /authentication required/)
    assert.match(answer.headers['www-authenticate'] ?? '', /^Bearer realm=/)
  })

  it('a service account may what was granted, where it was granted, under both its names', async () => {
    const cases = [
      ['reader', readOnly, reading],
      ['writer', readWrite, writing],
      ['cleaner', [...readWrite, deleteImage], everything],
    ] as const
    for (const [name, actions, expected] of cases) {
      const robot = await addRobot(app, name, [[team, actions]])
      const client = owner.as(robot.authorization)
      assert.equal(await verbs(client, 'team/app'), expected, name)
      const scope = 'repository:team/app:pull,push,delete'
      assert.equal(await verbs(owner.as(await client.bearer(scope)), 'team/app'), expected)
      const other = Buffer.from(`tcr@${name}:${robot.password}`).toString('base64')
      assert.equal(await verbs(owner.as(`Basic ${other}`), 'team/app'), expected, name)
      // What is public it pulls as anybody does, and no more.
      assert.equal(await verbs(client, 'open/app'), reading, name)
    }
  })

  it('a robot that may push but not create finds no repository to create', async () => {
    const pushOnly = readWrite.filter((action) => action !== 'tcr:CreateRepository')
    const robot = await addRobot(app, 'pusher', [[team, pushOnly]])
    const client = owner.as(robot.authorization)
    assert.equal(outcome(await client.putBlob('team/app', 'more')), '201')
    const refused = await client.putBlob('team/unmade', 'more')
    assert.equal(outcome(refused), '403 DENIED')
    assert.match(errorOf(refused).message, /create a repository/)
  })

  it('an expired service account is told so, with its tokens', async () => {
    const expiresAt = app.clock.now() + 60_000
    const robot = await addRobot(app, 'short-lived', [[team, readOnly]], { expiresAt })
    const client = owner.as(robot.authorization)
    const bearer = owner.as(await client.bearer('repository:team/app:pull'))
    const path = '/v2/team/app/manifests/v1'
    assert.equal((await client.call('GET', path)).status, 200)
    app.clock.advance(61_000)
    for (const each of [client, bearer]) {
      const answer = await each.call('GET', path)
      assert.equal(outcome(answer), '401 UNAUTHORIZED')
      assert.match(errorOf(answer).message, /expired/)
    }
  })

  it('a disabled service account is refused, and works again when enabled', async () => {
    const robot = await addRobot(app, 'switched', [[team, readOnly]])
    const client = owner.as(robot.authorization)
    const disable = (isDisabled: boolean) =>
      app.app.db.write((tx) =>
        updateServiceAccount(tx, app.instance, robot.id, {
          isDisabled,
          at: app.clock.now(),
          origin: seedOrigin,
        }),
      )
    await disable(true)
    app.clock.advance(1000)
    assert.equal(outcome(await client.call('GET', '/v2/')), '401 UNAUTHORIZED')
    await disable(false)
    app.clock.advance(1000)
    assert.equal(outcome(await client.call('GET', '/v2/')), '200')
  })

  it('the holder of an expired temporary credential is told that it expired', async () => {
    const { authorization } = await addTemporary(app)
    const client = owner.as(authorization)
    assert.equal(outcome(await client.call('GET', '/v2/')), '200')
    app.clock.advance(3_600_000 + 61_000)
    for (const path of ['/v2/', '/service/token']) {
      const answer = await client.call('GET', path)
      assert.equal(outcome(answer), '401 UNAUTHORIZED')
      assert.match(errorOf(answer).message, /^authentication required: .*expired/)
    }
  })

  it('anyone may pull from a public namespace, and nothing else', async () => {
    const anonymous = owner.as(undefined)
    assert.equal(await verbs(anonymous, 'open/app'), unknown, 'without a token: login is asked for')
    const token = owner.as(await anonymous.bearer('repository:open/app:pull,push,delete'))
    assert.equal(await verbs(token, 'open/app'), readingAnonymously)
    assert.equal(await verbs(token, 'team/app'), unknown)
  })

  it('public and private hold from the next request on', async () => {
    const anonymous = owner.as(undefined)
    const token = owner.as(await anonymous.bearer('repository:open/app:pull'))
    const path = '/v2/open/app/manifests/v1'
    for (const [isPublic, expected] of [
      [false, '401 UNAUTHORIZED'],
      [true, '200'],
    ] as const) {
      await app.app.db.write((tx) =>
        updateNamespace(tx, app.instance, open.name, {
          isPublic,
          at: app.clock.now(),
          origin: seedOrigin,
        }),
      )
      assert.equal(outcome(await token.call('GET', path)), expected)
    }
  })

  it("the instance's switch ends anonymous pulls within a second", async () => {
    const anonymous = owner.as(undefined)
    const token = owner.as(await anonymous.bearer('repository:open/app:pull'))
    const path = '/v2/open/app/manifests/v1'
    const allow = async (anonymousPull: boolean) => {
      await app.app.db.write((tx) => updateInstanceSwitches(tx, app.instance.id, { anonymousPull }))
      app.clock.advance(1000)
    }
    assert.equal(outcome(await token.call('GET', path)), '200')
    await allow(false)
    assert.equal(outcome(await token.call('GET', path)), '401 UNAUTHORIZED')
    assert.equal(outcome(await token.call('GET', '/v2/_catalog')), '401 UNAUTHORIZED')
    await allow(true)
    assert.equal(outcome(await token.call('GET', path)), '200')
  })
})
