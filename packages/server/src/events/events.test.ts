import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemOrigin } from '../audit/origin.ts'
import { type FakeClock, fakeClock } from '../clock.ts'
import type { Database, Tx } from '../db/database.ts'
import { decidedBelow } from '../db/forms.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { defineJob, schedule } from '../jobs/jobs.ts'
import { Wake } from '../jobs/wake.ts'
import { JobWorker } from '../jobs/worker.ts'
import { silentLog } from '../log.ts'
import type { NewEvent, RecordedEvent } from './catalogue.ts'
import { EventDelivery, gatherMs } from './delivery.ts'
import { record } from './record.ts'
import { isEventOf, type Subscriber } from './subscriptions.ts'
import { eventsBehind, keepEventsMs, trimEvents } from './trim.ts'

const notPaused = { isPaused: async () => false }

function tagMoved(tag: string, at: number): NewEvent {
  return {
    at,
    type: 'tag.moved',
    instanceId: 'tcr-1',
    region: 'default',
    repository: { id: 'repository-1', path: 'demo/app' },
    origin: { ...systemOrigin('test'), credential: 'long-term:1', address: '192.0.2.1' },
    cause: 'user',
    payload: { tag, digest: 'sha256:00', previousDigest: null },
  }
}

/** Remembers what it was handed in transactions that committed. */
function remembering(name: string, types: Subscriber['types'] = ['tag.moved']) {
  const key = `seen by ${name}`
  const subscriber: Subscriber = {
    name,
    types,
    async onEvents(tx, events) {
      for (const event of events) await append(tx, key, labelOf(event))
    },
    async resync(tx) {
      await append(tx, key, 'resync')
    },
  }
  async function seen(db: Database): Promise<readonly string[]> {
    const row = await db.read
      .selectFrom('meta')
      .select('value')
      .where('key', '=', key)
      .executeTakeFirst()
    return row ? row.value.split(' ') : []
  }
  return { subscriber, seen }
}

function labelOf(event: RecordedEvent): string {
  return isEventOf(event, 'tag.moved', 'tag.deleted') ? event.payload.tag : event.type
}

async function append(tx: Tx, key: string, label: string): Promise<void> {
  await tx
    .insertInto('meta')
    .values({ key, value: label })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet((eb) => ({
        value: eb('meta.value', '||', ` ${label}`),
      })),
    )
    .execute()
}

/** Other tests on the same PostgreSQL have transactions open, below which nothing is read. */
async function decided(db: Database): Promise<void> {
  const isDecided = async () => {
    const below = await decidedBelow(db.read)
    const open = await db.read
      .selectFrom('events')
      .select('position')
      .where('transaction_id', '>=', below)
      .executeTakeFirst()
    return open === undefined
  }
  while (!(await isDecided())) await new Promise((resolve) => setImmediate(resolve))
}

function deliver(db: Database, clock: FakeClock, ...subscribers: readonly Subscriber[]) {
  return new EventDelivery({ db, clock, log: silentLog, subscribers }).idle()
}

