import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { onEachDatabase } from '../db/test-database.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { suspendAccount } from './accounts.ts'
import {
  addLogin,
  addPerson,
  allow,
  cam,
  givePolicy,
  ok,
  outcomeOf,
  policyOf,
} from './test-people.ts'

const unauthorized = 'UnauthorizedOperation'

onEachDatabase('users', (_open, dialect) => {
  let app: TestApp
  before(async () => {
    app = await testApp({ dialect })
  })
  after(() => app.close())

  it('are made, shown, changed and listed', async () => {
    const made = await ok(
      cam(app, 'AddUser', {
        Name: 'dev',
        Remark: 'team 1',
        ConsoleLogin: 1,
        UseApi: 1,
        PhoneNum: '13800000000',
        CountryCode: '86',
        Email: 'dev@example.com',
      }),
    )
    assert.equal(made.Password.length, 32)
    assert.match(made.SecretId, /^AKID/)
    await ok(cam(app, 'UpdateUser', { Name: 'dev', Remark: 'team 2' }))
    const user = await ok(cam(app, 'GetUser', { Name: 'dev' }))
    const { RequestId: _, ...shown } = user
    assert.deepEqual(shown, {
      Uin: made.Uin,
      Name: 'dev',
      Uid: made.Uin,
      Remark: 'team 2',
      ConsoleLogin: 1,
      PhoneNum: '13800000000',
      CountryCode: '86',
      Email: 'dev@example.com',
      RecentlyLoginIP: null,
      RecentlyLoginTime: null,
    })
    const { Data } = await ok(cam(app, 'ListUsers'))
    assert.deepEqual(
      Data.map((entry: { Name: string }) => entry.Name),
      ['dev'],
    )
    const wanted = { FilterSubAccountUin: [made.Uin, 1] }
    const { SubAccounts } = await ok(cam(app, 'DescribeSubAccounts', wanted))
    assert.deepEqual(
      SubAccounts.map((entry: { Uin: number }) => entry.Uin),
      [made.Uin],
    )
    const summary = await ok(cam(app, 'GetAccountSummary'))
    assert.equal(summary.User, 1)
    const numbers = await ok(cam(app, 'GetUserAppId'))
    assert.equal(numbers.OwnerUin, app.username)
  })

  it('are paged by marker with the main account', async () => {
    await addPerson(app, 'paged')
    const first = await ok(cam(app, 'ListAccounts', { MaxItems: 1 }))
    assert.equal(first.IsTruncated, true)
    assert.equal(first.Users[0].UserType, 'Owner')
    const rest = await ok(cam(app, 'ListAccounts', { Marker: first.Marker }))
    assert.equal(rest.IsTruncated, false)
    assert.equal(rest.Marker, '')
    assert.ok(rest.Users.every((user: { UserType: string }) => user.UserType === 'SubUser'))
    const owners = await ok(cam(app, 'ListAccounts', { UserType: 'Owner' }))
    assert.equal(owners.Users.length, 1)
    assert.equal(
      await outcomeOf(cam(app, 'ListAccounts', { Marker: 'x' })),
      'InvalidParameterValue',
    )
  })

  it('are refused with names, passwords and contacts that cannot be', async () => {
    const name = 'refused'
    await addPerson(app, 'taken')
    const inUse = 'InvalidParameter.SubUserNameInUse'
    assert.equal(await outcomeOf(cam(app, 'AddUser', { Name: 'taken' })), inUse)
    assert.equal(await outcomeOf(cam(app, 'AddUser', { Name: 'main' })), inUse)
    const cases: [object, string][] = [
      [{ Name: 'a b' }, 'InvalidParameterValue'],
      [{ Name: name, Email: 'nobody' }, 'InvalidParameterValue'],
      [{ Name: name, PhoneNum: 'phone' }, 'InvalidParameterValue'],
      [{ Name: name, ConsoleLogin: 2 }, 'InvalidParameterValue'],
      [{ Name: name, Password: 'short1!' }, 'InvalidParameter.PasswordViolatedRules'],
      [{ Name: name, Password: 'no-digits-Here' }, 'InvalidParameter.PasswordViolatedRules'],
    ]
    for (const [input, code] of cases) {
      assert.equal(await outcomeOf(cam(app, 'AddUser', input)), code, JSON.stringify(input))
    }
    const missing = 'ResourceNotFound.UserNotExist'
    assert.equal(await outcomeOf(cam(app, 'GetUser', { Name: name })), missing)
    assert.equal(await outcomeOf(cam(app, 'DeleteUser', { Name: 'main' })), missing)
    assert.equal(await outcomeOf(cam(app, 'UpdateUser', { Name: 'main', Remark: 'x' })), missing)
  })

  it('go with everything they could act with', async () => {
    const person = await addPerson(app, 'leaver')
    await addLogin(app, person.uin)
    await givePolicy(app, person, policyOf(allow('cam:ListUsers', '*')))
    app.clock.advance(1000)
    await ok(cam(app, 'ListUsers', {}, person.key))
    const haveKeys = 'OperationDenied.HaveKeys'
    assert.equal(await outcomeOf(cam(app, 'DeleteUser', { Name: 'leaver' })), haveKeys)
    await ok(cam(app, 'DeleteUser', { Name: 'leaver', Force: 1 }))
    app.clock.advance(1000)
    const gone = 'AuthFailure.SecretIdNotFound'
    assert.equal(await outcomeOf(cam(app, 'ListUsers', {}, person.key)), gone)
    for (const table of ['user_credentials', 'api_keys', 'policy_attachments'] as const) {
      const column = table === 'policy_attachments' ? 'target_id' : 'uin'
      const rows = await app.app.db.read
        .selectFrom(table)
        .selectAll()
        .where(column as never, '=', person.uin as never)
        .execute()
      assert.deepEqual(rows, [], table)
    }
    const again = await addPerson(app, 'leaver')
    assert.notEqual(again.uin, person.uin)
  })

  it('end with their main account while it is suspended', async () => {
    const other = await testApp({ dialect })
    try {
      const person = await addPerson(other, 'below')
      await givePolicy(other, person, policyOf(allow('*', '*')))
      await ok(cam(other, 'ListUsers', {}, person.key))
      await other.app.db.write((tx) => suspendAccount(tx, Number(other.username)))
      other.clock.advance(1000)
      const gone = 'AuthFailure.SecretIdNotFound'
      assert.equal(await outcomeOf(cam(other, 'ListUsers', {}, person.key)), gone)
      assert.equal(await outcomeOf(cam(other, 'ListUsers')), gone)
    } finally {
      await other.close()
    }
  })

  it('see of each other what policies say, and learn nothing of the rest', async () => {
    const [seer, seen] = [await addPerson(app, 'seer'), await addPerson(app, 'seen')]
    const shown = `qcs::cam:::uin/${seen.uin}`
    await givePolicy(app, seer, policyOf(allow(['cam:GetUser', 'cam:ListUsers'], shown)))
    app.clock.advance(1000)
    const { Data } = await ok(cam(app, 'ListUsers', {}, seer.key))
    assert.deepEqual(
      Data.map((entry: { Name: string }) => entry.Name),
      ['seen'],
    )
    await ok(cam(app, 'GetUser', { Name: 'seen' }, seer.key))
    const hidden = await cam(app, 'GetUser', { Name: 'taken' }, seer.key)
    const missing = await cam(app, 'GetUser', { Name: 'nobody' }, seer.key)
    assert.equal(hidden.Error?.Code, unauthorized)
    assert.equal(
      hidden.Error?.Message.replace('taken', ''),
      missing.Error?.Message.replace('nobody', ''),
    )
    // His own keys too need a policy.
    assert.equal(await outcomeOf(cam(app, 'CreateAccessKey', {}, seer.key)), unauthorized)
  })

  it('are made once by many who ask for one name', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => outcomeOf(cam(app, 'AddUser', { Name: 'raced' }))),
    )
    assert.equal(answers.filter((code) => code === 'ok').length, 1)
    const inUse = 'InvalidParameter.SubUserNameInUse'
    assert.ok(answers.every((code) => code === 'ok' || code === inUse))
  })

  it('that go while somebody gives them more leave nothing behind, and break nothing', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { uin, name } = await addPerson(app, `racing-${round}`)
      const target = { TargetUin: uin }
      const answers = await Promise.all([
        cam(app, 'DeleteUser', { Name: name, Force: 1 }),
        cam(app, 'CreateAccessKey', target),
        cam(app, 'UpdateUser', { Name: name, Password: 'Right-password-1' }),
        cam(app, 'AttachUserPolicy', { AttachUin: uin, PolicyId: 1 }),
        addLogin(app, uin).then(
          () => ({ Error: undefined }),
          (error: Error) => ({ Error: { Code: 'code' in error ? error.code : error.message } }),
        ),
      ])
      for (const { Error: error } of answers) {
        assert.match(
          String(error?.Code ?? 'ok'),
          /^(?:ok|ResourceNotFound.*|USER_NOT_FOUND|UNAUTHORIZED)$/,
        )
      }
      for (const table of ['policy_attachments', 'api_keys', 'password_history'] as const) {
        const column = table === 'policy_attachments' ? 'target_id' : 'uin'
        const rows = await app.app.db.read
          .selectFrom(table)
          .selectAll()
          .where(column as never, '=', uin as never)
          .execute()
        assert.deepEqual(rows, [], table)
      }
    }
  })
})
