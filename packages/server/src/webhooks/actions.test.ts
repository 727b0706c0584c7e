import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { addPerson, allow } from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { ownerOf, type TestClient } from '../registry/test-client.ts'
import type { TestApp } from '../test-app.ts'
import { type Receiver, settle, startReceiver, triggersOf, webhookApp } from './test-receiver.ts'
import { maxTriggersPerNamespace } from './webhooks.ts'

onEachDatabase('actions on triggers', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient
  let receiver: Receiver

  before(async () => {
    app = await webhookApp({ dialect })
    owner = ownerOf(app)
    receiver = await startReceiver()
    await settle(app)
  })
  after(async () => {
    await receiver.close()
    await app.close()
  })

  async function space(name: string) {
    await app.api('CreateNamespace', {
      RegistryId: app.instance.id,
      NamespaceName: name,
      IsPublic: false,
    })
    return triggersOf(app, name)
  }

  it('make, list, replace and delete', async () => {
    const { call, text, make } = await space('life')
    const Headers = [{ Key: 'Authorization', Values: ['Bearer s3cret'] }]
    const target = { Address: receiver.url, Headers }
    const made = await make('first', [target], { Description: '描述', Condition: '^a:' })
    const { Triggers, TotalCount } = await call('DescribeWebhookTrigger', {})
    assert.equal(TotalCount, 1)
    assert.deepEqual([made], Triggers)
    const { NamespaceId, ...shown } = Triggers[0]
    assert.ok(NamespaceId > 1000)
    assert.deepEqual(shown, {
      Id: made.Id,
      Name: 'first',
      Description: '描述',
      EventTypes: ['pushImage'],
      Condition: '^a:',
      Enabled: true,
      Targets: [target],
      NamespaceName: 'life',
    })
    const stored = await app.app.db.read
      .selectFrom('webhook_targets')
      .select('headers')
      .where('address', '=', receiver.url)
      .execute()
    assert.ok(!Buffer.from(stored[0]?.headers ?? []).includes('s3cret'))
    const again = await call('CreateWebhookTrigger', { Trigger: text('first', [target]) })
    assert.equal(again.Error?.Code, 'InvalidParameter.ErrorTcrInvalidParameter')
    assert.match(again.Error?.Message ?? '', /named first already exists/)
    const masked = { ...target, Headers: [{ Key: 'authorization', Values: ['******'] }] }
    const Trigger = {
      ...text('second', [masked, `${receiver.url}/2`]),
      Id: made.Id,
      Enabled: false,
    }
    assert.equal((await call('ModifyWebhookTrigger', { Trigger })).Error, undefined)
    const [changed] = (await call('DescribeWebhookTrigger', {})).Triggers
    assert.deepEqual([changed.Name, changed.Description, changed.Enabled], ['second', '', false])
    assert.deepEqual(changed.Targets, [
      { Address: receiver.url, Headers: [{ Key: 'authorization', Values: ['Bearer s3cret'] }] },
      { Address: `${receiver.url}/2`, Headers: [] },
    ])
    assert.equal((await call('DeleteWebhookTrigger', { Id: made.Id })).Error, undefined)
    assert.match(
      String((await call('DeleteWebhookTrigger', { Id: made.Id })).Error?.Code),
      /^ResourceNotFound/,
    )
    assert.equal((await call('DescribeWebhookTrigger', {})).TotalCount, 0)
  })

  it('show the values of headers to those who could set others', async () => {
    const { make, call, own } = await space('masked')
    const Headers = [{ Key: 'Authorization', Values: ['Bearer s3cret'] }]
    const { Id } = await make('one', [{ Address: receiver.url, Headers }])
    const onInstance = `qcs::tcr::uin/:instance/${app.instance.id}`
    const reader = await addPerson(
      app,
      'webhook-reader',
      allow(['tcr:DescribeWebhookTrigger', 'tcr:DescribeWebhookTriggerLog'], onInstance),
    )
    const { Triggers } = await call('DescribeWebhookTrigger', {}, { key: reader.key })
    assert.deepEqual(Triggers[0].Targets[0].Headers, [{ Key: 'Authorization', Values: ['******'] }])
    const refused = await call(
      'RotateWebhookSecret',
      { Id },
      { key: reader.key, product: 'entrepot' },
    )
    assert.match(String(refused.Error?.Code), /Unauthorized/)
    const details = await own('DescribeWebhookTriggerDetails', { Id })
    assert.ok(!JSON.stringify(details).includes('s3cret'))
  })

  it('refuse what can not work, and say where', async () => {
    const { call, text } = await space('wrong')
    const cases: readonly [more: object, message: RegExp][] = [
      [{ Condition: 'a(' }, /Trigger.Condition: is no regular expression.*at character 1: a\(/],
      [{ EventTypes: ['scan'] }, /EventTypes/],
      [{ EventTypes: [] }, /EventTypes/],
      [{ Targets: [] }, /Targets/],
      [{ Name: 'Upper' }, /Name/],
      [{ Name: '-a' }, /Name/],
      [{ Targets: [{ Address: receiver.url }, { Address: receiver.url }] }, /is there twice/],
      ...['Host', 'content-length', 'X-Entrepot-Signature', 'a b', ''].map(
        (Key): [object, RegExp] => [
          { Targets: [{ Address: receiver.url, Headers: [{ Key, Values: ['a'] }] }] },
          /Header/,
        ],
      ),
      [
        { Targets: [{ Address: receiver.url, Headers: [{ Key: 'a', Values: ['a\r\nb: c'] }] }] },
        /ASCII/,
      ],
    ]
    for (const [more, message] of cases) {
      const made = await call('CreateWebhookTrigger', {
        Trigger: text('one', [receiver.url], more),
      })
      assert.match(made.Error?.Message ?? '', message, JSON.stringify(more))
    }
    const nowhere = triggersOf(app, 'nosuch')
    for (const action of ['DescribeWebhookTrigger', 'DescribeWebhookTriggerLog']) {
      assert.equal(
        (await nowhere.call(action, {})).Error?.Code,
        'ResourceNotFound.TcrResourceNotFound',
      )
    }
  })

  it('limit how many there are', async () => {
    const { make, call, text } = await space('many')
    for (let n = 0; n < maxTriggersPerNamespace; n += 1) await make(`t${n}`, [receiver.url])
    const more = await call('CreateWebhookTrigger', { Trigger: text('more', [receiver.url]) })
    assert.equal(more.Error?.Code, 'LimitExceeded')
    const { TotalCount, Triggers } = await call('DescribeWebhookTrigger', { Limit: 10, Offset: 45 })
    assert.deepEqual([TotalCount, Triggers.length], [50, 5])
  })

  it('show how triggers do, by pattern, and find them', async () => {
    const { make, own, detail } = await space('details')
    const Headers = [{ Key: 'X-Token', Values: ['a'] }]
    const { Id } = await make('shown-one', [{ Address: receiver.url, Headers }], {
      Condition: '^team(?:|/.*):v[^/]*$',
      EventTypes: ['pushImage', 'chartPush'],
    })
    await make('other', [receiver.url], { Condition: 'a+' })
    await owner.pushImage('details/team/a', 'v1', 'details')
    await settle(app)
    const shown = await detail(Id)
    assert.deepEqual([shown.RepositoryPattern, shown.TagPattern], ['team/**', 'v*'])
    assert.deepEqual(shown.Targets[0].Headers, [{ Key: 'X-Token', ValueCount: 1 }])
    assert.equal(shown.LastDelivery.State, 'finished')
    assert.equal(shown.LastDelivery.HttpStatus, 200)
    assert.deepEqual([shown.WaitingCount, shown.IsFailing, shown.BodyFormat], [0, false, 'tcr'])
    const find = async (filter: object) => {
      const { Triggers } = await own('DescribeWebhookTriggerDetails', filter)
      return Triggers.map(({ Name }: { Name: string }) => Name)
    }
    assert.deepEqual(await find({}), ['other', 'shown-one'])
    assert.deepEqual(await find({ Search: 'one' }), ['shown-one'])
    assert.deepEqual(await find({ EventType: 'chartPush' }), ['shown-one'])
    assert.deepEqual(await find({ OnlyFailing: true }), [])
    const [odd] = (await own('DescribeWebhookTriggerDetails', { Search: 'other' })).Triggers
    assert.deepEqual([odd.RepositoryPattern, odd.TagPattern], [null, null])
  })

  it('test a target before and after it is saved', async () => {
    const { make, own, log } = await space('tested')
    receiver.received.length = 0
    const Target = { Address: receiver.url, Headers: [{ Key: 'X-Token', Values: ['t0p'] }] }
    const unsaved = await own('TestWebhookTarget', { Target, EventType: 'chartPush' })
    assert.equal(unsaved.Succeeded, true)
    assert.equal(unsaved.Attempt.HttpStatus, 200)
    assert.equal(unsaved.Attempt.ResponseBody, 'ok')
    assert.ok(!unsaved.Attempt.RequestHeaders.includes('t0p'))
    assert.equal(receiver.received[0]?.body.type, 'chartPush')
    assert.equal(receiver.received[0]?.headers['x-entrepot-signature'], undefined)
    const { Id } = await make('saved', [Target])
    const Masked = { Address: receiver.url, Headers: [{ Key: 'X-Token', Values: ['******'] }] }
    const asked = { Id, Target: Masked, EventType: 'pushImage', BodyFormat: 'cloudevents' }
    assert.equal((await own('TestWebhookTarget', asked)).Succeeded, true)
    assert.equal(receiver.received[1]?.headers['x-token'], 't0p')
    assert.match(String(receiver.received[1]?.headers['x-entrepot-signature']), /^sha256=/)
    assert.equal(receiver.received[1]?.body.specversion, '1.0')
    const [logged] = await log(Id)
    assert.deepEqual([logged.IsTest, logged.Sequence, logged.State], [true, 0, 'finished'])
    receiver.answer = (res) => res.writeHead(401).end('who?')
    const failed = await own('TestWebhookTarget', { Id, Target: Masked, EventType: 'pushImage' })
    receiver.answer = (res) => res.end('ok')
    assert.deepEqual([failed.Succeeded, failed.Attempt.Problem], [false, 'answered 401'])
    assert.equal((await log(Id))[0].State, 'error')
  })

  it('stop what waits when a trigger is turned off or a target goes', async () => {
    const { make, call, text, log, detail } = await space('stopped')
    receiver.answer = (res) => res.writeHead(500).end()
    const targets = [`${receiver.url}/1`, `${receiver.url}/2`]
    const { Id } = await make('one', targets)
    await owner.pushImage('stopped/a', 'v1', 'stopped')
    await settle(app)
    assert.equal((await detail(Id)).WaitingCount, 2)
    const states = async () =>
      (await log(Id)).map((one: { Address: string; State: string }) => [
        new URL(one.Address).pathname,
        one.State,
      ])
    await call('ModifyWebhookTrigger', { Trigger: { ...text('one', [`${receiver.url}/2`]), Id } })
    assert.deepEqual(await states(), [
      ['/2', 'pending'],
      ['/1', 'stopped'],
    ])
    await call('ModifyWebhookTrigger', {
      Trigger: { ...text('one', [`${receiver.url}/2`]), Id, Enabled: false },
    })
    assert.deepEqual(await states(), [
      ['/2', 'stopped'],
      ['/1', 'stopped'],
    ])
    await owner.pushImage('stopped/a', 'v2', 'stopped 2')
    await settle(app)
    receiver.answer = (res) => res.end('ok')
    assert.equal((await log(Id)).length, 2)
    const { Logs } = await call('DescribeWebhookTriggerLog', { Id })
    const { Detail, CreationTime, UpdateTime, Id: _, ...rest } = Logs[0]
    assert.deepEqual(rest, {
      TriggerId: Id,
      EventType: 'pushImage',
      NotifyType: 'http',
      Status: 'stopped',
    })
    assert.equal(JSON.parse(Detail).event_data.repository.name, 'a')
    assert.match(CreationTime, /Z$/)
    assert.match(UpdateTime, /Z$/)
  })

  it('tell whether a condition matches', async () => {
    const asked = { RegistryId: app.instance.id }
    const ask = (Condition: string, Image: string) => {
      const input = { ...asked, Condition, Image }
      return app.api('DescribeWebhookConditionMatch', input, { product: 'entrepot' })
    }
    assert.equal((await ask('^team/.*:v1$', 'team/api:v1')).Matches, true)
    assert.equal((await ask('^team/.*:v1$', 'api:v1')).Matches, false)
    assert.equal((await ask('[', 'api:v1')).Error?.Code, 'InvalidParameterValue')
  })

  it('go with their namespace', async () => {
    const { make } = await space('gone')
    await make('one', [receiver.url], { EventTypes: ['deleteImage'] })
    const inGone = { RegistryId: app.instance.id, NamespaceName: 'gone' }
    await owner.pushImage('gone/a', 'v1', 'gone')
    receiver.received.length = 0
    await app.api('DeleteRepository', { ...inGone, RepositoryName: 'a', ForceDelete: true })
    await app.api('DeleteNamespace', inGone)
    await settle(app)
    // What happened before its end is told of.
    assert.deepEqual(
      receiver.received.map(({ body }) => [body.type, body.event_data.resources[0].tag]),
      [['deleteImage', 'v1']],
    )
    const { Triggers } = await app.api('DescribeWebhookTrigger', {
      RegistryId: app.instance.id,
      Limit: 200,
    })
    assert.ok(!Triggers.some((one: { NamespaceName: string }) => one.NamespaceName === 'gone'))
  })
})
