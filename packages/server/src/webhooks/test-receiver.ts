// For tests: a real receiver on this machine, and a program that may reach it.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ApiOptions, type TestApp, type TestAppOptions, testApp } from '../test-app.ts'

export interface Received {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects.
  readonly body: any
}

export interface Receiver {
  readonly url: string
  readonly received: Received[]
  /** What is answered from now on; a plain 200 until then. */
  answer: (res: ServerResponse, received: Received) => unknown
  close(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = []
  const server = createServer(async (req, res) => {
    const text = Buffer.concat(await req.toArray()).toString()
    const one = {
      path: req.url ?? '',
      headers: req.headers,
      text,
      body: JSON.parse(text || 'null'),
    }
    received.push(one)
    receiver.answer(res, one)
  })
  const receiver: Receiver = {
    url: '',
    received,
    answer: (res) => res.end('ok'),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  })
}

export const reachesLoopback = { ENTREPOT_OUTBOUND_ALLOW: '127.0.0.1/32' }

export function webhookApp(options: TestAppOptions = {}): Promise<TestApp> {
  return testApp({ ...options, env: { ...reachesLoopback, ...options.env } })
}

/** Until everything that is due was told, and nothing more is due. */
export async function settle({ app }: TestApp): Promise<void> {
  await app.registry.audit.flush()
  await app.events.idle()
  await app.jobs.idle()
}

export interface MadeTrigger {
  readonly Id: number
  readonly Name: string
}

/** Everything about triggers of one namespace. */
export function triggersOf(app: TestApp, Namespace: string) {
  const RegistryId = app.instance.id
  const call = (action: string, input: object, options?: ApiOptions) =>
    app.api(action, { RegistryId, Namespace, ...input }, options)
  const own = (action: string, input: object) => call(action, input, { product: 'entrepot' })
  const text = (Name: string, targets: readonly (string | object)[], more: object = {}) => ({
    Name,
    Targets: targets.map((target) => (typeof target === 'string' ? { Address: target } : target)),
    EventTypes: ['pushImage'],
    Condition: '.*',
    Enabled: true,
    ...more,
  })
  return {
    call,
    own,
    text,
    async make(
      name: string,
      targets: readonly (string | object)[],
      more: object = {},
    ): Promise<MadeTrigger> {
      const made = await call('CreateWebhookTrigger', { Trigger: text(name, targets, more) })
      assert.equal(made.Error, undefined)
      return made.Trigger
    },
    async log(Id: number) {
      const listed = await own('DescribeWebhookDeliveries', { Id, Limit: 100 })
      assert.equal(listed.Error, undefined)
      return listed.Deliveries
    },
    async detail(Id: number) {
      const { Triggers } = await own('DescribeWebhookTriggerDetails', { Id })
      return Triggers[0]
    },
  }
}
