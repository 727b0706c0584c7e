import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import {
  addPerson,
  addStranger,
  allow,
  cam,
  givePolicy,
  ok,
  outcomeOf,
  policyOf,
} from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { type TestApp, testApp } from '../test-app.ts'

const trust = policyOf({
  effect: 'allow',
  action: 'name/sts:AssumeRole',
  principal: { service: ['builds.entrepot'] },
})

onEachDatabase('roles', (_open, dialect) => {
  let app: TestApp
  before(async () => {
    app = await testApp({ dialect })
  })
  after(() => app.close())

  it('are made, shown by id or name, changed, tagged, listed and deleted', async () => {
    const Tags = [{ Key: 'team', Value: 'a' }]
    const made = await ok(
      cam(app, 'CreateRole', { RoleName: 'deployer', PolicyDocument: trust, Tags }),
    )
    const { RoleInfo } = await ok(cam(app, 'GetRole', { RoleId: made.RoleId }))
    assert.deepEqual(
      [RoleInfo.RoleName, RoleInfo.PolicyDocument, RoleInfo.RoleType, RoleInfo.Tags],
      ['deployer', trust, 'user', Tags],
    )
    assert.equal(RoleInfo.RoleArn, `qcs::cam::uin/${app.username}:roleName/deployer`)
    const name = { RoleName: 'deployer' }
    await ok(cam(app, 'UpdateRoleDescription', { ...name, Description: 'd' }))
    await ok(cam(app, 'UpdateRoleConsoleLogin', { RoleId: Number(made.RoleId), ConsoleLogin: 1 }))
    await ok(cam(app, 'UpdateRoleSessionDuration', { ...name, SessionDuration: 600 }))
    await ok(cam(app, 'TagRole', { ...name, Tags: [{ Key: 'env', Value: 'b' }] }))
    await ok(cam(app, 'UntagRole', { ...name, TagKeys: ['team'] }))
    const changed = (await ok(cam(app, 'GetRole', name))).RoleInfo
    assert.deepEqual(
      [changed.Description, changed.ConsoleLogin, changed.SessionDuration, changed.Tags],
      ['d', 1, 600, [{ Key: 'env', Value: 'b' }]],
    )
    await ok(cam(app, 'CreateRole', { RoleName: 'other', PolicyDocument: trust }))
    const page = { Page: 1, Rp: 10 }
    assert.equal((await ok(cam(app, 'DescribeRoleList', page))).TotalNum, 2)
    const tagged = { ...page, Tags: [{ Key: 'env', Value: 'b' }] }
    assert.equal((await ok(cam(app, 'DescribeRoleList', tagged))).List[0].RoleName, 'deployer')
    const found = await ok(cam(app, 'DescribeRoleList', { ...page, Keyword: 'PLOY' }))
    assert.deepEqual(
      [found.List.length, found.TotalNum, found.List[0].RoleName],
      [1, 1, 'deployer'],
    )
    assert.equal((await ok(cam(app, 'DescribeRoleList', { ...page, Keyword: '%' }))).TotalNum, 0)
    await ok(cam(app, 'DeleteRole', name))
    assert.equal(await outcomeOf(cam(app, 'GetRole', name)), 'InvalidParameter.RoleNotExist')
  })

  it('are refused with names and trust policies that cannot be', async () => {
    await ok(cam(app, 'CreateRole', { RoleName: 'taken', PolicyDocument: trust }))
    const cases: [object, string][] = [
      [{ RoleName: 'taken', PolicyDocument: trust }, 'InvalidParameter.RoleNameInUse'],
      [{ RoleName: 'a b', PolicyDocument: trust }, 'InvalidParameterValue'],
      [
        { RoleName: 'x', PolicyDocument: policyOf(allow('sts:AssumeRole', '*')) },
        'InvalidParameter.PolicyDocumentError',
      ],
      [{ RoleName: 'x', PolicyDocument: trust, SessionDuration: 43_201 }, 'InvalidParameterValue'],
    ]
    for (const [input, code] of cases) {
      assert.equal(await outcomeOf(cam(app, 'CreateRole', input)), code, JSON.stringify(input))
    }
    assert.equal(await outcomeOf(cam(app, 'GetRole')), 'InvalidParameterValue')
    const tags = Array.from({ length: 50 }, (_, n) => ({ Key: `k${n}`, Value: '' }))
    await ok(cam(app, 'TagRole', { RoleName: 'taken', Tags: tags }))
    const more = { RoleName: 'taken', Tags: [{ Key: 'more', Value: '' }] }
    assert.equal(await outcomeOf(cam(app, 'TagRole', more)), 'LimitExceeded')
  })

  it('are hidden from whoever may not see them, like those that are not there', async () => {
    const person = await addPerson(app, 'seer')
    const { RoleId } = await ok(cam(app, 'CreateRole', { RoleName: 'seen', PolicyDocument: trust }))
    const shown = `qcs::cam:::role/${RoleId}`
    const actions = ['cam:GetRole', 'cam:DescribeRoleList']
    await givePolicy(app, person, policyOf(allow(actions, shown)))
    app.clock.advance(1000)
    const { List, TotalNum } = await ok(
      cam(app, 'DescribeRoleList', { Page: 1, Rp: 10 }, person.key),
    )
    assert.deepEqual([TotalNum, List[0].RoleName], [1, 'seen'])
    const hidden = await cam(app, 'GetRole', { RoleName: 'taken' }, person.key)
    const missing = await cam(app, 'GetRole', { RoleName: 'nobody' }, person.key)
    assert.equal(hidden.Error?.Code, 'UnauthorizedOperation')
    assert.equal(
      hidden.Error?.Message.replace('taken', ''),
      missing.Error?.Message.replace('nobody', ''),
    )
  })

  it('of a service are named for it, taken on by it alone, and deleted by a task', async () => {
    const QCSServiceName = ['builds.tcr.cloud.tencent.com']
    const { RoleId } = await ok(
      cam(app, 'CreateServiceLinkedRole', { QCSServiceName, Description: 'd' }),
    )
    const { RoleInfo } = await ok(cam(app, 'GetRole', { RoleId }))
    const { RoleName, RoleType, DeletionTaskId } = RoleInfo
    assert.deepEqual(
      [RoleName, RoleType, DeletionTaskId],
      ['TCR_QCSLinkedRoleInBuilds', 'service_linked', null],
    )
    const [statement] = JSON.parse(RoleInfo.PolicyDocument).statement
    assert.deepEqual(statement.principal, { service: QCSServiceName })
    const cases: [string, object, string][] = [
      ['CreateServiceLinkedRole', { QCSServiceName }, 'InvalidParameter.RoleNameInUse'],
      ['CreateServiceLinkedRole', { QCSServiceName: ['A b'] }, 'InvalidParameterValue'],
      [
        'CreateServiceLinkedRole',
        { QCSServiceName: [`${'n'.repeat(46)}.${'n'.repeat(46)}`], CustomSuffix: 's'.repeat(64) },
        'InvalidParameterValue',
      ],
      ['DeleteRole', { RoleName }, 'OperationDenied'],
      ['UpdateAssumeRolePolicy', { RoleName, PolicyDocument: trust }, 'OperationDenied'],
      ['DeleteServiceLinkedRole', { RoleName: 'taken' }, 'OperationDenied'],
      ['GetServiceLinkedRoleDeletionStatus', { DeletionTaskId: 'none' }, 'ResourceNotFound'],
    ]
    for (const [action, input, code] of cases) {
      assert.equal(await outcomeOf(cam(app, action, input)), code, action)
    }
    await ok(cam(app, 'CreateServiceLinkedRole', { QCSServiceName, CustomSuffix: 'two' }))
    await ok(cam(app, 'GetRole', { RoleName: 'TCR_QCSLinkedRoleInBuilds_two' }))

    const task = await ok(cam(app, 'DeleteServiceLinkedRole', { RoleName }))
    const of = { DeletionTaskId: task.DeletionTaskId }
    const pending = await ok(cam(app, 'GetRole', { RoleId }))
    assert.equal(pending.RoleInfo.DeletionTaskId, task.DeletionTaskId)
    const status = () => ok(cam(app, 'GetServiceLinkedRoleDeletionStatus', of))
    assert.equal((await status()).Status, 'NOT_STARTED')
    const again = await ok(cam(app, 'DeleteServiceLinkedRole', { RoleName }))
    assert.equal(again.DeletionTaskId, task.DeletionTaskId)
    await app.app.jobs.idle()
    const { Status, Reason, ServiceType, ServiceName } = await status()
    assert.deepEqual([Status, Reason, ServiceType], ['SUCCEEDED', '', 'tcr'])
    assert.equal(ServiceName, QCSServiceName[0])
    assert.equal(await outcomeOf(cam(app, 'GetRole', { RoleId })), 'InvalidParameter.RoleNotExist')
    const stranger = await addStranger(app, 100000000776)
    const foreign = cam(app, 'GetServiceLinkedRoleDeletionStatus', of, stranger.key)
    assert.equal(await outcomeOf(foreign), 'ResourceNotFound')
  })
})
