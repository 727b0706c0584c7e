// When what nothing names goes, and when it doesn't.

import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { type Digest, digestOf } from '@entrepot/oci/digest.ts'
import { pullRepository } from '../access/actions.ts'
import { fakeClock } from '../clock.ts'
import { runVerify } from '../commands/verify.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { silentLog } from '../log.ts'
import { ownerOf, type TestClient } from '../registry/test-client.ts'
import { addNamespace, addRobot } from '../registry/test-seed.ts'
import type { Driver } from '../storage/driver.ts'
import { FaultyDriver } from '../storage/faulty.ts'
import { MemoryDriver } from '../storage/memory.ts'
import { newBlobKey } from '../storage/stores.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { collectBlobs } from './collect.ts'
import { deleteCondemned, deleteDelayMs, sweepOrphans } from './objects.ts'
import { listQuestions } from './questions.ts'

const { signal } = new AbortController()
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const weekMs = 7 * dayMs
const repository = 'demo/app'

onEachDatabase('sweeps', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient
  let store: FaultyDriver
  let listing: { hidden: Set<string>; shown: Set<string> }
  // The store's clock is the program's; there is no program yet when the store is made.
  let storeClock = fakeClock()

  beforeEach(async () => {
    const now = () => storeClock.now()
    store = new FaultyDriver(new MemoryDriver({ now }))
    listing = { hidden: new Set(), shown: new Set() }
    app = await testApp({ dialect, store: lagging(store), leaves: { errors: true } })
    storeClock = app.clock
    owner = ownerOf(app)
  })
  afterEach(() => app.close())

  function lagging(driver: Driver): Driver {
    const list: Driver['list'] = async (...args) => {
      const objects = await driver.list(...args)
      const [prefix, after = '', ,] = args
      const ghosts = [...listing.shown]
        .filter((key) => key.startsWith(prefix) && key > after)
        .map((key) => ({ key, sizeBytes: 1, modifiedAtMs: 0 }))
      return [...objects.filter(({ key }) => !listing.hidden.has(key)), ...ghosts]
    }
    return new Proxy(driver, {
      get(target, property) {
        if (property === 'list') return list
        const value: unknown = Reflect.get(target, property)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }

  function cleaner(on: TestApp = app) {
    const { db, clock, stores } = on.app.registry
    return { db, clock, stores, log: silentLog, graceMs: dayMs }
  }

  async function count(table: 'blobs' | 'repository_blobs' | 'condemned_objects') {
    const { db } = app.app
    const key = table === 'repository_blobs' ? 'blob_id' : 'id'
    return (await db.read.selectFrom(table).select(key).execute()).length
  }

  async function keys(): Promise<readonly string[]> {
    const objects = await store.list('blobs/', undefined, 1000, signal)
    return objects.map(({ key }) => key)
  }

  async function head(digest: Digest, client = owner) {
    return (await client.call('HEAD', `/v2/${repository}/blobs/${digest}`)).status
  }

  async function orphan(bytes = 10): Promise<string> {
    const key = newBlobKey()
    await store.put(key, Buffer.alloc(bytes), signal)
    return key
  }

  test('a link, then a blob, then its bytes, each seen twice a grace period apart', async () => {
    const collect = () => collectBlobs(cleaner(), signal)
    await owner.pushBlob(repository, 'named by nothing')
    const nothing = { links: 0, blobs: 0, bytes: 0, suspiciousBytes: 0 }
    app.clock.advance(dayMs)
    assert.deepEqual(await collect(), nothing)
    app.clock.advance(1)
    assert.deepEqual(await collect(), nothing, 'seen for the first time')
    app.clock.advance(dayMs - 1)
    assert.deepEqual(await collect(), nothing)
    app.clock.advance(1)
    // The blob is seen without a link by the same sweep.
    assert.deepEqual(await collect(), { ...nothing, links: 1 })
    app.clock.advance(dayMs - 1)
    assert.deepEqual(await collect(), nothing)
    app.clock.advance(1)
    assert.deepEqual(await collect(), { ...nothing, blobs: 1, bytes: 16 })
    app.clock.advance(deleteDelayMs - 1)
    assert.equal(await deleteCondemned(cleaner(), signal), 0, 'a pull may have read the row')
    assert.equal((await keys()).length, 1)
    app.clock.advance(1)
    assert.equal(await deleteCondemned(cleaner(), signal), 1)
    assert.deepEqual(await keys(), [])
  })

  test('what is named again in between begins anew', async () => {
    const { config } = await owner.pushImage(repository, 'kept', 'kept')
    const digest = await owner.pushBlob(repository, 'late')
    app.clock.advance(dayMs + 1)
    await collectBlobs(cleaner(), signal)
    const { digest: image } = await owner.pushImage(repository, 'uses', 'late')
    await collectBlobs(cleaner(), signal)
    await owner.call('DELETE', `/v2/${repository}/manifests/${image}`)
    const rows = await app.app.db.read
      .selectFrom('repository_blobs')
      .select('unreferenced_at')
      .where('unreferenced_at', 'is not', null)
      .execute()
    assert.deepEqual(rows, [])
    assert.equal(await head(digest), 200)
    assert.equal(await head(config), 200)
  })

  test('a HEAD by a pusher claims the blob for another grace period, a reader does not', async () => {
    const demo = await app.app.db.read
      .selectFrom('namespaces')
      .selectAll()
      .where('name', '=', 'demo')
      .executeTakeFirstOrThrow()
    const namespace = { id: demo.id, name: demo.name, isPublic: false }
    const robot = await addRobot(app, 'reader', [[namespace, [pullRepository]]])
    const reader = owner.as(robot.authorization)
    const digest = await owner.pushBlob(repository, 'told to a pusher')
    const collect = async () => (await collectBlobs(cleaner(), signal)).links
    app.clock.advance(dayMs + 1)
    await collect()
    app.clock.advance(dayMs - hourMs)
    assert.equal(await head(digest), 200)
    app.clock.advance(hourMs)
    assert.equal(await collect(), 0)
    app.clock.advance(dayMs - hourMs)
    assert.equal(await collect(), 0, 'seen for the first time since the claim')
    app.clock.advance(hourMs)
    await collect()
    assert.equal(await head(digest, reader), 200)
    app.clock.advance(dayMs)
    assert.equal(await collect(), 1)
  })

  test('a mount claims the blob', async () => {
    const digest = await owner.pushBlob(repository, 'mounted late')
    app.clock.advance(dayMs + 1)
    await collectBlobs(cleaner(), signal)
    const query = `mount=${digest}&from=${repository}`
    const mounted = await owner.call('POST', `/v2/demo/other/blobs/uploads/?${query}`)
    assert.equal(mounted.status, 201)
    app.clock.advance(dayMs)
    assert.equal((await collectBlobs(cleaner(), signal)).links, 0)
    assert.equal(await count('repository_blobs'), 2)
  })

  for (const jumpMs of [weekMs, -weekMs]) {
    test(`a clock set by ${jumpMs / dayMs} days sweeps nothing for a grace period`, async () => {
      await app.app.jobs.idle()
      const digest = await owner.pushBlob(repository, 'fresh')
      await orphan()
      app.clock.advance(hourMs * 7)
      await app.app.jobs.idle()
      app.clock.jump(jumpMs)
      for (let hour = 0; hour < 21; hour += 7) {
        await app.app.jobs.idle()
        app.clock.advance(7 * hourMs)
      }
      app.clock.advance(2 * hourMs)
      await app.app.jobs.idle()
      assert.equal(await head(digest), 200)
      assert.equal((await keys()).length, 2)
      assert.equal(await count('condemned_objects'), 0)
    })
  }

  test('cleaning by the jobs alone ends with nothing left', async () => {
    await app.app.jobs.idle()
    await owner.pushBlob(repository, 'named by nothing')
    await orphan()
    for (let hour = 0; hour < 24 * 6; hour += 6) {
      app.clock.advance(6 * hourMs)
      await app.app.jobs.idle()
    }
    assert.deepEqual(await keys(), [])
    assert.equal(await count('blobs'), 0)
  })

  test("yesterday's database over today's store deletes nothing before the operator agrees", async () => {
    await app.app.jobs.idle()
    await owner.pushBlob(repository, 'named by nothing')
    for (let day = 0; day < 3; day += 1) {
      app.clock.advance(dayMs + 1)
      await app.app.jobs.idle()
    }
    await owner.pushBlob(repository, 'twice')
    await owner.pushBlob(repository, 'twice')
    const before = await keys()
    await app.stop()
    // Another database was in use; this one is put back.
    app.clock.advance(6 * hourMs)
    const unknown = await orphan()
    app.clock.advance(6 * hourMs)
    const restored = await app.beside({ leaves: { errors: true } })
    try {
      for (let hour = 0; hour < 24 * 4; hour += 6) {
        await restored.app.jobs.idle()
        restored.clock.advance(6 * hourMs)
      }
      assert.deepEqual([...(await keys())].sort(), [...before, unknown].sort())
      const [question] = await listQuestions(restored.app.db.read)
      assert.equal(question?.reason, 'database older than its store')
      assert.equal(question?.count, 1)
      assert.ok(restored.errors.length > 0, 'the log asks')
      const { db, stores } = restored.app.registry
      const lines: string[] = []
      const options = { db, stores, clock: restored.clock, note: () => {}, sweepOrphans: true }
      const print = (line: string) => lines.push(line)
      assert.equal(await runVerify(restored.config, silentLog, { ...options, print }), 0)
      assert.match(lines.join('\n'), /removed {2}1 objects/)
      for (let hour = 0; hour < 24; hour += 6) {
        restored.clock.advance(6 * hourMs)
        await restored.app.jobs.idle()
      }
      assert.ok(!(await keys()).includes(unknown))
      assert.deepEqual(await listQuestions(restored.app.db.read), [])
    } finally {
      await restored.close()
    }
  })

  test('a rest in which nothing was written delays the cleaning by minutes', async () => {
    await app.app.jobs.idle()
    await owner.pushBlob(repository, 'twice')
    await owner.pushBlob(repository, 'twice')
    app.clock.advance(hourMs)
    await app.app.jobs.idle()
    assert.equal((await keys()).length, 1)
    await owner.pushBlob(repository, 'twice')
    await app.stop()
    app.clock.advance(2 * hourMs)
    const later = await app.beside()
    try {
      await later.app.jobs.idle()
      assert.equal((await keys()).length, 2)
      for (let minute = 0; minute < 15; minute += 1) {
        later.clock.advance(minuteMs)
        await later.app.jobs.idle()
      }
      assert.equal((await keys()).length, 1)
    } finally {
      await later.close()
    }
  })

  test('a sweep over a tenth of the bytes asks, and goes on by consent', async () => {
    for (let i = 0; i < 100; i += 1) await orphan()
    const sweep = () => sweepOrphans(cleaner(), signal)
    await sweep()
    app.clock.advance(dayMs)
    assert.deepEqual(await sweep(), {
      listed: 100,
      condemned: 0,
      suspicious: 100,
      missing: 0,
    })
    assert.equal((await listQuestions(app.app.db.read))[0]?.bytes, 1000)
    const { db, stores } = app.app.registry
    const options = { db, stores, clock: app.clock, note: () => {}, print: () => {} }
    assert.equal(await runVerify(app.config, silentLog, options), 1, 'a question is open')
    const consent = { ...options, sweepOrphans: true }
    assert.equal(await runVerify(app.config, silentLog, consent), 0)
    assert.equal(await count('condemned_objects'), 100)
  })

  test('consent covers what was seen by then, not what comes later', async () => {
    const { db, stores } = app.app.registry
    const options = { db, stores, clock: app.clock, note: () => {}, print: () => {} }
    await runVerify(app.config, silentLog, { ...options, sweepOrphans: true })
    app.clock.advance(1)
    for (let i = 0; i < 100; i += 1) await orphan()
    const sweep = () => sweepOrphans(cleaner(), signal)
    await sweep()
    app.clock.advance(dayMs)
    assert.equal((await sweep()).condemned, 0)
  })

  test('blobs of over a tenth of the bytes ask too', async () => {
    for (let i = 0; i < 100; i += 1) await owner.pushBlob(repository, `blob ${i}`)
    const collect = () => collectBlobs(cleaner(), signal)
    for (let day = 0; day < 2; day += 1) {
      app.clock.advance(dayMs + 1)
      await collect()
    }
    app.clock.advance(dayMs + 1)
    assert.equal((await collect()).blobs, 0)
    assert.equal(await count('blobs'), 100)
    const { db, stores } = app.app.registry
    const options = { db, stores, clock: app.clock, note: () => {}, print: () => {} }
    assert.equal(await runVerify(app.config, silentLog, { ...options, sweepOrphans: true }), 0)
    assert.equal(await count('blobs'), 0)
  })

  test('a row whose object is gone is reported, and left as it is', async () => {
    const digest = await owner.pushBlob(repository, 'gone from the store')
    const [key] = await keys()
    await store.deleteMany([key ?? ''], signal)
    assert.deepEqual(await sweepOrphans(cleaner(), signal), {
      listed: 0,
      condemned: 0,
      suspicious: 0,
      missing: 1,
    })
    assert.equal(await count('blobs'), 1)
    assert.equal(await head(digest), 200)
  })

  test('a listing that lags neither deletes what is named nor keeps what is gone', async () => {
    const sweep = () => sweepOrphans(cleaner(), signal)
    const missed = await orphan()
    listing.shown.add('blobs/zz/deletedlongago')
    await sweep()
    listing.hidden.add(missed)
    listing.shown.clear()
    app.clock.advance(dayMs)
    assert.equal((await sweep()).condemned, 0)
    const sightings = await app.app.db.read.selectFrom('orphan_sightings').selectAll().execute()
    assert.deepEqual(sightings, [])
    listing.hidden.clear()
    await sweep()
    app.clock.advance(dayMs)
    assert.equal((await sweep()).condemned, 1)
  })

  test('a condemned object that the store refuses to delete is tried again', async () => {
    for (let copy = 0; copy < 4; copy += 1) await owner.pushBlob(repository, 'pushed again')
    app.clock.advance(deleteDelayMs)
    store.fail('deleteMany', { kind: 'half' })
    assert.equal(await deleteCondemned(cleaner(), signal), 1)
    assert.equal(await count('condemned_objects'), 2)
    assert.equal(await deleteCondemned(cleaner(), signal), 2)
    assert.equal((await keys()).length, 1)
    assert.equal(await head(digestOf('sha256', Buffer.from('pushed again'))), 200)
  })

  test('a blob that one repository no longer holds stays for another', async () => {
    await addNamespace(app, 'team')
    const digest = await owner.pushBlob('team/app', 'same bytes')
    await owner.pushImage(repository, 'kept', 'same bytes')
    for (let day = 0; day < 3; day += 1) {
      app.clock.advance(dayMs + 1)
      await collectBlobs(cleaner(), signal)
    }
    assert.equal(await head(digest), 200)
    const other = await owner.call('HEAD', `/v2/team/app/blobs/${digest}`)
    assert.equal(other.status, 404)
  })
})
