import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { cam, ok, outcomeOf, policyOf } from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { type TestApp, testApp } from '../test-app.ts'

const issuer = 'https://ci.example.com'
const audience = 'entrepot'

onEachDatabase('OIDC providers', (_open, dialect) => {
  let app: TestApp
  let key: CryptoKey
  let IdentityKey: string

  before(async () => {
    app = await testApp({ dialect })
    const pair = await generateKeyPair('ES256', { extractable: true })
    key = pair.privateKey
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256' }
    IdentityKey = Buffer.from(JSON.stringify({ keys: [jwk] })).toString('base64')
  })
  after(() => app.close())

  function config(Name: string) {
    return { Name, IdentityUrl: issuer, ClientId: [audience], IdentityKey }
  }

  function token(claims: object = {}, by = key, forWhom = audience): Promise<string> {
    const now = Math.floor(app.clock.now() / 1000)
    return new SignJWT({ sub: 'repo:team/app:main', ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .setIssuer(issuer)
      .setAudience(forWhom)
      .setIssuedAt(now)
      .setExpirationTime(now + 600)
      .sign(by)
  }

  it('for roles are made, shown, changed and deleted', async () => {
    await ok(cam(app, 'CreateOIDCConfig', { ...config('one'), Description: 'CI' }))
    const shown = await ok(cam(app, 'DescribeOIDCConfig', { Name: 'one' }))
    assert.deepEqual(
      [shown.ProviderType, shown.IdentityUrl, shown.ClientId, shown.Status, shown.Description],
      [11, issuer, [audience], 11, 'CI'],
    )
    const inUse = 'InvalidParameter.IdentityNameInUse'
    assert.equal(await outcomeOf(cam(app, 'CreateOIDCConfig', config('one'))), inUse)
    await ok(cam(app, 'UpdateOIDCConfig', { ...config('one'), ClientId: ['other'] }))
    assert.deepEqual((await ok(cam(app, 'DescribeOIDCConfig', { Name: 'one' }))).ClientId, [
      'other',
    ])
    await ok(cam(app, 'DeleteOIDCConfig', { Name: 'one' }))
    const gone = 'ResourceNotFound.IdentityNotExist'
    assert.equal(await outcomeOf(cam(app, 'DescribeOIDCConfig', { Name: 'one' })), gone)
  })

  it('are refused with an issuer or keys that cannot be', async () => {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')
    const secret = await exportJWK(key)
    for (const wrong of [
      { IdentityUrl: 'ci.example.com' },
      { IdentityUrl: `${issuer}?x=1` },
      { IdentityKey: 'x' },
      { IdentityKey: encode({ keys: [] }) },
      { IdentityKey: encode({ keys: [secret] }) },
      { IdentityKey: encode({ keys: [{ kty: 'oct', k: 'AA' }] }) },
    ]) {
      const input = { ...config('bad'), ...wrong }
      assert.equal(await outcomeOf(cam(app, 'CreateOIDCConfig', input)), 'InvalidParameterValue')
    }
  })

  it('for the console there is one, which can be turned off', async () => {
    assert.equal((await ok(cam(app, 'DescribeUserOIDCConfig'))).Status, 0)
    const { Name: _, ...common } = config('')
    const input = {
      ...common,
      ClientId: 'console',
      AuthorizationEndpoint: `${issuer}/authorize`,
      ResponseType: 'code',
      ResponseMode: 'form_post',
      MappingFiled: 'email',
    }
    await ok(cam(app, 'CreateUserOIDCConfig', input))
    const shown = await ok(cam(app, 'DescribeUserOIDCConfig'))
    assert.deepEqual([shown.Status, shown.Scope, shown.MappingFiled], [11, ['openid'], 'email'])
    await ok(cam(app, 'DisableUserSSO'))
    assert.equal((await ok(cam(app, 'DescribeUserOIDCConfig'))).Status, 2)
    await ok(cam(app, 'UpdateUserOIDCConfig', input))
    assert.equal((await ok(cam(app, 'DescribeUserOIDCConfig'))).Status, 11)
  })

  it('give a role to whom its trust policy names, by a token of theirs alone', async () => {
    await ok(cam(app, 'CreateOIDCConfig', config('ci')))
    const federated = `qcs::cam::uin/${app.username}:oidc-provider/ci`
    const trust = policyOf({
      effect: 'allow',
      action: 'sts:AssumeRoleWithWebIdentity',
      principal: { federated },
      condition: { string_like: { 'oidc:sub': 'repo:team/*' } },
    })
    await ok(cam(app, 'CreateRole', { RoleName: 'from-ci', PolicyDocument: trust }))
    const preset = { AttachRoleName: 'from-ci', PolicyName: 'QcloudCamReadOnlyAccess' }
    await ok(cam(app, 'AttachRolePolicy', preset))
    const ask = async (WebIdentityToken: string, ProviderId = 'ci') =>
      app.api(
        'AssumeRoleWithWebIdentity',
        {
          ProviderId,
          WebIdentityToken,
          RoleArn: `qcs::cam::uin/${app.username}:roleName/from-ci`,
          RoleSessionName: 'build-1',
        },
        { product: 'sts' },
      )
    const { Credentials: made } = await ok(ask(await token()))
    const bearer = { secretId: made.TmpSecretId, secretKey: made.TmpSecretKey, token: made.Token }
    await ok(cam(app, 'ListUsers', {}, bearer))
    assert.equal(
      await outcomeOf(cam(app, 'AddUser', { Name: 'x' }, bearer)),
      'UnauthorizedOperation',
    )
    const stranger = (await generateKeyPair('ES256')).privateKey
    const refused = [
      await ask(await token({ sub: 'repo:other/app:main' })),
      await ask(await token({}, stranger)),
      await ask(await token({}, key, 'somebody-else')),
      await ask(await token(), 'none'),
      await ask('no token'),
    ]
    const late = await token()
    app.clock.advance(3_600_000)
    refused.push(await ask(late))
    for (const { Error: error } of refused) {
      assert.equal(error?.Code, 'UnauthorizedOperation')
      assert.equal(error?.Message, refused[0]?.Error?.Message)
    }
  })
})
