import assert from 'node:assert/strict'
import { after, afterEach, before, it } from 'node:test'
import { onEachDatabase } from '../db/test-database.ts'
import { ownerOf, type TestClient } from '../registry/test-client.ts'
import type { TestApp } from '../test-app.ts'
import { type Receiver, settle, startReceiver, triggersOf, webhookApp } from './test-receiver.ts'
import { backOffMs, deadAfterMs } from './webhooks.ts'

onEachDatabase('webhooks that fail', (_open, dialect) => {
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
  afterEach(() => {
    receiver.received.length = 0
    receiver.answer = (res) => res.end('ok')
  })

  /** A namespace with one trigger, and a push that it tells of. */
  async function told(name: string, targets: readonly string[] = [receiver.url]) {
    await app.api('CreateNamespace', {
      RegistryId: app.instance.id,
      NamespaceName: name,
      IsPublic: false,
    })
    const triggers = triggersOf(app, name)
    const { Id } = await triggers.make('all', targets)
    await owner.pushImage(`${name}/a`, 'v1', name)
    await settle(app)
    const only = async () => {
      const [delivery] = await triggers.log(Id)
      return triggers.own('DescribeWebhookDelivery', { DeliveryId: delivery.Id })
    }
    return { ...triggers, Id, only }
  }

  it('are sent again, later and later for a day, then given up; the event id stays', async () => {
    receiver.answer = (res) => res.writeHead(500, { 'x-why': 'broken' }).end('no')
    const { Id, log, only, detail } = await told('backoff')
    const { Delivery, Attempts } = await only()
    assert.equal(Delivery.State, 'pending')
    assert.equal(Delivery.HttpStatus, 500)
    assert.equal(Attempts[0].ResponseBody, 'no')
    assert.match(Attempts[0].ResponseHeaders, /x-why: broken/)
    assert.match(Attempts[0].RequestHeaders, /X-Entrepot-Signature: \*{6}/)
    for (const [n, delay] of backOffMs.entries()) {
      assert.equal((await log(Id))[0].AttemptCount, n + 1)
      app.clock.advance(delay - 1000)
      await settle(app)
      assert.equal(receiver.received.length, n + 1, 'not before its time')
      app.clock.advance(2000)
      await settle(app)
      assert.equal(receiver.received.length, n + 2)
    }
    const [delivery] = await log(Id)
    assert.equal(delivery.State, 'error')
    assert.equal(delivery.Problem, 'answered 500')
    const ids = new Set(receiver.received.map(({ headers }) => headers['x-entrepot-event-id']))
    assert.equal(ids.size, 1)
    const attempts = receiver.received.map(({ headers }) => Number(headers['x-entrepot-attempt']))
    assert.deepEqual(
      attempts,
      Array.from({ length: backOffMs.length + 1 }, (_, n) => n + 1),
    )
    // Nothing succeeded for over a day.
    const [target] = (await detail(Id)).Targets
    assert.equal(target.IsOn, false)
    assert.equal(target.Problem, 'answered 500')
  })

  it('hold nobody up who comes after them', async () => {
    receiver.answer = (res, { body }) =>
      res.writeHead(body.event_data.resources[0].tag === 'v1' ? 503 : 200).end()
    const { Id, log } = await told('behind')
    for (const tag of ['v2', 'v3']) await owner.pushImage('behind/a', tag, tag)
    await settle(app)
    const states = (await log(Id)).map((one: { Tag: string; State: string }) => [
      one.Tag,
      one.State,
    ])
    assert.deepEqual(states, [
      ['v3', 'finished'],
      ['v2', 'finished'],
      ['v1', 'pending'],
    ])
    receiver.answer = (res) => res.end()
    app.clock.advance(backOffMs[0] ?? 0)
    await settle(app)
    assert.equal((await log(Id))[2].State, 'finished')
  })

  it('switch a dead target off with a notice, and only that one; on again, by hand too', async () => {
    receiver.answer = (res, { path }) => res.writeHead(path === '/dead' ? 500 : 200).end()
    const targets = [`${receiver.url}/dead`, `${receiver.url}/good`]
    const { Id, own, detail, log, call } = await told('dead', targets)
    app.clock.advance(deadAfterMs)
    await settle(app)
    const { Targets, IsFailing } = await detail(Id)
    assert.equal(IsFailing, true)
    assert.deepEqual(
      Targets.map((target: { IsOn: boolean }) => target.IsOn),
      [false, true],
    )
    const dead = (await log(Id)).find((one: { Address: string }) => one.Address === targets[0])
    assert.equal(dead.State, 'stopped')
    assert.match(dead.Problem, /switched off/)
    const rows = await app.app.db.read
      .selectFrom('audit')
      .select(['actor', 'resource', 'reason'])
      .where('actor', '=', 'system:webhooks')
      .where('resource', '=', 'dead/all')
      .execute()
    assert.equal(rows.length, 1)
    assert.match(rows[0]?.reason ?? '', /after a day of failures: answered 500; 1 waiting/)
    receiver.received.length = 0
    await owner.pushImage('dead/a', 'v2', 'dead 2')
    await settle(app)
    assert.deepEqual(
      receiver.received.map(({ path }) => path),
      ['/good'],
    )
    const refused = await own('RedeliverWebhook', { DeliveryId: dead.Id })
    assert.equal(refused.Error?.Code, 'OperationDenied')
    receiver.answer = (res) => res.end()
    assert.equal((await own('SwitchOnWebhookTarget', { Id, Address: targets[0] })).Error, undefined)
    await own('RedeliverWebhook', { DeliveryId: dead.Id })
    await settle(app)
    assert.equal(
      (await own('DescribeWebhookDelivery', { DeliveryId: dead.Id })).Delivery.State,
      'finished',
    )
    const [first] = (await detail(Id)).Targets
    assert.deepEqual([first.IsOn, first.FailingSince, first.Problem], [true, null, null])
    const missing = await own('SwitchOnWebhookTarget', { Id, Address: 'http://a.example' })
    assert.match(String(missing.Error?.Code), /^ResourceNotFound/)
    assert.equal((await call('DescribeWebhookTriggerLog', { Id })).TotalCount, 3)
  })

  it('are sent again by hand under the same event id, once', async () => {
    const { own, only } = await told('again')
    const [first] = receiver.received
    receiver.answer = (res) => res.writeHead(404).end()
    const { Delivery } = await only()
    assert.equal(Delivery.State, 'finished')
    await own('RedeliverWebhook', { DeliveryId: Delivery.Id })
    await settle(app)
    assert.equal(receiver.received.length, 2)
    const [, second] = receiver.received
    assert.equal(second?.headers['x-entrepot-event-id'], first?.headers['x-entrepot-event-id'])
    assert.equal(second?.headers['x-entrepot-attempt'], '2')
    assert.equal(second?.text, first?.text)
    const after = await only()
    assert.equal(after.Delivery.State, 'error')
    assert.deepEqual(
      after.Attempts.map((attempt: { IsByHand: boolean }) => attempt.IsByHand),
      [true, false],
    )
  })

  it('end after their time where the receiver is slow', async () => {
    receiver.answer = (res) => {
      res.write('begun')
      app.clock.advance(10_000)
    }
    const { only } = await told('slow')
    const { Delivery, Attempts } = await only()
    assert.equal(Delivery.State, 'pending')
    assert.match(Attempts[0].Problem, /no whole answer within 10000 ms/)
    assert.equal(Attempts[0].HttpStatus, null)
  })

  it('are failures where the receiver closes in the middle', async () => {
    receiver.answer = (res) => {
      res.writeHead(200, { 'Content-Length': '100' })
      res.write('half', () => res.destroy())
    }
    const { only } = await told('closing')
    const { Delivery, Attempts } = await only()
    assert.equal(Delivery.State, 'pending')
    assert.match(Attempts[0].Problem, /could not be reached \(ECONNRESET\)/)
  })

  it('keep the beginning of a huge answer, whose status decides', async () => {
    receiver.answer = (res) => {
      res.writeHead(200)
      const more = () => {
        while (!res.destroyed && res.write('x'.repeat(64 * 1024)));
      }
      res.on('drain', more)
      more()
    }
    const { only } = await told('huge')
    const { Delivery, Attempts } = await only()
    assert.equal(Delivery.State, 'finished')
    assert.equal(Attempts[0].ResponseBody, 'x'.repeat(4096))
    assert.equal(Attempts[0].IsResponseCut, true)
  })

  it('follow no redirect: not to metadata, not to mapped addresses, not at all', async () => {
    const places = ['http://169.254.169.254/latest/', 'http://[::ffff:127.0.0.1]/', '/elsewhere']
    receiver.answer = (res, { headers, body }) => {
      // What failed in other tests comes again here, too.
      if (body.event_data.repository.namespace !== 'redirect') return res.end()
      const attempt = Number(headers['x-entrepot-attempt'])
      const Location = places[attempt - 1] ?? ''
      return res.writeHead(attempt === 3 ? 307 : 302, { Location }).end()
    }
    const { only } = await told('redirect')
    for (const [n, place] of places.entries()) {
      const { Attempts } = await only()
      assert.match(Attempts[0].Problem, /redirects are not followed/)
      assert.match(
        Attempts[0].ResponseHeaders,
        new RegExp(`location: ${RegExp.escape(place)}`, 'i'),
      )
      app.clock.advance(backOffMs[n] ?? 0)
      await settle(app)
    }
    assert.ok(receiver.received.every(({ path }) => path === '/'))
  })

  it('keep NUL and other bytes from the database', async () => {
    receiver.answer = (res) => res.end(Buffer.of(0, 0xff, 0x41))
    const { only } = await told('bytes')
    const { Attempts } = await only()
    assert.equal(Attempts[0].ResponseBody, '\u{fffd}\u{fffd}A')
  })
})
