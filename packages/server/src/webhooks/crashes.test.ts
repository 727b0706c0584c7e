// From the event to its receiver, with each call to the database failing in its turn: between the cursor and the job,
// between a request and its result. Afterwards the receiver has every event, under one id and one number.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Tx } from '../db/database.ts'
import { decidedBelow } from '../db/forms.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { EventDelivery } from '../events/delivery.ts'
import { type CrashTable, crashTable } from '../faults/crash-table.ts'
import { type Faults, faultyDatabase } from '../faults/faults.ts'
import { addressSet } from '../http/addresses.ts'
import { silentLog } from '../log.ts'
import { ownerOf } from '../registry/test-client.ts'
import { webhookJobs } from './jobs.ts'
import { sendKind } from './sending.ts'
import { webhookSubscriber } from './subscriber.ts'
import { settle, startReceiver, triggersOf, webhookApp } from './test-receiver.ts'

interface World {
  readonly faults: Faults
  readonly name: string
}

onEachDatabase('webhooks whose calls fail', (_open, dialect) => {
  it('arrive all the same', async () => {
    const app = await webhookApp({ dialect })
    const receiver = await startReceiver()
    const { db, clock, vault } = app.app
    const owner = ownerOf(app)
    const { make, log } = triggersOf(app, 'demo')
    await settle(app)
    const { Id } = await make('all', [`${receiver.url}/1`, `${receiver.url}/2`])
    let round = 0

    /** As a process would, without its own recovery. */
    async function attempt(faults: Faults): Promise<void> {
      const faulty = faultyDatabase(db, faults)
      const subscribers = [webhookSubscriber({ baseDomain: undefined })]
      const delivery = new EventDelivery({ db: faulty, clock, log: silentLog, subscribers })
      await delivery.deliver()
      const allowed = addressSet([{ address: '127.0.0.1', prefix: 32, family: 'ipv4' }])
      const [job] = webhookJobs({
        clock,
        vault,
        guard: { clock, allowed },
        isPaused: async () => false,
        baseDomain: undefined,
      })
      const waiting = await db.read
        .selectFrom('jobs')
        .select(['id', 'key', 'payload'])
        .where('kind', '=', sendKind)
        .where('state', '=', 'waiting')
        .execute()
      for (const { id, key, payload } of waiting) {
        await job?.run({
          db: faulty,
          job: { id, key, attempt: 1 },
          payload: JSON.parse(payload),
          signal: new AbortController().signal,
          write: <T>(work: (tx: Tx) => Promise<T>) => faulty.write(work),
          progress: async () => {},
          log: () => {},
        })
      }
    }

    async function decided(): Promise<void> {
      const { last } = await db.read
        .selectFrom('events')
        .select((eb) => eb.fn.max('transaction_id').as('last'))
        .executeTakeFirstOrThrow()
      while ((await decidedBelow(db.read)) <= Number(last)) {
        await new Promise((resolve) => setImmediate(resolve))
      }
    }

    const table: CrashTable<World> = {
      async open(faults) {
        round += 1
        const name = `r${round}`
        await owner.pushImage(`demo/${name}`, 'v1', name)
        receiver.received.length = 0
        await decided()
        return { faults, name }
      },
      run: ({ faults }) => attempt(faults),
      recover: () => settle(app),
      async check({ name }, { answered }) {
        const got = receiver.received.filter(({ body }) => body.event_data.repository.name === name)
        assert.deepEqual([...new Set(got.map(({ path }) => path))].sort(), ['/1', '/2'])
        if (answered) assert.equal(got.length, 2)
        for (const header of ['x-entrepot-event-id', 'x-entrepot-sequence']) {
          assert.equal(new Set(got.map(({ headers }) => headers[header])).size, 1, header)
        }
        const [first, second, before] = await log(Id)
        assert.deepEqual([first.State, second.State], ['finished', 'finished'])
        assert.deepEqual([first.Sequence, second.Sequence], [round, round])
        if (before) assert.equal(before.Sequence, round - 1)
      },
    }
    try {
      // To die after one call is to die before the next.
      const failed = await crashTable(table, [{ when: 'after', how: 'dies' }])
      assert.ok(failed.includes('commit'), failed.join(', '))
      assert.ok(failed.length > 12, failed.join(', '))
    } finally {
      await receiver.close()
      await app.close()
    }
  })
})
