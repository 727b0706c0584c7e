// A store that was removed is attached again, by one backend only; and new instances lie where they are told to.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { onEachDatabase } from '../db/test-database.ts'
import { ownerOf, type TestClient } from '../registry/test-client.ts'
import { MemoryDriver } from '../storage/memory.ts'
import type { StorageSettings } from '../storage/open.ts'
import { type TestApp, testApp } from '../test-app.ts'

const hourMs = 3_600_000

onEachDatabase('stores of one folder', (_open, dialect) => {
  let app: TestApp
  let other: TestApp
  const stores = new Map<string, MemoryDriver>()

  before(async () => {
    const openStore = async (settings: StorageSettings) => {
      const path = settings.kind === 'folder' ? settings.path : settings.kind
      const driver = stores.get(path) ?? new MemoryDriver(app.clock)
      stores.set(path, driver)
      return driver
    }
    app = await testApp({ dialect, openStore })
    other = await app.beside({ openStore })
  })
  after(async () => {
    await other.close()
    await app.close()
    stores.clear()
  })

  const own = async (action: string, input: object, at = app) =>
    (await at.api(action, input, { product: 'entrepot' })).Error?.Code ?? 'ok'
  const add = (StorageName: string, more: object = {}, at = app) =>
    own('CreateStorageBackend', { StorageName, Kind: 'Folder', Path: '/kept', ...more }, at)
  const rows = () =>
    app.app.db.read
      .selectFrom('storage_backends')
      .select(['id', 'name'])
      .where('store_id', 'is', null)
      .where('id', '!=', 'default')
      .execute()

  it('are attached where one was removed, if that is said, and never twice', async () => {
    assert.equal(await add('kept'), 'ok')
    const [first] = await rows()
    assert.equal(await add('twice', { AttachExisting: true }), 'FailedOperation')
    assert.equal(await own('DeleteStorageBackend', { StorageName: 'kept' }), 'ok')
    assert.equal(await add('back'), 'FailedOperation')
    const both = await Promise.all([
      add('back', { AttachExisting: true }),
      add('again', { AttachExisting: true }, other),
    ])
    assert.equal(both.filter((code) => code === 'ok').length, 1, both.join(', '))
    assert.match(both.find((code) => code !== 'ok') ?? '', /^(?:ResourceInUse|FailedOperation)$/)
    const now = await rows()
    assert.deepEqual(
      now.map(({ id }) => id),
      [first?.id],
    )
    const [name] = now.map((row) => row.name ?? '')
    assert.equal(await own('DeleteStorageBackend', { StorageName: name }), 'ok')
    const elsewhere = new MemoryDriver(app.clock)
    await elsewhere.put(
      'entrepot-store',
      Buffer.from(JSON.stringify({ deploymentId: 'theirs', storeId: 'x' })),
      new AbortController().signal,
    )
    stores.set('/theirs', elsewhere)
    const theirs = { AttachExisting: true, Path: '/theirs' }
    assert.equal(await add('theirs', theirs), 'FailedOperation')
    assert.equal(await add('fresh', { AttachExisting: true, Path: '/fresh' }), 'ok')
    assert.equal(await own('DeleteStorageBackend', { StorageName: 'fresh' }), 'ok')
  })

  it('hold the bytes of instances that were made there, on every process', async () => {
    assert.equal(await add('kept', { AttachExisting: true }), 'ok')
    const input = { RegistryName: 'on-kept', RegistryType: 'basic', StorageName: 'none' }
    const refused = await app.api('CreateInstance', input)
    assert.equal(refused.Error?.Code, 'InvalidParameterValue')
    const made = await app.api('CreateInstance', { ...input, StorageName: 'kept' })
    assert.equal(made.Error, undefined)
    await app.app.jobs.idle()
    const { backend_id: section } = await app.app.db.read
      .selectFrom('instances')
      .select('backend_id')
      .where('id', '=', made.RegistryId)
      .executeTakeFirstOrThrow()
    const { store_id: store } = await app.app.db.read
      .selectFrom('storage_backends')
      .select('store_id')
      .where('id', '=', section)
      .executeTakeFirstOrThrow()
    assert.deepEqual(
      [store],
      (await rows()).map(({ id }) => id),
    )
    const shown = await app.api('DescribeStorageBackends', {}, { product: 'entrepot' })
    const kept = shown.StorageBackends.find((one: { StorageName: string }) => {
      return one.StorageName === 'kept'
    })
    assert.equal(kept.InstanceCount, 1)
    assert.equal(await own('DeleteStorageBackend', { StorageName: 'kept' }), 'ResourceInUse')
    app.clock.advance(hourMs)
    // What lies in the default store stays where it is.
    const client: TestClient = ownerOf(other)
    const { layer } = await client.pushImage('demo/app', 'v1')
    assert.equal((await ownerOf(app).call('GET', `/v2/demo/app/blobs/${layer}`)).status, 200)
  })
})
