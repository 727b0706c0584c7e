import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { addPerson, allow, cam, ok, outcomeOf, type TestPerson } from '../accounts/test-people.ts'
import type { ApiAnswer, TestKey } from '../cloud-api/test-client.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { logInToConsole } from './console-login.ts'
import { findLoginAddresses } from './login-addresses.ts'
import { codeOf, stepAt, stepMs } from './totp.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

function fromBase32(text: string): Buffer {
  const bits = [...text].map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

onEachDatabase('how people log in', (_open, dialect) => {
  let app: TestApp
  before(async () => {
    app = await testApp({ dialect })
  })
  after(() => app.close())

  function own(action: string, input: unknown = {}, key?: TestKey): Promise<ApiAnswer> {
    return app.api(action, input, { product: 'entrepot', ...(key && { key }) })
  }

  function logIn({ uin }: TestPerson, password: string, code?: string) {
    const name = String(uin)
    return logInToConsole(
      { db: app.app.db, clock: app.clock, vault: app.app.vault },
      { name, password, code, address: '192.0.2.7', agent: 'browser' },
    )
  }

  it('is ruled for passwords by the main account', async () => {
    const rules = { MinimumLength: 12, MustContain: 'Digits', ReusePasswordLimit: 2 }
    await ok(cam(app, 'UpdatePasswordRules', { Rules: rules }))
    const shown = await ok(cam(app, 'GetPasswordRules'))
    assert.deepEqual(shown.Rules, {
      ...rules,
      ForcePasswordChange: 0,
      RetryPasswordLimit: 5,
      PasswordExpirationInvalidation: 2,
    })
    assert.equal(shown.Modifier, app.username)
    const weak = { Name: 'weak', Password: 'only-letters-here' }
    const refused = 'InvalidParameter.PasswordViolatedRules'
    assert.equal(await outcomeOf(cam(app, 'AddUser', weak)), refused)
    const wrong = { Rules: { MustContain: 'Runes' } }
    assert.equal(await outcomeOf(cam(app, 'UpdatePasswordRules', wrong)), 'InvalidParameterValue')
  })

  it('takes a second factor that its person set up, and an administrator may take away', async () => {
    const person = await addPerson(app, 'factored')
    const Password = 'Right-password-1'
    await ok(cam(app, 'UpdateUser', { Name: person.name, Password, ConsoleLogin: 1 }))
    const made = await ok(own('CreateMfaDevice', {}, person.key))
    const secret = fromBase32(made.Secret)
    const codeAt = (off: number) => codeOf(secret, stepAt(app.clock.now()) + off)
    const twice = { FirstCode: codeAt(0), SecondCode: codeAt(0) }
    const failed = 'AuthFailure.MFAFailure'
    assert.equal(await outcomeOf(own('ActivateMfaDevice', twice, person.key)), failed)
    const codes = { FirstCode: codeAt(0), SecondCode: codeAt(1) }
    const { RecoveryCodes } = await ok(own('ActivateMfaDevice', codes, person.key))
    assert.equal(RecoveryCodes.length, 10)
    app.clock.advance(3 * stepMs)
    const shown = await ok(own('DescribeMfaDevice', { TargetUin: person.uin }))
    assert.deepEqual([shown.IsActive, shown.RecoveryCodesLeft], [true, 10])
    assert.equal((await logIn(person, Password)).kind, 'code-needed')
    assert.equal((await logIn(person, Password, codeAt(0))).kind, 'session')
    app.clock.advance(stepMs)
    assert.equal(await outcomeOf(own('DeleteMfaDevice', {}, person.key)), failed)
    const again = await ok(own('RegenerateRecoveryCodes', { Code: codeAt(0) }, person.key))
    assert.notDeepEqual(again.RecoveryCodes, RecoveryCodes)
    await ok(own('DeleteMfaDevice', { TargetUin: person.uin }))
    assert.equal((await logIn(person, Password)).kind, 'session')
    const phone = { OpUin: person.uin, LoginFlag: { Phone: 1, Stoken: 0, Wechat: 0 } }
    assert.equal(await outcomeOf(cam(app, 'SetMfaFlag', phone)), 'UnsupportedOperation')
    const wanted = { OpUin: person.uin, LoginFlag: { Phone: 0, Stoken: 1, Wechat: 0 } }
    await ok(cam(app, 'SetMfaFlag', wanted))
    const flags = await ok(cam(app, 'DescribeSafeAuthFlagColl', { SubUin: person.uin }))
    assert.equal(flags.LoginFlag.Stoken, 1)
  })

  it('shows in sessions, which end one by one, and by a new password', async () => {
    const person = await addPerson(app, 'sessions')
    const Password = 'Right-password-1'
    await ok(cam(app, 'UpdateUser', { Name: person.name, Password, ConsoleLogin: 1 }))
    for (let n = 0; n < 3; n += 1) await logIn(person, Password)
    const list = async () => (await ok(own('DescribeSessions', {}, person.key))).Sessions
    const [first] = await list()
    assert.equal(first.Address, '192.0.2.7')
    await ok(own('DeleteSession', { SessionId: first.SessionId }, person.key))
    assert.equal((await list()).length, 2)
    const other = await addPerson(app, 'curious')
    const target = { TargetUin: person.uin }
    const refused = 'UnauthorizedOperation'
    assert.equal(await outcomeOf(own('DescribeSessions', target, other.key)), refused)
    const change = (OldPassword: string) =>
      own('ModifyPassword', { OldPassword, NewPassword: 'Other-password-2' }, person.key)
    assert.equal(
      await outcomeOf(change('Wrong-password-1')),
      'InvalidParameter.PasswordViolatedRules',
    )
    app.clock.advance(1)
    await ok(change(Password))
    assert.equal((await list()).length, 0)
    await logIn(person, 'Other-password-2')
    assert.equal((await ok(own('DeleteUserSessions', target))).EndedCount, 1)
  })

  it('shows who is held out, and lets an administrator end it', async () => {
    const person = await addPerson(app, 'locked')
    const Password = 'Right-password-1'
    await ok(cam(app, 'UpdateUser', { Name: person.name, Password, ConsoleLogin: 1 }))
    for (let n = 0; n < 5; n += 1) await assert.rejects(logIn(person, 'wrong'))
    await assert.rejects(logIn(person, Password), { code: 'TOO_MANY_REQUESTS' })
    const target = { TargetUin: person.uin }
    const held = await ok(own('DescribeUserLogin', target))
    assert.equal(held.Locks[0].Failures, 5)
    assert.ok(held.Locks[0].LockedUntil)
    await ok(own('UnlockUser', target))
    assert.equal((await logIn(person, Password)).kind, 'session')
    const login = await ok(own('DescribeUserLogin', target))
    assert.deepEqual([login.HasPassword, login.SessionCount, login.Locks], [true, 1, []])
  })

  it('say from which addresses sub-accounts may log in', async () => {
    const set = (input: object) => cam(app, 'CreateSubAccountLoginIpPolicy', input)
    const IpPolicies = [
      { IP: '192.0.2.0/24', Effect: 'Allow' },
      { IP: '192.0.2.7', Effect: 'Deny' },
    ]
    const rules = async () => {
      const { changed: _, ...found } = await findLoginAddresses(
        app.app.db.read,
        app.instance.ownerUin,
      )
      return found
    }
    const both = { allowed: ['192.0.2.0/24'], denied: ['192.0.2.7'] }
    await ok(set({ IpPolicies, PolicyType: 1 }))
    assert.deepEqual(await rules(), { isEnabled: true, ...both })
    await ok(set({ DisablePolicy: 1 }))
    assert.deepEqual(await rules(), { isEnabled: false, ...both })
    const wrong = { IpPolicies: [{ IP: '192.0.2.0/33', Effect: 'Allow' }] }
    assert.equal(await outcomeOf(set(wrong)), 'InvalidParameterValue')
    assert.equal(await outcomeOf(set({ PolicyType: 2 })), 'UnsupportedOperation')
    const approved = { ApproverType: 'SubAccountLoginLimitApproval' }
    assert.equal(await outcomeOf(set({ IpPolicies, ...approved })), 'UnsupportedOperation')
    assert.deepEqual(await rules(), { isEnabled: false, ...both })
    await ok(set({ IpPolicies: [], DisablePolicy: 0 }))
    assert.deepEqual(await rules(), { isEnabled: true, allowed: [], denied: [] })
  })

  it('say beforehand whether who sets them could still log in', async () => {
    const show = (input: object = {}, key?: TestKey) =>
      own('DescribeSubAccountLoginIpPolicy', input, key)
    const all = { Effect: 'Allow', IP: '127.0.0.0/8' }
    const here = { Effect: 'Deny', IP: '127.0.0.1' }
    const elsewhere = { Effect: 'Allow', IP: '192.0.2.0/24' }
    await ok(cam(app, 'CreateSubAccountLoginIpPolicy', { IpPolicies: [here, all] }))
    const set = 'cam:CreateSubAccountLoginIpPolicy'
    const person = await addPerson(
      app,
      'guard',
      allow([set, 'cam:DescribeSubAccountLoginIpPolicy'], '*'),
    )
    const shown = await ok(show({}, person.key))
    assert.deepEqual(
      [shown.IpPolicies, shown.Enabled, shown.CallerAddress, shown.RefusesCaller],
      [[all, here], true, '127.0.0.1', true],
    )
    assert.equal(shown.ModifierUin, Number(app.username))
    assert.ok(shown.UpdateTime)
    for (const [TriedPolicies, isRefused] of [
      [[], false],
      [[all], false],
      [[elsewhere], true],
      [[elsewhere, all], false],
      [[all, here], true],
    ] as const) {
      const tried = await ok(show({ TriedPolicies }, person.key))
      assert.equal(tried.RefusesCaller, isRefused, JSON.stringify(TriedPolicies))
      assert.deepEqual(tried.IpPolicies, shown.IpPolicies)
      // The main account logs in from everywhere.
      assert.equal((await ok(show({ TriedPolicies }))).RefusesCaller, false)
    }
    const wrong = { TriedPolicies: [{ IP: 'here', Effect: 'Allow' }] }
    assert.equal(await outcomeOf(show(wrong)), 'InvalidParameterValue')
    const stranger = await addPerson(app, 'stranger-to-rules')
    assert.equal(await outcomeOf(show({}, stranger.key)), 'UnauthorizedOperation')
    await ok(cam(app, 'CreateSubAccountLoginIpPolicy', { IpPolicies: [], DisablePolicy: 1 }))
  })
})
