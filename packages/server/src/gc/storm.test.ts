// A storm in fast motion: clients push, mount, move tags and delete while an hour passes at each tick and everything
// that cleans runs, by itself and by hand, in a process that dies in the middle of it again and again; now and then
// somebody sets the clock by days. What a client was promised is there at the end, and nothing else is some days later.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Digest, digestOf } from '@entrepot/oci/digest.ts'
import { systemClock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { Faults, faultyDatabase } from '../faults/faults.ts'
import { assertClean, assertInvariants, cleanForDays } from '../faults/invariants.ts'
import { openStore } from '../faults/stores.ts'
import { imageOf, ownerOf, type TestClient } from '../registry/test-client.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { consentToSweep } from './questions.ts'
import { findLiveRun, startRun } from './runs.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const ticks = Number(process.env.ENTREPOT_TEST_STORM_HOURS ?? 60)
const clientCount = 5
/** Half a grace period is what a HEAD promises: no client takes longer from it to its manifest. */
const maxOperationTicks = 9
const deathEvery = 4
const jumpEvery = 45
const sharedLayers = 6

interface Promised {
  readonly repository: string
  readonly digest: Digest
  readonly layer: string
}

/** The same numbers in every run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

class StormClient {
  readonly promised = new Map<Digest, Promised>()
  readonly problems: string[] = []
  readonly #client: TestClient
  readonly #repository: string
  readonly #random: (below: number) => number
  #count = 0

  constructor(client: TestClient, number: number) {
    this.#client = client
    this.#repository = `demo/c${number}`
    this.#random = randomNumbers(number + 1)
  }

  async step(): Promise<void> {
    const what = this.#random(10)
    if (what < 6) await this.#push()
    else if (what < 8) await this.#delete()
    else await this.#look()
  }

  /** As docker does: it asks for each layer, brings or mounts what isn't there, then names them. */
  async #push(): Promise<void> {
    this.#count += 1
    const name = `${this.#repository} ${this.#count}`
    const layer = this.#random(2) === 0 ? `shared ${this.#random(sharedLayers)}` : name
    const digest = digestOf('sha256', Buffer.from(layer))
    const path = `/v2/${this.#repository}/blobs/${digest}`
    if ((await this.#client.call('HEAD', path)).status !== 200) await this.#bring(layer, digest)
    const config = await this.#upload('{}')
    const more = { annotations: { name } }
    const bytes = imageOf({ config, layers: [[digest, layer.length]], more })
    const tag = `t${this.#random(8)}`
    const { status, text } = await this.#client.putManifest(this.#repository, tag, bytes)
    if (status !== 201) this.problems.push(`put ${this.#repository}:${tag}: ${status} ${text}`)
    const image = digestOf('sha256', bytes)
    this.promised.set(image, { repository: this.#repository, digest: image, layer })
  }

  async #bring(layer: string, digest: Digest): Promise<void> {
    if (this.#random(3) === 0) {
      const query = `mount=${digest}&from=demo/c${this.#random(clientCount)}`
      const path = `/v2/${this.#repository}/blobs/uploads/?${query}`
      if ((await this.#client.call('POST', path)).status === 201) return
    }
    await this.#upload(layer)
  }

  /** Where half an hour passed between its bytes and its row, the server gives up and asks to repeat it. */
  async #upload(text: string): Promise<Digest> {
    for (;;) {
      const { status } = await this.#client.putBlob(this.#repository, text)
      if (status === 503) continue
      if (status !== 201) this.problems.push(`upload to ${this.#repository}: ${status}`)
      return digestOf('sha256', Buffer.from(text))
    }
  }

  async #delete(): Promise<void> {
    const chosen = this.#choose()
    if (!chosen) return
    this.promised.delete(chosen.digest)
    const path = `/v2/${chosen.repository}/manifests/${chosen.digest}`
    const { status } = await this.#client.call('DELETE', path)
    if (status !== 202) this.problems.push(`delete ${chosen.digest}: ${status}`)
  }

  async #look(): Promise<void> {
    const chosen = this.#choose()
    if (chosen) await this.pull(chosen)
  }

  #choose(): Promised | undefined {
    return [...this.promised.values()][this.#random(this.promised.size)]
  }

  async pull({ repository, digest, layer }: Promised): Promise<void> {
    const manifest = await this.#client.call('GET', `/v2/${repository}/manifests/${digest}`)
    if (manifest.status !== 200) this.problems.push(`${repository}@${digest}: ${manifest.status}`)
    const bytes = digestOf('sha256', Buffer.from(layer))
    const blob = await this.#client.call('GET', `/v2/${repository}/blobs/${bytes}`)
    if (blob.text !== layer) this.problems.push(`${layer} of ${repository}: ${blob.status}`)
  }
}

/** A process that cleans until it dies. */
interface Sweeper {
  readonly app: TestApp
  readonly faults: Faults
}

async function startSweeper(app: TestApp): Promise<Sweeper> {
  const faults = new Faults()
  const wrap = (db: Database) => faultyDatabase(db, faults)
  return { app: await app.beside({ wrap, leaves: { uploads: true, errors: true } }), faults }
}

onEachDatabase('a storm', (_open, dialect) => {
  test(`of ${ticks} hours loses nothing and leaves nothing`, async (t) => {
    let now = () => systemClock().now()
    const { driver } = await openStore('memory', { now: () => now() })
    let plain: Database | undefined
    const app = await testApp({
      dialect,
      store: driver,
      wrap(db) {
        plain = db
        return db
      },
      leaves: { uploads: true, errors: true },
    })
    try {
      app.clock.jump(systemClock().now() - app.clock.now())
      now = () => app.clock.now()
      assert(plain)
      const ground = { db: plain, store: driver, clock: app.clock }
      // So much goes that the operator would be asked.
      const agreedAt = app.clock.now() + 1000 * dayMs
      await plain.write((tx) => consentToSweep(tx, agreedAt))
      const clients = Array.from(
        { length: clientCount },
        (_, n) => new StormClient(ownerOf(app), n),
      )
      const { deaths, operations } = await rage(app, clients)
      for (const client of clients) {
        for (const promised of client.promised.values()) await client.pull(promised)
      }
      const kept = clients.reduce((sum, { promised }) => sum + promised.size, 0)
      t.diagnostic(`${operations} operations, ${deaths} deaths of the sweeper, ${kept} images kept`)
      assert.deepEqual(
        clients.flatMap(({ problems }) => problems),
        [],
      )
      await assertInvariants(ground)
      await cleanForDays(ground)
      await assertClean(ground)
    } finally {
      await app.close()
    }
  })
})

async function rage(app: TestApp, clients: readonly StormClient[]) {
  const random = randomNumbers(99)
  let tick = 0
  let isOver = false
  let operations = 0
  const begun = clients.map(() => 0)
  let ended = Promise.withResolvers<void>()
  const running = clients.map(async (client, n) => {
    while (!isOver) {
      begun[n] = tick
      await client.step().catch((error: unknown) => client.problems.push(String(error)))
      operations += 1
      ended.resolve()
      ended = Promise.withResolvers()
    }
    begun[n] = Number.POSITIVE_INFINITY
    ended.resolve()
  })
  let deaths = 0
  let sweeper = await startSweeper(app)
  for (tick = 1; tick <= ticks; tick += 1) {
    while (Math.min(...begun) < tick - maxOperationTicks) await ended.promise
    app.clock.advance(hourMs)
    if (tick % jumpEvery === 0) app.clock.jump((random(2) === 0 ? 1 : -1) * (1 + random(9)) * dayMs)
    if (tick % 3 === 0) await askByHand(app)
    const dies = tick % deathEvery === 0
    if (dies) {
      const call = 1 + random(200)
      sweeper.faults.arm({ call, when: random(2) === 0 ? 'before' : 'after', how: 'dies' })
    }
    if (!dies) {
      await sweeper.app.app.jobs.idle()
      continue
    }
    await untilDeath(sweeper)
    if (sweeper.faults.hit !== undefined) deaths += 1
    sweeper.faults.disarm()
    await sweeper.app.close()
    sweeper = await startSweeper(app)
  }
  isOver = true
  await Promise.all(running)
  await sweeper.app.close()
  return { deaths, operations }
}

/** Whatever died tries for a while to write the end of its job, and is gone then. */
async function untilDeath({ app, faults }: Sweeper): Promise<void> {
  const { jobs } = app.app
  let isIdle = false
  const idle = jobs.idle().finally(() => {
    isIdle = true
  })
  idle.catch(() => undefined)
  while (!isIdle && faults.hit === undefined) await new Promise(setImmediate)
  for (let second = 0; second < 10 && !isIdle; second += 1) {
    app.clock.advance(1000)
    await new Promise(setImmediate)
  }
  await jobs.stop()
  await idle.catch(() => undefined)
}

async function askByHand({ app, instance, clock }: TestApp): Promise<void> {
  await app.db.write(async (tx) => {
    if (await findLiveRun(tx, instance.id)) return
    const run = { instanceId: instance.id, isDry: false, by: 'storm', at: clock.now() }
    await startRun(tx, run)
  })
}
