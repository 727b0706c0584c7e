import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { onEachDatabase } from '../db/test-database.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { addLogin, addPerson, addStranger, allow, cam, ok } from './test-people.ts'

onEachDatabase('users as a list shows them', (_open, dialect) => {
  let app: TestApp
  let ann: number

  before(async () => {
    app = await testApp({ dialect })
    const person = await addPerson(app, 'ann', allow('tcr:*', '*'))
    ann = person.uin
    await addPerson(app, 'ben')
    await addLogin(app, ann)
    const group = await ok(cam(app, 'CreateGroup', { GroupName: 'readers' }))
    await ok(cam(app, 'AddUserToGroup', { Info: [{ GroupId: group.GroupId, Uid: ann }] }))
  })
  after(() => app.close())

  const list = (input: object = {}, key?: Awaited<ReturnType<typeof addPerson>>['key']) =>
    app.api('DescribeUsers', input, { product: 'entrepot', ...(key && { key }) })
  const namesOf = (answer: { readonly Users: readonly { readonly Name: string }[] }) =>
    answer.Users.map(({ Name }) => Name)

  it('have groups, policies, keys and credentials beside their names', async () => {
    const { Users, TotalCount } = await list()
    assert.deepEqual([TotalCount, namesOf({ Users })], [2, ['ann', 'ben']])
    const [{ CreateTime, ...first }] = Users
    assert.match(CreateTime, /Z$/)
    assert.deepEqual(first, {
      Uin: ann,
      Name: 'ann',
      Remark: '',
      Email: '',
      State: 'Active',
      ConsoleLogin: first.ConsoleLogin,
      MustChangePassword: false,
      HasMfaDevice: false,
      GroupNames: ['readers'],
      PolicyCount: 1,
      ApiKeyCount: 1,
      CredentialCount: 1,
      LastLoginTime: null,
      LastLoginAddress: null,
    })
  })

  it('are searched, paged and filtered by what the caller may list', async () => {
    assert.deepEqual(namesOf((await list({ Search: 'BE' })) as never), ['ben'])
    assert.deepEqual(namesOf((await list({ Search: String(ann) })) as never), ['ann'])
    assert.deepEqual(namesOf((await list({ Uins: [ann] })) as never), ['ann'])
    const page = await list({ Limit: 1, Offset: 1 })
    assert.deepEqual([namesOf(page as never), page.TotalCount], [['ben'], 2])
    const resource = `qcs::cam::uin/${app.username}:uin/${ann}`
    const half = await addPerson(app, 'half', allow('cam:ListUsers', resource))
    assert.deepEqual(namesOf((await list({}, half.key)) as never), ['ann'])
    const stranger = await addStranger(app, 200_000_000_001)
    assert.deepEqual(namesOf((await list({}, stranger.key)) as never), [])
  })

  it('are named to everybody in the account, and to nobody else', async () => {
    const names = (Uins: readonly number[], key?: Awaited<ReturnType<typeof addPerson>>['key']) =>
      app.api('DescribePersonNames', { Uins }, { product: 'entrepot', ...(key && { key }) })
    const { ownerUin } = app.instance
    const { key } = await addPerson(app, 'nobody-special')
    const { People } = await names([ann, ownerUin, 999], key)
    assert.deepEqual(
      People.map(({ Uin }: { Uin: number }) => Uin),
      [ownerUin, ann],
    )
    assert.equal(People[1].Name, 'ann')
    const stranger = await addStranger(app, 200_000_000_002)
    assert.deepEqual((await names([ann], stranger.key)).People, [])
  })
})
