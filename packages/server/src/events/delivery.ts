// Moves subscribers' cursors along the log, in any process: whoever holds the lock on a cursor moves it.

import { setTimeout as delay } from 'node:timers/promises'
import type { Clock, Timer } from '../clock.ts'
import type { Database, Tx } from '../db/database.ts'
import { decidedBelow } from '../db/forms.ts'
import { Poller } from '../jobs/poller.ts'
import type { Wake } from '../jobs/wake.ts'
import type { Log } from '../log.ts'
import {
  findCursor,
  findLastPlace,
  hasEvents,
  insertCursor,
  listEvents,
  lockCursor,
  moveCursor,
  type Place,
} from './queries.ts'
import type { Subscriber } from './subscriptions.ts'

export const maxBatchEvents = 500
/** How long an event waits that another process recorded. */
const defaultPollMs = 1000
const undecidedRetryMs = 5
/** Pushes come by the hundred: one look, and one transaction, takes all of so long. */
export const gatherMs = 100

export interface DeliveryOptions {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
  readonly subscribers: readonly Subscriber[]
  readonly wake?: Wake
  readonly pollMs?: number
}

export class EventDelivery {
  readonly #options: DeliveryOptions
  readonly #poller: Poller
  #unlisten: () => void = () => {}
  #gathering: Timer | undefined

  constructor(options: DeliveryOptions) {
    const names = new Set(options.subscribers.map(({ name }) => name))
    if (names.size !== options.subscribers.length) throw new Error('two subscribers have one name')
    this.#options = options
    this.#poller = new Poller({
      clock: options.clock,
      everyMs: options.pollMs ?? defaultPollMs,
      poll: async () => {
        await this.#deliverAll((subscriber, error) =>
          options.log.error('events could not be handed over', { subscriber, error }),
        )
      },
      onError: (error) => options.log.warn('events could not be looked for', { error }),
    })
  }

  start(): void {
    if (this.#options.subscribers.length === 0) return
    this.#unlisten = this.#options.wake?.listen(() => this.#gather()) ?? this.#unlisten
    this.#poller.start()
  }

  #gather(): void {
    this.#gathering ??= this.#options.clock.setTimer(gatherMs, () => {
      this.#gathering = undefined
      this.#poller.wake()
    })
  }

  async stop(): Promise<void> {
    this.#unlisten()
    this.#gathering?.cancel()
    await this.#poller.stop()
  }

  /** Hands over what is decided; returns how many events that were. */
  deliver(): Promise<number> {
    return this.#deliverAll((_, error) => {
      throw error
    })
  }

  /**
   * For tests: until every committed event is handed over. What is not decided yet may wait for a
   * transaction of another database of the same PostgreSQL, which nothing here is told of.
   */
  async idle(): Promise<number> {
    let delivered = await this.deliver()
    while (await this.#hasUndecided()) {
      await delay(undecidedRetryMs)
      delivered += await this.deliver()
    }
    return delivered
  }

  async #hasUndecided(): Promise<boolean> {
    const { db, subscribers } = this.#options
    for (const { name } of subscribers) {
      const cursor = await findCursor(db.read, name)
      if (!cursor || (await hasEvents(db.read, cursor, Number.MAX_SAFE_INTEGER))) return true
    }
    return false
  }

  /** A subscriber that fails holds up itself only. */
  async #deliverAll(onError: (subscriber: string, error: unknown) => void): Promise<number> {
    let delivered = 0
    for (const subscriber of this.#options.subscribers) {
      try {
        delivered += await this.#deliver(subscriber)
      } catch (error) {
        onError(subscriber.name, error)
      }
    }
    return delivered
  }

  async #deliver(subscriber: Subscriber): Promise<number> {
    const { db, clock } = this.#options
    let delivered = 0
    while (await this.#isBehind(subscriber)) {
      const at = await clock.deployment(db.read)
      const count = await db.write((tx) => deliverBatch(tx, subscriber, at))
      delivered += count
      if (count < maxBatchEvents) break
    }
    return delivered
  }

  /** Asked first, for it costs no write transaction. */
  async #isBehind({ name }: Subscriber): Promise<boolean> {
    const { read } = this.#options.db
    const decided = await decidedBelow(read)
    const cursor = await findCursor(read, name)
    return !cursor || isForeign(cursor, decided) || hasEvents(read, cursor, decided)
  }
}

async function deliverBatch(tx: Tx, subscriber: Subscriber, at: number): Promise<number> {
  const { name, types } = subscriber
  const cursor = await lockCursor(tx, name, at)
  const decided = await decidedBelow(tx)
  if (!cursor || isForeign(cursor, decided)) {
    await beginAnew(tx, subscriber, { cursor, decided, at })
    return 0
  }
  const placed = await listEvents(tx, cursor, decided, maxBatchEvents)
  const last = placed.at(-1)
  if (!last) return 0
  const wanted = placed.map(({ event }) => event).filter(({ type }) => types.includes(type))
  if (wanted.length > 0) await subscriber.onEvents(tx, wanted, at)
  await moveCursor(tx, name, last.place)
  return placed.length
}

/**
 * PostgreSQL was restored from a dump into a server whose transaction ids are smaller: new events would be
 * sorted before the cursor and never be seen.
 */
function isForeign(cursor: Place, decided: number): boolean {
  return cursor.transactionId >= decided
}

/** What is decided by now the resync will find; what isn't comes after the new cursor. */
async function beginAnew(
  tx: Tx,
  subscriber: Subscriber,
  now: { readonly cursor: Place | undefined; readonly decided: number; readonly at: number },
): Promise<void> {
  const place = await findLastPlace(tx, now.decided)
  if (now.cursor) await moveCursor(tx, subscriber.name, place)
  else if (!(await insertCursor(tx, subscriber.name, place, now.at))) return
  await subscriber.resync(tx, now.at)
}