onEachDatabase('events', (open, dialect) => {
  async function start() {
    const clock = fakeClock()
    const db = await open({ clock })
    const tell = async (tag: string) => {
      await db.write((tx) => record(tx, tagMoved(tag, clock.now())))
      await decided(db)
    }
    const trim = async () => {
      const jobs = [trimEvents({ clock, clockWatch: notPaused })]
      await new JobWorker({ db, clock, log: silentLog, jobs }).idle()
    }
    return { clock, db, tell, trim }
  }

  test('an event is there if and only if its change is', async () => {
    const { clock, db, tell } = await start()
    await tell('kept')
    const failing = db.write(async (tx) => {
      await record(tx, tagMoved('rolled-back', clock.now()))
      throw new Error('no')
    })
    await assert.rejects(failing)
    const rows = await db.read.selectFrom('events').selectAll().execute()
    assert.equal(rows.length, 1)
    assert.partialDeepStrictEqual(rows[0], {
      type: 'tag.moved',
      schema_version: 1,
      instance_id: 'tcr-1',
      region: 'default',
      repository_id: 'repository-1',
      repository_path: 'demo/app',
      actor: 'system:test',
      credential: 'long-term:1',
      address: '192.0.2.1',
      cause: 'user',
      payload: '{"tag":"kept","digest":"sha256:00","previousDigest":null}',
      at: clock.now(),
    })
  })

  test('a new subscriber resyncs, then sees its types, in order and once', async () => {
    const { clock, db, tell } = await start()
    const { subscriber, seen } = remembering('sync', ['tag.moved', 'repository.created'])
    await tell('before')
    await deliver(db, clock, subscriber)
    await tell('one')
    await db.write(async (tx) => {
      await record(tx, { ...tagMoved('', clock.now()), type: 'repository.created', payload: {} })
      await record(tx, {
        ...tagMoved('', clock.now()),
        type: 'manifest.deleted',
        payload: { digest: 'sha256:00' },
      })
    })
    await tell('two')
    assert.equal(await deliver(db, clock, subscriber), 4)
    assert.equal(await deliver(db, clock, subscriber), 0)
    assert.deepEqual(await seen(db), ['resync', 'one', 'repository.created', 'two'])
  })

  test('more events than a batch come whole and in order', async () => {
    const { clock, db } = await start()
    const { subscriber, seen } = remembering('sync')
    await deliver(db, clock, subscriber)
    const tags = Array.from({ length: 1100 }, (_, n) => `t${n}`)
    await db.write(async (tx) => {
      for (const tag of tags) await record(tx, tagMoved(tag, clock.now()))
    })
    assert.equal(await deliver(db, clock, subscriber), 1100)
    assert.deepEqual(await seen(db), ['resync', ...tags])
  })

  test('two processes that deliver at once hand over each event once', async () => {
    const { clock, db, tell } = await start()
    const { subscriber, seen } = remembering('sync')
    await Promise.all([deliver(db, clock, subscriber), deliver(db, clock, subscriber)])
    for (const tag of ['a', 'b', 'c']) await tell(tag)
    await Promise.all([deliver(db, clock, subscriber), deliver(db, clock, subscriber)])
    assert.deepEqual(await seen(db), ['resync', 'a', 'b', 'c'])
  })

  test('a batch that a subscriber fails on comes again, and holds up no other', async () => {
    const { clock, db, tell } = await start()
    const steady = remembering('steady')
    const shaky = remembering('shaky')
    let fails = false
    const failing: Subscriber = {
      ...shaky.subscriber,
      async onEvents(tx, events, at) {
        await shaky.subscriber.onEvents(tx, events, at)
        if (fails) throw new Error('bug')
      },
    }
    await deliver(db, clock, failing, steady.subscriber)
    await tell('a')
    fails = true
    await assert.rejects(deliver(db, clock, failing), /bug/)
    await deliver(db, clock, steady.subscriber)
    fails = false
    await deliver(db, clock, failing)
    assert.deepEqual(await steady.seen(db), ['resync', 'a'])
    assert.deepEqual(await shaky.seen(db), ['resync', 'a'])
  })

  test('a poison event holds up its lane only', async () => {
    const { clock, db, tell } = await start()
    const copied: string[] = []
    const copy = defineJob({
      kind: 'copy',
      parse: (payload) => String(payload),
      async run({ payload }) {
        if (payload === 'poison') throw new Error('it cannot be copied')
        copied.push(payload)
      },
    })
    const subscriber: Subscriber = {
      name: 'sync',
      types: ['tag.moved'],
      async onEvents(tx, events, at) {
        for (const event of events) {
          if (!isEventOf(event, 'tag.moved')) continue
          const { tag } = event.payload
          const lane = tag.startsWith('other') ? 'other' : 'lane'
          await schedule(tx, { kind: 'copy', key: tag, lane, payload: tag, at, maxAttempts: 2 })
        }
      },
      resync: async () => {},
    }
    await deliver(db, clock, subscriber)
    for (const tag of ['first', 'poison', 'other-1', 'second', 'other-2']) await tell(tag)
    await deliver(db, clock, subscriber)
    const worker = new JobWorker({ db, clock, log: silentLog, jobs: [copy], parallel: 1 })
    await worker.idle()
    assert.deepEqual(copied.toSorted(), ['first', 'other-1', 'other-2'])
    clock.advance(5000)
    await worker.idle()
    assert.deepEqual(copied.at(-1), 'second')
  })

  test('the log keeps what a cursor has not passed, and nothing else', async () => {
    const { clock, db, tell, trim } = await start()
    const slow = remembering('slow')
    const quick = remembering('quick')
    await deliver(db, clock, slow.subscriber, quick.subscriber)
    for (const tag of ['a', 'b']) await tell(tag)
    await deliver(db, clock, quick.subscriber)
    await trim()
    assert.deepEqual(await eventsBehind(db.heavy), [
      { subscriber: 'quick', events: 0, oldestAt: null },
      { subscriber: 'slow', events: 2, oldestAt: clock.now() },
    ])
    await deliver(db, clock, slow.subscriber)
    clock.advance(10 * 60_000)
    await trim()
    assert.deepEqual(await db.read.selectFrom('events').select('position').execute(), [])
    assert.deepEqual(await slow.seen(db), ['resync', 'a', 'b'])
  })

  test('without a subscriber nothing is kept', async () => {
    const { db, tell, trim } = await start()
    await tell('a')
    await trim()
    assert.deepEqual(await db.read.selectFrom('events').select('position').execute(), [])
  })

  test('a cursor older than the log: its subscriber resyncs whole', async () => {
    const { clock, db, tell, trim } = await start()
    const behind = remembering('behind')
    const other = remembering('other')
    await deliver(db, clock, behind.subscriber, other.subscriber)
    await tell('lost')
    await deliver(db, clock, other.subscriber)
    clock.advance(keepEventsMs + 1)
    await trim()
    await tell('new')
    await deliver(db, clock, behind.subscriber, other.subscriber)
    await tell('newer')
    await deliver(db, clock, behind.subscriber, other.subscriber)
    assert.deepEqual(await behind.seen(db), ['resync', 'resync', 'newer'])
    assert.deepEqual(await other.seen(db), ['resync', 'lost', 'new', 'newer'])
  })

  test('while the clock is not trusted no cursor is left behind', async () => {
    const { clock, db, tell } = await start()
    const { subscriber, seen } = remembering('sync')
    await deliver(db, clock, subscriber)
    await tell('a')
    clock.jump(keepEventsMs + 1)
    const jobs = [trimEvents({ clock, clockWatch: { isPaused: async () => true } })]
    await new JobWorker({ db, clock, log: silentLog, jobs }).idle()
    await deliver(db, clock, subscriber)
    assert.deepEqual(await seen(db), ['resync', 'a'])
  })

  test('a commit in this process is delivered without a poll', async () => {
    const clock = fakeClock()
    const wake = new Wake()
    const db = wake.watch(await open({ clock }))
    const seen = Promise.withResolvers<void>()
    const subscriber: Subscriber = {
      name: 'sync',
      types: ['tag.moved'],
      onEvents: async () => seen.resolve(),
      resync: async () => {},
    }
    const delivery = new EventDelivery({
      db,
      clock,
      log: silentLog,
      wake,
      subscribers: [subscriber],
    })
    await delivery.idle()
    delivery.start()
    await db.write((tx) => record(tx, tagMoved('a', clock.now())))
    // What comes within this time is handed over together.
    clock.advance(gatherMs)
    await seen.promise
    await delivery.stop()
  })

  if (dialect !== 'postgres') return

  test('an event waits for every earlier transaction to be decided, committed or not', async () => {
    const { clock, db } = await start()
    const { subscriber, seen } = remembering('sync')
    await deliver(db, clock, subscriber)
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
    const recorded = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
    const begin = (n: 0 | 1, tag: string) =>
      db.write(async (tx) => {
        await record(tx, tagMoved(tag, clock.now()))
        recorded[n].resolve()
        await gates[n].promise
        if (tag === 'rolled-back') throw new Error('rolled back')
      })
    // They begin in this order …
    const first = begin(0, 'first')
    await recorded[0].promise
    const second = begin(1, 'rolled-back')
    await recorded[1].promise
    await db.write((tx) => record(tx, tagMoved('third', clock.now())))
    // … and the last is the first to commit.
    const delivery = new EventDelivery({ db, clock, log: silentLog, subscribers: [subscriber] })
    assert.equal(await delivery.deliver(), 0)
    gates[0].resolve()
    await first
    let delivered = 0
    while (delivered === 0) delivered = await delivery.deliver()
    assert.equal(delivered, 1)
    assert.deepEqual(await seen(db), ['resync', 'first'])
    gates[1].resolve()
    await assert.rejects(second, /rolled back/)
    await deliver(db, clock, subscriber)
    assert.deepEqual(await seen(db), ['resync', 'first', 'third'])
  })

  test('a cursor from a server with larger transaction ids resyncs', async () => {
    const { clock, db, tell } = await start()
    const { subscriber, seen } = remembering('sync')
    await deliver(db, clock, subscriber)
    await db.write((tx) =>
      tx
        .updateTable('event_cursors')
        .set({ transaction_id: 2 ** 50, position: 9 })
        .execute(),
    )
    await tell('a')
    await deliver(db, clock, subscriber)
    await tell('b')
    await deliver(db, clock, subscriber)
    assert.deepEqual(await seen(db), ['resync', 'resync', 'b'])
  })
})
