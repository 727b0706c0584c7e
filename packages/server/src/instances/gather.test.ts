// The move of an instance's bytes with each of its calls to the database and the stores failing in its turn: what was
// pushed can be pulled at every moment, and afterwards nothing is left anywhere that no row names.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Digest } from '@entrepot/oci/digest.ts'
import { RunningHashes } from '../blobs/hashing.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { crashTable } from '../faults/crash-table.ts'
import { type Faults, faultyCalls, faultyDatabase } from '../faults/faults.ts'
import { collectBlobs } from '../gc/collect.ts'
import { expireUploads } from '../gc/expiry.ts'
import { deleteCondemned, deleteDelayMs, sweepOrphans } from '../gc/objects.ts'
import { silentLog } from '../log.ts'
import { ownerOf, type TestClient } from '../registry/test-client.ts'
import { addCredential, addInstance, addNamespace } from '../registry/test-seed.ts'
import type { Driver } from '../storage/driver.ts'
import { MemoryDriver } from '../storage/memory.ts'
import { Stores } from '../storage/stores.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { verifyBlobs } from '../verify/blobs.ts'
import { verifyRecords } from '../verify/records.ts'
import { countElsewhere, type Gatherer, gatherBlobs } from './gather.ts'
import { insertSection } from './sections.ts'

const { signal } = new AbortController()
const graceMs = 24 * 3_600_000
const baseDomain = 'registry.example.com'

interface World {
  readonly gatherer: Gatherer
  readonly instanceId: string
  readonly client: TestClient
  readonly layer: Digest
  readonly text: string
}

onEachDatabase('the move of bytes', (_open, dialect) => {
  let app: TestApp
  let round = 0

  before(async () => {
    app = await testApp({
      dialect,
      env: { ENTREPOT_BASE_DOMAIN: baseDomain },
      openStore: async () => new MemoryDriver(app.clock),
    })
    // Its driver is added by hand: there is nothing to open.
    app.app.registry.stores.add('second', new MemoryDriver(app.clock))
    await app.app.db.write((tx) =>
      tx
        .insertInto('storage_backends')
        .values({ id: 'second', kind: 'memory', settings_wrapped: null, created_at: 0 })
        .execute(),
    )
  })
  after(() => app.close())

  async function open(faults: Faults): Promise<World> {
    round += 1
    const { db, registry } = app.app
    const at = app.clock.now()
    const section = (id: string, owner: string | null) =>
      db.write((tx) => insertSection(tx, { id, kind: 'memory' }, owner, at))
    const source = await section('default', null)
    const name = `round-${round}`
    const instance = await addInstance(app, name, { backendId: source })
    await addNamespace(app, 'team', { instance })
    const login = await addCredential(app, instance)
    const client = ownerOf(app).as(login.authorization).at(`${name}.${baseDomain}`)
    const text = `layer of round ${round}`
    const { layer } = await client.pushImage('team/app', 'v1', text)
    const target = await section('second', instance.id)
    await db.write((tx) =>
      tx
        .updateTable('instances')
        .set({ backend_id: target })
        .where('id', '=', instance.id)
        .execute(),
    )
    const stores = new Stores(app.clock, 0)
    for (const id of [source, target]) {
      stores.add(id, faultyCalls<Driver>(await registry.stores.driver(id), 'store', faults))
    }
    const gatherer = { db: faultyDatabase(db, faults), clock: app.clock, stores }
    return { gatherer, instanceId: instance.id, client, layer, text }
  }

  async function assertServed({ client, layer, text }: World): Promise<void> {
    assert.equal((await client.call('GET', '/v2/team/app/manifests/v1')).status, 200)
    assert.equal((await client.call('GET', `/v2/team/app/blobs/${layer}`)).text, text)
  }

  async function cleanForDays(): Promise<void> {
    const { db, clock, stores } = app.app.registry
    const hashes = new RunningHashes()
    const cleaner = { db, clock, stores, log: silentLog, graceMs, hashes }
    for (let day = 0; day < 4; day += 1) {
      app.clock.advance(graceMs + deleteDelayMs)
      await expireUploads(cleaner, signal)
      await collectBlobs(cleaner, signal)
      await sweepOrphans(cleaner, signal)
      await deleteCondemned(cleaner, signal)
    }
  }

  test('loses nothing, wherever it stops', async () => {
    const failed = await crashTable<World>({
      open,
      run: (world) => gatherBlobs(world.gatherer, world.instanceId, signal),
      async recover(world) {
        await assertServed(world)
        await gatherBlobs(world.gatherer, world.instanceId, signal)
      },
      async check(world) {
        const left = await countElsewhere(app.app.db.read, world.instanceId)
        assert.deepEqual(left, { blobs: 0, bytes: 0, uploads: 0 })
        await assertServed(world)
      },
    })
    assert.ok(failed.includes('commit'))
    assert.ok(failed.includes('store.finish'))
    await cleanForDays()
    const { db, clock, stores } = app.app.registry
    const damaged: unknown[] = []
    const watch = { onFinding: (found: unknown) => damaged.push(found), onProgress: () => {} }
    await verifyBlobs({ db, clock, stores }, watch, signal)
    assert.deepEqual(damaged, [])
    assert.deepEqual(await verifyRecords(db.read, signal), [])
    assert.deepEqual(await db.read.selectFrom('condemned_objects').select('key').execute(), [])
    const copies = await db.read.selectFrom('blob_copies').select(['backend_id', 'key']).execute()
    const named = copies.map((copy) => `${copy.backend_id} ${copy.key}`)
    const stored: string[] = []
    for (const id of await stores.ids()) {
      const driver = await stores.driver(id)
      const objects = await driver.list('blobs/', undefined, 1000, signal)
      stored.push(...objects.map(({ key }) => `${id} ${key}`))
      assert.equal(await driver.sweepUnfinished(-1e13, async () => new Set(), signal), 0)
    }
    assert.deepEqual(stored.sort(), named.sort())
  })

  test('leaves a blob alone that was swept meanwhile', async () => {
    const { gatherer, instanceId } = await open({
      begin: () => ({ answered() {} }),
    } as unknown as Faults)
    const { db } = app.app
    // The row goes after the bytes were copied: nobody else has seen the new key.
    const write: Gatherer['db']['write'] = async (work) => {
      await db.write(async (tx) => {
        const blobs = tx.selectFrom('blobs').select('id').where('instance_id', '=', instanceId)
        await tx.deleteFrom('blob_copies').where('blob_id', 'in', blobs).execute()
      })
      return db.write(work)
    }
    const gathered = await gatherBlobs(
      { ...gatherer, db: { read: db.read, heavy: db.heavy, write } },
      instanceId,
      signal,
    )
    assert.equal(gathered.moved, 0)
    const condemned = await db.read.selectFrom('condemned_objects').select('key').execute()
    assert.equal(condemned.length, 2)
  })
})
