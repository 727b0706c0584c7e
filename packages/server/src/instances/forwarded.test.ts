// What proxies say of the client: believed from trusted ones, of no effect from anybody else.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { onEachDatabase } from '../db/test-database.ts'
import { outcome, ownerOf, type TestClient } from '../registry/test-client.ts'
import { addCredential, addInstance, addNamespace } from '../registry/test-seed.ts'
import { type TestApp, testApp } from '../test-app.ts'
import type { Instance } from './instances.ts'

const forwarded = {
  'X-Forwarded-For': '203.0.113.9',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Host': 'second.registry.example.com:8443',
  'X-Forwarded-Port': '8443',
  Forwarded: 'for=203.0.113.9;proto=https;host=second.registry.example.com',
}

onEachDatabase('forwarding headers', (_open, dialect) => {
  let app: TestApp
  let trusting: TestApp
  let other: Instance
  let clients: readonly [TestClient, TestClient]

  before(async () => {
    const env = { ENTREPOT_BASE_DOMAIN: 'registry.example.com' }
    app = await testApp({ dialect, env })
    trusting = await app.beside({ env: { ...env, ENTREPOT_TRUSTED_PROXIES: '127.0.0.0/8' } })
    other = await addInstance(app, 'second')
    await addNamespace(app, 'team', { instance: other })
    clients = [ownerOf(app), ownerOf(trusting)]
  })
  after(async () => {
    await trusting.close()
    await app.close()
  })

  it('from an untrusted address change nothing', async () => {
    const [client] = clients
    const anonymous = client.as(undefined)
    const plain = await anonymous.call('GET', '/v2/')
    const forged = await anonymous.call('GET', '/v2/', { headers: forwarded })
    assert.equal(forged.headers['www-authenticate'], plain.headers['www-authenticate'])
    assert.match(plain.headers['www-authenticate'] ?? '', /realm="http:\/\/127\.0\.0\.1:\d+\//)
    assert.equal((await client.call('GET', '/v2/', { headers: forwarded })).status, 200)
  })

  it('from a trusted proxy name scheme, host and odd port, and so the instance', async () => {
    const [, client] = clients
    const answer = await client.as(undefined).call('GET', '/v2/', { headers: forwarded })
    assert.equal(
      answer.headers['www-authenticate'],
      `Bearer realm="https://second.registry.example.com:8443/service/token",service="${other.id}"`,
    )
    const login = client.as((await addCredential(app, other)).authorization)
    const started = await login.call('POST', '/v2/team/app/blobs/uploads/', { headers: forwarded })
    assert.equal(started.status, 202)
    assert.match(started.headers.location ?? '', /^\/v2\/team\/app\/blobs\/uploads\//)
    const path = started.headers.location ?? ''
    assert.equal((await login.call('DELETE', path, { headers: forwarded })).status, 204)
    assert.equal(outcome(await login.call('GET', '/v2/')), '401 UNAUTHORIZED')
  })

  it('tell the audit log which address it was', async () => {
    const headers = { 'X-Forwarded-For': '198.51.100.7, 203.0.113.9' }
    for (const client of clients) {
      const bearer = client.as(await client.as(undefined).bearer('repository:demo/app:pull'))
      await bearer.call('GET', '/v2/demo/app/tags/list', { headers })
    }
    for (const { app: each } of [app, trusting]) await each.registry.audit.flush()
    assert.deepEqual(await addresses(app, 'demo/app'), ['127.0.0.1', '203.0.113.9'])
  })
})

async function addresses({ app }: TestApp, resource: string): Promise<readonly unknown[]> {
  const rows = await app.db.read
    .selectFrom('audit')
    .select('address')
    .distinct()
    .where('resource', '=', resource)
    .orderBy('address')
    .execute()
  return rows.map((row) => row.address)
}
