// That nothing goes where the guard of outgoing requests lets nothing go, at creation and at each sending.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fakeClock } from '../clock.ts'
import { addressSet } from '../http/addresses.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { send } from './sending.ts'
import { type Receiver, startReceiver, triggersOf } from './test-receiver.ts'

const sent = {
  deliveryId: 1,
  eventId: 'event',
  sequence: 1,
  eventType: 'pushImage',
  contentType: 'application/json',
  body: '{}',
  attempt: 1,
  atMs: 0,
}

describe('the guard of webhooks', () => {
  let receiver: Receiver
  let app: TestApp
  before(async () => {
    receiver = await startReceiver()
    app = await testApp()
  })
  after(async () => {
    await receiver.close()
    await app.close()
  })

  const addresses = ['http://127.0.0.1:9/', 'http://2130706433/', 'http://[::ffff:7f00:1]/']
  for (const Address of [...addresses, 'http://169.254.169.254/latest', 'http://10.0.0.1/']) {
    it(`refuses a target at ${Address}`, async () => {
      const { call, text } = triggersOf(app, app.namespace)
      const made = await call('CreateWebhookTrigger', { Trigger: text('inner', [Address]) })
      assert.equal(made.Error?.Code, 'InvalidParameterValue')
      assert.match(made.Error?.Message ?? '', /no public address.*ENTREPOT_OUTBOUND_ALLOW/)
    })
  }

  for (const Address of ['ftp://a.example', 'a', 'http://u:p@a.example/']) {
    it(`refuses ${Address}`, async () => {
      const { call, text } = triggersOf(app, app.namespace)
      const made = await call('CreateWebhookTrigger', { Trigger: text('odd', [Address]) })
      assert.equal(made.Error?.Code, 'InvalidParameterValue')
    })
  }

  it('looks at what a name leads to each time that something is sent', async () => {
    const answers = [['127.0.0.1'], ['10.0.0.1', '::ffff:127.0.0.1'], ['169.254.169.254']]
    const port = new URL(receiver.url).port
    let asked = 0
    const guard = {
      clock: fakeClock(),
      allowed: addressSet([{ address: '127.0.0.1', prefix: 32, family: 'ipv4' }]),
      // A name server that answers otherwise the second time.
      resolve: async () => answers[asked++] ?? [],
    }
    const destination = { address: `http://hooks.example:${port}/`, headers: [], secret: 'secret' }
    const ground = { clock: fakeClock(), guard: { ...guard, allowed: guard.allowed } }
    const first = await send(ground, destination, sent)
    assert.equal(first.problem, undefined)
    assert.equal(receiver.received[0]?.headers.host, `hooks.example:${port}`)
    const nothing = { ...ground, guard: { ...guard, allowed: addressSet([]) } }
    for (const _ of [1, 2]) {
      const next = await send(nothing, destination, sent)
      assert.match(next.problem ?? '', /hooks.example is not at a public address/)
      assert.equal(next.status, null)
    }
    assert.equal(asked, 3)
    assert.equal(receiver.received.length, 1)
  })
})
