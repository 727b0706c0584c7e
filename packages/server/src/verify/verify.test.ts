// What `entrepot verify` finds, what it marks, and what heals it.

import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Digest } from '@entrepot/oci/digest.ts'
import { openConfiguredDatabase, openConfiguredStore } from '../app.ts'
import { systemClock } from '../clock.ts'
import { runVerify, type VerifyReport } from '../commands/verify.ts'
import { loadConfig } from '../config.ts'
import { newId } from '../db/ids.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { prepareDeployment } from '../deployment.ts'
import { silentLog } from '../log.ts'
import { ownerOf, type TestClient } from '../registry/test-client.ts'
import { StartError } from '../start-error.ts'
import { FaultyDriver } from '../storage/faulty.ts'
import { MemoryDriver } from '../storage/memory.ts'
import { type TestApp, testApp } from '../test-app.ts'

const { signal } = new AbortController()
const repository = 'demo/app'
const text = 'the bytes of a layer'

onEachDatabase('verify', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient
  let memory: MemoryDriver
  let store: FaultyDriver
  let layer: Digest

  beforeEach(async () => {
    memory = new MemoryDriver(systemClock())
    store = new FaultyDriver(memory)
    app = await testApp({ dialect, store })
    owner = ownerOf(app)
    layer = (await owner.pushImage(repository, 'latest', text)).layer
  })
  afterEach(() => app.close())

  async function verify(options: { fix?: boolean } = {}) {
    const { db, stores, clock } = app.app.registry
    const lines: string[] = []
    const code = await runVerify(app.config, silentLog, {
      ...options,
      db,
      stores,
      clock,
      json: true,
      print: (line) => lines.push(line),
      note: () => {},
    })
    return { code, ...(JSON.parse(lines.join('')) as VerifyReport) }
  }

  async function keyOf(digest: Digest): Promise<string> {
    const { key } = await app.app.db.read
      .selectFrom('blob_copies as c')
      .innerJoin('blobs as b', 'b.id', 'c.blob_id')
      .select('c.key')
      .where('b.digest', '=', digest)
      .executeTakeFirstOrThrow()
    return key
  }

  async function flip(driver: MemoryDriver, key: string): Promise<void> {
    await driver.put(key, Buffer.from(text.replace('bytes', 'bites')), signal)
  }

  function ask(method: string) {
    return owner.call(method, `/v2/${repository}/blobs/${layer}`)
  }

  test('what is whole is well', async () => {
    const { code, damaged, records, blobs } = await verify()
    assert.deepEqual({ code, damaged, records }, { code: 0, damaged: [], records: [] })
    assert.deepEqual(blobs, { blobs: 2, copies: 2, bytes: text.length + 2, recovered: 0 })
  })

  const harms = {
    damaged: (key: string) => flip(memory, key),
    missing: (key: string) => memory.deleteMany([key], signal),
  }
  for (const [found, harm] of Object.entries(harms)) {
    test(`a ${found} blob is unknown until it is pushed again`, async () => {
      await harm(await keyOf(layer))
      const first = await verify()
      assert.equal(first.code, 1)
      assert.deepEqual(
        first.damaged.map(({ digest, found, outcome }) => ({ digest, found, outcome })),
        [{ digest: layer, found, outcome: 'marked' }],
      )
      assert.deepEqual(first.records, [])
      assert.equal((await ask('HEAD')).status, 404)
      assert.equal((await verify()).code, 1, 'it stays so')
      await owner.pushBlob(repository, text)
      assert.equal((await ask('GET')).text, text)
      assert.equal((await verify()).code, 0)
    })
  }

  test('a damaged manifest is unknown until it is pushed again', async () => {
    const { digest, bytes } = await owner.pushImage(repository, 'latest', text)
    const { db } = app.app
    const harmed = { bytes: Buffer.from('{}') }
    await db.write((tx) =>
      tx.updateTable('manifest_bytes').set(harmed).where('digest', '=', digest).execute(),
    )
    const pull = (reference: string) =>
      owner.call('GET', `/v2/${repository}/manifests/${reference}`)
    const first = await verify()
    assert.equal(first.code, 1)
    const found = first.records.filter(({ kind }) => kind === 'manifest bytes damaged')
    assert.deepEqual(
      found.map(({ detail }) => detail),
      [digest],
    )
    assert.equal((await pull('latest')).status, 404)
    assert.equal((await pull(digest)).status, 404)
    const again = await verify()
    assert.deepEqual(
      again.records.map(({ kind }) => kind),
      ['manifest without bytes'],
      'it stays so',
    )
    const pushed = await owner.putManifest(repository, 'latest', bytes)
    assert.equal(pushed.status, 201, pushed.text)
    for (const reference of ['latest', digest]) {
      assert.ok((await pull(reference)).bytes.equals(bytes))
    }
    assert.equal((await verify()).code, 0, 'the counters too')
  })

  test('a repair from another copy', async () => {
    const second = new MemoryDriver(systemClock())
    app.app.registry.stores.add('second', second)
    await second.put('blobs/00/copy', Buffer.from(text), signal)
    await app.app.db.write(async (tx) => {
      const { id } = await tx
        .selectFrom('blobs')
        .select('id')
        .where('digest', '=', layer)
        .executeTakeFirstOrThrow()
      const at = app.clock.now()
      await tx
        .insertInto('storage_backends')
        .values({ id: 'second', kind: 'memory', settings_wrapped: null, created_at: at })
        .execute()
      const copy = { id: newId(), blob_id: id, backend_id: 'second', key: 'blobs/00/copy' }
      await tx
        .insertInto('blob_copies')
        .values({ ...copy, stored_bytes: text.length, state: 'present', verified_at: null })
        .execute()
    })
    const key = await keyOf(layer)
    await flip(memory, key)
    const { code, damaged } = await verify()
    assert.deepEqual([code, damaged[0]?.outcome], [0, 'repaired'])
    assert.equal((await verify()).damaged.length, 0)
    assert.equal((await ask('GET')).text, text)
    const condemned = await app.app.db.read.selectFrom('condemned_objects').select('key').execute()
    assert.deepEqual(condemned, [{ key }])
  })

  test('a store that does not answer proves nothing', async () => {
    store.fail('get', { kind: 'before' }, { times: 2 })
    const { code, damaged } = await verify()
    assert.equal(code, 1)
    assert.deepEqual([...new Set(damaged.map(({ outcome }) => outcome))], ['reported'])
    assert.equal((await ask('GET')).text, text)
  })

  test('a mark that was wrong goes when the bytes are good again', async () => {
    const key = await keyOf(layer)
    await memory.deleteMany([key], signal)
    await verify()
    await memory.put(key, Buffer.from(text), signal)
    const { code, blobs } = await verify()
    assert.deepEqual([code, blobs.recovered], [0, 1])
    assert.equal((await ask('GET')).text, text)
  })

  test('a blob that is replaced while it is read is no finding', async () => {
    const gate = Promise.withResolvers<void>()
    await flip(memory, await keyOf(layer))
    await verify()
    store.reset()
    store.fail('get', { kind: 'gate', gate: gate.promise }, { times: 2 })
    const running = verify()
    while (!store.calls.includes('get')) await nextTurn()
    await owner.pushBlob(repository, text)
    gate.resolve()
    assert.equal((await running).code, 0)
    assert.equal((await ask('GET')).text, text)
  })

  test('rows that disagree are reported, and what follows from others is fixed', async () => {
    await app.app.db.write(async (tx) => {
      await tx.updateTable('manifest_refs').set({ present: 0 }).execute()
      const scope = { scope_id: app.instance.id, metric: 'bytes', delta: 5 } as const
      await tx.insertInto('counter_deltas').values(scope).execute()
    })
    const { code, records } = await verify()
    assert.equal(code, 1)
    assert.deepEqual(
      records.map(({ kind }) => kind),
      ['reference wrongly marked', 'reference wrongly marked', 'counter wrong'],
    )
    assert.equal((await verify({ fix: true })).code, 0)
  })

  test('what only a person can put right is reported', async () => {
    await app.app.db.write(async (tx) => {
      await tx
        .updateTable('manifest_bytes')
        .set({ bytes: Buffer.from('{}') })
        .execute()
      await tx.updateTable('namespace_contents').set({ uses: 7 }).execute()
      await tx.updateTable('tags').set({ digest: layer }).execute()
    })
    const { code, records } = await verify()
    assert.equal(code, 1)
    assert.deepEqual([...new Set(records.map(({ kind }) => kind))].sort(), [
      'content miscounted',
      'counter wrong',
      'manifest bytes damaged',
      'tag without manifest',
    ])
  })
})

test('a store that is not the right one is refused, and nothing is marked', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'entrepot-verify-'))
  t.after(() => rm(folder, { recursive: true }))
  const configOf = (store: string) =>
    loadConfig({ ENTREPOT_DATA: folder, ENTREPOT_STORAGE: join(folder, store) }, '/', {
      read: () => undefined,
    }).config
  const clock = systemClock()
  const right = configOf('right')
  const quiet = { print: () => {}, note: () => {} }
  await assert.rejects(runVerify(right, silentLog, quiet), StartError, 'never started')
  assert.deepEqual(await readdir(folder), [])
  const db = await openConfiguredDatabase(right, { log: silentLog, clock })
  const store = await openConfiguredStore(right, clock)
  await prepareDeployment({ db, clock, store }, right, signal)
  await store.close()
  await db.close()
  assert.equal(await runVerify(right, silentLog, quiet), 0)
  await assert.rejects(runVerify(configOf('wrong'), silentLog, quiet), /is it mounted/)
})
