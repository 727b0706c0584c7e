// The audit log over the API: who sees what, found by what, for how long.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import type { Product } from '@entrepot/contract/action.ts'
import { addPerson, addStranger, allow, givePolicy, policyOf } from '../accounts/test-people.ts'
import type { ApiAnswer, TestKey } from '../cloud-api/test-client.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { ownerOf } from '../registry/test-client.ts'
import { mainKey, type TestApp, testApp } from '../test-app.ts'

const dayMs = 86_400_000

onEachDatabase('the API of the audit log', (_open, dialect) => {
  let app: TestApp
  let stranger: TestKey

  before(async () => {
    app = await testApp({ dialect })
    stranger = (await addStranger(app, 300_000_000_001)).key
    await app.api('CreateNamespace', {
      RegistryId: app.instance.id,
      NamespaceName: 'team',
      IsPublic: false,
    })
    const owner = ownerOf(app)
    await owner.pushImage('team/app', 'v1')
    await owner.call('GET', '/v2/team/app/manifests/v1')
    const nobody = owner.as(await owner.as(undefined).bearer('repository:team/app:pull'))
    await nobody.call('GET', '/v2/team/app/manifests/v1')
    await app.app.registry.audit.flush()
  })
  after(() => app.close())

  const seconds = () => Math.floor(app.clock.now() / 1000)
  const times = () => ({ StartTime: seconds() - 3600, EndTime: seconds() + 60 })

  function call(
    action: string,
    input: object = {},
    product: Product = 'cloudaudit',
    key = mainKey,
  ) {
    return app.api(action, { ...times(), ...input }, { product, key })
  }

  const by = (AttributeKey: string, AttributeValue: string) => ({
    LookupAttributes: [{ AttributeKey, AttributeValue }],
  })

  const names = ({ Events }: ApiAnswer): string[] =>
    Events.map((event: { EventName: string }) => event.EventName)

  it('tells who did what, from where, with which credential', async () => {
    const found = await call('LookUpEvents', by('EventName', 'CreateNamespace'))
    assert.equal(found.TotalCount, 1)
    const { EventId, EventTime, CloudAuditEvent, RequestID, ...event } = found.Events[0]
    assert.match(EventId, /^\d+$/)
    assert.ok(Math.abs(Number(EventTime) - seconds()) < 60)
    const { region } = app.config
    assert.deepEqual(event, {
      Username: 'main',
      ResourceTypeCn: '镜像仓库',
      ErrorCode: 0,
      EventName: 'CreateNamespace',
      SecretId: mainKey.secretId,
      EventSource: 'tcr',
      ResourceRegion: region,
      AccountID: Number(app.username),
      SourceIPAddress: '127.0.0.1',
      EventNameCn: event.EventNameCn,
      Resources: { ResourceType: 'repository', ResourceName: 'team' },
      EventRegion: region,
      Location: null,
    })
    const whole = JSON.parse(CloudAuditEvent)
    assert.equal(whole.instanceId, app.instance.id)
    assert.equal(whole.actionType, 'Write')
    assert.equal(whole.requestId, RequestID)
    const again = await call('DescribeEvents', by('RequestId', RequestID))
    assert.deepEqual(again.Events, found.Events)
  })

  it('is looked up by each attribute', async () => {
    const cases: [string, string, string[]][] = [
      ['ResourceName', 'team/app', ['PullRepository', 'PullRepository', 'PushRepository']],
      ['ResourceName', 'team', ['CreateNamespace']],
      ['AccessKeyId', mainKey.secretId, ['CreateNamespace']],
      ['PrincipalId', 'anonymous', ['PullRepository']],
      ['CamErrorCode', '1', ['PullRepository']],
      ['ApiErrorCode', 'nothing-like-it', []],
      ['ResourceType', 'instance', []],
      ['Tags', 'team:a', []],
      ['SensitiveAction', '1', []],
      ['SourceIPAddress', '192.0.2.9', []],
    ]
    for (const [key, value, expected] of cases) {
      const found = await call('LookUpEvents', by(key, value))
      assert.deepEqual(found.Error, undefined)
      assert.deepEqual(names(found).sort(), expected, `${key}=${value}`)
    }
    const reads = await call('LookUpEvents', by('ActionType', 'Read'))
    assert.deepEqual([...new Set(names(reads))], ['PullRepository'])
    const writes = await call('LookUpEvents', by('ActionType', 'Write'))
    assert.ok(names(writes).includes('PushRepository'))
    assert.ok(!names(writes).includes('PullRepository'))
    const inInstance = await call('LookUpEvents', by('ResourceId', app.instance.id))
    assert.ok(names(inInstance).length >= 4)
    const product = await call('LookUpEvents', by('ResourceType', 'tcr'))
    assert.ok(names(product).includes('CreateNamespace'))
  })

  it('pages to its end, with tokens of both kinds', async () => {
    const all = names(await call('LookUpEvents', { MaxResults: 50 }))
    for (const action of ['LookUpEvents', 'DescribeEvents']) {
      const seen: string[] = []
      let token: unknown
      for (;;) {
        const more = token === undefined ? {} : { NextToken: token }
        const page = await call(action, { MaxResults: 2, ...more })
        assert.equal(page.Error, undefined)
        assert.equal(page.TotalCount, page.Events.length)
        assert.equal(typeof page.NextToken, action === 'LookUpEvents' ? 'string' : 'number')
        seen.push(...names(page))
        token = page.NextToken
        if (page.ListOver) break
      }
      assert.deepEqual(seen, all, action)
    }
  })

  it('is exported as lines, oldest first', async () => {
    const all = names(await call('LookUpEvents', { MaxResults: 50 }))
    const first = await call('ExportAuditEvents', { MaxResults: 3 }, 'entrepot')
    assert.equal(first.Count, 3)
    assert.equal(first.ListOver, false)
    const more = { NextToken: first.NextToken }
    const rest = await call('ExportAuditEvents', more, 'entrepot')
    const lines = `${first.Lines}${rest.Lines}`.trimEnd().split('\n')
    const events = lines.map((line) => JSON.parse(line).eventName)
    assert.deepEqual(events, all.toReversed())
    assert.equal(rest.ListOver, true)
  })

  it("shows an account its own log only, and the deployment's to the operator", async () => {
    const none = await call('LookUpEvents', {}, 'cloudaudit', stranger)
    assert.deepEqual(none.Events, [])
    const id = Number((await call('DescribeEvents', { MaxResults: 1 })).NextToken)
    const foreign = await call('DescribeEvents', { NextToken: id }, 'cloudaudit', stranger)
    assert.equal(foreign.Error?.Code, 'InvalidParameterValue')
    await app.api('AddUser', { Name: 'dev' }, { product: 'cam', key: stranger })
    const own = await call('LookUpEvents', {}, 'cloudaudit', stranger)
    assert.deepEqual(names(own), ['AddUser'])
    assert.ok(!names(await call('LookUpEvents')).includes('AddUser'))
    const kid = { at: app.clock.now(), instance_id: null, action: 'RotateTokenKey' }
    await app.app.db.write(async (tx) => {
      await tx
        .insertInto('audit')
        .values({
          ...kid,
          actor: 'system:keys',
          credential: null,
          address: null,
          agent: null,
          resource: 'kid',
          reference: null,
          result: 'ok',
          reason: null,
          request_id: null,
          count: 1,
          event: 'RotateTokenKey',
        })
        .execute()
    })
    assert.ok(names(await call('LookUpEvents')).includes('RotateTokenKey'))
    assert.deepEqual(names(await call('LookUpEvents', {}, 'cloudaudit', stranger)), ['AddUser'])
  })

  it('is shown to whom a policy allows it; a refusal is in it, with its request', async () => {
    const person = await addPerson(app, 'auditor')
    const refused = await call('LookUpEvents', {}, 'cloudaudit', person.key)
    assert.equal(refused.Error?.Code, 'UnauthorizedOperation')
    await app.app.registry.audit.flush()
    const found = await call('LookUpEvents', by('RequestId', refused.RequestId))
    assert.deepEqual(names(found), ['LookUpEvents'])
    assert.equal(found.Events[0].ErrorCode, 1)
    assert.equal(found.Events[0].Username, 'auditor')
    await givePolicy(app, person, policyOf(allow('cloudaudit:*', '*')))
    app.clock.advance(1000)
    const allowed = await call('LookUpEvents', {}, 'cloudaudit', person.key)
    assert.equal(allowed.Error, undefined)
  })

  it('is kept as the edition says, or longer', async () => {
    const { id } = app.instance
    const entrepot = (action: string, input: object) =>
      app.api(action, { RegistryId: id, ...input }, { product: 'entrepot' })
    const before = await entrepot('DescribeAuditRetention', {})
    assert.equal(before.Days, before.EditionDays)
    const short = await entrepot('ModifyAuditRetention', { Days: before.EditionDays - 1 })
    assert.equal(short.Error?.Code, 'InvalidParameterValue')
    assert.equal((await entrepot('ModifyAuditRetention', { Days: 60 })).Error, undefined)
    assert.equal((await entrepot('DescribeAuditRetention', {})).Days, 60)
    const foreign = await app.api(
      'ModifyAuditRetention',
      { RegistryId: id, Days: 90 },
      { product: 'entrepot', key: stranger },
    )
    assert.equal(foreign.Error?.Code, 'ResourceNotFound')
  })

  const now = () => seconds()
  const wrong: [what: string, () => object][] = [
    ['an end before the start', () => ({ EndTime: now() - 7200 })],
    ['more than thirty days', () => ({ StartTime: now() - 31 * 86_400 })],
    ['longer ago than ninety days', () => ({ StartTime: now() - (91 * dayMs) / 1000 })],
    ['an attribute that there is not', () => by('Colour', 'red')],
    ['an attribute without a value', () => ({ LookupAttributes: [{ AttributeKey: 'EventName' }] })],
    [
      'an attribute twice',
      () => ({
        LookupAttributes: [
          { AttributeKey: 'EventName', AttributeValue: 'a' },
          { AttributeKey: 'EventName', AttributeValue: 'b' },
        ],
      }),
    ],
    ['a kind of action that there is not', () => by('ActionType', 'Delete')],
    ['a tag without a value', () => by('Tags', 'team')],
    ['a page of 51', () => ({ MaxResults: 51 })],
    ['a token of nobody', () => ({ NextToken: '1-2' })],
  ]
  for (const [what, input] of wrong) {
    it(`refuses ${what}`, async () => {
      const answer = await call('LookUpEvents', input())
      assert.equal(answer.Error?.Code, 'InvalidParameterValue')
    })
  }
})
