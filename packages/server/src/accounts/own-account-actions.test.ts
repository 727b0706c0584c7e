import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { onEachDatabase } from '../db/test-database.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { addPerson, addStranger, cam, ok } from './test-people.ts'

onEachDatabase('who the caller is', (_open, dialect) => {
  let app: TestApp

  before(async () => {
    app = await testApp({ dialect, env: { ENTREPOT_BASE_DOMAIN: 'registry.example.com' } })
  })
  after(() => app.close())

  const own = { product: 'entrepot' } as const

  it('tells a main account, a sub-account and a stranger who they are, and whom to ask', async () => {
    const person = await addPerson(app, 'ann')
    const helper = await addPerson(app, 'helper')
    const group = await ok(cam(app, 'CreateGroup', { GroupName: 'admins' }))
    await ok(cam(app, 'AddUserToGroup', { Info: [{ GroupId: group.GroupId, Uid: helper.uin }] }))
    await ok(cam(app, 'AttachGroupPolicy', { PolicyId: 1, AttachGroupId: group.GroupId }))
    const main = await app.api('DescribeOwnAccount', {}, own)
    assert.deepEqual([main.Kind, main.IsOperator, main.OwnerName], ['Main', true, main.Name])
    const ann = await app.api('DescribeOwnAccount', {}, { ...own, key: person.key })
    assert.deepEqual(
      [ann.Uin, ann.Name, ann.Kind, ann.IsOperator, ann.HasMfaDevice, ann.MfaUsed],
      [person.uin, 'ann', 'User', true, false, false],
    )
    assert.deepEqual(ann.Administrators, [
      { Uin: main.Uin, Name: main.Name, IsMain: true },
      { Uin: helper.uin, Name: 'helper', IsMain: false },
    ])
    const stranger = await addStranger(app, 200_000_000_001)
    const other = await app.api('DescribeOwnAccount', {}, { ...own, key: stranger.key })
    assert.deepEqual(
      [other.Kind, other.IsOperator, other.Administrators.length],
      ['Main', false, 1],
    )
  })

  it('tells what addresses are made of', async () => {
    const shown = await app.api('DescribeDeployment', {}, own)
    assert.equal(shown.Error, undefined)
    assert.deepEqual(
      [shown.Scheme, shown.Host, shown.BaseDomain, shown.PersonalHost, shown.DefaultRegistryId],
      ['http', '127.0.0.1', 'registry.example.com', 'ccr.registry.example.com', app.instance.id],
    )
    assert.equal(shown.Port, Number(new URL(app.url).port))
    const stranger = await addStranger(app, 200_000_000_002)
    const foreign = await app.api('DescribeDeployment', {}, { ...own, key: stranger.key })
    assert.equal(foreign.DefaultRegistryId, null)
  })
})
