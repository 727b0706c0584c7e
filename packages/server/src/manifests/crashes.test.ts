// Putting and deleting manifests and tags, with each call to the database failing in its turn.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { digestOf } from '@entrepot/oci/digest.ts'
import { ociIndex } from '@entrepot/oci/media-types.ts'
import {
  assertOk,
  type Change,
  type CrashWorld,
  crashChange,
  onEachGround,
} from '../faults/crash-world.ts'
import { imageOf, type PushedImage } from '../registry/test-client.ts'

const repository = 'demo/app'

/** What the round's preparation made. */
const images = new Map<number, PushedImage>()

function imageOfRound(world: CrashWorld): PushedImage {
  const image = images.get(world.round)
  assert(image)
  return image
}

async function get({ client }: CrashWorld, reference: string) {
  return client.call('GET', `/v2/${repository}/manifests/${reference}`)
}

async function assertServed(world: CrashWorld, reference: string, bytes: Buffer): Promise<void> {
  const answer = await get(world, reference)
  assert.equal(answer.status, 200, answer.text)
  assert.ok(answer.bytes.equals(bytes))
}

async function remove({ client }: CrashWorld, reference: string) {
  return client.call('DELETE', `/v2/${repository}/manifests/${reference}`)
}

/** An image whose blobs are there and whose manifest is not. */
async function pushParts(world: CrashWorld): Promise<void> {
  const { client, round } = world
  const text = `layer of round ${round}`
  const config = await client.pushBlob(repository, '{}')
  const layer = await client.pushBlob(repository, text)
  const bytes = imageOf({ config, layers: [[layer, text.length]] })
  images.set(round, { config, layer, bytes, digest: digestOf('sha256', bytes) })
}

async function pushImage(world: CrashWorld): Promise<void> {
  const { client, round } = world
  images.set(round, await client.pushImage(repository, `v${round}`, `layer of round ${round}`))
}

async function clear(world: CrashWorld): Promise<void> {
  const { digest } = imageOfRound(world)
  assert.ok([202, 404].includes((await remove(world, digest)).status))
}

/** Done again, or found done. */
async function removeAgain(world: CrashWorld, reference: string): Promise<void> {
  const answer = await remove(world, reference)
  assert.ok(answer.status === 202 || answer.status === 404, answer.text)
}

const put: Change = {
  prepare: pushParts,
  async run(world) {
    const { bytes } = imageOfRound(world)
    assertOk(await world.client.putManifest(repository, `v${world.round}`, bytes))
  },
  repeat: (world) => put.run(world),
  async assertDone(world) {
    const { bytes, digest } = imageOfRound(world)
    await assertServed(world, `v${world.round}`, bytes)
    await assertServed(world, digest, bytes)
  },
  clear,
}

/** Before its child, which makes it whole. */
const child: Change = {
  async prepare(world) {
    await pushParts(world)
    const { digest, bytes } = imageOfRound(world)
    const mediaType = 'application/vnd.oci.image.manifest.v1+json'
    const manifests = [{ mediaType, digest, size: bytes.byteLength }]
    const index = { schemaVersion: 2, mediaType: ociIndex, manifests }
    const text = Buffer.from(JSON.stringify(index))
    assertOk(await world.client.putManifest(repository, 'index', text, ociIndex))
  },
  run: put.run,
  repeat: put.run,
  assertDone: put.assertDone,
  async clear(world) {
    const index = await get(world, 'index')
    assertOk(await remove(world, String(index.headers['docker-content-digest'])))
    await clear(world)
  },
}

const tagMove: Change = {
  async prepare(world) {
    await pushImage(world)
    const { bytes } = await world.client.pushImage(repository, 'other', 'the other layer')
    assertOk(await world.client.putManifest(repository, 'moving', bytes))
  },
  async run(world) {
    assertOk(await world.client.putManifest(repository, 'moving', imageOfRound(world).bytes))
  },
  repeat: (world) => tagMove.run(world),
  assertDone: (world) => assertServed(world, 'moving', imageOfRound(world).bytes),
  clear,
}

const tagDelete: Change = {
  prepare: pushImage,
  async run(world) {
    assertOk(await remove(world, `v${world.round}`))
  },
  repeat: (world) => removeAgain(world, `v${world.round}`),
  async assertDone(world) {
    const { digest, bytes } = imageOfRound(world)
    assert.equal((await get(world, `v${world.round}`)).status, 404)
    await assertServed(world, digest, bytes)
  },
  clear,
}

const manifestDelete: Change = {
  prepare: pushImage,
  async run(world) {
    assertOk(await remove(world, imageOfRound(world).digest))
  },
  repeat: (world) => removeAgain(world, imageOfRound(world).digest),
  async assertDone(world) {
    assert.equal((await get(world, `v${world.round}`)).status, 404)
    assert.equal((await get(world, imageOfRound(world).digest)).status, 404)
  },
}

// Changes of rows alone: the store is not asked.
onEachGround('manifest crashes', ['memory'], (open) => {
  const changes = {
    'a manifest and its tag': put,
    'a child after its index': child,
    'a tag that moves': tagMove,
    'the delete of a tag': tagDelete,
    'the delete of a manifest': manifestDelete,
  }
  for (const [name, change] of Object.entries(changes)) {
    test(name, async () => {
      const failed = await crashChange(await open(), change)
      assert.ok(failed.includes('commit'))
      assert.ok(!failed.some((call) => call.startsWith('store.')))
    })
  }
})
