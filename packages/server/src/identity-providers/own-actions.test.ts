import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { addPerson, allow, cam, ok, outcomeOf, policyOf } from '../accounts/test-people.ts'
import type { TestKey } from '../cloud-api/test-client.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { mainKey, type TestApp, testApp } from '../test-app.ts'
import { maxProviders } from './providers.ts'
import { startTestProvider, type TestProvider } from './test-provider.ts'

const wrong = 'InvalidParameterValue'
const notAllowed = 'UnauthorizedOperation'
const missing = 'ResourceNotFound.IdentityNotExist'

onEachDatabase('own OIDC providers', (_open, dialect) => {
  let app: TestApp
  let provider: TestProvider
  let Keys: string

  before(async () => {
    app = await testApp({ dialect, env: { ENTREPOT_OUTBOUND_ALLOW: '127.0.0.1/32' } })
    provider = await startTestProvider({ clients: [] })
    Keys = await (await fetch(`${provider.issuer}/jwks`)).text()
  })
  after(async () => {
    await provider.close()
    await app.close()
  })

  function entrepot(action: string, input: unknown, key: TestKey = mainKey) {
    return app.api(action, input, { product: 'entrepot', key })
  }

  function config(Name: string, more: object = {}) {
    return { Name, IssuerUrl: 'https://ci.example.com', ClientId: 'entrepot', Keys, ...more }
  }

  async function shown(Name: string) {
    const { Providers, TotalCount } = await ok(entrepot('DescribeOidcProviders', { Name }))
    assert.equal(TotalCount, 1)
    return Providers[0]
  }

  it('are made, shown, changed in part and deleted; the secret is never shown', async () => {
    const ClientSecret = 'not to be seen anywhere'
    const settings = {
      DisplayName: 'The Works',
      Description: 'd',
      Audiences: ['ci'],
      Scopes: ['profile'],
      ConsoleLogin: true,
      AuthorizationEndpoint: 'https://ci.example.com/authorize',
      TokenEndpoint: 'https://ci.example.com/token',
      UserClaim: 'employee.id',
      UserMatch: 'Uin',
    }
    const made = await ok(
      entrepot('CreateOidcProvider', config('works', { ...settings, ClientSecret })),
    )
    assert.match(made.RedirectUri, /^http:\/\/127\.0\.0\.1:\d+\/console\/oidc\/callback$/)
    const one = await shown('works')
    assert.ok(!JSON.stringify(one).includes(ClientSecret))
    const { Scopes, ...same } = settings
    for (const [name, value] of Object.entries(same)) assert.deepEqual(one[name], value, name)
    assert.deepEqual(one.Scopes, ['openid', 'profile'])
    assert.deepEqual([one.HasClientSecret, one.Enabled, one.ClientId], [true, true, 'entrepot'])
    const rows = await app.app.db.read.selectFrom('identity_providers').selectAll().execute()
    assert.ok(
      !JSON.stringify(
        rows.map((row) => Buffer.from(row.client_secret_wrapped ?? []).toString('latin1')),
      ).includes(ClientSecret),
    )
    await ok(entrepot('ModifyOidcProvider', { Name: 'works', ClientSecret: '', UserClaim: 'sub' }))
    const next = await shown('works')
    assert.deepEqual(
      [next.HasClientSecret, next.UserClaim, next.DisplayName, next.Audiences],
      [false, 'sub', 'The Works', ['ci']],
    )
    await ok(entrepot('DeleteOidcProvider', { Name: 'works' }))
    for (const action of ['ModifyOidcProvider', 'DeleteOidcProvider']) {
      assert.equal(await outcomeOf(entrepot(action, { Name: 'works' })), missing)
    }
  })

  it('share their names with those for roles, since trust policies name both', async () => {
    await ok(entrepot('CreateOidcProvider', config('shared')))
    const inUse = 'InvalidParameter.IdentityNameInUse'
    assert.equal(await outcomeOf(entrepot('CreateOidcProvider', config('shared'))), inUse)
    const IdentityKey = Buffer.from(Keys).toString('base64')
    const forRoles = { IdentityUrl: 'https://ci.example.com', ClientId: ['x'], IdentityKey }
    const create = (Name: string) => cam(app, 'CreateOIDCConfig', { ...forRoles, Name })
    assert.equal(await outcomeOf(create('shared')), inUse)
    await ok(create('tencent'))
    assert.equal(await outcomeOf(entrepot('CreateOidcProvider', config('tencent'))), inUse)
    await ok(
      cam(app, 'CreateUserOIDCConfig', {
        ...{ ...forRoles, ClientId: 'x' },
        AuthorizationEndpoint: 'https://ci.example.com/a',
        ResponseType: 'id_token',
        ResponseMode: 'form_post',
        MappingFiled: 'sub',
      }),
    )
    assert.equal(await outcomeOf(entrepot('CreateOidcProvider', config('console'))), inUse)
  })

  it('are refused with settings that cannot be', async () => {
    const conditions = [{ Claim: 'a', Values: ['b'] }]
    const cases: readonly (readonly [object, string])[] = [
      [{ IssuerUrl: 'ci.example.com' }, wrong],
      [{ IssuerUrl: 'https://ci.example.com?x=1' }, wrong],
      [{ IssuerUrl: 'https://user:word@ci.example.com' }, wrong],
      [{ Name: '-x' }, wrong],
      [{ Keys: 'x' }, wrong],
      [{ Keys: JSON.stringify({ keys: [{ kty: 'oct', k: 'AA' }] }) }, wrong],
      [{ Keys: JSON.stringify({ keys: [{ kty: 'RSA', n: 'x', e: 'y', d: 'z' }] }) }, wrong],
      [{ Scopes: ['two words'] }, wrong],
      [{ AuthorizationEndpoint: 'javascript:alert(1)' }, wrong],
      [{ TokenEndpoint: '/token' }, wrong],
      [{ UserMatch: 'Uin', CreateUsers: true }, wrong],
      [{ Mappings: [{ Conditions: conditions, TargetType: 'User', TargetId: 'ann' }] }, wrong],
      [{ Mappings: [{ Conditions: [], TargetType: 'User', TargetId: '1' }] }, wrong],
      [
        { Mappings: [{ Conditions: conditions, TargetType: 'User', TargetId: '1' }] },
        'ResourceNotFound.UserNotExist',
      ],
      [
        { Mappings: [{ Conditions: conditions, TargetType: 'Group', TargetId: '1' }] },
        'ResourceNotFound.GroupNotExist',
      ],
      [
        { Mappings: [{ Conditions: conditions, TargetType: 'Role', TargetId: '1' }] },
        'InvalidParameter.RoleNotExist',
      ],
    ]
    for (const [more, code] of cases) {
      const outcome = await outcomeOf(entrepot('CreateOidcProvider', config('bad', more)))
      assert.equal(outcome, code, JSON.stringify(more))
    }
    await ok(entrepot('CreateOidcProvider', config('good')))
    for (const [more, code] of cases.filter(([one]) => !('IssuerUrl' in one || 'Name' in one))) {
      const outcome = await outcomeOf(entrepot('ModifyOidcProvider', { Name: 'good', ...more }))
      assert.equal(outcome, code, JSON.stringify(more))
    }
  })

  it('are set up by those alone who may hand out what they give', async () => {
    const { GroupId } = await ok(cam(app, 'CreateGroup', { GroupName: 'admins' }))
    const own = [allow('cam:CreateOidcProvider', '*'), allow('cam:ModifyOidcProvider', '*')]
    const half = await addPerson(app, 'half', ...own)
    const whole = await addPerson(
      app,
      'whole',
      ...own,
      allow('cam:UpdateUser', '*'),
      allow('cam:AddUserToGroup', `qcs::cam:::groupid/${GroupId}`),
    )
    const toGroup = {
      Mappings: [
        {
          Conditions: [{ Claim: 'a', Values: ['b'] }],
          TargetType: 'Group',
          TargetId: String(GroupId),
        },
      ],
    }
    const toMain = {
      Mappings: [
        {
          Conditions: [{ Claim: 'a', Values: ['b'] }],
          TargetType: 'User',
          TargetId: String(app.instance.ownerUin),
        },
      ],
    }
    const endpoints = {
      AuthorizationEndpoint: 'https://ci.example.com/a',
      TokenEndpoint: 'https://ci.example.com/t',
    }
    const login = { ConsoleLogin: true, ...endpoints }
    const create = (name: string, more: object, key: TestKey) =>
      outcomeOf(entrepot('CreateOidcProvider', config(name, more), key))
    assert.equal(await create('by-half', {}, half.key), 'ok')
    for (const more of [login, toGroup, toMain]) {
      assert.equal(await create('refused', more, half.key), notAllowed)
      const change = { Name: 'by-half', ...more }
      assert.equal(await outcomeOf(entrepot('ModifyOidcProvider', change, half.key)), notAllowed)
    }
    assert.equal(await create('by-whole', { ...login, ...toGroup }, whole.key), 'ok')
    assert.equal(await create('main', toMain, whole.key), notAllowed)
    assert.equal(await create('main', toMain, mainKey), 'ok')
    // What others set up is not taken over: to change it is to hand out the same.
    const change = { Name: 'by-whole', Description: 'x' }
    assert.equal(await outcomeOf(entrepot('ModifyOidcProvider', change, half.key)), notAllowed)
  })

  it('are listed by pages, and only those that one may see', async () => {
    const { Providers: all, TotalCount } = await ok(entrepot('DescribeOidcProviders', {}))
    assert.equal(all.length, TotalCount)
    const page = await ok(entrepot('DescribeOidcProviders', { Offset: 1, Limit: 1 }))
    assert.deepEqual(page.Providers, [all[1]])
    const one = 'qcs::cam:::oidc-provider/shared'
    const reader = await addPerson(app, 'reader', allow('cam:DescribeOidcProviders', one))
    const seen = await ok(entrepot('DescribeOidcProviders', {}, reader.key))
    assert.deepEqual(
      [seen.TotalCount, seen.Providers.map(({ Name }: { Name: string }) => Name)],
      [1, ['shared']],
    )
  })

  it('assume roles as those in the form of Tencent do', async () => {
    const federated = `qcs::cam::uin/${app.username}:oidc-provider/shared`
    const PolicyDocument = policyOf({
      effect: 'allow',
      action: 'sts:AssumeRoleWithWebIdentity',
      principal: { federated },
    })
    await ok(cam(app, 'CreateRole', { RoleName: 'by-own', PolicyDocument }))
    const WebIdentityToken = await provider.sign(
      { sub: 'job' },
      { at: Math.floor(app.clock.now() / 1000), issuer: 'https://ci.example.com' },
    )
    const input = {
      ProviderId: 'shared',
      WebIdentityToken,
      RoleArn: `qcs::cam::uin/${app.username}:roleName/by-own`,
      RoleSessionName: 'job',
    }
    await ok(app.api('AssumeRoleWithWebIdentity', input, { product: 'sts' }))
  })

  it('are as many as the limit says', async () => {
    const { TotalCount } = await ok(entrepot('DescribeOidcProviders', {}))
    for (let i = TotalCount; i < maxProviders; i += 1) {
      await ok(entrepot('CreateOidcProvider', config(`filling-${i}`)))
    }
    const more = await outcomeOf(entrepot('CreateOidcProvider', config('too-many')))
    assert.equal(more, 'LimitExceeded.IdentityFull')
  })
})
