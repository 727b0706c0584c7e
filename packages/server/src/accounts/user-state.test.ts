// A suspended user: every kind of credential is refused within a second on every process, and comes back.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import type { TestKey } from '../cloud-api/test-client.ts'
import { TestBrowser } from '../console/test-browser.ts'
import { onEachDatabase } from '../db/test-database.ts'
import {
  personalApp,
  personalEnv,
  personalHost,
  personalPassword,
  userOf,
} from '../personal/test-personal.ts'
import { basic, TestClient } from '../registry/test-client.ts'
import { mainKey, type TestApp } from '../test-app.ts'
import { addLogin, addPerson, allow, cam, ok, outcomeOf, type TestPerson } from './test-people.ts'

const password = 'Right-password-1'

onEachDatabase('a suspended user', (_open, dialect) => {
  let app: TestApp
  let beside: TestApp
  let person: TestPerson

  before(async () => {
    app = await personalApp({ dialect })
    beside = await app.beside({ env: personalEnv })
    person = await addPerson(app, 'held', allow('*', '*'))
    await ok(cam(app, 'UpdateUser', { Name: 'held', ConsoleLogin: 1, Password: password }))
  })
  after(async () => {
    await beside.close()
    await app.close()
  })

  const processes = () => [app, beside]
  const setState = (State: string, TargetUin = person.uin, key: TestKey = mainKey) =>
    app.api('ModifyUserState', { TargetUin, State }, { product: 'entrepot', key })

  /** Each way in, asked on a process: what it says. */
  async function ways(): Promise<Record<string, (at: TestApp) => Promise<string>>> {
    const login = await addLogin(app, person.uin)
    const call = (action: string, product: 'sts' | 'tcr', input: object = {}) =>
      ok(app.api(action, input, { product, key: person.key }))
    const { Credentials: session } = await call('GetFederationToken', 'sts', {
      Name: 'x',
      Policy: JSON.stringify({ version: '2.0', statement: [allow('*', '*')] }),
    })
    const trusted = { effect: 'allow', action: 'name/sts:AssumeRole' }
    const principal = { qcs: [`qcs::cam::uin/${app.username}:root`] }
    await ok(
      cam(app, 'CreateRole', {
        RoleName: 'taken',
        PolicyDocument: JSON.stringify({
          version: '2.0',
          statement: [{ ...trusted, principal }],
        }),
      }),
    )
    const { Credentials: role } = await call('AssumeRole', 'sts', {
      RoleArn: `qcs::cam::uin/${app.username}:roleName/taken`,
      RoleSessionName: 'held',
    })
    const { Token: temporary, Username } = await call('CreateInstanceToken', 'tcr', {
      RegistryId: app.instance.id,
    })
    const browser = new TestBrowser(app.url)
    await browser.logIn(`${app.username}/held`, password)
    const personal = userOf(app, person)
    await personal.done('CreateUserPersonal', { Password: personalPassword })
    const who = (key: { secretId: string; secretKey: string }, token?: string) => (at: TestApp) =>
      outcomeOf(
        at.api(
          'GetCallerIdentity',
          {},
          {
            product: 'sts',
            key,
            ...(token && { headers: { 'X-TC-Token': token } }),
          },
        ),
      )
    const keyOf = (made: { TmpSecretId: string; TmpSecretKey: string }) => ({
      secretId: made.TmpSecretId,
      secretKey: made.TmpSecretKey,
    })
    const docker = (authorization: string, host?: string) => async (at: TestApp) =>
      String((await new TestClient(at.url, authorization, host).call('GET', '/v2/')).status)
    const temporaryLogin = basic(Username, temporary)
    const tokenOf = (authorization: string) =>
      new TestClient(app.url, authorization).bearer('repository:demo/app:pull')
    return {
      'an API key': who(person.key),
      'temporary keys': who(keyOf(session), session.Token),
      'keys of a role': who(keyOf(role), role.Token),
      'a long-term credential': docker(login),
      'a temporary login': docker(temporaryLogin),
      'a token of a long-term credential': docker(await tokenOf(login)),
      'a token of a temporary login': docker(await tokenOf(temporaryLogin)),
      'the password of the Personal edition': docker(
        basic(person.uin, personalPassword),
        personalHost,
      ),
      'a token of the Personal edition': docker(
        await personal.client.bearer('repository:held/app:pull'),
        personalHost,
      ),
      'a session of the console': async (at) => {
        const other = new TestBrowser(at.url)
        for (const [name, cookie] of browser.cookies) other.cookies.set(name, cookie)
        return (await other.state()).person === null ? 'logged out' : 'ok'
      },
      'the password': async (at) => {
        const { kind, Error: error } = await new TestBrowser(at.url).logIn(
          `${app.username}/held`,
          password,
        )
        return error ? 'refused' : String(kind)
      },
    }
  }

  it('gets in nowhere, on no process, until it is let back in', async () => {
    const all = Object.entries(await ways())
    // The other process has the key of new tokens a second later.
    app.clock.advance(1000)
    const good = new Set(['ok', '200', 'session'])
    for (const at of processes()) {
      for (const [name, ask] of all) assert.ok(good.has(await ask(at)), name)
    }
    await ok(setState('Suspended'))
    app.clock.advance(1000)
    for (const at of processes()) {
      for (const [name, ask] of all) assert.ok(!good.has(await ask(at)), name)
    }
    const { Users } = await app.api(
      'DescribeUsers',
      { State: 'Suspended' },
      { product: 'entrepot' },
    )
    assert.deepEqual([Users.length, Users[0].Name, Users[0].State], [1, 'held', 'Suspended'])
    await ok(setState('Active'))
    app.clock.advance(1000)
    const lasting = new Set([
      'an API key',
      // A role’s, not the person’s: they hold until their time is over.
      'keys of a role',
      'a long-term credential',
      'the password',
      'the password of the Personal edition',
    ])
    for (const at of processes()) {
      for (const [name, ask] of all) {
        // What was begun before stays ended.
        assert.equal(good.has(await ask(at)), lasting.has(name), `${name}, let back in`)
      }
    }
    const rows = await app.app.db.read
      .selectFrom('audit')
      .select(['resource', 'reference'])
      .where('event', '=', 'ModifyUserState')
      .where('result', '=', 'ok')
      .orderBy('id')
      .execute()
    const resource = `uin/${person.uin}`
    assert.deepEqual(rows, [
      { resource, reference: 'Suspended' },
      { resource, reference: 'Active' },
    ])
  })

  it('is another one, and of the account', async () => {
    assert.equal(
      await outcomeOf(setState('Suspended', Number(app.username))),
      'ResourceNotFound.UserNotExist',
    )
    assert.equal(await outcomeOf(setState('Suspended', person.uin, person.key)), 'OperationDenied')
    const reader = await addPerson(app, 'reader', allow('cam:ListUsers', '*'))
    assert.equal(
      await outcomeOf(setState('Suspended', person.uin, reader.key)),
      'UnauthorizedOperation',
    )
  })
})
