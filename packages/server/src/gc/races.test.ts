// A sweep, and a client who counts on what it is about to take: the interleavings at the head of collect.ts.

import assert from 'node:assert/strict'
import { buffer } from 'node:stream/consumers'
import { type Digest, digestOf } from '@entrepot/oci/digest.ts'
import { ociImage, ociIndex } from '@entrepot/oci/media-types.ts'
import { cleanerOf, cleanForDays, graceMs } from '../faults/invariants.ts'
import { onEachRace, type Race, type Racer, type RaceWorld, type Side } from '../faults/race.ts'
import { gatherBlobs } from '../instances/gather.ts'
import { imageOf, outcome } from '../registry/test-client.ts'
import { MemoryDriver } from '../storage/memory.ts'
import { Stores } from '../storage/stores.ts'
import { collectBlobs } from './collect.ts'
import { deleteCondemned, deleteDelayMs } from './objects.ts'
import { purgeDeleted } from './purge.ts'
import { subjectWaitMs, sweepReferrers } from './referrers.ts'

const { signal } = new AbortController()
const repository = 'demo/app'
/** Longer than anything is kept in the bin. */
const binMs = 8 * 24 * 3_600_000

function textOf({ round }: RaceWorld): string {
  return `bytes of round ${round}`
}

function digestFor(world: RaceWorld): Digest {
  return digestOf('sha256', Buffer.from(textOf(world)))
}

/** The next sweep takes the link of a blob that nothing names (`sights` 1), or the blob itself (2). */
async function makeRipe(world: RaceWorld, cleaner: Side['cleaner'], sights: 1 | 2): Promise<void> {
  await cleanForDays(world)
  await world.client.pushBlob(repository, textOf(world))
  for (let sight = 0; sight < sights; sight += 1) {
    world.clock.advance(graceMs + 1)
    await collectBlobs(cleaner, signal)
  }
  world.clock.advance(graceMs + 1)
}

/** Its first transaction takes the link or the blob. */
const sweep: Racer = {
  name: 'sweep',
  async run({ cleaner }) {
    const { links, blobs } = await collectBlobs(cleaner, signal)
    return `${links} links, ${blobs} blobs`
  },
}

async function assertServed(world: RaceWorld): Promise<void> {
  const path = `/v2/${repository}/blobs/${digestFor(world)}`
  assert.equal((await world.client.call('GET', path)).text, textOf(world))
}

/** The client does something that counts on the blob; `held` are the answers after which it must be there. */
function sweepAnd(
  client: (world: RaceWorld) => Racer,
  held: readonly string[],
  sights: 1 | 2,
): Race {
  return {
    async racers(world) {
      await makeRipe(world, cleanerOf(world), sights)
      return [client(world), sweep]
    },
    async check(world, [answer]) {
      if (held.includes(answer)) await assertServed(world)
      else assert.match(answer, /^404|^202/)
    },
  }
}

function push(world: RaceWorld): Racer {
  return {
    name: 'push',
    nth: 2,
    run: async ({ client }) => outcome(await client.putBlob(repository, textOf(world))),
  }
}

function head(world: RaceWorld): Racer {
  const path = `/v2/${repository}/blobs/${digestFor(world)}`
  return {
    name: 'HEAD',
    run: async ({ client }) => String((await client.call('HEAD', path)).status),
  }
}

function mount(world: RaceWorld): Racer {
  const query = `mount=${digestFor(world)}&from=${repository}`
  return {
    name: 'mount',
    run: async ({ client }) =>
      outcome(await client.call('POST', `/v2/demo/other/blobs/uploads/?${query}`)),
  }
}

function put(world: RaceWorld): Racer {
  const text = textOf(world)
  // An artifact whose config is its one layer, so that nothing else has to be there.
  const size = text.length
  const digest = digestFor(world)
  const bytes = imageOf({ config: digest, configBytes: size, layers: [[digest, size]] })
  return {
    name: 'put',
    run: async ({ client }) =>
      outcome(await client.putManifest(repository, `v${world.round}`, bytes)),
  }
}

