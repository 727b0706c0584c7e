// Two changes at once, in every order that the database allows: one of them is held just before one of its
// transactions (what it read is old by then), or, on PostgreSQL, with that transaction done but not committed,
// while the other runs to its end or to the lock that it waits for. Nothing here depends on time.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import { systemClock } from '../clock.ts'
import type { Database, Dialect } from '../db/database.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { ownerOf, type TestClient } from '../registry/test-client.ts'
import type { Driver } from '../storage/driver.ts'
import { type TestApp, testApp } from '../test-app.ts'
import {
  assertClean,
  assertInvariants,
  cleanerOf,
  cleanForDays,
  type Ground,
} from './invariants.ts'
import { openStore } from './stores.ts'

type Hold = 'before its transaction' | 'before its commit'

interface Held {
  readonly hold: Hold
  /** Transactions to let through first. */
  skip: number
  readonly reached: PromiseWithResolvers<void>
  readonly release: PromiseWithResolvers<void>
}

/** A process of its own over the same database and store. */
export interface Side {
  readonly app: TestApp
  readonly client: TestClient
  readonly db: Database
  readonly cleaner: ReturnType<typeof cleanerOf>
}

interface HoldableSide extends Side {
  /** The n-th transaction from now on stops until it is released. */
  holdNth(nth: number, hold: Hold): Held
  /** What the clock set off (numbers of use, rows of the audit) is written: no such transaction is held. */
  settle(): Promise<void>
}

export interface Racer {
  readonly name: string
  /** Returns what it was answered. */
  run(side: Side): Promise<string>
  /** Which of its transactions is the one that races; by default the first. */
  readonly nth?: number
}

export interface RaceWorld extends Ground {
  readonly app: TestApp
  readonly client: TestClient
  /** Different for each run of a race. */
  readonly round: number
}

export interface Race {
  readonly racers: (world: RaceWorld) => Promise<readonly [Racer, Racer]>
  /** What both were answered, in the order of the racers. */
  check(world: RaceWorld, answers: readonly [string, string]): Promise<void>
}

interface RaceHost {
  readonly sides: readonly [HoldableSide, HoldableSide]
  next(): RaceWorld
  close(): Promise<void>
}

async function openHost(dialect: Dialect): Promise<RaceHost> {
  const clock: { now: () => number } = { now: () => systemClock().now() }
  const { driver } = await openStore('memory', { now: () => clock.now() })
  const leaves = { uploads: true, errors: true }
  const first = holdable()
  const second = holdable()
  const app = await testApp({ dialect, store: driver, wrap: first.wrap, leaves })
  app.clock.jump(systemClock().now() - app.clock.now())
  clock.now = () => app.clock.now()
  const beside = await app.beside({ wrap: second.wrap, leaves })
  const client = ownerOf(app)
  const ground: Ground = { db: first.plain(), store: driver, clock: app.clock }
  let round = 0
  return {
    sides: [sideOf(app, driver, first), sideOf(beside, driver, second)],
    next() {
      round += 1
      return { ...ground, app, client, round }
    },
    async close() {
      await beside.close()
      await app.close()
    },
  }
}

function sideOf(app: TestApp, store: Driver, held: ReturnType<typeof holdable>): HoldableSide {
  const { db } = app.app
  const cleaner = cleanerOf({ db, store, clock: app.clock })
  return { app, client: ownerOf(app), db, cleaner, holdNth: held.hold, settle: held.settle }
}

function holdable() {
  let plain: Database | undefined
  let held: Held | undefined
  const running = new Set<Promise<unknown>>()
  const pass = async (): Promise<void> => {
    held?.reached.resolve()
    await held?.release.promise
    held = undefined
  }
  const isNext = (hold: Hold): boolean => {
    if (held?.hold !== hold) return false
    held.skip -= 1
    return held.skip < 0
  }
  return {
    wrap(db: Database): Database {
      plain = db
      return {
        ...db,
        async write(work, options) {
          if (isNext('before its transaction')) await pass()
          const isHeld = isNext('before its commit')
          const written = db.write(async (tx) => {
            const value = await work(tx)
            // A repetition after a deadlock is not held again.
            if (isHeld && held) await pass()
            return value
          }, options)
          running.add(written)
          return written.finally(() => running.delete(written))
        },
      }
    },
    async settle(): Promise<void> {
      // A timer's write begins before the event loop turns.
      do {
        await new Promise(setImmediate)
        await Promise.allSettled(running)
      } while (running.size > 0)
    },
    plain(): Database {
      assert(plain)
      return plain
    },
    hold(nth: number, hold: Hold): Held {
      const reached = Promise.withResolvers<void>()
      const release = Promise.withResolvers<void>()
      held = { hold, skip: nth - 1, reached, release }
      return held
    },
  }
}

/** Runs the race in each order, and asks the invariants at once and after the cleaning of some days. */
export function onEachRace(name: string, races: Readonly<Record<string, Race>>): void {
  onEachDatabase(name, (_open, dialect) => {
    let host: Promise<RaceHost> | undefined
    after(async () => (await host)?.close())
    const holds: readonly Hold[] =
      dialect === 'postgres'
        ? ['before its transaction', 'before its commit']
        : ['before its transaction']
    for (const [title, race] of Object.entries(races)) {
      for (const hold of holds) {
        for (const late of [0, 1] as const) {
          test(`${title}: the ${late === 0 ? 'first' : 'second'} waits ${hold}`, async () => {
            host ??= openHost(dialect)
            await runRace(await host, race, { hold, late })
          })
        }
      }
    }
  })
}

async function runRace(
  host: RaceHost,
  race: Race,
  { hold, late }: { readonly hold: Hold; readonly late: 0 | 1 },
): Promise<void> {
  const world = host.next()
  const racers = await race.racers(world)
  const early = late === 0 ? 1 : 0
  const side = host.sides[late]
  for (const one of host.sides) await one.settle()
  const held = side.holdNth(racers[late].nth ?? 1, hold)
  const waiting = racers[late].run(side)
  const isHeld = await Promise.race([
    held.reached.promise.then(() => true),
    waiting.then(() => false),
  ])
  assert.ok(isHeld, `${racers[late].name} has no such transaction`)
  const other = racers[early].run(host.sides[early])
  await endedOrBlocked(world.db, other)
  held.release.resolve()
  const [late1, early1] = await Promise.all([waiting, other])
  const answers = late === 0 ? ([late1, early1] as const) : ([early1, late1] as const)
  await assertInvariants(world)
  await race.check(world, answers)
  await cleanForDays(world)
  await assertClean(world)
}

/** On SQLite nobody holds a transaction here, so nobody waits for one. */
async function endedOrBlocked(db: Database, racer: Promise<unknown>): Promise<void> {
  let isOver = false
  const over = racer.finally(() => {
    isOver = true
  })
  over.catch(() => undefined)
  if (db.dialect === 'sqlite') return void (await over)
  while (!isOver && !(await isSomebodyBlocked(db))) await new Promise(setImmediate)
}

async function isSomebodyBlocked(db: Database): Promise<boolean> {
  const { rows } = await sql<{ blocked: number }>`
    select count(*) as blocked from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(db.read)
  return Number(rows[0]?.blocked) > 0
}
