import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import {
  addPerson,
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
})