/** The bytes lie in another store, and come home while the sweep takes the blob. */
const move: Race = {
  async racers(world) {
    const { db, store, round, app } = world
    await makeRipe(world, cleanerOf(world), 2)
    const second = new MemoryDriver(world.clock)
    seconds.set(round, second)
    await db.write((tx) =>
      tx
        .insertInto('storage_backends')
        .values({ id: 'second', kind: 'memory', settings_wrapped: null, created_at: 0 })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute(),
    )
    const copies = await db.read.selectFrom('blob_copies').select(['id', 'key']).execute()
    for (const { id, key } of copies) {
      const body = await buffer(await store.get(key, undefined, signal))
      await second.put(key, body, signal)
      await db.write((tx) =>
        tx.updateTable('blob_copies').set({ backend_id: 'second' }).where('id', '=', id).execute(),
      )
      await store.deleteMany([key], signal)
    }
    const bring = async (side: Side) => {
      const gatherer = { ...side.cleaner, stores: storesOf(world) }
      const { moved, lost } = await gatherBlobs(gatherer, app.instance.id, signal)
      return `${moved} moved, ${lost.length} lost`
    }
    return [{ name: 'move', run: bring }, sweep]
  },
  async check(world, [answer, swept]) {
    assert.match(answer, /, 0 lost$/)
    assert.equal(swept, '0 links, 1 blobs')
    world.clock.advance(deleteDelayMs)
    const cleaner = { ...cleanerOf(world), stores: storesOf(world) }
    await deleteCondemned(cleaner, signal)
    const left = await seconds.get(world.round)?.list('blobs/', undefined, 10, signal)
    assert.deepEqual(left, [])
    await world.db.write((tx) =>
      tx.deleteFrom('storage_backends').where('id', '=', 'second').execute(),
    )
  },
}

const seconds = new Map<number, MemoryDriver>()

function storesOf({ clock, store, round }: RaceWorld): Stores {
  const stores = new Stores(clock, 0)
  stores.add('default', store)
  const second = seconds.get(round)
  if (second) stores.add('second', second)
  return stores
}

const mounted: Race = {
  ...sweepAnd(mount, [], 1),
  async check(world, [answer]) {
    assert.ok(answer === '201' || answer === '202', answer)
    if (answer === '202') return
    const path = `/v2/demo/other/blobs/${digestFor(world)}`
    assert.equal((await world.client.call('GET', path)).text, textOf(world))
  },
}

/** As docker does: it asks whether the layer is there, and then names it. */
const headThenPut: Race = {
  ...sweepAnd(
    (world) => ({
      name: 'HEAD, then put',
      async run(side) {
        const told = await head(world).run(side)
        return told === '200' ? `then ${await put(world).run(side)}` : told
      },
    }),
    ['then 201'],
    1,
  ),
  async check(world, [answer]) {
    // Who was told that the layer is there gets the image in.
    assert.match(answer, /^(?:then 201|404)/)
    if (answer === 'then 201') await assertServed(world)
  },
}

/** What a tag pointed to before is named by its manifest as much as ever. */
const tagMove: Race = {
  async racers(world) {
    const { client, round } = world
    await makeRipe(world, cleanerOf(world), 1)
    const before = await client.pushImage(repository, `moving${round}`, `first of ${round}`)
    const next = await client.pushImage(repository, `next${round}`, `second of ${round}`)
    layers.set(round, before.layer)
    world.clock.advance(graceMs + 1)
    const move = async ({ client: side }: Side) =>
      outcome(await side.putManifest(repository, `moving${round}`, next.bytes))
    return [{ name: 'move', run: move }, sweep]
  },
  async check(world, [answer]) {
    assert.equal(answer, '201')
    await assertLayer(world, `first of ${world.round}`)
  },
}

const layers = new Map<number, Digest>()

async function assertLayer({ client, round }: RaceWorld, text: string): Promise<void> {
  const answer = await client.call('GET', `/v2/${repository}/blobs/${layers.get(round)}`)
  assert.equal(answer.text, text)
}

