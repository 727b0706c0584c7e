// The keys of a provider: fetched, rotated, away, and come back.

import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, it } from 'node:test'
import { ok, outcomeOf } from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { addressSet } from '../http/addresses.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { keysFreshMs, keysKeptMs, ProviderKeys, refetchRestMs } from './provider-keys.ts'
import { findProvider } from './providers.ts'
import { startTestProvider, type TestProvider } from './test-provider.ts'
import { verifyIdentity } from './verify-token.ts'

onEachDatabase('the keys of a provider', (_open, dialect) => {
  let app: TestApp
  let provider: TestProvider
  let keys: ProviderKeys
  let ownerUin: number

  before(async () => {
    app = await testApp({ dialect, env: { ENTREPOT_OUTBOUND_ALLOW: '127.0.0.1/32' } })
    ownerUin = app.instance.ownerUin
  })
  after(() => app.close())
  beforeEach(async () => {
    provider = await startTestProvider({ clients: [] })
    keys = newKeys()
    await ok(entrepot('CreateOidcProvider', config()))
  })
  afterEach(async () => {
    await entrepot('DeleteOidcProvider', { Name: 'ci' })
    await provider.close()
  })

  function newKeys(on: TestApp = app): ProviderKeys {
    const { clock, config } = on
    const outbound = { clock, allowed: addressSet(config.outboundAllow) }
    return new ProviderKeys({ db: on.app.db, clock, outbound })
  }

  function entrepot(action: string, input: unknown) {
    return app.api(action, input, { product: 'entrepot' })
  }

  function config(more: object = {}) {
    return { Name: 'ci', IssuerUrl: provider.issuer, ClientId: 'entrepot', ...more }
  }

  async function token(how: { kid?: string } = {}) {
    return provider.sign({ sub: 'job' }, { at: Math.floor(app.clock.now() / 1000), ...how })
  }

  async function isTaken(presented: string, by = keys): Promise<boolean> {
    const found = await findProvider(app.app.db.read, ownerUin, { kind: ['own'], name: 'ci' })
    assert(found)
    const expected = { audiences: ['entrepot'], nowMs: app.clock.now() }
    return (await verifyIdentity(by, found, presented, expected)) !== undefined
  }

  async function shown() {
    const { Providers } = await ok(entrepot('DescribeOidcProviders', { Name: 'ci' }))
    return Providers[0]
  }

  it('are fetched when it is set up, and asked for no oftener than by the hour', async () => {
    assert.equal(provider.asked('/jwks'), 1)
    for (let i = 0; i < 3; i += 1) assert.ok(await isTaken(await token()))
    assert.equal(provider.asked('/jwks'), 1)
    app.clock.advance(keysFreshMs)
    assert.ok(await isTaken(await token()))
    assert.equal(provider.asked('/jwks'), 2)
  })

  it('are fetched anew for a key that is not known, at once and once for all', async () => {
    const old = await token()
    await provider.rotate('second')
    const fresh = await token()
    const taken = await Promise.all([fresh, fresh, fresh].map((one) => isTaken(one)))
    assert.deepEqual(taken, [true, true, true])
    assert.equal(provider.asked('/jwks'), 2)
    assert.ok(!(await isTaken(old)), 'the provider shows the old key no more')
  })

  it('are fetched anew where another key has the known name', async () => {
    await provider.rotate('first')
    assert.ok(await isTaken(await token()))
  })

  it('are not fetched for each invented key', async () => {
    for (let i = 0; i < 5; i += 1) assert.ok(!(await isTaken(await token({ kid: `no-${i}` }))))
    assert.equal(provider.asked('/jwks'), 2)
    app.clock.advance(refetchRestMs)
    assert.ok(!(await isTaken(await token({ kid: 'no' }))))
    assert.equal(provider.asked('/jwks'), 3)
  })

  it('go on for a day while it is away; a rotation of the meantime is learnt afterwards', async () => {
    provider.isAway = true
    app.clock.advance(keysKeptMs - 1)
    assert.ok(await isTaken(await token()))
    assert.match((await shown()).KeysError, /answered 503/)
    app.clock.advance(1)
    assert.ok(!(await isTaken(await token())))
    await provider.rotate('second')
    provider.isAway = false
    app.clock.advance(refetchRestMs)
    assert.ok(await isTaken(await token()))
    assert.equal((await shown()).KeysError, null)
  })

  it('that one process fetched are known to the other', async () => {
    const other = newKeys()
    await provider.rotate('second')
    assert.ok(await isTaken(await token()))
    assert.ok(await isTaken(await token(), other))
    assert.equal(provider.asked('/jwks'), 2)
  })

  it('that were given by hand are the only ones', async () => {
    const Keys = await (await fetch(`${provider.issuer}/jwks`)).text()
    await ok(entrepot('ModifyOidcProvider', { Name: 'ci', Keys }))
    const asked = provider.asked('/jwks')
    assert.ok(await isTaken(await token()))
    assert.equal((await shown()).KeysFetchTime, null)
    await provider.rotate('second')
    app.clock.advance(keysFreshMs)
    assert.ok(!(await isTaken(await token())))
    assert.equal(provider.asked('/jwks'), asked)
    await ok(entrepot('ModifyOidcProvider', { Name: 'ci', Keys: '' }))
    assert.ok(await isTaken(await token()))
  })

  it('are not looked for at inner addresses, nor where a redirect leads there', async () => {
    const failed = 'FailedOperation'
    const create = (IssuerUrl: string) =>
      outcomeOf(entrepot('CreateOidcProvider', { ...config({ Name: 'inner' }), IssuerUrl }))
    for (const issuer of ['http://127.0.0.2', 'http://169.254.169.254', 'http://10.0.0.1:8080']) {
      assert.equal(await create(issuer), failed)
    }
    for (const Location of ['http://127.0.0.2/', 'http://169.254.169.254/latest/meta-data']) {
      provider.instead = (path, _req, res) => {
        if (path !== '/jwks') return false
        res.writeHead(302, { Location }).end()
        return true
      }
      assert.equal(await create(provider.issuer), failed)
    }
  })

  it('are not taken from what is no provider', async () => {
    const metadata = { issuer: provider.issuer, jwks_uri: `${provider.issuer}/jwks` }
    const answers: readonly (readonly [string, unknown])[] = [
      ['/.well-known/openid-configuration', 'no JSON'],
      ['/.well-known/openid-configuration', { ...metadata, issuer: 'https://other.example.com' }],
      ['/.well-known/openid-configuration', { issuer: provider.issuer }],
      ['/.well-known/openid-configuration', { ...metadata, jwks_uri: 'file:///etc/passwd' }],
      [
        '/.well-known/openid-configuration',
        { ...metadata, authorization_endpoint: 'javascript:alert(1)' },
      ],
      ['/jwks', { keys: [] }],
      ['/jwks', { keys: [{ kty: 'oct', k: 'AA' }] }],
      ['/jwks', { keys: 'x'.repeat(300_000) }],
    ]
    for (const [at, answer] of answers) {
      provider.instead = (path, _req, res) => {
        if (path !== at) return false
        res.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
        return true
      }
      const outcome = await outcomeOf(entrepot('CreateOidcProvider', config({ Name: 'false' })))
      assert.equal(outcome, 'FailedOperation', JSON.stringify(answer).slice(0, 80))
    }
  })
})
