import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { suspendAccount } from '../accounts/accounts.ts'
import {
  addPerson,
  allow,
  cam,
  givePolicy,
  ok,
  outcomeOf,
  policyOf,
  type TestPerson,
} from '../accounts/test-people.ts'
import type { ApiAnswer, TestKey } from '../cloud-api/test-client.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { beginDevice, confirmDevice, showFactor } from '../logins/mfa.ts'
import { codeOf, stepAt, stepMs } from '../logins/totp.ts'
import { mainKey, type TestApp, testApp } from '../test-app.ts'
import { maxTokenBytes } from './temporary-keys.ts'

const unauthorized = 'UnauthorizedOperation'

onEachDatabase('temporary keys', (_open, dialect) => {
  let app: TestApp
  let second: TestApp

  before(async () => {
    app = await testApp({ dialect })
    second = await app.beside()
  })
  after(async () => {
    await second.close()
    await app.close()
  })

  function sts(action: string, input: unknown, key: TestKey = mainKey, on = app) {
    return on.api(action, input, { product: 'sts', key })
  }

  function keyOf({ Credentials: made }: ApiAnswer): TestKey {
    return { secretId: made.TmpSecretId, secretKey: made.TmpSecretKey, token: made.Token }
  }

  function whoIs(key: TestKey, on = app): Promise<ApiAnswer> {
    return sts('GetCallerIdentity', {}, key, on)
  }

  async function addRole(RoleName: string, trusted: readonly string[], more: object = {}) {
    const principal = { qcs: trusted.map((who) => `qcs::cam::uin/${app.username}:${who}`) }
    const PolicyDocument = policyOf({
      effect: 'allow',
      action: 'name/sts:AssumeRole',
      principal,
      ...more,
    })
    const { RoleId } = await ok(cam(app, 'CreateRole', { RoleName, PolicyDocument }))
    return { id: String(RoleId), arn: `qcs::cam::uin/${app.username}:roleName/${RoleName}` }
  }

  async function mayAssume(person: TestPerson): Promise<void> {
    await givePolicy(app, person, policyOf(allow('sts:AssumeRole', '*')), `as-${person.uin}`)
  }

  it('say who their bearer is', async () => {
    const main = await ok(whoIs(mainKey))
    assert.equal(main.Arn, `qcs::cam::uin/${app.username}:root`)
    const person = await addPerson(app, 'named')
    const own = await ok(whoIs(person.key))
    assert.deepEqual(
      [own.Arn, own.AccountId, own.UserId, own.Type],
      [`qcs::cam::uin/${app.username}:uin/${person.uin}`, app.username, `${person.uin}`, 'CAMUser'],
    )
  })

  it('of a role may what the role may, for whom it trusts and whose policies allow it', async () => {
    const person = await addPerson(app, 'assumer')
    const role = await addRole('deployer', [`uin/${person.uin}`])
    await ok(
      cam(app, 'AttachRolePolicy', {
        AttachRoleName: 'deployer',
        PolicyName: 'QcloudCamReadOnlyAccess',
      }),
    )
    const ask = { RoleArn: role.arn, RoleSessionName: 'ci' }
    assert.equal(await outcomeOf(sts('AssumeRole', ask, person.key)), unauthorized)
    await mayAssume(person)
    app.clock.advance(1000)
    const made = await ok(sts('AssumeRole', ask, person.key))
    assert.equal(made.ExpiredTime, Math.floor(app.clock.now() / 1000) + 7200)
    const key = keyOf(made)
    const who = await ok(whoIs(key, second))
    assert.deepEqual(
      [who.UserId, who.PrincipalId, who.Type],
      [`${role.id}:ci`, String(person.uin), 'CAMRole'],
    )
    assert.equal(await outcomeOf(cam(app, 'ListUsers', {}, person.key)), unauthorized)
    await ok(cam(app, 'ListUsers', {}, key))
    assert.equal(await outcomeOf(cam(app, 'AddUser', { Name: 'x' }, key)), unauthorized)
    // Another person, whom the role does not trust, hears what he would hear of a role that is not there.
    const other = await addPerson(app, 'other')
    await mayAssume(other)
    app.clock.advance(1000)
    const missing = { ...ask, RoleArn: `${role.arn}x` }
    const [refused, none] = await Promise.all([
      sts('AssumeRole', ask, other.key),
      sts('AssumeRole', missing, other.key),
    ])
    assert.deepEqual(refused.Error, none.Error)
    assert.equal(refused.Error?.Code, unauthorized)
  })

  it('hold only with their token, until their time is over, or their role or person goes', async () => {
    const role = await addRole('brief', ['root'])
    const ask = { RoleArn: role.arn, RoleSessionName: 'ci', DurationSeconds: 60 }
    const key = keyOf(await ok(sts('AssumeRole', ask)))
    await ok(whoIs(key))
    const bare = { secretId: key.secretId, secretKey: key.secretKey }
    assert.equal(await outcomeOf(whoIs(bare)), 'AuthFailure.SecretIdNotFound')
    const mixed = { ...key, secretId: 'AKIDother' }
    assert.equal(await outcomeOf(whoIs(mixed)), 'AuthFailure.TokenFailure')
    const changed = { ...key, token: `A${key.token?.slice(1)}` }
    assert.equal(await outcomeOf(whoIs(changed)), 'AuthFailure.TokenFailure')
    const forged = { ...key, secretKey: 'x' }
    assert.equal(await outcomeOf(whoIs(forged)), 'AuthFailure.SignatureFailure')
    app.clock.advance(60_000)
    assert.equal(await outcomeOf(whoIs(key)), 'AuthFailure.TokenFailure')
    const next = keyOf(await ok(sts('AssumeRole', ask)))
    await ok(whoIs(next))
    await ok(cam(app, 'DeleteRole', { RoleName: 'brief' }))
    app.clock.advance(1000)
    assert.equal(await outcomeOf(whoIs(next)), 'AuthFailure.TokenFailure')
    const person = await addPerson(app, 'going')
    const federated = { Name: 'guest', Policy: policyOf(allow('*', '*')) }
    const guest = keyOf(await ok(sts('GetFederationToken', federated, person.key)))
    await ok(whoIs(guest))
    await app.app.db.write((tx) => suspendAccount(tx, person.uin))
    app.clock.advance(1000)
    assert.equal(await outcomeOf(whoIs(guest)), 'AuthFailure.TokenFailure')
    assert.equal(await outcomeOf(whoIs(person.key)), 'AuthFailure.SecretIdNotFound')
  })

  it('are narrowed by a policy of their own, the main account’s too', async () => {
    const document = policyOf(allow('cam:ListUsers', '*'))
    const ask = { Name: 'guest', Policy: encodeURIComponent(document) }
    const made = await ok(sts('GetFederationToken', ask))
    assert.ok(made.Credentials.Token.length <= maxTokenBytes)
    const key = keyOf(made)
    await ok(cam(app, 'ListUsers', {}, key))
    assert.equal(await outcomeOf(cam(app, 'ListGroups', {}, key)), unauthorized)
    const who = await ok(whoIs(key))
    assert.equal(who.UserId, `${app.username}:guest`)
    // They make no further keys of their person.
    assert.equal(await outcomeOf(sts('GetFederationToken', ask, key)), 'OperationDenied')
    const bad = { ...ask, Policy: '{}' }
    assert.equal(
      await outcomeOf(sts('GetFederationToken', bad)),
      'InvalidParameter.PolicyDocumentError',
    )
    const statements = Array.from({ length: 200 }, (_, n) =>
      allow('tcr:PullRepository', `qcs::tcr:::repository/tcr-${Math.sin(n)}/${Math.cos(n)}/*`),
    )
    const large = { ...ask, Policy: policyOf(...statements) }
    assert.equal(await outcomeOf(sts('GetFederationToken', large)), 'LimitExceeded')
    const long = { ...ask, DurationSeconds: 7201 }
    assert.equal(await outcomeOf(sts('GetFederationToken', long)), 'InvalidParameterValue')
  })

  it('ask a second factor where they are of one, and take each code once', async () => {
    const uin = Number(app.username)
    const { db, vault } = app.app
    const secret = await db.write((tx) => beginDevice(tx, vault, uin, app.clock.now()))
    const codeNow = () => codeOf(secret, stepAt(app.clock.now()))
    const shown = await showFactor(db.read, vault, {
      uin,
      code: codeNow(),
      nowMs: app.clock.now(),
    })
    const recovery = await db.write((tx) => confirmDevice(tx, shown, app.clock.now()))
    const SerialNumber = `qcs::cam:uin/${uin}::mfa/softToken`
    const ask = (TokenCode: string) => sts('GetSessionToken', { SerialNumber, TokenCode })
    assert.equal(await outcomeOf(ask(codeNow())), 'AuthFailure.MFAFailure')
    app.clock.advance(stepMs)
    const key = keyOf(await ok(ask(codeNow())))
    assert.equal(await outcomeOf(ask(codeNow())), 'AuthFailure.MFAFailure')
    assert.equal(await outcomeOf(ask('000000')), 'AuthFailure.MFAFailure')
    await ok(ask(recovery[0] ?? ''))
    assert.equal(await outcomeOf(ask(recovery[0] ?? '')), 'AuthFailure.MFAFailure')
    // The keys show the factor to conditions: the trust policy asks for it.
    const withFactor = { bool_equal: { 'qcs:mfa': 'true' } }
    const role = await addRole('guarded', ['root'], { condition: withFactor })
    const assume = { RoleArn: role.arn, RoleSessionName: 'ci' }
    assert.equal(await outcomeOf(sts('AssumeRole', assume)), unauthorized)
    await ok(sts('AssumeRole', assume, key))
  })

  it('of a chain of roles last an hour at most', async () => {
    const first = await addRole('first', ['root'])
    const next = await addRole('next', ['roleName/first'])
    await ok(cam(app, 'AttachRolePolicy', { AttachRoleId: first.id, PolicyId: 1 }))
    const key = keyOf(await ok(sts('AssumeRole', { RoleArn: first.arn, RoleSessionName: 'ci' })))
    const ask = { RoleArn: next.arn, RoleSessionName: 'ci' }
    assert.equal(await outcomeOf(sts('AssumeRole', ask, key)), 'InvalidParameterValue')
    await ok(sts('AssumeRole', { ...ask, DurationSeconds: 3600 }, key))
  })
})