/** A deleted manifest holds its layers until its own row goes: it can come back whole. */
const manifestDelete: Race = {
  async racers(world) {
    const { client, round } = world
    await makeRipe(world, cleanerOf(world), 1)
    const image = await client.pushImage(repository, `gone${round}`, `deleted in ${round}`)
    layers.set(round, image.layer)
    world.clock.advance(graceMs + 1)
    const remove = async ({ client: side }: Side) =>
      outcome(await side.call('DELETE', `/v2/${repository}/manifests/${image.digest}`))
    return [{ name: 'delete', run: remove }, sweep]
  },
  async check(world, [answer]) {
    assert.equal(answer, '202')
    await assertLayer(world, `deleted in ${world.round}`)
  },
}

/** The child lies in the bin and its time is over while an index that names it arrives. */
const indexOfPurged: Race = {
  async racers(world) {
    const { client, round, clock } = world
    await cleanForDays(world)
    const child = await client.pushImage(repository, `child${round}`, `child of ${round}`)
    assert.equal(
      outcome(await client.call('DELETE', `/v2/${repository}/manifests/${child.digest}`)),
      '202',
    )
    clock.advance(binMs)
    const size = child.bytes.byteLength
    const manifests = [{ mediaType: ociImage, digest: child.digest, size }]
    const index = JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests })
    const putIndex = async ({ client: side }: Side) =>
      outcome(await side.putManifest(repository, `index${round}`, Buffer.from(index), ociIndex))
    const purge = async ({ cleaner }: Side) => String(await purgeDeleted(cleaner, signal))
    return [
      { name: 'index', run: putIndex },
      { name: 'purge', run: purge },
    ]
  },
  async check({ db }, [answer, purged]) {
    assert.deepEqual([answer, purged], ['201', '1'])
    const refs = await db.read
      .selectFrom('manifest_refs')
      .select('present')
      .where('role', '=', 'child')
      .execute()
    // It never says that the child is there: not a deleted one, and not one that is gone.
    assert.ok(refs.every(({ present }) => present === 0))
  },
}

/** The week is over when the subject comes at last. */
const lateSubject: Race = {
  async racers(world) {
    const { client, round, clock } = world
    await cleanForDays(world)
    const config = await client.pushBlob(repository, '{}')
    const layer = await client.pushBlob(repository, `subject of ${round}`)
    const subject = imageOf({ config, layers: [[layer, `subject of ${round}`.length]] })
    const digest = digestOf('sha256', subject)
    const about = { mediaType: ociImage, digest, size: subject.byteLength }
    const more = { artifactType: 'a/signature', subject: about }
    const referrer = imageOf({ config, layers: [[layer, 1]], more })
    const name = digestOf('sha256', referrer)
    assert.equal(outcome(await client.putManifest(repository, name, referrer)), '201')
    clock.advance(subjectWaitMs)
    const putSubject = async ({ client: side }: Side) =>
      outcome(await side.putManifest(repository, `subject${round}`, subject))
    const swept = async ({ cleaner }: Side) => String(await sweepReferrers(cleaner, signal))
    return [
      { name: 'subject', run: putSubject },
      { name: 'sweep', run: swept },
    ]
  },
  async check({ db }, [answer, swept]) {
    assert.equal(answer, '201')
    const events = await db.read
      .selectFrom('events')
      .select(['type', 'position'])
      .where('type', 'in', ['image.pushed', 'manifest.deleted'])
      .orderBy('position')
      .execute()
    // Either it went before its subject came, or it stays.
    assert.equal(events.at(-1)?.type, 'image.pushed', `${swept} swept`)
  },
}

onEachRace('sweep races', {
  'a HEAD with the manifest after it, and the sweep of the link': headThenPut,
  'a tag that moves and the sweep': tagMove,
  'the delete of a manifest and the sweep': manifestDelete,
  'an index and the purge of its child': indexOfPurged,
  'a subject and the sweep of its referrer': lateSubject,
  'a push and the sweep of its link': sweepAnd(push, ['201'], 1),
  'a push and the sweep of its blob': sweepAnd(push, ['201'], 2),
  'a HEAD and the sweep of the link': sweepAnd(head, ['200'], 1),
  'a manifest and the sweep of its blob': sweepAnd(put, ['201'], 1),
  'a mount and the sweep of the link': mounted,
  'a storage move and the sweep of its blob': move,
})
