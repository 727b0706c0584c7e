import assert from 'node:assert/strict'
import { after, before, beforeEach, it } from 'node:test'
import { ApiError } from '@entrepot/contract/errors.ts'
import { cam, ok, outcomeOf, policyOf } from '../accounts/test-people.ts'
import { findUserByName } from '../accounts/users.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { addressSet } from '../http/addresses.ts'
import { ProviderKeys } from '../identity-providers/provider-keys.ts'
import {
  browse,
  callbackUrl,
  startTestProvider,
  type TestProvider,
} from '../identity-providers/test-provider.ts'
import { findSession } from '../logins/sessions.ts'
import { type TestApp, testApp } from '../test-app.ts'
import {
  finishOidcLogin,
  listLoginProviders,
  loginMs,
  type OidcLoginGround,
  startOidcLogin,
} from './console-login.ts'

const secret = 'a client secret of many signs: 0123456789'

onEachDatabase('console login at a provider', (_open, dialect) => {
  let app: TestApp
  let provider: TestProvider
  let ground: OidcLoginGround
  let ownerUin: number
  /** Of the one that most tests use. */
  let id: string

  const entrepot = (action: string, input: unknown) =>
    app.api(action, input, { product: 'entrepot' })

  before(async () => {
    app = await testApp({ dialect, env: { ENTREPOT_OUTBOUND_ALLOW: '127.0.0.1/32' } })
    // The provider's clock is this machine's.
    app.clock.advance(Date.now() - app.clock.now())
    provider = await startTestProvider({
      clients: [{ client_id: 'entrepot', client_secret: secret }, { client_id: 'public' }],
    })
    const { db, vault } = app.app
    const { clock } = app
    ground = { db, vault, clock, ...outboundOf(app) }
    ownerUin = app.instance.ownerUin
    id = await add('main', { UserClaim: 'preferred_username', CreateUsers: true })
  })
  after(async () => {
    await provider.close()
    await app.close()
  })
  beforeEach(() => {
    provider.person = { sub: 'u-1', preferred_username: 'ann' }
    provider.instead = () => false
    provider.isAway = false
  })

  async function add(Name: string, more: object = {}): Promise<string> {
    const { ProviderId } = await ok(
      entrepot('CreateOidcProvider', {
        Name,
        IssuerUrl: provider.issuer,
        ClientId: 'entrepot',
        ClientSecret: secret,
        Scopes: ['profile', 'email', 'groups'],
        ConsoleLogin: true,
        ...more,
      }),
    )
    return String(ProviderId)
  }

  function start(which = id, next = '/console/tcr-a?x=1') {
    return startOidcLogin(ground, { provider: which, next, callbackUrl })
  }

  function finish(state: string | undefined, query: URLSearchParams) {
    const from = { address: '192.0.2.7', agent: 'test', requestId: 'request-1' }
    return finishOidcLogin(ground, { state, query, ...from })
  }

  async function logIn(which = id) {
    const { address, state } = await start(which)
    return finish(state, await browse(address))
  }

  async function refusal(attempt: Promise<unknown>): Promise<string> {
    try {
      await attempt
    } catch (error) {
      assert(error instanceof ApiError, String(error))
      return error.code
    }
    return 'ok'
  }

  async function sessionOf(token: string) {
    const session = await findSession(app.app.db.read, token, app.clock.now())
    assert(session)
    return session
  }

  it('makes a session of a user, who is made at the first login', async () => {
    const { session, next } = await logIn()
    assert.equal(next, '/console/tcr-a?x=1')
    const user = await findUserByName(app.app.db.read, ownerUin, 'ann')
    assert.equal(session.uin, user?.uin)
    const { providerName, hasFactor, roleId, address } = await sessionOf(session.token)
    assert.deepEqual(
      { providerName, hasFactor, roleId, address },
      { providerName: 'main', hasFactor: true, roleId: null, address: '192.0.2.7' },
    )
    assert.equal((await logIn()).session.uin, session.uin)
    const events = await app.app.db.read
      .selectFrom('audit')
      .select(['event', 'actor', 'credential'])
      .where('credential', '=', 'oidc:main:u-1')
      .orderBy('at')
      .execute()
    assert.deepEqual(
      events.map(({ event, actor }) => [event, actor]),
      [
        ['AddUser', String(session.uin)],
        ['ConsoleLogin', String(session.uin)],
        ['ConsoleLogin', String(session.uin)],
      ],
    )
  })

  it('asks userinfo for what the token lacks, and takes it of the same person only', async (t) => {
    const strict = await startTestProvider({
      clients: [{ client_id: 'entrepot', client_secret: secret }],
      byUserinfo: true,
    })
    t.after(() => strict.close())
    strict.person = { sub: 'u-2', preferred_username: 'bea' }
    const at = await add('strict', {
      IssuerUrl: strict.issuer,
      UserClaim: 'preferred_username',
      CreateUsers: true,
    })
    const { session } = await logIn(at)
    const user = await findUserByName(app.app.db.read, ownerUin, 'bea')
    assert.equal(session.uin, user?.uin)
    assert.equal(strict.asked('/me'), 1)
    strict.instead = (path, _req, res) => {
      if (path !== '/me') return false
      res.writeHead(200, { 'Content-Type': 'application/json' })
      res.end(JSON.stringify({ sub: 'u-3', preferred_username: 'ann' }))
      return true
    }
    assert.equal(await refusal(logIn(at)), 'OPERATION_FAILED')
  })

  it('is refused without the cookie, with another, a changed one, or after ten minutes', async () => {
    const [one, two] = [await start(), await start()]
    const query = await browse(one.address)
    const wrong = [undefined, '', 'x', two.state, `${one.state.slice(0, -3)}AAA`]
    for (const state of wrong) assert.equal(await refusal(finish(state, query)), 'UNAUTHORIZED')
    const other = new URLSearchParams(query)
    other.set('state', 'guessed')
    assert.equal(await refusal(finish(one.state, other)), 'UNAUTHORIZED')
    assert.equal(await refusal(finish(one.state, query)), 'ok')
    const late = await start()
    const lateQuery = await browse(late.address)
    app.clock.advance(loginMs)
    assert.equal(await refusal(finish(late.state, lateQuery)), 'UNAUTHORIZED')
    app.clock.advance(-loginMs)
  })

  it('comes back once, also of two at the same moment', async () => {
    const { address, state } = await start()
    const query = await browse(address)
    const outcomes = await Promise.all([finish(state, query), finish(state, query)].map(refusal))
    assert.deepEqual(outcomes.toSorted(), ['UNAUTHORIZED', 'ok'])
    assert.equal(await refusal(finish(state, query)), 'UNAUTHORIZED')
  })

  it('is refused with a code that was redeemed, or that belongs to another login', async () => {
    const [one, two] = [await start(), await start()]
    const query = await browse(one.address)
    const swapped = await browse(two.address)
    swapped.set('code', query.get('code') ?? '')
    assert.equal(await refusal(finish(two.state, swapped)), 'UNAUTHORIZED')
  })

  it('is refused where another issuer answers, or none is named by one that names itself', async () => {
    for (const iss of ['https://other.example.com', undefined]) {
      const { address, state } = await start()
      const query = await browse(address)
      assert.equal(query.get('iss'), provider.issuer)
      if (iss === undefined) query.delete('iss')
      else query.set('iss', iss)
      assert.equal(await refusal(finish(state, query)), 'UNAUTHORIZED')
    }
  })

  it('is refused where the person or the provider says no', async () => {
    const { state, address } = await start()
    const sent = new URL(address).searchParams.get('state') ?? ''
    const query = new URLSearchParams({ error: 'access_denied', state: sent })
    assert.equal(await refusal(finish(state, query)), 'UNAUTHORIZED')
  })

  it('is refused with ID tokens that prove nothing', async () => {
    const { publicKey: _, privateKey: stranger } = await crypto.subtle.generateKey(
      {
        name: 'RSASSA-PKCS1-v1_5',
        modulusLength: 2048,
        publicExponent: Uint8Array.of(1, 0, 1),
        hash: 'SHA-256',
      },
      false,
      ['sign', 'verify'],
    )
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const made: Record<string, (nonce: string, at: number) => string | Promise<string>> = {
      'the nonce of another login': (_nonce, at) => provider.sign(claims('other'), { at }),
      'no nonce': (_nonce, at) => provider.sign({ sub: 'u-1', preferred_username: 'ann' }, { at }),
      'another audience': (nonce, at) => provider.sign(claims(nonce), { at, audience: 'other' }),
      'several audiences, and not made for us': (nonce, at) =>
        provider.sign(claims(nonce), { at, audience: ['entrepot', 'other'] }),
      'another party': (nonce, at) => provider.sign({ ...claims(nonce), azp: 'other' }, { at }),
      'another issuer': (nonce, at) =>
        provider.sign(claims(nonce), { at, issuer: 'https://other.example.com' }),
      'a time that is over': (nonce, at) => provider.sign(claims(nonce), { at: at - 3600 }),
      'a key of somebody else': (nonce, at) => provider.sign(claims(nonce), { at, key: stranger }),
      'no signature': (nonce, at) =>
        `${encode({ alg: 'none' })}.${encode({ ...claims(nonce), iss: provider.issuer, aud: 'entrepot', iat: at, exp: at + 600 })}.`,
    }
    for (const [what, make] of Object.entries(made)) {
      assert.equal(await refusal(logInWith(make)), 'UNAUTHORIZED', what)
    }
    assert.equal(
      await refusal(logInWith((nonce, at) => provider.sign(claims(nonce), { at }))),
      'ok',
    )
  })

  function claims(nonce: string) {
    return { sub: 'u-1', preferred_username: 'ann', nonce }
  }

  /** The token endpoint gives this token. */
  async function logInWith(make: (nonce: string, at: number) => string | Promise<string>) {
    const { address, state } = await start()
    const nonce = new URL(address).searchParams.get('nonce') ?? ''
    const token = await make(nonce, Math.floor(app.clock.now() / 1000))
    const query = await browse(address)
    provider.instead = (path, _req, res) => {
      if (path !== '/token') return false
      res.writeHead(200, { 'Content-Type': 'application/json' })
      res.end(JSON.stringify({ id_token: token, token_type: 'Bearer' }))
      return true
    }
    try {
      return await finish(state, query)
    } finally {
      provider.instead = () => false
    }
  }

  it('sends code and secret nowhere but to the token endpoint', async () => {
    const { address, state } = await start()
    const query = await browse(address)
    let leaked = 0
    provider.instead = (path, _req, res) => {
      if (path === '/elsewhere') leaked += 1
      if (path !== '/token') return false
      res.writeHead(307, { Location: `${provider.issuer}/elsewhere` }).end()
      return true
    }
    assert.equal(await refusal(finish(state, query)), 'OPERATION_FAILED')
    assert.equal(leaked, 0)
  })

  it('maps claims to a user, to groups and to a role', async () => {
    const { GroupId } = await ok(cam(app, 'CreateGroup', { GroupName: `ops` }))
    const { Uin } = await ok(cam(app, 'AddUser', { Name: 'boss', ConsoleLogin: 1 }))
    const trust = policyOf({
      effect: 'allow',
      action: 'sts:AssumeRole',
      principal: { qcs: [`qcs::cam::uin/${ownerUin}:root`] },
    })
    const role = { RoleName: 'auditor', PolicyDocument: trust, ConsoleLogin: 1 }
    const { RoleId } = await ok(cam(app, 'CreateRole', { ...role, SessionDuration: 3600 }))
    const when = (Claim: string, Value: string, Operator = 'Equal') => [
      { Claim, Operator, Values: [Value] },
    ]
    const at = await add('mapped', {
      UserClaim: 'preferred_username',
      CreateUsers: true,
      Mappings: [
        {
          Conditions: when('email', 'boss@example.com'),
          TargetType: 'User',
          TargetId: String(Uin),
        },
        {
          Conditions: when('groups', 'ops', 'Contains'),
          TargetType: 'Group',
          TargetId: String(GroupId),
        },
        {
          Conditions: when('groups', 'audit', 'Contains'),
          TargetType: 'Role',
          TargetId: String(RoleId),
        },
      ],
    })
    const groupsOf = async (uin: number) =>
      (await ok(cam(app, 'ListGroupsForUser', { SubUin: uin }))).GroupInfo.length
    provider.person = { sub: 'b', preferred_username: 'b', email: 'boss@example.com' }
    assert.equal((await logIn(at)).session.uin, Uin)
    provider.person = { sub: 'c', preferred_username: 'cleo', groups: ['ops', 'x'] }
    const { session } = await logIn(at)
    assert.equal(await groupsOf(session.uin), 1)
    provider.person = { sub: 'c', preferred_username: 'cleo', groups: ['x'] }
    await logIn(at)
    assert.equal(await groupsOf(session.uin), 0)
    provider.person = { sub: 'd', preferred_username: 'd d', groups: ['audit'] }
    const { session: begun } = await logIn(at)
    const inRole = await sessionOf(begun.token)
    assert.deepEqual(
      [inRole.roleId, inRole.sessionName, inRole.uin, inRole.expiresAt - inRole.createdAt],
      [Number(RoleId), 'd-d', ownerUin, 3_600_000],
    )
    await ok(cam(app, 'DeleteRole', { RoleId }))
    assert.equal(await refusal(logIn(at)), 'UNAUTHORIZED')
  })

  it('lets in users and roles only from where the account allows', async () => {
    const set = (input: object) => cam(app, 'CreateSubAccountLoginIpPolicy', input)
    const trust = policyOf({
      effect: 'allow',
      action: 'sts:AssumeRole',
      principal: { qcs: [`qcs::cam::uin/${ownerUin}:root`] },
    })
    const role = { RoleName: 'guest', PolicyDocument: trust, ConsoleLogin: 1 }
    const { RoleId } = await ok(cam(app, 'CreateRole', role))
    const Conditions = [{ Claim: 'sub', Values: ['guest'] }]
    const at = await add('placed', {
      UserClaim: 'preferred_username',
      CreateUsers: true,
      Mappings: [{ Conditions, TargetType: 'Role', TargetId: String(RoleId) }],
    })
    const people = [
      { sub: 'newcomer', preferred_username: 'newcomer' },
      { sub: 'guest', preferred_username: 'guest' },
    ]
    // The browser of these tests is at 192.0.2.7.
    await ok(set({ IpPolicies: [{ IP: '192.0.2.7', Effect: 'Deny' }] }))
    for (const person of people) {
      provider.person = person
      assert.equal(await refusal(logIn(at)), 'UNAUTHORIZED')
    }
    assert.equal(await findUserByName(app.app.db.read, ownerUin, 'newcomer'), undefined)
    await ok(set({ IpPolicies: [{ IP: '192.0.2.0/24', Effect: 'Allow' }] }))
    for (const person of people) {
      provider.person = person
      assert.equal(await refusal(logIn(at)), 'ok')
    }
    await ok(set({ IpPolicies: [], DisablePolicy: 1 }))
  })

  it('lets in nobody who is not here, may not log in, or is the main account by a claim', async () => {
    const at = await add('known-only', { UserClaim: 'preferred_username' })
    const main = await app.app.db.read
      .selectFrom('accounts')
      .select('name')
      .where('uin', '=', ownerUin)
      .executeTakeFirstOrThrow()
    const { Uin } = await ok(cam(app, 'AddUser', { Name: 'api-only', ConsoleLogin: 0 }))
    for (const name of ['nobody-here', 'api-only', main.name]) {
      provider.person = { sub: 'x', preferred_username: name }
      assert.equal(await refusal(logIn(at)), 'UNAUTHORIZED', name)
    }
    provider.person = { sub: 'x' }
    assert.equal(await refusal(logIn(at)), 'UNAUTHORIZED')
    provider.person = { sub: 'x', preferred_username: 'not a name' }
    assert.equal(await refusal(logIn()), 'UNAUTHORIZED')
    await ok(cam(app, 'UpdateUser', { Name: 'api-only', ConsoleLogin: 1 }))
    const byUin = await add('by-uin', { UserClaim: 'employee', UserMatch: 'Uin' })
    provider.person = { sub: 'x', preferred_username: 'api-only' }
    assert.equal((await logIn(at)).session.uin, Uin)
    assert.equal(await refusal(logIn(byUin)), 'UNAUTHORIZED')
  })

  it('takes no address that its provider has not checked', async () => {
    const at = await add('by-mail', { UserClaim: 'email', CreateUsers: true })
    for (const email_verified of [false, 'false']) {
      provider.person = { sub: 'm', email: 'mia@example.com', email_verified }
      assert.equal(await refusal(logIn(at)), 'UNAUTHORIZED')
    }
    provider.person = { sub: 'm', email: 'mia@example.com', email_verified: true }
    assert.equal(await refusal(logIn(at)), 'ok')
  })

  it('works without a secret, in the form of Tencent too', async () => {
    const at = await add('public', {
      ClientId: 'public',
      ClientSecret: '',
      UserClaim: 'preferred_username',
    })
    assert.equal(await refusal(logIn(at)), 'ok')
    const IdentityKey = Buffer.from(await keysOf()).toString('base64')
    await ok(
      cam(app, 'CreateUserOIDCConfig', {
        IdentityUrl: provider.issuer,
        ClientId: 'public',
        AuthorizationEndpoint: `${provider.issuer}/auth`,
        ResponseType: 'id_token',
        ResponseMode: 'form_post',
        MappingFiled: 'preferred_username',
        Scope: ['profile'],
        IdentityKey,
      }),
    )
    const listed = await listLoginProviders(app.app.db.read, ownerUin)
    const tencent = listed.find(({ name }) => name === new URL(provider.issuer).host)
    assert(tencent)
    assert.equal(await refusal(logIn(tencent.id)), 'ok')
    await ok(cam(app, 'DisableUserSSO'))
    assert.equal(await refusal(start(tencent.id)), 'IDENTITY_PROVIDER_NOT_FOUND')
  })

  async function keysOf(): Promise<string> {
    return (await fetch(`${provider.issuer}/jwks`)).text()
  }

  it('is offered by those that are on and for the console; what they brought ends with them', async () => {
    const at = await add('passing', { DisplayName: 'The Works', UserClaim: 'preferred_username' })
    const names = async () =>
      (await listLoginProviders(app.app.db.read, ownerUin)).map(({ name }) => name)
    assert.ok((await names()).includes('The Works'))
    const { session } = await logIn(at)
    const isOpen = async () =>
      (await findSession(app.app.db.read, session.token, app.clock.now())) !== undefined
    assert.ok(await isOpen())
    const begun = await start(at)
    await ok(entrepot('ModifyOidcProvider', { Name: 'passing', Enabled: false }))
    assert.ok(!(await isOpen()))
    assert.ok(!(await names()).includes('The Works'))
    assert.equal(await refusal(start(at)), 'IDENTITY_PROVIDER_NOT_FOUND')
    const back = await browse(begun.address)
    assert.equal(await refusal(finish(begun.state, back)), 'IDENTITY_PROVIDER_NOT_FOUND')
    await ok(entrepot('DeleteOidcProvider', { Name: 'passing' }))
    assert.equal(
      await outcomeOf(entrepot('DeleteOidcProvider', { Name: 'passing' })),
      'ResourceNotFound.IdentityNotExist',
    )
  })

  it('sends nobody to another site', async () => {
    const cases: readonly (readonly [string, string])[] = [
      ['/console/a#b', '/console/a#b'],
      ['//other.example.com', '/'],
      ['/\\other.example.com', '/'],
      ['https://other.example.com/', '/'],
      ['console', '/'],
      ['/a\nb', '/'],
    ]
    for (const [next, expected] of cases) {
      const { address, state } = await start(id, next)
      assert.equal((await finish(state, await browse(address))).next, expected)
    }
  })

  it('keeps what is remembered of logins no longer than they may last', async () => {
    await logIn()
    app.clock.advance(loginMs)
    app.app.startJobs()
    await app.app.jobs.idle()
    const left = await app.app.db.read.selectFrom('used_logins').select('id').execute()
    assert.deepEqual(left, [])
  })
})

function outboundOf({ app, clock, config }: TestApp) {
  const outbound = { clock, allowed: addressSet(config.outboundAllow) }
  return { outbound, providerKeys: new ProviderKeys({ db: app.db, clock, outbound }) }
}
