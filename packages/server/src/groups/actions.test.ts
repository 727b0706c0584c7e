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

onEachDatabase('groups', (_open, dialect) => {
  let app: TestApp
  before(async () => {
    app = await testApp({ dialect })
  })
  after(() => app.close())

  it('are made, shown with their members, changed, listed and deleted', async () => {
    const person = await addPerson(app, 'member')
    const { GroupId } = await ok(cam(app, 'CreateGroup', { GroupName: 'team', Remark: 'r' }))
    const Info = [{ GroupId, Uin: person.uin }]
    await ok(cam(app, 'AddUserToGroup', { Info }))
    await ok(cam(app, 'AddUserToGroup', { Info }))
    const group = await ok(cam(app, 'GetGroup', { GroupId }))
    assert.deepEqual(
      [group.GroupName, group.GroupNum, group.Remark, group.UserInfo[0].Name],
      ['team', 1, 'r', 'member'],
    )
    await ok(cam(app, 'UpdateGroup', { GroupId, GroupName: 'squad' }))
    const listed = await ok(cam(app, 'ListGroups', { Keyword: 'SQU' }))
    assert.deepEqual([listed.TotalNum, listed.GroupInfo[0].GroupName], [1, 'squad'])
    const of = await ok(cam(app, 'ListGroupsForUser', { SubUin: person.uin }))
    assert.equal(of.GroupInfo[0].GroupId, GroupId)
    assert.equal((await ok(cam(app, 'ListUsersForGroup', { GroupId, Page: 2 }))).TotalNum, 1)
    await ok(cam(app, 'RemoveUserFromGroup', { Info }))
    assert.equal((await ok(cam(app, 'GetGroup', { GroupId }))).GroupNum, 0)
    await ok(cam(app, 'DeleteGroup', { GroupId }))
    const missing = 'ResourceNotFound.GroupNotExist'
    assert.equal(await outcomeOf(cam(app, 'GetGroup', { GroupId })), missing)
  })

  it('take in all that a call names, or none', async () => {
    const person = await addPerson(app, 'half')
    const { GroupId } = await ok(cam(app, 'CreateGroup', { GroupName: 'whole' }))
    const known = { GroupId, Uin: person.uin }
    const cases: [object, string][] = [
      [{ GroupId, Uin: 1 }, 'ResourceNotFound.UserNotExist'],
      [{ GroupId, Uin: Number(app.username) }, 'ResourceNotFound.UserNotExist'],
      [{ GroupId: 1, Uin: person.uin }, 'ResourceNotFound.GroupNotExist'],
      [{ GroupId }, 'InvalidParameterValue'],
    ]
    for (const [wrong, code] of cases) {
      const Info = [known, wrong]
      assert.equal(await outcomeOf(cam(app, 'AddUserToGroup', { Info })), code)
    }
    assert.equal((await ok(cam(app, 'GetGroup', { GroupId }))).GroupNum, 0)
    const again = { GroupName: 'whole' }
    assert.equal(await outcomeOf(cam(app, 'CreateGroup', again)), 'InvalidParameter.GroupNameInUse')
  })

  it('are changed by whoever may change each of them', async () => {
    const keeper = await addPerson(app, 'keeper')
    const first = (await ok(cam(app, 'CreateGroup', { GroupName: 'first' }))).GroupId
    const second = (await ok(cam(app, 'CreateGroup', { GroupName: 'second' }))).GroupId
    const document = policyOf(allow('cam:AddUserToGroup', `qcs::cam:::groupid/${first}`))
    await givePolicy(app, keeper, document)
    app.clock.advance(1000)
    const add = (GroupId: number) =>
      outcomeOf(cam(app, 'AddUserToGroup', { Info: [{ GroupId, Uin: keeper.uin }] }, keeper.key))
    assert.equal(await add(first), 'ok')
    assert.equal(await add(second), 'UnauthorizedOperation')
  })
})
