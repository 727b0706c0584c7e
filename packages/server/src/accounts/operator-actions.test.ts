import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import type { TestKey } from '../cloud-api/test-client.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { addInstance } from '../registry/test-seed.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { addPerson, allow, cam, givePolicy, ok, outcomeOf, policyOf } from './test-people.ts'

onEachDatabase('main accounts', (_open, dialect) => {
  let app: TestApp
  before(async () => {
    app = await testApp({ dialect })
  })
  after(() => app.close())

  function own(action: string, input: unknown = {}, key?: TestKey) {
    return app.api(action, input, { product: 'entrepot', ...(key && { key }) })
  }

  async function add(Name: string): Promise<{ uin: number; key: TestKey }> {
    const made = await ok(own('CreateAccount', { Name, CreateApiKey: true }))
    assert.equal(made.Password.length, 32)
    return { uin: made.Uin, key: { secretId: made.SecretId, secretKey: made.SecretKey } }
  }

  it('are made by the operator, and stand apart', async () => {
    const other = await add('other')
    const people = await ok(cam(app, 'AddUser', { Name: 'dev' }, other.key))
    assert.equal(
      await outcomeOf(cam(app, 'GetUser', { Name: 'dev' })),
      'ResourceNotFound.UserNotExist',
    )
    await ok(cam(app, 'AddUser', { Name: 'dev' }))
    const foreign = { TargetUin: people.Uin }
    const missing = 'ResourceNotFound.UserNotExist'
    assert.equal(await outcomeOf(cam(app, 'CreateAccessKey', foreign)), missing)
    assert.equal(
      await outcomeOf(cam(app, 'AttachUserPolicy', { AttachUin: people.Uin, PolicyId: 1 })),
      missing,
    )
    const refused = 'UnauthorizedOperation'
    assert.equal(await outcomeOf(own('CreateAccount', { Name: 'x' }, other.key)), refused)
    assert.equal(await outcomeOf(own('DescribeAccounts', {}, other.key)), refused)
    const { Accounts } = await ok(own('DescribeAccounts', { Keyword: 'OTH' }))
    assert.deepEqual(
      Accounts.map((one: { Uin: number; SubAccountCount: number }) => [
        one.Uin,
        one.SubAccountCount,
      ]),
      [[other.uin, 1]],
    )
  })

  it('are suspended with all below them, and come back', async () => {
    const other = await add('paused')
    const made = await ok(cam(app, 'AddUser', { Name: 'dev', UseApi: 1 }, other.key))
    const person = { secretId: made.SecretId, secretKey: made.SecretKey }
    const who = (key: TestKey) =>
      outcomeOf(app.api('GetCallerIdentity', {}, { product: 'sts', key }))
    assert.deepEqual([await who(other.key), await who(person)], ['ok', 'ok'])
    const pause = { Uin: other.uin, State: 'Suspended', SuspendReason: 'unpaid' }
    await ok(own('ModifyAccount', pause))
    app.clock.advance(1000)
    const gone = 'AuthFailure.SecretIdNotFound'
    assert.deepEqual([await who(other.key), await who(person)], [gone, gone])
    const { Accounts } = await ok(own('DescribeAccounts', { State: 'Suspended' }))
    assert.equal(Accounts[0].SuspendReason, 'unpaid')
    await ok(own('ModifyAccount', { Uin: other.uin, State: 'Active' }))
    app.clock.advance(1000)
    assert.deepEqual([await who(other.key), await who(person)], ['ok', 'ok'])
    const operator = { Uin: Number(app.username), State: 'Suspended' }
    assert.equal(await outcomeOf(own('ModifyAccount', operator)), 'InvalidParameterValue')
  })

  it('go when nothing of them is left', async () => {
    const other = await add('leaving')
    await ok(cam(app, 'AddUser', { Name: 'dev', UseApi: 1 }, other.key))
    const document = { PolicyName: 'p', PolicyDocument: policyOf(allow('*', '*')) }
    await ok(cam(app, 'CreatePolicy', document, other.key))
    await ok(cam(app, 'CreateGroup', { GroupName: 'g' }, other.key))
    const instance = await addInstance(app, 'theirs', { ownerUin: other.uin })
    const dry = await ok(own('DeleteAccount', { Uin: other.uin, DryRun: true }))
    assert.deepEqual(dry.Remaining, [{ ResourceType: 'instance', ResourceId: instance.id }])
    assert.equal(await outcomeOf(own('DeleteAccount', { Uin: other.uin })), 'ResourceInUse')
    await app.app.db.write((tx) =>
      tx
        .updateTable('instances')
        .set({ owner_uin: Number(app.username) })
        .where('id', '=', instance.id)
        .execute(),
    )
    await ok(own('DeleteAccount', { Uin: other.uin }))
    const left = await app.app.db.read
      .selectFrom('accounts')
      .select('uin')
      .where('owner_uin', '=', other.uin)
      .execute()
    assert.deepEqual(left, [])
  })

  it('have policies tried out, with the statement that decides', async () => {
    const person = await addPerson(app, 'tried')
    const resource = `qcs::tcr:::repository/${app.instance.id}/demo/app`
    await givePolicy(app, person, policyOf(allow('tcr:PullRepository', `${resource}/*`)))
    const ask = (more: object = {}) =>
      ok(
        own('SimulatePolicy', {
          TargetUin: person.uin,
          Action: 'tcr:PullRepository',
          Resources: [resource],
          ...more,
        }),
      )
    const allowed = await ask()
    assert.deepEqual(
      [allowed.Allowed, allowed.Decision, allowed.DecidedBy.PolicyName],
      [true, 'Allow', `policy-of-${person.uin}`],
    )
    const PolicyDocument = policyOf({ effect: 'deny', action: 'tcr:*', resource: '*' })
    const denied = await ask({ PolicyDocument })
    assert.deepEqual(
      [denied.Allowed, denied.Decision, denied.DecidedBy.PolicyId],
      [false, 'ExplicitDeny', null],
    )
    // A draft in place of the policy in force, which is the one that allows pulling.
    const draft = policyOf(allow('tcr:PushRepository', `${resource}/*`))
    const { PolicyId } = allowed.DecidedBy
    const beside = await ask({ PolicyDocument: draft })
    assert.equal(beside.Decision, 'Allow')
    const instead = await ask({ PolicyDocument: draft, PolicyId })
    assert.equal(instead.Decision, 'DefaultDeny')
    const ofDraft = await ask({
      PolicyDocument: draft,
      PolicyId,
      Action: 'tcr:PushRepository',
    })
    assert.deepEqual([ofDraft.Decision, ofDraft.DecidedBy.PolicyId], ['Allow', null])
    const pushing = await ask({ Action: 'tcr:PushRepository' })
    assert.deepEqual([pushing.Decision, pushing.DecidedBy], ['DefaultDeny', null])
    const root = await ask({ TargetUin: Number(app.username) })
    assert.equal(root.Decision, 'Root')
    const bad = { TargetUin: person.uin, Action: 'tcr:PullRepository', Resources: ['x'] }
    assert.equal(
      await outcomeOf(own('SimulatePolicy', bad)),
      'InvalidParameter.PolicyDocumentError',
    )
  })
})
