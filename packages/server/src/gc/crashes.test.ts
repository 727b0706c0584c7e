// Each reconciler of the cleaning, with each call to the database and the store failing in its turn; the next
// run finishes what the failed one left.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  assertOk,
  type Change,
  type CrashWorld,
  crashChange,
  onEachGround,
} from '../faults/crash-world.ts'
import { cleanerOf, graceMs } from '../faults/invariants.ts'
import { defaultBinDays } from '../recycle-bin/deletions.ts'
import { newBlobKey } from '../storage/stores.ts'
import { collectBlobs } from './collect.ts'
import { expireUploads } from './expiry.ts'
import { deleteCondemned, deleteDelayMs, sweepOrphans } from './objects.ts'
import { purgeDeleted } from './purge.ts'

const { signal } = new AbortController()
const repository = 'demo/app'

/** Over the database and the store that can fail. */
function failingCleaner(world: CrashWorld) {
  const { registry } = world.app.app
  return { ...cleanerOf(world), db: registry.db, stores: registry.stores }
}

function pass(world: CrashWorld): void {
  world.clock.advance(graceMs + deleteDelayMs)
}

/** The kept image is served before and after; what goes is made by `prepare`. */
function cleaning(
  prepare: (world: CrashWorld) => Promise<void>,
  run: (cleaner: ReturnType<typeof failingCleaner>) => Promise<unknown>,
): Change {
  return {
    async prepare(world) {
      await world.client.pushImage(repository, 'kept', 'kept')
      await prepare(world)
    },
    async run(world) {
      await run(failingCleaner(world))
    },
    async repeat(world) {
      await run(cleanerOf(world))
    },
    async assertDone(world) {
      const kept = await world.client.pushImage(repository, 'kept', 'kept')
      const answer = await world.client.call('GET', `/v2/${repository}/blobs/${kept.layer}`)
      assert.equal(answer.text, 'kept')
    },
  }
}

const expiry = cleaning(
  async (world) => {
    const { client } = world
    const location = await client.startUpload(repository)
    assertOk(await client.call('PATCH', location, { body: 'never finished' }))
    pass(world)
  },
  (cleaner) => expireUploads(cleaner, signal),
)

const purge = cleaning(
  async (world) => {
    const { client, round } = world
    const { digest } = await client.pushImage(repository, `gone${round}`, `gone ${round}`)
    assertOk(await client.call('DELETE', `/v2/${repository}/manifests/${digest}`))
    world.clock.advance(defaultBinDays * graceMs)
  },
  (cleaner) => purgeDeleted(cleaner, signal),
)

const collection = cleaning(
  async (world) => {
    await world.client.pushBlob(repository, `named by nothing ${world.round}`)
    const cleaner = cleanerOf(world)
    for (let sighting = 0; sighting < 2; sighting += 1) {
      pass(world)
      await collectBlobs(cleaner, signal)
    }
    // Now the blob is seen without a link for the second time, and its copy goes.
    pass(world)
  },
  (cleaner) => collectBlobs(cleaner, signal),
)

const condemned = cleaning(
  async (world) => {
    for (let copy = 0; copy < 2; copy += 1) {
      await world.client.pushBlob(repository, `pushed twice ${world.round}`)
    }
    pass(world)
  },
  (cleaner) => deleteCondemned(cleaner, signal),
)

const orphans = cleaning(
  async (world) => {
    await world.store.put(newBlobKey(), Buffer.from('a crash left this'), signal)
    await sweepOrphans(cleanerOf(world), signal)
    pass(world)
  },
  (cleaner) => sweepOrphans(cleaner, signal),
)

onEachGround('cleaning crashes', ['memory', 'folder', 's3'], (open) => {
  for (const [name, change] of Object.entries({
    'expired uploads': expiry,
    'condemned objects': condemned,
    'orphans of the store': orphans,
  })) {
    test(name, async () => {
      assert.ok((await crashChange(await open(), change)).length > 0)
    })
  }
})

// Changes of rows alone: the store is not asked.
onEachGround('cleaning crashes', ['memory'], (open) => {
  for (const [name, change] of Object.entries({
    'deleted manifests': purge,
    'blobs that nothing names': collection,
  })) {
    test(name, async () => {
      assert.ok((await crashChange(await open(), change)).includes('commit'))
    })
  }
})
