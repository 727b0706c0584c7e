import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { deleteUser } from '../accounts/removal.ts'
import { addPerson, addStranger, allow } from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { basic, outcome, ownerOf, TestClient } from '../registry/test-client.ts'
import { addNamespace, seedOrigin } from '../registry/test-seed.ts'
import { type TestApp, testApp } from '../test-app.ts'

const dayMs = 86_400_000
const readWrite = ['tcr:CreateRepository', 'tcr:PullRepository', 'tcr:PushRepository']
const on = (Resource: string, ...Actions: string[]) => ({ Resource, Actions })
const pullDemo = [on('demo', 'tcr:PullRepository')]

onEachDatabase('the API of service accounts', (_open, dialect) => {
  let app: TestApp

  before(async () => {
    app = await testApp({ dialect })
    await ownerOf(app).pushImage('demo/app', 'v1')
  })
  after(() => app.close())

  const call = (action: string, input: object = {}) =>
    app.api(action, { RegistryId: app.instance.id, ...input })

  const pull = (username: string, password: string) =>
    new TestClient(app.url, basic(username, password)).call('GET', '/v2/demo/app/manifests/v1')

  async function create(Name: string, more: object = {}) {
    const made = await call('CreateServiceAccount', {
      Name,
      Permissions: pullDemo,
      Duration: 30,
      ...more,
    })
    assert.equal(made.Error, undefined)
    const { Password, ExpiresAt, CreateTime } = made
    return { Name: made.Name, Password, ExpiresAt, CreateTime }
  }

  async function shown(name: string) {
    const list = await call('DescribeServiceAccounts', {
      EmbedPermission: true,
      Filters: [{ Name: 'ServiceAccountName', Values: [name] }],
    })
    assert.equal(list.TotalCount, 1)
    return list.ServiceAccounts[0]
  }

  it('makes one that logs in as tcr$name and tcr@name', async () => {
    const made = await create('ci', { Description: '流水线' })
    assert.equal(made.Name, 'tcr$ci')
    assert.match(made.Password, /^[A-Za-z0-9]{32}$/)
    assert.equal(made.ExpiresAt, app.clock.now() + 30 * dayMs)
    assert.match(made.CreateTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/)
    assert.deepEqual(await shown('tcr$ci'), {
      Name: 'tcr$ci',
      Description: '流水线',
      Disable: false,
      ExpiresAt: made.ExpiresAt,
      CreateTime: made.CreateTime,
      UpdateTime: made.CreateTime,
      Permissions: pullDemo,
    })
    for (const name of ['tcr$ci', 'tcr@ci']) {
      assert.equal(outcome(await pull(name, made.Password)), '200')
    }
    const client = new TestClient(app.url, basic('tcr$ci', made.Password))
    assert.equal(outcome(await client.call('POST', '/v2/demo/app/blobs/uploads/')), '403 DENIED')
  })

  it('ends by Duration, which wins over ExpiresAt, or never', async () => {
    const in5 = app.clock.now() + 5 * dayMs
    assert.equal((await create('by-time', { Duration: undefined, ExpiresAt: in5 })).ExpiresAt, in5)
    assert.equal((await create('by-both', { Duration: 5, ExpiresAt: 1 })).ExpiresAt, in5)
    assert.equal((await create('never', { Duration: -1 })).ExpiresAt, -1)
    const never = { Duration: undefined, ExpiresAt: -1 }
    assert.equal((await create('never-either', never)).ExpiresAt, -1)
    assert.equal((await shown('never-either')).ExpiresAt, -1)
    await call('ModifyServiceAccount', { Name: 'tcr$never', Duration: 1 })
    assert.equal((await shown('never')).ExpiresAt, app.clock.now() + dayMs)
  })

  it('changes everything but the name, permissions as a whole, at once', async () => {
    await addNamespace(app, 'other')
    const { Password } = await create('changing')
    assert.equal(outcome(await pull('tcr$changing', Password)), '200')
    const modify = async (input: object) => {
      const answer = await call('ModifyServiceAccount', { Name: 'tcr$changing', ...input })
      assert.equal(answer.Error, undefined)
      app.clock.advance(1000)
    }
    await modify({ Permissions: [on('other', 'tcr:PushRepository', 'tcr:PullRepository')] })
    assert.equal(outcome(await pull('tcr$changing', Password)), '404 MANIFEST_UNKNOWN')
    await modify({ Description: 'new', Permissions: [on('*', ...readWrite)] })
    const { Permissions, Description, Disable, UpdateTime, CreateTime } = await shown('changing')
    assert.deepEqual([Permissions, Description, Disable], [[on('*', ...readWrite)], 'new', false])
    assert.notEqual(UpdateTime, CreateTime)
    const client = new TestClient(app.url, basic('tcr$changing', Password))
    await client.pushImage('other/app', 'v1')
    await modify({ Disable: true })
    assert.equal(outcome(await pull('tcr$changing', Password)), '401 UNAUTHORIZED')
    await modify({ Disable: false })
    assert.equal(outcome(await pull('tcr$changing', Password)), '200')
  })

  it('takes the permissions of charts, and several of one namespace as one', async () => {
    await create('charts', {
      Permissions: [
        on('demo', 'tcr:PushRepository', 'tcr:CreateHelmChart'),
        on('demo', 'tcr:DescribeHelmCharts', 'tcr:PushRepository'),
      ],
    })
    const actions = ['tcr:CreateHelmChart', 'tcr:DescribeHelmCharts', 'tcr:PushRepository']
    assert.deepEqual((await shown('charts')).Permissions, [on('demo', ...actions)])
  })

  it('loses a permission with its namespace', async () => {
    await addNamespace(app, 'leaving')
    await create('left', { Permissions: [...pullDemo, on('leaving', 'tcr:PullRepository')] })
    assert.equal((await call('DeleteNamespace', { NamespaceName: 'leaving' })).Error, undefined)
    assert.deepEqual((await shown('left')).Permissions, pullDemo)
    await addNamespace(app, 'leaving')
    assert.deepEqual((await shown('left')).Permissions, pullDemo)
  })

  it('ends tokens when it is disabled, reset or deleted, within a second', async () => {
    const ways: [string, object][] = [
      ['ModifyServiceAccount', { Disable: true }],
      ['ModifyServiceAccountPassword', { Random: true }],
      ['DeleteServiceAccount', {}],
    ]
    for (const [action, input] of ways) {
      const { Name, Password } = await create(`ends-by-${action.toLowerCase()}`)
      const login = new TestClient(app.url, basic(Name, Password))
      const bearer = login.as(await login.bearer('repository:demo/app:pull'))
      const outcomes = async () => {
        const get = (client: TestClient) => client.call('GET', '/v2/demo/app/manifests/v1')
        return [outcome(await get(login)), outcome(await get(bearer))]
      }
      assert.deepEqual(await outcomes(), ['200', '200'])
      assert.equal((await call(action, { Name, ...input })).Error, undefined)
      app.clock.advance(1000)
      assert.deepEqual(await outcomes(), ['401 UNAUTHORIZED', '401 UNAUTHORIZED'], action)
    }
  })

  it('gets a new password, random or given', async () => {
    const { Password } = await create('reset')
    const reset = (input: object) =>
      call('ModifyServiceAccountPassword', { Name: 'reset', ...input })
    const random = await reset({ Random: true, Password: '' })
    assert.match(random.Password, /^[A-Za-z0-9]{32}$/)
    assert.notEqual(random.Password, Password)
    assert.equal(outcome(await pull('tcr$reset', random.Password)), '200')
    const given = await reset({ Random: false, Password: 'Abcdefg8' })
    assert.equal(given.Password, 'Abcdefg8')
    assert.equal(outcome(await pull('tcr$reset', 'Abcdefg8')), '200')
    const missing = await reset({ Random: false })
    assert.equal(missing.Error?.Code, 'MissingParameter')
    for (const wrong of ['Abcdef8', 'abcdefg8', 'ABCDEFG8', 'Abcdefgh', `Aa1${'x'.repeat(18)}`]) {
      const answer = await reset({ Random: false, Password: wrong })
      assert.equal(answer.Error?.Code, 'InvalidParameterValue')
      assert.ok(!answer.Error?.Message.includes(wrong))
    }
    assert.equal(outcome(await pull('tcr$reset', 'Abcdefg8')), '200')
  })

  it('is listed by page, whole, and by name in each form', async () => {
    for (const name of ['list-a', 'list-b', 'list-c']) await create(name)
    const names = (answer: { ServiceAccounts: { Name: string }[] }) =>
      answer.ServiceAccounts.map(({ Name }) => Name)
    const list = async (input: object) => {
      const answer = await call('DescribeServiceAccounts', input)
      return [answer.TotalCount, names(answer as never)]
    }
    const filter = (...Values: string[]) => ({ Name: 'ServiceAccountName', Values })
    const two = [filter('tcr$list-a', 'list-c', 'tcr@list-none')]
    assert.deepEqual(await list({ Filters: two }), [2, ['tcr$list-a', 'tcr$list-c']])
    assert.deepEqual(await list({ Filters: [...two, filter('list-c')] }), [1, ['tcr$list-c']])
    assert.deepEqual(await list({ Filters: [filter('list')] }), [0, []])
    assert.deepEqual(await list({ Filters: [filter()] }), [0, []])
    const all = await call('DescribeServiceAccounts', { All: true, Limit: 1 })
    assert.equal(all.ServiceAccounts.length, all.TotalCount)
    assert.deepEqual(all.ServiceAccounts[0].Permissions, [])
    assert.ok(all.ServiceAccounts.every((one: object) => !('Password' in one)))
    const page = await list({ Offset: 1, Limit: 2 })
    assert.deepEqual(page, [all.TotalCount, names(all as never).slice(1, 3)])
    const wrong = await call('DescribeServiceAccounts', { Filters: [{ Name: 'Zone', Values: [] }] })
    assert.equal(wrong.Error?.Code, 'InvalidParameterValue')
  })

  it('lets exactly one of many take a name', async () => {
    const input = { Name: 'wanted', Permissions: pullDemo, Duration: 1 }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call('CreateServiceAccount', input)),
    )
    const codes = answers.map((answer) => answer.Error?.Code ?? 'ok').sort()
    const lost = Array(19).fill('FailedOperation.ErrorTcrResourceConflict')
    assert.deepEqual(codes, [...lost, 'ok'])
  })

  it('outlives whoever made it', async () => {
    const everything = allow('tcr:*', '*')
    const maker = await addPerson(app, 'maker', everything)
    const input = {
      RegistryId: app.instance.id,
      Name: 'orphan',
      Permissions: pullDemo,
      Duration: 1,
    }
    const made = await app.api('CreateServiceAccount', input, { key: maker.key })
    const { ownerUin } = app.instance
    const removal = { ownerUin, uin: maker.uin, withKeys: true, at: app.clock.now() }
    await app.app.db.write((tx) => deleteUser(tx, { ...removal, origin: seedOrigin }))
    app.clock.advance(1000)
    assert.equal(outcome(await pull('tcr$orphan', made.Password)), '200')
    assert.equal((await call('DeleteServiceAccount', { Name: 'orphan' })).Error, undefined)
  })

  it('is asked for on the instance; nobody of another account reaches it', async () => {
    await create('guarded')
    const reader = await addPerson(app, 'sa-reader', allow('tcr:Describe*', '*'))
    const stranger = await addStranger(app, 100000000778)
    const input = { RegistryId: app.instance.id, Name: 'guarded', Permissions: pullDemo }
    const changes: [string, object][] = [
      ['CreateServiceAccount', { ...input, Name: 'by-reader', Duration: 1 }],
      ['ModifyServiceAccount', { ...input, Disable: true }],
      ['ModifyServiceAccountPassword', { ...input, Permissions: undefined, Random: true }],
      ['DeleteServiceAccount', { ...input, Permissions: undefined }],
    ]
    for (const [action, wanted] of changes) {
      const refused = await app.api(action, wanted, { key: reader.key })
      assert.equal(refused.Error?.Code, 'UnauthorizedOperation', action)
      const hidden = await app.api(action, wanted, { key: stranger.key })
      assert.equal(hidden.Error?.Code, 'ResourceNotFound', action)
    }
    const list = { RegistryId: app.instance.id, All: true }
    const seen = await app.api('DescribeServiceAccounts', list, { key: reader.key })
    assert.ok(seen.TotalCount > 0)
    const hidden = await app.api('DescribeServiceAccounts', list, { key: stranger.key })
    assert.equal(hidden.Error?.Code, 'ResourceNotFound')
    assert.equal((await shown('guarded')).Disable, false)
  })

  const refused: [what: string, input: object, code: string, message: RegExp][] = [
    ['neither Duration nor ExpiresAt', { Duration: undefined }, 'MissingParameter', /Duration/],
    ['Duration 0', { Duration: 0 }, 'InvalidParameterValue', /^Duration: /],
    [
      'an end in the past',
      { Duration: undefined, ExpiresAt: 1 },
      'InvalidParameterValue',
      /^ExpiresAt: /,
    ],
    ['a capital', { Name: 'Ci' }, 'InvalidParameterValue', /^Name: /],
    ['a dash in front', { Name: '-ci' }, 'InvalidParameterValue', /^Name: /],
    ['no permission', { Permissions: [] }, 'InvalidParameterValue', /^Permissions: /],
    [
      'no action',
      { Permissions: [on('demo')] },
      'InvalidParameterValue',
      /^Permissions\.0\.Actions: /,
    ],
    [
      'an action that can not be granted',
      { Permissions: [on('demo', 'tcr:CreateInstanceToken')] },
      'InvalidParameterValue',
      /^Permissions\.0\.Actions\.0: /,
    ],
    [
      'a namespace that is not there',
      { Permissions: [...pullDemo, on('nowhere', 'tcr:PullRepository')] },
      'ResourceNotFound.TcrResourceNotFound',
      /namespace nowhere not found/,
    ],
    [
      'a repository',
      { Permissions: [on('demo/app', 'tcr:PullRepository')] },
      'InvalidParameterValue',
      /custom account for resource\(demo\/app\) is illegal/,
    ],
  ]
  for (const [what, input, code, message] of refused) {
    it(`refuses ${what} with ${code}, and leaves nothing`, async () => {
      const wanted = { Name: 'refused', Permissions: pullDemo, Duration: 1, ...input }
      const answer = await call('CreateServiceAccount', wanted)
      assert.equal(answer.Error?.Code, code)
      assert.match(answer.Error?.Message ?? '', message)
      const list = await call('DescribeServiceAccounts', {
        Filters: [{ Name: 'ServiceAccountName', Values: ['refused'] }],
      })
      assert.equal(list.TotalCount, 0)
    })
  }

  it('is not there, in each form of its name', async () => {
    for (const Name of ['nobody', 'tcr$nobody', 'tcr@nobody', 'No Name']) {
      for (const action of ['ModifyServiceAccount', 'DeleteServiceAccount']) {
        assert.equal((await call(action, { Name })).Error?.Code, 'ResourceNotFound')
      }
    }
  })

  it('is written about in the audit log, what it does as itself', async () => {
    const { Name, Password } = await create('audited', {
      Permissions: [on('demo', ...readWrite)],
    })
    await new TestClient(app.url, basic(Name, Password)).pushImage('demo/by-robot', 'v1')
    await call('ModifyServiceAccountPassword', { Name: 'tcr@audited', Random: true })
    const rows = await app.app.db.read
      .selectFrom('audit')
      .select(['actor', 'action', 'reference', 'credential'])
      .where((eb) => eb.or([eb('reference', '=', Name), eb('actor', '=', Name)]))
      .orderBy('id')
      .execute()
    const actions = rows.map(({ actor, action }) => `${actor} ${action}`)
    const owner = app.username
    assert.equal(actions[0], `${owner} tcr:CreateServiceAccount`)
    assert.ok(actions.includes('tcr$audited tcr:PushRepository'))
    assert.equal(actions.at(-1), `${owner} tcr:ModifyServiceAccountPassword`)
    const pushed = rows.find(({ actor }) => actor === Name)
    assert.match(pushed?.credential ?? '', /^service-account:/)
  })
})
