import assert from 'node:assert/strict'
import { after, afterEach, before, it } from 'node:test'
import type { Tx } from '../db/database.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { ownerOf, type TestClient } from '../registry/test-client.ts'
import type { TestApp } from '../test-app.ts'
import { sendForgotten, trimLogs } from './sweep.ts'
import { type Receiver, settle, startReceiver, triggersOf, webhookApp } from './test-receiver.ts'
import { keepLogMs, maxLogRows, maxWaitingPerTarget } from './webhooks.ts'

onEachDatabase('the sweep of webhooks', (_open, dialect) => {
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
  })

  async function sweep(isPaused = false): Promise<void> {
    const { db, clock } = app.app
    const ground = { clock, isPaused: async () => isPaused }
    const context = {
      db,
      job: { id: 'job', key: 'job', attempt: 1 },
      payload: undefined,
      signal: new AbortController().signal,
      write: <T>(work: (tx: Tx) => Promise<T>) => db.write(work),
      progress: async () => {},
      log: () => {},
    }
    await sendForgotten(ground, context)
    await trimLogs(ground, context)
  }

  const countRows = async (table: 'webhook_deliveries' | 'webhook_attempts') => {
    const { count } = await app.app.db.read
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    return Number(count)
  }

  it('sends what no job is about', async () => {
    const { make, log } = triggersOf(app, 'demo')
    const { Id } = await make('lost', [receiver.url])
    await owner.pushImage('demo/lost', 'v1', 'lost')
    await app.app.events.idle()
    await app.app.db.write((tx) =>
      tx.deleteFrom('jobs').where('kind', '=', 'webhooks.send').execute(),
    )
    await app.app.jobs.idle()
    assert.equal(receiver.received.length, 0)
    await sweep()
    await settle(app)
    assert.equal(receiver.received.length, 1)
    assert.equal((await log(Id))[0].State, 'finished')
    await sweep()
    assert.equal(await app.app.jobs.idle(), 0)
  })

  it('keeps the newest of a log, and what waits', async () => {
    const { make, log, own } = triggersOf(app, 'demo')
    const { Id } = await make('long', [receiver.url], { Condition: '^long:' })
    await owner.pushImage('demo/long', 'v1', 'long')
    await settle(app)
    const { db } = app.app
    const [{ Id: first }] = await log(Id)
    const row = await db.read
      .selectFrom('webhook_deliveries')
      .selectAll()
      .where('id', '=', first)
      .executeTakeFirstOrThrow()
    const { id: _, ...copy } = row
    await db.write(async (tx) => {
      for (let n = 0; n < maxLogRows / 100 + 1; n += 1) {
        const rows = Array.from({ length: 100 }, () => copy)
        await tx.insertInto('webhook_deliveries').values(rows).execute()
      }
      await tx
        .updateTable('webhook_deliveries')
        .set({ state: 'pending', target_id: 'gone' })
        .where('id', '=', first)
        .execute()
    })
    await sweep()
    const { TotalCount } = await own('DescribeWebhookDeliveries', { Id })
    assert.equal(TotalCount, maxLogRows + 1)
    assert.equal((await own('DescribeWebhookDelivery', { DeliveryId: first })).Error, undefined)
  })

  it('leaves unsent what comes while too much waits, and says so', async () => {
    const { make, log, own } = triggersOf(app, 'demo')
    const { Id } = await make('full', [`${receiver.url}/full`], { Condition: '^full:' })
    await owner.pushImage('demo/full', 'v1', 'full')
    await settle(app)
    const [{ Id: first }] = await log(Id)
    const { db } = app.app
    const row = await db.read
      .selectFrom('webhook_deliveries')
      .selectAll()
      .where('id', '=', first)
      .executeTakeFirstOrThrow()
    const { id: _, ...copy } = row
    const waiting = {
      ...copy,
      state: 'pending' as const,
      next_attempt_at: app.clock.now() + 86_400_000,
    }
    await db.write(async (tx) => {
      for (let n = 0; n < maxWaitingPerTarget / 500; n += 1) {
        const rows = Array.from({ length: 500 }, () => waiting)
        await tx.insertInto('webhook_deliveries').values(rows).execute()
      }
    })
    receiver.received.length = 0
    const received = () => receiver.received.filter(({ path }) => path === '/full')
    await owner.pushImage('demo/full', 'v2', 'full 2')
    await settle(app)
    assert.equal(received().length, 0)
    const [last] = await log(Id)
    assert.deepEqual([last.Tag, last.State], ['v2', 'stopped'])
    assert.match(last.Problem, /more than 10000 requests wait/)
    await db.write((tx) =>
      tx
        .deleteFrom('webhook_deliveries')
        .where('state', '=', 'pending')
        .where('target_id', '=', row.target_id)
        .execute(),
    )
    await own('RedeliverWebhook', { DeliveryId: last.Id })
    await settle(app)
    assert.equal(received().length, 1)
  })

  it('forgets what is old, unless the clock was set', async () => {
    app.clock.advance(keepLogMs + 1)
    const before = await countRows('webhook_deliveries')
    assert.ok(before > 0)
    await sweep(true)
    assert.equal(await countRows('webhook_deliveries'), before)
    await sweep()
    assert.equal(await countRows('webhook_deliveries'), 1)
    assert.ok((await countRows('webhook_attempts')) <= 1)
  })
})
