// An instance's bytes move to another store and back, while pushes and pulls go on.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { digestOf } from '@entrepot/oci/digest.ts'
import { addPerson, allow, givePolicy, policyOf } from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { outcome, ownerOf, type TestClient } from '../registry/test-client.ts'
import { MemoryDriver } from '../storage/memory.ts'
import type { StorageSettings } from '../storage/open.ts'
import { mainKey, type TestApp, testApp } from '../test-app.ts'
import { maxMoveAttempts } from './moves.ts'

const { signal } = new AbortController()
const minuteMs = 60_000
const hourMs = 60 * minuteMs

onEachDatabase('moves between stores', (_open, dialect) => {
  let app: TestApp
  let other: TestApp
  let client: TestClient
  let archive: MemoryDriver

  before(async () => {
    const stores = new Map<string, MemoryDriver>()
    const openStore = async (settings: StorageSettings) => {
      const path = settings.kind === 'folder' ? settings.path : settings.kind
      const driver = stores.get(path) ?? new MemoryDriver(app.clock)
      stores.set(path, driver)
      return driver
    }
    // Sweeps complain of the bytes that one of these tests loses.
    app = await testApp({ dialect, openStore, leaves: { errors: true } })
    other = await app.beside({ openStore })
    client = ownerOf(app)
    const input = { StorageName: 'archive', Kind: 'Folder', Path: '/archive' }
    assert.equal(await own('CreateStorageBackend', input), 'ok')
    const made = stores.get('/archive')
    assert(made)
    archive = made
  })
  after(async () => {
    await other.close()
    await app.close()
    const lost = /^objects that rows name are not in the store/
    assert.deepEqual(
      app.errors.filter(({ message }) => !lost.test(message)),
      [],
    )
  })

  const own = async (action: string, input: object) =>
    (await app.api(action, input, { product: 'entrepot' })).Error?.Code ?? 'ok'
  const RegistryId = () => app.instance.id
  const show = () =>
    app.api('DescribeInstanceStorageMove', { RegistryId: RegistryId() }, { product: 'entrepot' })
  const move = async (TargetStorageName: string) => {
    const input = {
      RegistryId: RegistryId(),
      TargetRegion: app.config.region,
      TargetStorageName,
    }
    return (await app.api('ModifyInstanceStorage', input)).Error?.Code ?? 'ok'
  }
  const keysIn = async (store: { list: MemoryDriver['list'] }) => {
    const objects = await store.list('', undefined, 1000, signal)
    return objects.map(({ key }) => key).filter((key) => key.includes('blobs/'))
  }
  /** Until nothing is left to do; uploads that end late are waited for. */
  const settle = async () => {
    await app.app.jobs.idle()
    app.clock.advance(2 * minuteMs)
    await app.app.jobs.idle()
  }

  it('bring every byte over, from where pulls find them on every process', async () => {
    assert.equal((await show()).State, 'None')
    const { digest, layer } = await client.pushImage('demo/app', 'v1', 'first')
    const open = await client.call('POST', '/v2/demo/app/blobs/uploads/')
    assert.equal(await move('archive'), 'ok')
    assert.equal((await show()).State, 'Waiting')
    // Another call finds it under way.
    assert.equal(await move('archive'), 'ResourceInUse')
    app.clock.advance(2000)
    const pushed = await client.pushImage('demo/app', 'v2', 'second, pushed on the way')
    assert.ok((await keysIn(archive)).length >= 1, 'new pushes go to the new store')
    const early = await client.call('GET', `/v2/demo/app/blobs/${layer}`)
    assert.equal(early.text, 'first')
    await settle()
    const waiting = await show()
    assert.equal(waiting.State, 'Running', 'an upload is open where it was begun')
    assert.equal(waiting.TotalBlobs, 2)
    assert.equal(waiting.MovedBlobs, 2)
    const location = open.headers.location ?? ''
    await client.call('PATCH', location, { body: 'third' })
    const third = digestOf('sha256', Buffer.from('third'))
    assert.equal((await client.call('PUT', `${location}?digest=${third}`)).status, 201)
    await settle()
    const done = await show()
    assert.deepEqual(
      [done.State, done.SourceStorageName, done.TargetStorageName, done.Reason],
      ['Succeeded', 'default', 'archive', null],
    )
    assert.ok(done.EndTime >= done.StartTime)
    const copies = await app.app.db.read.selectFrom('blob_copies').select('backend_id').execute()
    assert.equal(new Set(copies.map((copy) => copy.backend_id)).size, 1)
    app.clock.advance(hourMs)
    await app.app.jobs.idle()
    assert.deepEqual(await keysIn(app.store), [], 'the old bytes are gone')
    for (const one of [app, other]) {
      const puller = ownerOf(one)
      for (const found of [digest, pushed.digest]) {
        const answer = await puller.call('GET', `/v2/demo/app/manifests/${found}`)
        assert.equal(outcome(answer), '200')
      }
      assert.equal((await puller.call('GET', `/v2/demo/app/blobs/${layer}`)).text, 'first')
      assert.equal((await puller.call('GET', `/v2/demo/app/blobs/${third}`)).text, 'third')
    }
    assert.equal(await move('archive'), 'InvalidParameterValue')
  })

  it('come back when they are cancelled', async () => {
    const { layer } = await client.pushImage('demo/back', 'v1', 'stays')
    assert.equal(await move('default'), 'ok')
    app.clock.advance(2000)
    const late = await client.pushImage('demo/back', 'v2', 'pushed to what was cancelled')
    const cancel = () => own('CancelInstanceStorageMove', { RegistryId: RegistryId() })
    assert.equal(await cancel(), 'ok')
    assert.equal(await cancel(), 'OperationDenied')
    const cancelled = await show()
    assert.equal(cancelled.State, 'Cancelled')
    await settle()
    app.clock.advance(2 * hourMs)
    await app.app.jobs.idle()
    assert.deepEqual(await keysIn(app.store), [], 'nothing is left where it was to go')
    for (const digest of [layer, late.layer]) {
      assert.equal((await client.call('GET', `/v2/demo/back/blobs/${digest}`)).status, 200)
    }
    assert.equal((await show()).State, 'Cancelled')
  })

  it('are cancelled as jobs as well, by who may move what the instance holds', async () => {
    const person = await addPerson(app, 'canceller')
    const resource = `qcs::tcr:::instance/${RegistryId()}`
    const actions = ['tcr:DescribeJobs', 'tcr:CancelJob']
    await givePolicy(app, person, policyOf(allow(actions, resource)))
    assert.equal(await move('default'), 'ok')
    const { JobId } = await show()
    const job = async () =>
      (await app.api('DescribeJob', { JobId }, { product: 'entrepot' })).Job.CanCancel
    const cancel = async (key = mainKey) => {
      const answer = await app.api('CancelJob', { JobId }, { product: 'entrepot', key })
      return answer.Error?.Code ?? 'ok'
    }
    assert.equal(await job(), true)
    assert.equal(await cancel(person.key), 'UnauthorizedOperation')
    assert.equal(await cancel(), 'ok')
    // It runs on to bring back what it moved.
    assert.deepEqual([(await show()).State, await job()], ['Cancelled', false])
    assert.equal(await cancel(), 'OperationDenied')
    await settle()
    app.clock.advance(2 * hourMs)
    await app.app.jobs.idle()
    assert.deepEqual(await keysIn(app.store), [])
  })

  it('fail with the reason where bytes are lost, and go on when they are asked for again', async () => {
    const { layer } = await client.pushImage('demo/lost', 'v1', 'to be lost')
    const copy = await app.app.db.read
      .selectFrom('blob_copies as c')
      .innerJoin('blobs as b', 'b.id', 'c.blob_id')
      .select(['c.key', 'c.backend_id'])
      .where('b.digest', '=', layer)
      .executeTakeFirstOrThrow()
    const store = await app.app.registry.stores.driver(copy.backend_id)
    await store.deleteMany([copy.key], signal)
    assert.equal(await move('default'), 'ok')
    for (let attempt = 0; attempt < maxMoveAttempts; attempt += 1) {
      await app.app.jobs.idle()
      app.clock.advance(hourMs)
    }
    const failed = await show()
    assert.equal(failed.State, 'Failed')
    assert.match(failed.Reason, new RegExp(layer))
    await store.put(copy.key, Buffer.from('to be lost'), signal)
    assert.equal(await move('default'), 'ok')
    await settle()
    assert.equal((await show()).State, 'Succeeded')
    assert.equal((await client.call('GET', `/v2/demo/lost/blobs/${layer}`)).text, 'to be lost')
  })

  it('ask for a store that is known and can be used', async () => {
    assert.equal(await move('nowhere'), 'InvalidParameterValue')
    const input = { RegistryId: RegistryId(), TargetRegion: 'ap-guangzhou' }
    const elsewhere = await app.api('ModifyInstanceStorage', {
      ...input,
      TargetStorageName: 'archive',
    })
    assert.equal(elsewhere.Error?.Code, 'UnsupportedRegion')
  })

  it('list stores, and forget those on which nothing lies', async () => {
    const listed = await app.api('DescribeStorageBackends', {}, { product: 'entrepot' })
    assert.equal(listed.TotalCount, 2)
    const [first, second] = listed.StorageBackends
    assert.deepEqual(
      [first.StorageName, first.IsDefault, first.InstanceCount],
      ['archive', false, 0],
    )
    assert.deepEqual([second.StorageName, second.IsDefault], ['default', true])
    assert.ok(second.InstanceCount >= 1)
    const again = { StorageName: 'archive', Kind: 'Folder', Path: '/elsewhere' }
    assert.equal(
      await own('CreateStorageBackend', again),
      'FailedOperation.ErrorTcrResourceConflict',
    )
    const same = { StorageName: 'twice', Kind: 'Folder', Path: '/archive' }
    assert.equal(await own('CreateStorageBackend', same), 'FailedOperation')
    const s3 = { StorageName: 'bucket', Kind: 'S3', Bucket: 'one' }
    assert.equal(await own('CreateStorageBackend', s3), 'MissingParameter')
    const relative = { StorageName: 'folder', Kind: 'Folder', Path: 'here' }
    assert.equal(await own('CreateStorageBackend', relative), 'InvalidParameterValue')
    const keys = { AccessKeyId: 'key', SecretAccessKey: 'secret' }
    assert.equal(await own('CreateStorageBackend', { ...s3, ...keys }), 'ok')
    const changed = { StorageName: 'bucket', Endpoint: 'https://s3.example.com' }
    assert.equal(await own('ModifyStorageBackend', changed), 'ok')
    const folder = { StorageName: 'archive', Endpoint: 'https://s3.example.com' }
    assert.equal(await own('ModifyStorageBackend', folder), 'OperationDenied')
    const shown = await app.api('DescribeStorageBackends', {}, { product: 'entrepot' })
    const bucket = shown.StorageBackends.find((one: { Bucket: string }) => one.Bucket === 'one')
    assert.deepEqual(
      [bucket.Kind, bucket.Endpoint, bucket.AccessKeyId, 'SecretAccessKey' in bucket],
      ['S3', 'https://s3.example.com', 'key', false],
    )
    assert.equal(await own('DeleteStorageBackend', { StorageName: 'default' }), 'ResourceInUse')
    assert.equal(await own('DeleteStorageBackend', { StorageName: 'bucket' }), 'ok')
    assert.equal(await own('DeleteStorageBackend', { StorageName: 'bucket' }), 'ResourceNotFound')
    app.clock.advance(2 * hourMs)
    await app.app.jobs.idle()
    app.clock.advance(2 * hourMs)
    await app.app.jobs.idle()
    assert.equal(await own('DeleteStorageBackend', { StorageName: 'archive' }), 'ok')
  })
})
