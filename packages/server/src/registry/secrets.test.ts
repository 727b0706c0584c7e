// No password, token or key in any line of the log, whatever a request does with it.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { readWrite } from '../access/actions.ts'
import { secretsOf } from '../config.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { Faults, faultyDatabase } from '../faults/faults.ts'
import { createLog } from '../log.ts'
import { findNamespace } from '../namespaces/namespaces.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { ownerOf, type TestClient } from './test-client.ts'
import { addCredential, addRobot, addTemporary } from './test-seed.ts'
import { type WatchedStore, watchedStore } from './test-store.ts'

/** How every token begins: the header of a JWT, and the user name before a password. */
const harmless = /^(?:eyJ|MTAwMDAw|dGNy)[\w-]{0,21}$/

onEachDatabase('the log', (_open, dialect) => {
  const lines: string[] = []
  const faults = new Faults()
  let watched: WatchedStore
  let app: TestApp
  let owner: TestClient

  before(async () => {
    watched = await watchedStore()
    const write = (line: string) => lines.push(line)
    // Without the list of known secrets: what is learnt while running must not need it.
    const log = createLog({ level: 'debug', write })
    const leaves = { uploads: true, errors: true }
    const { store } = watched
    app = await testApp({ dialect, log, leaves, store, wrap: (db) => faultyDatabase(db, faults) })
    owner = ownerOf(app)
  })
  after(() => app.close())

  const routes = [
    ['GET', '/v2/'],
    ['GET', '/v2/_catalog'],
    ['GET', '/v2/demo/app/manifests/v1'],
    ['PUT', '/v2/demo/app/manifests/v1'],
    ['DELETE', '/v2/demo/app/manifests/v1'],
    ['GET', `/v2/demo/app/blobs/sha256:${'0'.repeat(64)}`],
    ['DELETE', `/v2/demo/app/blobs/sha256:${'0'.repeat(64)}`],
    ['POST', '/v2/demo/app/blobs/uploads/'],
    ['POST', `/v2/demo/app/blobs/uploads/?digest=sha256:${'0'.repeat(64)}`],
    ['PATCH', '/v2/demo/app/blobs/uploads/00000000000000000000'],
    ['GET', '/v2/demo/app/tags/list'],
    ['GET', `/v2/demo/app/referrers/sha256:${'0'.repeat(64)}`],
    ['GET', '/service/token?scope=repository:demo/app:pull'],
    ['PUT', '/service/token'],
    ['GET', '/nowhere'],
  ] as const

  async function walk(client: TestClient): Promise<void> {
    for (const [method, path] of routes) {
      const body = method === 'PUT' || method === 'POST' || method === 'PATCH' ? 'x' : undefined
      await client.call(method, path, body === undefined ? {} : { body }).catch(() => undefined)
    }
  }

  async function postForm(form: Readonly<Record<string, string>>): Promise<string> {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const body = new URLSearchParams({ service: app.instance.id, ...form }).toString()
    return (await owner.as(undefined).call('POST', '/service/token', { headers, body })).text
  }

  it('has no secret of any request in it', async () => {
    await owner.pushImage('demo/app', 'v1')
    const demo = await findNamespace(app.app.db.read, app.instance.id, 'demo')
    assert(demo)
    const robot = await addRobot(app, 'ci', [[demo, readWrite]])
    const logins = [await addCredential(app), await addTemporary(app), robot]
    const bearer = await owner.bearer('repository:demo/app:pull,push', 'registry:catalog:*')
    const wrong = 'Hunter2-wrong-password'
    const refresh = JSON.parse(
      await postForm({
        grant_type: 'password',
        username: robot.username,
        password: robot.password,
        access_type: 'offline',
      }),
    ) as { refresh_token: string; token: string }
    const authorizations = [
      `Basic ${Buffer.from(`${app.username}:${app.password}`).toString('base64')}`,
      ...logins.map(({ authorization }) => authorization),
      bearer,
      `Bearer ${refresh.token}`,
      `Basic ${Buffer.from(`${app.username}:${wrong}`).toString('base64')}`,
      `Bearer ${wrong}`,
      `Digest ${wrong}`,
    ]
    for (const authorization of authorizations) {
      const client = owner.as(authorization)
      await walk(client)
      watched.faults.fail(undefined, { kind: 'before' }, { times: 1000 })
      await walk(client)
      watched.faults.reset()
      // Warm, then with everything to be read anew.
      for (let time = 0; time < 2; time += 1) {
        faults.arm({ call: 1, when: 'before', how: 'dies' })
        await walk(client)
        faults.disarm()
        app.clock.advance(1000)
      }
    }
    await postForm({ grant_type: 'password', username: app.username, password: wrong })
    await postForm({ grant_type: 'refresh_token', refresh_token: refresh.refresh_token })
    await postForm({ grant_type: 'refresh_token', refresh_token: `${refresh.refresh_token}x` })
    await owner.call('GET', `/service/token?password=${wrong}&scope=${wrong}`)
    assert.ok(lines.length > 50, 'failures write lines')
    const secrets = [
      app.password,
      wrong,
      refresh.token,
      refresh.refresh_token,
      ...logins.map(({ password }) => password),
      ...authorizations.map((text) => text.slice(text.indexOf(' ') + 1)),
      ...secretsOf(app.config),
    ]
    // The ends too: a cut in the middle would hide a whole one.
    const parts = secrets.flatMap((secret) => [secret, secret.slice(0, 24), secret.slice(-24)])
    for (const part of new Set(parts.filter((each) => !harmless.test(each)))) {
      assert.equal(
        lines.find((line) => line.includes(part)),
        undefined,
      )
    }
  })

  it('has the request id of the answer in the line about its failure', async () => {
    lines.length = 0
    faults.arm({ call: 1, when: 'before', how: 'dies' })
    const answer = await owner.call('GET', '/v2/demo/app/manifests/v1')
    faults.disarm()
    const found = lines.map((line) => JSON.parse(line) as { requestId?: string; level: string })
    const id = answer.headers['x-request-id']
    assert.ok(found.some((line) => line.requestId === id && line.level === 'warn'))
  })
})
