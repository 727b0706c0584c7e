import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import {
  addPerson,
  allow,
  cam,
  deny,
  givePolicy,
  ok,
  outcomeOf,
  policyOf,
} from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { type TestApp, testApp } from '../test-app.ts'

const pull = policyOf(allow('tcr:PullRepository', '*'))
const push = policyOf(allow('tcr:PushRepository', '*'))

onEachDatabase('policies', (_open, dialect) => {
  let app: TestApp
  before(async () => {
    app = await testApp({ dialect })
  })
  after(() => app.close())

  async function add(PolicyName: string, PolicyDocument = pull): Promise<number> {
    const made = await ok(cam(app, 'CreatePolicy', { PolicyName, PolicyDocument }))
    return made.PolicyId
  }

  it('are made, shown, changed and deleted', async () => {
    const PolicyId = await add('first')
    assert.ok(Number.isSafeInteger(PolicyId) && PolicyId > 9999)
    const Tags = [{ Key: 'team', Value: 'a' }]
    const tagged = { PolicyName: 'tagged', PolicyDocument: pull, Description: 'd', Tags }
    const made = { PolicyId: (await ok(cam(app, 'CreatePolicy', tagged))).PolicyId }
    const shown = await ok(cam(app, 'GetPolicy', made))
    assert.deepEqual(
      [shown.PolicyName, shown.Description, shown.Type, shown.PolicyDocument, shown.Tags],
      ['tagged', 'd', 1, pull, Tags],
    )
    await ok(cam(app, 'UpdatePolicy', { PolicyId, PolicyName: 'renamed', PolicyDocument: push }))
    const changed = await ok(cam(app, 'GetPolicy', { PolicyId }))
    assert.deepEqual([changed.PolicyName, changed.PolicyDocument], ['renamed', push])
    const byName = { PolicyName: 'renamed', Description: 'by name' }
    assert.equal((await ok(cam(app, 'UpdatePolicy', byName))).PolicyId, PolicyId)
    await ok(cam(app, 'DeletePolicy', { PolicyId: [PolicyId] }))
    const gone = 'ResourceNotFound.PolicyIdNotFound'
    assert.equal(await outcomeOf(cam(app, 'GetPolicy', { PolicyId })), gone)
    const some = { PolicyId: [made.PolicyId, PolicyId] }
    assert.equal(await outcomeOf(cam(app, 'DeletePolicy', some)), gone)
    await ok(cam(app, 'GetPolicy', made))
  })

  it('say what is wrong with a document, and where', async () => {
    const PolicyDocument = policyOf({ effect: 'permit', action: '*', resource: '*' })
    const answer = await cam(app, 'CreatePolicy', { PolicyName: 'bad', PolicyDocument })
    assert.deepEqual(answer.Error, {
      Code: 'InvalidParameter.PolicyDocumentError',
      Message: 'statement[0].effect must be allow or deny',
    })
    const preset = { PolicyName: 'QcloudTCRFullAccess', PolicyDocument: pull }
    assert.equal(
      await outcomeOf(cam(app, 'CreatePolicy', preset)),
      'FailedOperation.PolicyNameInUse',
    )
  })

  it('have versions, five at most, one in force', async () => {
    const PolicyId = await add('versioned')
    const next = { PolicyId, PolicyDocument: push, SetAsDefault: false }
    assert.equal((await ok(cam(app, 'CreatePolicyVersion', next))).VersionId, 2)
    const inForce = async () => (await ok(cam(app, 'GetPolicy', { PolicyId }))).PolicyDocument
    assert.equal(await inForce(), pull)
    await ok(cam(app, 'SetDefaultPolicyVersion', { PolicyId, VersionId: 2 }))
    assert.equal(await inForce(), push)
    for (let n = 3; n <= 5; n += 1) await ok(cam(app, 'CreatePolicyVersion', next))
    const full = 'FailedOperation.PolicyVersionFull'
    assert.equal(await outcomeOf(cam(app, 'CreatePolicyVersion', next)), full)
    const both = { PolicyId, VersionId: [1, 2] }
    assert.equal(await outcomeOf(cam(app, 'DeletePolicyVersion', both)), 'OperationDenied')
    await ok(cam(app, 'DeletePolicyVersion', { PolicyId, VersionId: [1, 3] }))
    const { Versions } = await ok(cam(app, 'ListPolicyVersions', { PolicyId }))
    assert.deepEqual(
      Versions.map((one: { VersionId: number; IsDefaultVersion: number }) => [
        one.VersionId,
        one.IsDefaultVersion,
      ]),
      [
        [5, 0],
        [4, 0],
        [2, 1],
      ],
    )
    const one = await ok(cam(app, 'GetPolicyVersion', { PolicyId, VersionId: 4 }))
    assert.equal(one.PolicyVersion.Document, push)
    const missing = 'InvalidParameter.PolicyVersionNotExists'
    assert.equal(await outcomeOf(cam(app, 'GetPolicyVersion', { PolicyId, VersionId: 1 })), missing)
    // A number is not given twice.
    assert.equal((await ok(cam(app, 'CreatePolicyVersion', next))).VersionId, 6)
  })

  it('of the program are listed, attached, and changed by nobody', async () => {
    const presets = await ok(cam(app, 'ListPolicies', { Scope: 'QCS', Keyword: 'tcr' }))
    assert.deepEqual(
      presets.List.map((one: { PolicyName: string; Type: number }) => [one.PolicyName, one.Type]),
      [
        ['QcloudTCRFullAccess', 2],
        ['QcloudTCRReadOnlyAccess', 2],
      ],
    )
    const full = { PolicyId: 1001, PolicyDocument: pull }
    assert.equal(await outcomeOf(cam(app, 'UpdatePolicy', full)), 'OperationDenied')
    assert.equal(await outcomeOf(cam(app, 'DeletePolicy', { PolicyId: [1001] })), 'OperationDenied')
    const local = await ok(cam(app, 'ListPolicies', { Scope: 'Local', Rp: 1, Page: 2 }))
    assert.equal(local.List.length, 1)
    const all = await ok(cam(app, 'ListPolicies', { Rp: 200 }))
    assert.equal(all.List.length, all.TotalNum)
  })

  it('are attached to users, groups and roles, and show up from both sides', async () => {
    const person = await addPerson(app, 'attached')
    const PolicyId = await givePolicy(app, person, pull, 'to-all')
    const { GroupId } = await ok(cam(app, 'CreateGroup', { GroupName: 'g' }))
    await ok(cam(app, 'AddUserToGroup', { Info: [{ GroupId, Uid: person.uin }] }))
    await ok(cam(app, 'AttachGroupPolicy', { PolicyId, AttachGroupId: GroupId }))
    const trust = policyOf({
      effect: 'allow',
      action: 'sts:AssumeRole',
      principal: { service: 'builds.entrepot' },
    })
    await ok(cam(app, 'CreateRole', { RoleName: 'r', PolicyDocument: trust }))
    await ok(cam(app, 'AttachRolePolicy', { PolicyName: 'to-all', AttachRoleName: 'r' }))
    const { TotalNum, List } = await ok(cam(app, 'ListEntitiesForPolicy', { PolicyId }))
    assert.equal(TotalNum, 3)
    assert.deepEqual(
      List.map((one: { Name: string; RelatedType: number }) => [one.Name, one.RelatedType]).sort(),
      [
        ['attached', 1],
        ['g', 2],
        ['r', 3],
      ],
    )
    const own = await ok(cam(app, 'ListAttachedUserPolicies', { TargetUin: person.uin }))
    assert.equal(own.List[0].PolicyType, 'User')
    const ways = { TargetUin: person.uin, Rp: 10, Page: 1, AttachType: 0 }
    const every = await ok(cam(app, 'ListAttachedUserAllPolicies', ways))
    assert.deepEqual(every.PolicyList[0].Groups, [{ GroupId, GroupName: 'g' }])
    const role = await ok(cam(app, 'ListAttachedRolePolicies', { Rp: 10, Page: 1, RoleName: 'r' }))
    assert.equal(role.TotalNum, 1)
    const group = { TargetGroupId: GroupId, Keyword: 'nothing' }
    assert.equal((await ok(cam(app, 'ListAttachedGroupPolicies', group))).TotalNum, 0)
    await ok(cam(app, 'AttachGroupPolicy', { PolicyId: 1002, AttachGroupId: GroupId }))
    const granting = { TargetUin: person.uin, ServiceType: 'tcr' }
    const { List: grants } = await ok(cam(app, 'ListPoliciesGrantingServiceAccess', granting))
    assert.deepEqual(
      grants.flatMap((grant: { Policy: { PolicyName: string }[] }) =>
        grant.Policy.map((one) => one.PolicyName),
      ),
      // To pull is no action of the API.
      ['QcloudTCRReadOnlyAccess'],
    )
    await ok(cam(app, 'DetachGroupPolicy', { PolicyId, DetachGroupId: GroupId }))
    await ok(cam(app, 'DetachRolePolicy', { PolicyId, DetachRoleName: 'r' }))
    await ok(cam(app, 'DetachUserPolicy', { PolicyId, DetachUin: person.uin }))
    assert.equal((await ok(cam(app, 'ListEntitiesForPolicy', { PolicyId }))).TotalNum, 0)
    const main = { PolicyId, AttachUin: Number(app.username) }
    const missing = 'ResourceNotFound.UserNotExist'
    assert.equal(await outcomeOf(cam(app, 'AttachUserPolicy', main)), missing)
  })

  it('that bound somebody stay until they no longer do', async () => {
    const person = await addPerson(app, 'bounded')
    const PolicyId = await add('boundary')
    const target = { TargetUin: person.uin }
    await ok(cam(app, 'PutUserPermissionsBoundary', { ...target, PolicyId }))
    const shown = await ok(cam(app, 'GetUserPermissionBoundary', target))
    assert.deepEqual([shown.PolicyId, shown.PolicyDocument], [PolicyId, pull])
    assert.equal(
      await outcomeOf(cam(app, 'DeletePolicy', { PolicyId: [PolicyId] })),
      'OperationDenied',
    )
    await ok(cam(app, 'DeleteUserPermissionsBoundary', target))
    const none = await ok(cam(app, 'GetUserPermissionBoundary', target))
    assert.equal(none.PolicyId, null)
    await ok(cam(app, 'DeletePolicy', { PolicyId: [PolicyId] }))
  })

  it('decide about the API: a refusal wins, and holds within a second', async () => {
    const person = await addPerson(app, 'judged')
    const who = [allow('cam:*', '*'), deny('cam:CreateGroup', '*')]
    await givePolicy(app, person, policyOf(...who))
    app.clock.advance(1000)
    const as = (action: string, input: object = {}) =>
      outcomeOf(cam(app, action, input, person.key))
    assert.equal(await as('ListGroups'), 'ok')
    assert.equal(await as('CreateGroup', { GroupName: 'x' }), 'UnauthorizedOperation')
    const main = { TargetUin: Number(app.username) }
    assert.equal(await as('CreateAccessKey', main), 'UnauthorizedOperation')
    await ok(
      cam(app, 'DetachUserPolicy', {
        PolicyId: (await ok(cam(app, 'ListAttachedUserPolicies', { TargetUin: person.uin })))
          .List[0].PolicyId,
        DetachUin: person.uin,
      }),
    )
    app.clock.advance(1000)
    assert.equal(await as('ListGroups'), 'UnauthorizedOperation')
  })

  it('of one name are made once by many', async () => {
    const input = { PolicyName: 'raced', PolicyDocument: pull }
    const codes = await Promise.all(
      Array.from({ length: 20 }, () => outcomeOf(cam(app, 'CreatePolicy', input))),
    )
    assert.equal(codes.filter((code) => code === 'ok').length, 1)
    const inUse = 'FailedOperation.PolicyNameInUse'
    assert.ok(codes.every((code) => code === 'ok' || code === inUse))
  })
})
