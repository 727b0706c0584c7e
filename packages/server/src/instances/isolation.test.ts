// Two instances of one deployment see nothing of each other, and each host finds its own.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { readOnly } from '../access/actions.ts'
import { onEachDatabase } from '../db/test-database.ts'
import {
  basic,
  errorOf,
  outcome,
  ownerOf,
  type PushedImage,
  type TestClient,
} from '../registry/test-client.ts'
import { addCredential, addInstance, addNamespace, addRobot } from '../registry/test-seed.ts'
import { type TestApp, testApp } from '../test-app.ts'
import type { Instance } from './instances.ts'

onEachDatabase('instances', (_open, dialect) => {
  let app: TestApp
  /** The default instance, at its address. */
  let first: TestClient
  /** The other one, at its host. */
  let second: TestClient
  let other: Instance
  let image: PushedImage

  before(async () => {
    app = await testApp({ dialect, env: { ENTREPOT_BASE_DOMAIN: 'registry.example.com' } })
    other = await addInstance(app, 'second')
    first = ownerOf(app)
    const login = await addCredential(app, other)
    second = first.as(login.authorization).at('second.registry.example.com')
    for (const instance of [app.instance, other]) await addNamespace(app, 'team', { instance })
    image = await first.pushImage('team/app', 'v1')
  })
  after(() => app.close())

  it('share no repository, tag or manifest', async () => {
    assert.deepEqual(JSON.parse((await second.call('GET', '/v2/_catalog')).text).repositories, [])
    const paths = [
      'manifests/v1',
      `manifests/${image.digest}`,
      `blobs/${image.layer}`,
      `blobs/${image.config}`,
      'tags/list',
    ]
    for (const path of paths) {
      assert.equal((await first.call('GET', `/v2/team/app/${path}`)).status, 200, path)
      assert.equal((await second.call('GET', `/v2/team/app/${path}`)).status, 404, path)
    }
    const referrers = await second.call('GET', `/v2/team/app/referrers/${image.digest}`)
    assert.deepEqual(JSON.parse(referrers.text).manifests, [])
  })

  it('share no blob by mount, and none that a manifest may name', async () => {
    const mount = `/v2/team/other/blobs/uploads/?mount=${image.layer}&from=team/app`
    const answer = await second.call('POST', mount)
    assert.equal(answer.status, 202)
    assert.equal((await second.call('DELETE', answer.headers.location ?? '')).status, 204)
    const pushed = await second.putManifest('team/other', 'v1', image.bytes)
    assert.equal(outcome(pushed), '404 MANIFEST_BLOB_UNKNOWN')
  })

  it('know no upload of each other', async () => {
    const location = await first.startUpload('team/app')
    await second.pushBlob('team/app', 'so that the repository exists in both')
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const answer = await second.call(method, location, method === 'PATCH' ? { body: 'x' } : {})
      assert.equal(outcome(answer), '404 BLOB_UPLOAD_UNKNOWN', method)
    }
    const path = `${location}?digest=${image.layer}`
    assert.equal(outcome(await second.call('PUT', path)), '404 BLOB_UPLOAD_UNKNOWN')
    assert.equal((await first.call('DELETE', location)).status, 204)
  })

  it('take no token, login or refresh token of each other', async () => {
    const scope = 'repository:team/app:pull'
    const ofFirst = await first.bearer(scope)
    const ofSecond = await second.bearer(scope)
    assert.equal(outcome(await first.as(ofSecond).call('GET', '/v2/')), '401 UNAUTHORIZED')
    const refused = await second.as(ofFirst).call('GET', '/v2/')
    assert.equal(outcome(refused), '401 UNAUTHORIZED')
    const expected = `service="${other.id}",error="invalid_token"`
    assert.ok(refused.headers['www-authenticate']?.endsWith(expected))
    const login = second.as(basic(app.username, app.password))
    assert.equal(outcome(await login.call('GET', '/v2/')), '401 UNAUTHORIZED')
    const service = `/service/token?service=${app.instance.id}`
    assert.equal(outcome(await second.call('GET', service)), '400 UNSUPPORTED')
    const offline = await first.call('GET', '/service/token?offline_token=true')
    const { refresh_token: refresh } = JSON.parse(offline.text) as { refresh_token: string }
    const form = { grant_type: 'refresh_token', refresh_token: refresh, service: other.id }
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const body = new URLSearchParams(form).toString()
    const renewed = await second.as(undefined).call('POST', '/service/token', { headers, body })
    assert.equal(outcome(renewed), '401 UNAUTHORIZED')
  })

  it('take no service account of each other, whatever it was given', async () => {
    const team = await addNamespace(app, 'robots')
    const robot = await addRobot(app, 'ci', [[team, readOnly]])
    assert.equal(outcome(await first.as(robot.authorization).call('GET', '/v2/')), '200')
    const answer = await second.as(robot.authorization).call('GET', '/v2/')
    assert.equal(outcome(answer), '401 UNAUTHORIZED')
  })

  it('answer at their host, in any case, with any port, and at the private twin', async () => {
    const path = '/v2/team/app/manifests/v1'
    const bytes = (await second.pushImage('team/app', 'v1', 'of the second')).bytes
    const hosts = [
      'second.registry.example.com',
      'SECOND.Registry.example.com:8443',
      'second-vpc.registry.example.com',
      'second.registry.example.com.',
    ]
    for (const host of hosts) {
      assert.deepEqual((await second.at(host).call('GET', path)).bytes, bytes, host)
    }
    const defaults = [
      'default.registry.example.com',
      'default-vpc.registry.example.com',
      'localhost:5000',
      '127.0.0.1',
      '[::1]:5000',
      'registry.example.com',
      'elsewhere.example.org',
      'evilregistry.example.com',
    ]
    for (const host of defaults) {
      assert.deepEqual((await first.at(host).call('GET', path)).bytes, image.bytes, host)
    }
  })

  it('a host under the base domain that names none is nobody', async () => {
    const hosts = ['third', 'a.second', '-vpc', 'second-vpc-vpc', 'xn--second']
    for (const name of hosts) {
      const answer = await first.at(`${name}.registry.example.com`).call('GET', '/v2/')
      assert.equal(outcome(answer), '404 NAME_UNKNOWN', name)
      assert.match(errorOf(answer).message, /no registry answers at this host/)
      assert.equal(answer.headers['www-authenticate'], undefined)
    }
  })

  it('tell in their challenge the host that was used, and their own id', async () => {
    const at = async (host: string) =>
      (await second.as(undefined).at(host).call('GET', '/v2/')).headers['www-authenticate']
    const service = (id: string) => `service="${id}"`
    assert.equal(
      await at('second.registry.example.com:5443'),
      `Bearer realm="http://second.registry.example.com:5443/service/token",${service(other.id)}`,
    )
    assert.equal(
      await at('localhost:5000'),
      `Bearer realm="http://localhost:5000/service/token",${service(app.instance.id)}`,
    )
  })

  it('have each a name of its own', async () => {
    await assert.rejects(addInstance(app, 'second'), { code: 'INSTANCE_NAME_EXISTS' })
    await addInstance(app, 'x'.repeat(50))
  })
})
