// A credential that ends stops within a second: its logins, the tokens made of it, and the transfers that run
// under it, on every process.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { after, before, it } from 'node:test'
import { readWrite } from '../access/actions.ts'
import { suspendAccount } from '../accounts/accounts.ts'
import { updateServiceAccount } from '../credentials/service-accounts.ts'
import { deleteUserCredential, setUserCredentialDisabled } from '../credentials/user-credentials.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { findNamespace } from '../namespaces/namespaces.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { answerOf, errorOf, outcome, ownerOf, TestClient } from './test-client.ts'
import { addCredential, addRobot, addTemporary, type Login, seedOrigin } from './test-seed.ts'

/** More than the sockets between the two hold, so that sending can't end before it is ended. */
const largeBytes = 48 * 1024 * 1024

onEachDatabase('ended credentials', (_open, dialect) => {
  let app: TestApp
  let second: TestApp
  let owner: TestClient

  before(async () => {
    app = await testApp({ dialect, leaves: { uploads: true } })
    second = await app.beside({ leaves: { uploads: true } })
    owner = ownerOf(app)
    await owner.pushImage('demo/app', 'v1')
  })
  after(async () => {
    await second.close()
    await app.close()
  })

  function change(): { at: number; origin: typeof seedOrigin } {
    return { at: app.clock.now(), origin: seedOrigin }
  }

  const disable = ({ id }: Login) =>
    app.app.db.write((tx) =>
      setUserCredentialDisabled(tx, app.instance, { ...change(), id, isDisabled: true }),
    )

  async function addDemoRobot(name: string): Promise<Login> {
    const demo = await findNamespace(app.app.db.read, app.instance.id, 'demo')
    assert(demo)
    return addRobot(app, name, [[demo, readWrite]])
  }

  const ways: readonly (readonly [
    string,
    () => Promise<Login>,
    (login: Login) => Promise<unknown>,
  ])[] = [
    ['disabled', () => addCredential(app), disable],
    [
      'deleted',
      () => addCredential(app),
      ({ id }) =>
        app.app.db.write((tx) => deleteUserCredential(tx, app.instance, { ...change(), id })),
    ],
    [
      "a robot's, disabled",
      () => addDemoRobot('ci'),
      ({ id }) =>
        app.app.db.write((tx) =>
          updateServiceAccount(tx, app.instance, id, { ...change(), isDisabled: true }),
        ),
    ],
  ]

  for (const [name, make, end] of ways) {
    it(`${name}: login and tokens end within a second, here and on another process`, async () => {
      const login = await make()
      const here = new TestClient(app.url, login.authorization)
      const bearer = await here.bearer('repository:demo/app:pull')
      const clients = [app.url, second.url].flatMap((url) => [
        new TestClient(url, login.authorization),
        new TestClient(url, bearer),
      ])
      const path = '/v2/demo/app/manifests/v1'
      for (const client of clients) assert.equal((await client.call('GET', path)).status, 200)
      await end(login)
      app.clock.advance(1000)
      for (const client of clients) {
        assert.equal(outcome(await client.call('GET', path)), '401 UNAUTHORIZED')
      }
      assert.equal(outcome(await here.call('GET', '/service/token')), '401 UNAUTHORIZED')
    })
  }

  it('the tokens of before stay ended when the credential is enabled again', async () => {
    const login = await addCredential(app)
    const client = owner.as(login.authorization)
    const bearer = owner.as(await client.bearer('repository:demo/app:pull'))
    await disable(login)
    const { id } = login
    await app.app.db.write((tx) =>
      setUserCredentialDisabled(tx, app.instance, { ...change(), id, isDisabled: false }),
    )
    app.clock.advance(1000)
    assert.equal(outcome(await client.call('GET', '/v2/')), '200')
    assert.equal(outcome(await bearer.call('GET', '/v2/')), '401 UNAUTHORIZED')
  })

  it('a blob that is being sent ends, whichever process sends it; that of others goes on', async () => {
    const digest = await owner.pushBlob('demo/app', Buffer.alloc(largeBytes, 1))
    const [login, other] = [await addCredential(app), await addCredential(app)]
    const begin = async (on: TestApp, { authorization }: Login) => {
      const client = new TestClient(on.url, authorization)
      const req = client.begin('GET', `/v2/demo/app/blobs/${digest}`)
      req.end()
      const [res] = (await once(req, 'response')) as [IncomingMessage]
      assert.equal(res.statusCode, 200)
      return res
    }
    const ending = [await begin(app, login), await begin(second, login)]
    const staying = [await begin(app, other), await begin(second, other)]
    await disable(login)
    app.clock.advance(1000)
    for (const res of ending) await assert.rejects(drain(res), { code: 'ECONNRESET' })
    for (const res of staying) assert.equal(await drain(res), largeBytes)
  })

  it('a blob that is being received ends, and says why', async () => {
    const login = await addDemoRobot('pusher')
    const client = owner.as(login.authorization)
    const location = await client.startUpload('demo/app')
    const req = client.begin('PATCH', location, {
      'Content-Length': '1000',
      Expect: '100-continue',
    })
    req.flushHeaders()
    await once(req, 'continue')
    req.write('the first bytes')
    const answer = answerOf(req)
    await app.app.db.write((tx) =>
      updateServiceAccount(tx, app.instance, login.id, { ...change(), isDisabled: true }),
    )
    app.clock.advance(1000)
    assert.equal(outcome(await answer), '401 UNAUTHORIZED')
    assert.match(errorOf(await answer).message, /this credential is disabled/)
    req.destroy()
  })

  it('a suspended person ends with all credentials, the temporary ones too', async () => {
    const logins = [await addCredential(app), await addTemporary(app)]
    const path = '/v2/demo/app/manifests/v1'
    const clients = await Promise.all(
      logins.flatMap(({ authorization }) => {
        const client = new TestClient(second.url, authorization)
        return [client, client.bearer('repository:demo/app:pull').then((token) => client.as(token))]
      }),
    )
    for (const client of clients) assert.equal((await client.call('GET', path)).status, 200)
    const uin = Number(app.username)
    await app.app.db.write((tx) => suspendAccount(tx, uin))
    app.clock.advance(1000)
    for (const client of clients) {
      assert.equal(outcome(await client.call('GET', path)), '401 UNAUTHORIZED')
    }
  })
})

async function drain(res: IncomingMessage): Promise<number> {
  let sizeBytes = 0
  for await (const chunk of res) sizeBytes += (chunk as Buffer).byteLength
  return sizeBytes
}
