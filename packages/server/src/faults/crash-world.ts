// The whole program over a database and a store that can be made to fail, and a client of it.

import assert from 'node:assert/strict'
import { after, describe } from 'node:test'
import { fakeClock, systemClock } from '../clock.ts'
import type { Database, Dialect } from '../db/database.ts'
import { onEachDatabase } from '../db/test-database.ts'
import type { Answer } from '../registry/test-client.ts'
import { ownerOf, type TestClient } from '../registry/test-client.ts'
import type { Driver } from '../storage/driver.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { type CrashTable, crashTable, deaths } from './crash-table.ts'
import { Faults, faultyCalls, faultyDatabase } from './faults.ts'
import { assertClean, assertInvariants, cleanForDays, type Ground } from './invariants.ts'
import { missingStore, openStore, type StoreKind, stopStores } from './stores.ts'

/** What only reads leaves nothing behind when it fails: as the failure of the write before it. */
const reads = /^(?:fetch|statement SelectQueryNode|store\.(?:get|stat|list|freeBytes|readParts))$/

const statement = /^statement /

/** Passes the calls that change something on to the faults of the present round. */
class RoundFaults extends Faults {
  readonly #kind: StoreKind
  round: Faults | undefined

  constructor(kind: StoreKind) {
    super()
    this.#kind = kind
  }

  override begin(name: string) {
    return this.round && this.#isCounted(name) ? this.round.begin(name) : super.begin(name)
  }

  /** Whatever the store is, the statements are the same, and fail in their turn beside one of them. */
  #isCounted(name: string): boolean {
    return !reads.test(name) && (this.#kind === 'memory' || !statement.test(name))
  }
}

/** Days pass after so many rounds, and after the last: they take longer than the rounds. */
const roundsPerCleaning = 25

export interface CrashWorld extends Ground {
  readonly app: TestApp
  readonly client: TestClient
  /** Different for each round. */
  readonly round: number
  /** Of the round: whether the change was answered as done. */
  answered: boolean
}

export interface CrashHost {
  /** A world for one round; all rounds share the program. */
  next(faults: Faults): CrashWorld
  readonly isFirst: boolean
  close(): Promise<void>
}

export async function openHost(dialect: Dialect, kind: StoreKind): Promise<CrashHost> {
  const faults = new RoundFaults(kind)
  // Replaced by the program's own once there is one.
  let now = () => fakeClock().now()
  const { driver, remove } = await openStore(kind, { now: () => now() })
  let plain: Database | undefined
  const app = await testApp({
    dialect,
    store: faultyCalls<Driver>(driver, 'store', faults),
    wrap(db) {
      plain = db
      return faultyDatabase(db, faults)
    },
    leaves: { uploads: true, errors: true },
  })
  // What the store writes bears the machine's time; from here on the program's only goes further.
  app.clock.jump(systemClock().now() - app.clock.now())
  now = () => app.clock.now()
  assert(plain)
  const shared = { app, client: ownerOf(app), db: plain, store: driver, clock: app.clock }
  let round = 0
  return {
    isFirst: dialect === 'sqlite' && kind === 'memory',
    next(faultsOfRound) {
      faults.round = faultsOfRound
      round += 1
      return { ...shared, round, answered: false }
    },
    async close() {
      await app.close()
      await remove()
    },
  }
}

export interface Change {
  /** Before the change, without faults. */
  prepare?(world: CrashWorld): Promise<void>
  /** The change as a client makes it; throws when it is not answered as done. */
  run(world: CrashWorld): Promise<void>
  /** After a failure the client does it again. */
  repeat(world: CrashWorld): Promise<void>
  /** What the client was told is so; asked after an answer, and after the repetition. */
  assertDone(world: CrashWorld): Promise<void>
  /** Takes away what the round made, so that the next begins with as little. */
  clear?(world: CrashWorld): Promise<void>
}

/** Runs the change with each of its calls failing; returns the names of those calls. */
export async function crashChange(host: CrashHost, change: Change): Promise<readonly string[]> {
  let last: CrashWorld | undefined
  const table: CrashTable<CrashWorld> = {
    async open(faults) {
      const world = host.next(faults)
      last = world
      await change.prepare?.(world)
      return world
    },
    async run(world) {
      await change.run(world)
      world.answered = true
    },
    async recover(world) {
      await assertInvariants(world)
      if (world.answered) await change.assertDone(world)
      await change.repeat(world)
    },
    async check(world) {
      await change.assertDone(world)
      await change.clear?.(world)
      if (world.round % roundsPerCleaning === 0) await clean(world)
    },
  }
  // What the program does after a call that failed alone is the same on every kind of ground.
  const failed = await crashTable(table, host.isFirst ? undefined : deaths)
  if (last) await clean(last)
  return failed
}

async function clean(world: CrashWorld): Promise<void> {
  await cleanForDays(world)
  await assertClean(world)
}

/** Registers the suite for both databases and the kinds of storage. */
export function onEachGround(
  name: string,
  kinds: readonly StoreKind[],
  suite: (open: () => Promise<CrashHost>) => void,
): void {
  onEachDatabase(name, (_open, dialect) => {
    for (const kind of kinds) {
      describe(kind, { skip: missingStore(kind) }, () => {
        let host: Promise<CrashHost> | undefined
        suite(() => {
          host ??= openHost(dialect, kind)
          return host
        })
        after(async () => (await host)?.close())
      })
    }
  })
  after(stopStores)
}

/** Throws unless the answer says that it was done. */
export function assertOk(answer: Answer): Answer {
  if (answer.status >= 400) throw new Error(`${answer.status} ${answer.text}`)
  return answer
}
