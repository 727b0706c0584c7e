// CI logs in with a token of its provider: pushes, pulls, and what ends that.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import type { JWTPayload } from 'jose'
import {
  addPerson,
  addStranger,
  allow,
  cam,
  ok,
  outcomeOf,
  policyOf,
} from '../accounts/test-people.ts'
import type { TestKey } from '../cloud-api/test-client.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { startTestProvider, type TestProvider } from '../identity-providers/test-provider.ts'
import { basic, outcome, TestClient } from '../registry/test-client.ts'
import { mainKey, type TestApp, testApp } from '../test-app.ts'

const refused = 'UnauthorizedOperation'
const subject = 'repo:team/app:ref:refs/heads/main'
const pull = '/v2/demo/app/manifests/v1'

onEachDatabase('token exchange', (_open, dialect) => {
  let app: TestApp
  let second: TestApp
  let provider: TestProvider

  before(async () => {
    app = await testApp({ dialect, env: { ENTREPOT_OUTBOUND_ALLOW: '127.0.0.1/32' } })
    second = await app.beside({ env: { ENTREPOT_OUTBOUND_ALLOW: '127.0.0.1/32' } })
    provider = await startTestProvider({ clients: [] })
    const config = { Name: 'ci', IssuerUrl: provider.issuer, ClientId: 'entrepot' }
    await ok(entrepot('CreateOidcProvider', { ...config, Audiences: ['also'] }))
    await addAccount('ci', ['tcr:PullRepository', 'tcr:PushRepository', 'tcr:CreateRepository'])
    await addAccount('reader', ['tcr:PullRepository'])
  })
  after(async () => {
    await provider.close()
    await second.close()
    await app.close()
  })

  function entrepot(action: string, input: unknown, key: TestKey = mainKey) {
    return app.api(action, input, { product: 'entrepot', key })
  }

  function addAccount(Name: string, Actions: readonly string[]) {
    const Permissions = [{ Resource: 'demo', Actions }]
    return ok(
      app.api('CreateServiceAccount', {
        RegistryId: app.instance.id,
        Name,
        Duration: -1,
        Permissions,
      }),
    )
  }

  function rule(more: object = {}) {
    return {
      ProviderName: 'ci',
      Name: 'main branch',
      Conditions: [{ Claim: 'sub', Operator: 'Like', Values: ['repo:team/*:ref:refs/heads/main'] }],
      TargetType: 'ServiceAccount',
      RegistryId: app.instance.id,
      ServiceAccountName: 'ci',
      ...more,
    }
  }

  async function addRule(more: object = {}): Promise<string> {
    return String((await ok(entrepot('CreateTokenExchangeRule', rule(more)))).RuleId)
  }

  function token(claims: JWTPayload = {}, how: object = {}) {
    const at = Math.floor(app.clock.now() / 1000)
    return provider.sign({ sub: subject, ...claims }, { at, ...how })
  }

  /** Unsigned, as CI asks. */
  async function exchange(Token: string, more: object = {}) {
    const response = await fetch(`${app.url}/`, {
      method: 'POST',
      body: JSON.stringify({ TargetRegistryId: app.instance.id, Token, ...more }),
      headers: {
        'Content-Type': 'application/json',
        Authorization: 'SKIP',
        'X-TC-Action': 'ExchangeToken',
        'X-TC-Version': '2026-11-01',
        'X-TC-Timestamp': String(Math.floor(app.clock.now() / 1000)),
      },
    })
    return ((await response.json()) as { Response: Awaited<ReturnType<TestApp['api']>> }).Response
  }

  async function logIn(RuleId: string, url = app.url): Promise<TestClient> {
    const { Username, Password } = await ok(exchange(await token(), { RuleId }))
    return new TestClient(url, basic(Username, Password))
  }

  it('pushes and pulls as the service account, by Basic and by a token', async () => {
    const RuleId = await addRule()
    const client = await logIn(RuleId)
    await client.pushImage('demo/app', 'v1')
    const bearer = client.as(await client.bearer('repository:demo/app:pull,push'))
    assert.equal(outcome(await bearer.call('GET', pull)), '200')
    await bearer.pushImage('demo/app', 'v2')
    assert.equal(outcome(await client.call('DELETE', pull)), '403 DENIED')
    assert.equal(outcome(await client.call('GET', '/v2/other/app/tags/list')), '404 NAME_UNKNOWN')
    const rows = await app.app.db.read
      .selectFrom('audit')
      .select(['event', 'actor', 'credential', 'reference', 'owner_uin'])
      .where('credential', '=', `exchanged:${RuleId}:${subject}`)
      .orderBy('at')
      .execute()
    assert.ok(rows.every((row) => row.actor === 'tcr$ci'))
    assert.ok(rows.every((row) => row.owner_uin === app.instance.ownerUin))
    assert.ok(rows.some((row) => row.event === 'ExchangeToken' && row.reference === subject))
    assert.ok(rows.some((row) => row.event === 'PushRepository'))
    const { Rules } = await ok(entrepot('DescribeTokenExchangeRules', {}))
    assert.ok(Rules[0].LastUsedTime)
  })

  it('may do no more than its target', async () => {
    const client = await logIn(await addRule({ ServiceAccountName: 'tcr$reader' }))
    assert.equal(outcome(await client.call('GET', pull)), '200')
    assert.equal(outcome(await client.call('POST', '/v2/demo/app/blobs/uploads/')), '403 DENIED')
  })

  it('pulls by the policies of a role, which the log calls by the subject', async () => {
    const trust = policyOf({
      effect: 'allow',
      action: 'sts:AssumeRole',
      principal: { qcs: [`qcs::cam::uin/${app.username}:root`] },
    })
    const { RoleId } = await ok(cam(app, 'CreateRole', { RoleName: 'ci', PolicyDocument: trust }))
    const { PolicyId } = await ok(
      cam(app, 'CreatePolicy', {
        PolicyName: 'ci-pulls',
        PolicyDocument: policyOf(
          allow('tcr:PullRepository', `qcs::tcr:::repository/${app.instance.id}/demo/*`),
        ),
      }),
    )
    await ok(cam(app, 'AttachRolePolicy', { PolicyId, AttachRoleId: RoleId }))
    const target = { TargetType: 'Role', RoleId, RegistryId: undefined }
    const client = await logIn(await addRule({ ...target, ServiceAccountName: undefined }))
    assert.equal(outcome(await client.call('GET', pull)), '200')
    assert.equal(outcome(await client.call('POST', '/v2/demo/app/blobs/uploads/')), '403 DENIED')
    await app.app.registry.audit.flush()
    const { actor } = await app.app.db.read
      .selectFrom('audit')
      .select('actor')
      .where('action', '=', 'tcr:PullRepository')
      .where('actor', 'like', `${RoleId}:%`)
      .executeTakeFirstOrThrow()
    assert.equal(actor, `${RoleId}:${subject}`)
    await ok(cam(app, 'DeleteRole', { RoleId }))
    app.clock.advance(1000)
    assert.equal(outcome(await client.call('GET', pull)), '401 UNAUTHORIZED')
  })

  it('ends within a second with its rule, its provider and its target, on every process', async () => {
    const account = { RegistryId: app.instance.id, Name: 'passing' }
    const ways: Record<string, (RuleId: string) => Promise<unknown>> = {
      'the rule is deleted': (RuleId) => entrepot('DeleteTokenExchangeRule', { RuleId }),
      'the rule is off': (RuleId) =>
        entrepot('ModifyTokenExchangeRule', { RuleId, Enabled: false }),
      'the rule has other conditions': (RuleId) =>
        entrepot('ModifyTokenExchangeRule', {
          RuleId,
          Conditions: [{ Claim: 'sub', Values: ['somebody else'] }],
        }),
      'the provider changes': () =>
        entrepot('ModifyOidcProvider', { Name: 'ci', Description: 'changed' }),
      'the service account is disabled': () =>
        app.api('ModifyServiceAccount', { ...account, Disable: true }),
      'the service account is deleted': () => app.api('DeleteServiceAccount', account),
    }
    await addAccount('passing', ['tcr:PullRepository'])
    for (const [what, end] of Object.entries(ways)) {
      await app.api('ModifyServiceAccount', { ...account, Disable: false })
      const RuleId = await addRule({ ServiceAccountName: 'passing' })
      const client = await logIn(RuleId)
      const bearer = client.as(await client.bearer('repository:demo/app:pull'))
      const all = [client, bearer].flatMap((one) => [one, one.on(second.url)])
      for (const one of all) assert.equal(outcome(await one.call('GET', pull)), '200', what)
      await ok(end(RuleId) as ReturnType<typeof entrepot>)
      app.clock.advance(1000)
      for (const one of all) {
        assert.equal(outcome(await one.call('GET', pull)), '401 UNAUTHORIZED', what)
      }
    }
  })

  it('lasts as long as the rule says, and so does what was made of it', async () => {
    const client = await logIn(await addRule({ DurationSeconds: 120 }))
    const bearer = client.as(await client.bearer('repository:demo/app:pull'))
    app.clock.advance(110_000)
    assert.equal(outcome(await bearer.call('GET', pull)), '200')
    // Clocks may differ by a minute.
    app.clock.advance(70_000)
    for (const one of [client, bearer]) {
      assert.equal(outcome(await one.call('GET', pull)), '401 UNAUTHORIZED')
    }
    assert.equal(outcome(await client.call('GET', '/service/token')), '401 UNAUTHORIZED')
  })

  it('is good at one instance and with its own user name', async () => {
    const RuleId = await addRule()
    const other = await addRule()
    const { Username, Password } = await ok(exchange(await token(), { RuleId }))
    assert.equal(Username, `oidc@${RuleId}`)
    for (const name of [`oidc@${other}`, 'tcr$ci', 'oidc@', app.username]) {
      const client = new TestClient(app.url, basic(name, Password))
      assert.equal(outcome(await client.call('GET', '/v2/')), '401 UNAUTHORIZED', name)
    }
    const changed = new TestClient(app.url, basic(Username, `${Password.slice(0, -4)}AAAA`))
    assert.equal(outcome(await changed.call('GET', '/v2/')), '401 UNAUTHORIZED')
  })

  it('is refused alike to all that no rule lets in', async () => {
    const RuleId = await addRule()
    const at = Math.floor(app.clock.now() / 1000)
    const attempts: readonly (readonly [string, string, object?])[] = [
      ['another subject', await token({ sub: 'repo:other/app:ref:refs/heads/main' })],
      ['another branch', await token({ sub: 'repo:team/app:ref:refs/heads/x' })],
      ['another audience', await token({}, { audience: 'somebody' })],
      ['another issuer', await token({}, { issuer: 'https://other.example.com' })],
      ['a time that is over', await token({}, { at: at - 3600 })],
      ['no token', 'none'],
      ['half a token', (await token()).slice(0, 40)],
      ['an instance that is not there', await token(), { TargetRegistryId: 'tcr-00000000' }],
      ['a rule that is not there', await token(), { RuleId: 'none' }],
    ]
    const told = new Set<string>()
    for (const [what, presented, more] of attempts) {
      const { Error: error } = await exchange(presented, { RuleId, ...more })
      assert.equal(error?.Code, refused, what)
      told.add(error.Message)
    }
    assert.equal(told.size, 1)
    assert.equal(await outcomeOf(exchange(await token({}, { audience: 'also' }))), 'ok')
    await ok(entrepot('ModifyTokenExchangeRule', { RuleId, Enabled: false }))
    assert.equal(await outcomeOf(exchange(await token(), { RuleId })), refused)
  })

  it('refuses an address that tries too often', async () => {
    const results: string[] = []
    for (let i = 0; i < 101; i += 1) results.push(await outcomeOf(exchange(`wrong-${i}`)))
    assert.equal(results.at(-1), 'RequestLimitExceeded')
    app.clock.advance(600_000)
    assert.equal(await outcomeOf(exchange(await token())), 'ok')
  })

  it('has rules that are shown, changed in part, and refused where they can not be', async () => {
    const RuleId = await addRule({ Name: 'shown', DurationSeconds: 60 })
    await ok(entrepot('ModifyTokenExchangeRule', { RuleId, Description: 'why' }))
    const { Rules } = await ok(entrepot('DescribeTokenExchangeRules', { ProviderName: 'ci' }))
    const shown = Rules.find((one: { RuleId: string }) => one.RuleId === RuleId)
    assert.deepEqual(
      [shown.Name, shown.Description, shown.DurationSeconds, shown.ServiceAccountName],
      ['shown', 'why', 60, 'tcr$ci'],
    )
    assert.deepEqual(shown.Conditions, rule().Conditions)
    const cases: readonly (readonly [object, string])[] = [
      [{ ProviderName: 'none' }, 'ResourceNotFound.IdentityNotExist'],
      [{ ServiceAccountName: 'none' }, 'ResourceNotFound'],
      [{ ServiceAccountName: undefined }, 'MissingParameter'],
      [{ RegistryId: undefined }, 'MissingParameter'],
      [{ TargetType: 'Role' }, 'MissingParameter'],
      [{ TargetType: 'Role', RoleId: '1' }, 'InvalidParameter.RoleNotExist'],
      [{ TargetType: 'Role', RoleId: 'x' }, 'InvalidParameter.RoleNotExist'],
      [{ DurationSeconds: 3601 }, 'InvalidParameterValue'],
      [{ DurationSeconds: 59 }, 'InvalidParameterValue'],
      [{ Conditions: [] }, 'InvalidParameterValue'],
      [{ Conditions: [{ Claim: 'aud', Values: ['entrepot'] }] }, 'InvalidParameterValue'],
    ]
    for (const [more, code] of cases) {
      const answer = await outcomeOf(entrepot('CreateTokenExchangeRule', rule(more)))
      assert.equal(answer, code, JSON.stringify(more))
    }
    const none = { RuleId: 'none' }
    for (const action of ['ModifyTokenExchangeRule', 'DeleteTokenExchangeRule']) {
      assert.equal(await outcomeOf(entrepot(action, none)), 'ResourceNotFound')
    }
  })

  it('has rules that only those make and change who may hand out what they give', async () => {
    const own = allow(['cam:*TokenExchangeRule*', 'cam:ModifyOidcProvider'], '*')
    const half = await addPerson(app, 'half', own)
    const whole = await addPerson(
      app,
      'whole',
      own,
      allow('tcr:ModifyServiceAccountPassword', `qcs::tcr:::instance/${app.instance.id}`),
    )
    const create = (key: TestKey) => entrepot('CreateTokenExchangeRule', rule(), key)
    assert.equal(await outcomeOf(create(half.key)), refused)
    const { RuleId } = await ok(create(whole.key))
    const change = { RuleId, Conditions: [{ Claim: 'sub', Values: ['me'] }] }
    assert.equal(await outcomeOf(entrepot('ModifyTokenExchangeRule', change, half.key)), refused)
    // The provider's keys decide who gets in, as much as the conditions.
    const Keys = await (await fetch(`${provider.issuer}/jwks`)).text()
    const takeOver = entrepot('ModifyOidcProvider', { Name: 'ci', Keys }, half.key)
    assert.equal(await outcomeOf(takeOver), refused)
    const stranger = await addStranger(app, 200_000_000_001)
    assert.equal(
      await outcomeOf(entrepot('DeleteTokenExchangeRule', { RuleId }, stranger.key)),
      'ResourceNotFound',
    )
    assert.equal(await outcomeOf(entrepot('DeleteTokenExchangeRule', { RuleId }, half.key)), 'ok')
  })

  it('goes with its provider', async () => {
    await ok(entrepot('DeleteOidcProvider', { Name: 'ci' }))
    assert.deepEqual((await ok(entrepot('DescribeTokenExchangeRules', {}))).Rules, [])
    assert.equal(await outcomeOf(exchange(await token())), refused)
  })
})
