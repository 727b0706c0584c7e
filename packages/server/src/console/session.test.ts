import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { suspendAccount } from '../accounts/accounts.ts'
import { cam, ok, policyOf } from '../accounts/test-people.ts'
import { createUser, updateUser } from '../accounts/users.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { setFactorFlags } from '../logins/factor-flags.ts'
import { hashPassword, storePassword } from '../logins/passwords.ts'
import { beginSession, restMs, seenEveryMs, sessionMs } from '../logins/sessions.ts'
import { codeOf, stepAt, stepMs } from '../logins/totp.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { TestBrowser } from './test-browser.ts'

const mainPassword = 'Test-password-0123456789'
const password = 'Right-password-1'
const ended = 'AuthFailure.SessionEnded'

onEachDatabase('console sessions', (_open, dialect) => {
  let app: TestApp
  let users = 0

  before(async () => {
    app = await testApp({ dialect })
  })
  after(() => app.close())

  async function makeUser(): Promise<{ uin: number; name: string }> {
    users += 1
    const ownerUin = Number(app.username)
    const { db } = app.app
    const at = app.clock.now()
    const hash = await hashPassword(db.read, { ownerUin, uin: undefined }, password)
    const made = { name: `dev-${users}`, mayLogIn: true, createdBy: ownerUin, at }
    const uin = await db.write(async (tx) => {
      const uin = await createUser(tx, ownerUin, made)
      await storePassword(tx, { uin, hash, mustChange: false, at })
      return uin
    })
    return { uin, name: `${ownerUin}/${made.name}` }
  }

  async function loggedIn(name = app.username, by = mainPassword): Promise<TestBrowser> {
    const browser = new TestBrowser(app.url)
    const { kind, Error: error } = await browser.logIn(name, by)
    assert.deepEqual([kind, error], ['session', undefined])
    return browser
  }

  async function outcomeOf(browser: TestBrowser): Promise<string> {
    const { Error: error } = await browser.call('DescribeSessions', {}, { product: 'entrepot' })
    return error?.Code ?? 'ok'
  }

  it('are told of, and of their absence without a failure', async () => {
    const browser = new TestBrowser(app.url)
    const visitor = await browser.state()
    assert.deepEqual([visitor.person, visitor.endsAt], [null, null])
    await browser.logIn(app.username, mainPassword)
    const { person, restEndsAt, endsAt } = await browser.state()
    assert.equal(String(person?.uin), app.username)
    assert.deepEqual([person?.isOperator, person?.hasFactor], [true, false])
    assert.deepEqual([restEndsAt, endsAt], [app.clock.now() + restMs, app.clock.now() + sessionMs])
  })

  it('call actions, and are named in the audit log', async () => {
    const browser = await loggedIn()
    const { Error: error } = await browser.call('CreateNamespace', {
      RegistryId: app.instance.id,
      NamespaceName: `by-${dialect}`,
      IsPublic: false,
    })
    assert.equal(error, undefined)
    const rows = await app.app.db.read
      .selectFrom('audit')
      .select(['event', 'actor', 'credential'])
      .where('event', 'in', ['CreateNamespace', 'ConsoleLogin'])
      .orderBy('id', 'desc')
      .limit(2)
      .execute()
    assert.deepEqual(
      rows.map(({ event, actor }) => [event, actor]),
      [
        ['CreateNamespace', app.username],
        ['ConsoleLogin', app.username],
      ],
    )
    assert.match(rows[0]?.credential ?? '', /^console:[0-9a-v]{20}$/)
    assert.equal(rows[0]?.credential, rows[1]?.credential)
  })

  it('that are refused are audited, with the reason, for names that there are', async () => {
    const { uin, name } = await makeUser()
    const browser = new TestBrowser(app.url)
    await browser.logIn(name, 'wrong')
    await browser.logIn(`${name}-unknown`, 'wrong')
    const rows = await app.app.db.read
      .selectFrom('audit')
      .select(['actor', 'address', 'resource', 'reason'])
      .where('event', '=', 'ConsoleLogin')
      .where('result', '!=', 'ok')
      .execute()
    assert.deepEqual(rows, [
      {
        actor: 'anonymous',
        address: '127.0.0.1',
        resource: `uin/${uin}`,
        reason: 'wrong-credentials',
      },
    ])
  })

  it('end by logging out', async () => {
    const browser = await loggedIn()
    const [cookie] = browser.cookies.values()
    await browser.logOut()
    assert.equal((await browser.state()).person, null)
    assert.equal(await outcomeOf(browser), ended)
    // Whoever kept the cookie has nothing of it.
    assert.ok(cookie)
    browser.cookies.set(cookie.name, cookie)
    assert.equal((await browser.state()).person, null)
  })

  it('end by rest, which polling does not postpone', async () => {
    const [busy, polling] = [await loggedIn(), await loggedIn()]
    const step = restMs / 2
    const headers = { 'X-Entrepot-Background': '1' }
    for (let passed = 0; passed < restMs; passed += step) {
      app.clock.advance(step)
      assert.equal(await outcomeOf(busy), 'ok')
      await polling.state(headers)
    }
    assert.equal((await polling.state(headers)).person, null)
    assert.equal((await busy.state()).restEndsAt, app.clock.now() + restMs)
    app.clock.advance(seenEveryMs - 1)
    const { restEndsAt } = await busy.state()
    assert.equal(restEndsAt, app.clock.now() + restMs - seenEveryMs + 1)
  })

  it('end by time, however busy', async () => {
    const browser = await loggedIn()
    for (let passed = 0; passed < sessionMs; passed += restMs / 2) {
      assert.equal(await outcomeOf(browser), 'ok')
      app.clock.advance(restMs / 2)
    }
    assert.equal(await outcomeOf(browser), ended)
    assert.equal((await browser.state()).person, null)
  })

  it('end with what changes of their person', async () => {
    const { db } = app.app
    const ownerUin = Number(app.username)
    const changes = [
      (uin: number) => db.write((tx) => suspendAccount(tx, uin)),
      (uin: number) => db.write((tx) => updateUser(tx, uin, { mayLogIn: false })),
      async (uin: number) => {
        const hash = await hashPassword(db.read, { ownerUin, uin }, 'Other-password-2')
        const at = app.clock.now()
        await db.write((tx) => storePassword(tx, { uin, hash, mustChange: false, at }))
      },
      (uin: number) =>
        db.write((tx) =>
          tx.updateTable('accounts').set({ version: 99 }).where('uin', '=', uin).execute(),
        ),
    ]
    for (const change of changes) {
      const { uin, name } = await makeUser()
      const browser = await loggedIn(name, password)
      assert.equal(await outcomeOf(browser), 'ok')
      await change(uin)
      assert.equal(await outcomeOf(browser), ended)
    }
  })

  it('have the rights of their person at present', async () => {
    const { uin, name } = await makeUser()
    const browser = await loggedIn(name, password)
    const list = () => browser.call('ListUsers', {}, { product: 'cam' })
    assert.equal((await list()).Error?.Code, 'UnauthorizedOperation')
    const made = await cam(app, 'CreatePolicy', {
      PolicyName: `readers-${dialect}`,
      PolicyDocument: policyOf({ effect: 'allow', action: 'cam:ListUsers', resource: '*' }),
    })
    await ok(cam(app, 'AttachUserPolicy', { PolicyId: made.PolicyId, AttachUin: uin }))
    assert.equal((await list()).Error, undefined)
  })

  it('of a role have its rights, and end with it', async () => {
    const ownerUin = Number(app.username)
    const principal = { qcs: `qcs::cam::uin/${ownerUin}:root` }
    const trust = policyOf({ effect: 'allow', action: 'sts:AssumeRole', principal })
    const { RoleId } = await ok(
      cam(app, 'CreateRole', { RoleName: `guest-${dialect}`, PolicyDocument: trust }),
    )
    const role = { id: Number(RoleId), sessionName: 'visit' }
    const { version } = await app.app.db.read
      .selectFrom('roles')
      .select('version')
      .where('id', '=', role.id)
      .executeTakeFirstOrThrow()
    const at = app.clock.now()
    const from = { address: null, agent: null, at, hasFactor: false }
    const { token } = await app.app.db.write((tx) =>
      beginSession(tx, { uin: ownerUin, role, provider: 'idp', version, ...from }),
    )
    const browser = new TestBrowser(app.url)
    browser.cookies.set('entrepot_session', { name: 'entrepot_session', value: token })
    const { person } = await browser.state()
    assert.deepEqual([person?.roleName, person?.name], [`guest-${dialect}`, 'visit'])
    const list = await browser.call('ListUsers', {}, { product: 'cam' })
    assert.equal(list.Error?.Code, 'UnauthorizedOperation')
    // A role has no login of its own.
    assert.equal(await outcomeOf(browser), 'OperationDenied')
    await ok(cam(app, 'DeleteRole', { RoleId }))
    assert.equal(await outcomeOf(browser), ended)
  })

  it('meet conditions that ask for a second factor by the one they were begun with', async () => {
    const { uin, name } = await makeUser()
    const document = policyOf({
      effect: 'allow',
      action: 'cam:ListUsers',
      resource: '*',
      condition: { bool_equal: { 'qcs:mfa': 'true' } },
    })
    const made = { PolicyName: `with-mfa-${dialect}`, PolicyDocument: document }
    const { PolicyId } = await ok(cam(app, 'CreatePolicy', made))
    await ok(cam(app, 'AttachUserPolicy', { PolicyId, AttachUin: uin }))
    const browser = await loggedIn(name, password)
    const list = () => browser.call('ListUsers', {}, { product: 'cam' })
    assert.equal((await list()).Error?.Code, 'UnauthorizedOperation')
    await app.app.db.write((tx) =>
      tx.updateTable('console_sessions').set({ with_factor: 1 }).where('uin', '=', uin).execute(),
    )
    assert.equal((await list()).Error, undefined)
  })

  it('show themselves in the list of sessions, and survive a change of password in them', async () => {
    const { uin, name } = await makeUser()
    const [browser, other] = [await loggedIn(name, password), await loggedIn(name, password)]
    const list = await browser.call('DescribeSessions', {}, { product: 'entrepot' })
    const current = list.Sessions.map(({ IsCurrent }: { IsCurrent: boolean }) => IsCurrent)
    assert.deepEqual(current.toSorted(), [false, true])
    const NewPassword = 'Other-password-2'
    const input = { OldPassword: password, NewPassword }
    const { Error: error } = await browser.call('ModifyPassword', input, { product: 'entrepot' })
    assert.equal(error, undefined)
    assert.equal((await browser.state()).person?.uin, uin)
    assert.equal((await other.state()).person, null)
  })

  it('do nothing else before a password that must be changed', async () => {
    const { uin, name } = await makeUser()
    const mustChange = () =>
      app.app.db.write((tx) =>
        tx.updateTable('accounts').set({ need_reset_password: 1 }).where('uin', '=', uin).execute(),
      )
    await mustChange()
    const browser = new TestBrowser(app.url)
    assert.equal((await browser.logIn(name, password)).first, 'password-change')
    assert.equal((await browser.state()).person?.first, 'password-change')
    assert.equal(await outcomeOf(browser), 'OperationDenied.PasswordChangeNeeded')
    const rules = await browser.call('GetPasswordRules', {}, { product: 'cam' })
    assert.equal(rules.Error, undefined)
    const input = { OldPassword: password, NewPassword: 'Other-password-2' }
    await browser.call('ModifyPassword', input, { product: 'entrepot' })
    assert.equal((await browser.state()).person?.first, undefined)
    assert.equal(await outcomeOf(browser), 'ok')
    // At once, with the login itself.
    await mustChange()
    const again = new TestBrowser(app.url)
    const logIn = (newPassword: string) => again.logIn(name, 'Other-password-2', { newPassword })
    assert.match((await logIn('short')).Error?.Code ?? '', /Password/)
    assert.match((await logIn('Other-password-2')).Error?.Code ?? '', /Password/)
    assert.deepEqual((await logIn('Third-password-3')).first, undefined)
    assert.equal((await again.state()).person?.uin, uin)
    await loggedIn(name, 'Third-password-3')
  })

  it('do nothing else before a second factor that must be set up, and know it from then on', async () => {
    const { uin, name } = await makeUser()
    await app.app.db.write((tx) => setFactorFlags(tx, uin, { atLogin: true }))
    const browser = await loggedIn(name, password)
    assert.equal((await browser.state()).person?.first, 'factor-setup')
    assert.equal(await outcomeOf(browser), 'OperationDenied.FactorSetupNeeded')
    const { OtpauthUri } = await browser.call('CreateMfaDevice', {}, { product: 'entrepot' })
    assert.match(OtpauthUri, /^otpauth:/)
    const secret = await secretOf(uin)
    const step = stepAt(app.clock.now())
    const FirstCode = codeOf(secret, step)
    const SecondCode = codeOf(secret, step + 1)
    app.clock.advance(stepMs)
    const codes = { FirstCode, SecondCode }
    const { RecoveryCodes } = await browser.call('ActivateMfaDevice', codes, {
      product: 'entrepot',
    })
    assert.equal(RecoveryCodes.length, 10)
    const { person } = await browser.state()
    assert.deepEqual([person?.first, person?.hasFactor], [undefined, true])
    // From the next login on the code is asked for.
    const next = new TestBrowser(app.url)
    assert.equal((await next.logIn(name, password)).kind, 'code-needed')
    assert.equal((await next.state()).person, null)
    const [code] = RecoveryCodes
    assert.equal((await next.logIn(name, password, { code })).kind, 'session')
    assert.equal((await next.state()).person?.hasFactor, true)
  })

  async function secretOf(uin: number): Promise<Uint8Array> {
    const { secret_wrapped: wrapped } = await app.app.db.read
      .selectFrom('mfa_devices')
      .select('secret_wrapped')
      .where('uin', '=', uin)
      .executeTakeFirstOrThrow()
    return app.app.vault.open('mfa-device', wrapped)
  }

  it('of another process are the same', async () => {
    const browser = await loggedIn()
    const beside = await app.beside()
    after(() => beside.close())
    const there = new TestBrowser(beside.url)
    for (const cookie of browser.cookies.values()) there.cookies.set(cookie.name, cookie)
    // The token was made by the first process.
    there.csrfToken = browser.csrfToken
    assert.equal(await outcomeOf(there), 'ok')
    await there.logOut()
    assert.equal(await outcomeOf(browser), ended)
  })

  it('of two tabs are one: the later login holds, and the earlier page learns of it', async () => {
    const { uin, name } = await makeUser()
    const tab = await loggedIn()
    const otherTab = new TestBrowser(app.url)
    for (const cookie of tab.cookies.values()) otherTab.cookies.set(cookie.name, cookie)
    await otherTab.logIn(name, password)
    for (const cookie of otherTab.cookies.values()) tab.cookies.set(cookie.name, cookie)
    assert.equal(await outcomeOf(tab), 'AuthFailure.CsrfTokenInvalid')
    assert.equal((await tab.state()).person?.uin, uin)
    assert.equal(await outcomeOf(tab), 'ok')
  })
})
