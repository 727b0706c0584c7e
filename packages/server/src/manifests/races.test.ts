// Two clients at one manifest, one tag, or what a manifest names.

import assert from 'node:assert/strict'
import { ApiError } from '@entrepot/contract/errors.ts'
import { digestOf } from '@entrepot/oci/digest.ts'
import { ociImage, ociIndex } from '@entrepot/oci/media-types.ts'
import { onEachRace, type Race, type Racer, type RaceWorld, type Side } from '../faults/race.ts'
import { purgeDeleted } from '../gc/purge.ts'
import { createNamespace } from '../namespaces/namespaces.ts'
import { getUsage, setQuota } from '../quotas/quotas.ts'
import { release } from '../recycle-bin/release.ts'
import { imageOf, outcome, type PushedImage, type TestClient } from '../registry/test-client.ts'
import { addNamespace, seedOrigin } from '../registry/test-seed.ts'

const { signal } = new AbortController()
const repository = 'demo/app'

/** An image whose blobs are there and whose manifest is not. */
async function pushParts({ client, round }: RaceWorld, name = ''): Promise<PushedImage> {
  const text = `layer ${name} of round ${round}`
  const config = await client.pushBlob(repository, '{}')
  const layer = await client.pushBlob(repository, text)
  const bytes = imageOf({ config, layers: [[layer, text.length]] })
  return { config, layer, bytes, digest: digestOf('sha256', bytes) }
}

function pushImage({ client, round }: RaceWorld, tag = `v${round}`): Promise<PushedImage> {
  return client.pushImage(repository, tag, `layer ${tag} of round ${round}`)
}

function indexOf(child: PushedImage): Buffer {
  const { digest, bytes } = child
  const manifests = [{ mediaType: ociImage, digest, size: bytes.byteLength }]
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests }))
}

function put(bytes: Buffer, reference: string, type: string = ociImage, to = repository): Racer {
  return {
    name: 'put',
    run: async ({ client }) => outcome(await client.putManifest(to, reference, bytes, type)),
  }
}

function remove(path: string): Racer {
  return {
    name: 'delete',
    run: async ({ client }) => outcome(await client.call('DELETE', `/v2/${repository}/${path}`)),
  }
}

async function get(
  client: TestClient,
  reference: string,
  from = repository,
): Promise<Buffer | undefined> {
  const answer = await client.call('GET', `/v2/${from}/manifests/${reference}`)
  return answer.status === 200 ? answer.bytes : undefined
}

/** What the round's preparation made. */
const images = new Map<number, PushedImage>()

function imageOfRound({ round }: RaceWorld): PushedImage {
  const image = images.get(round)
  assert(image)
  return image
}

function keep({ round }: RaceWorld, image: PushedImage): PushedImage {
  images.set(round, image)
  return image
}

async function assertWhole({ db }: RaceWorld): Promise<void> {
  const missing = await db.read
    .selectFrom('manifest_refs')
    .select('digest')
    .where('present', '=', 0)
    .execute()
  assert.deepEqual(missing, [])
}

const samePut: Race = {
  async racers(world) {
    const { bytes, digest } = keep(world, await pushParts(world))
    return [put(bytes, `v${world.round}`), put(bytes, digest)]
  },
  async check(world, answers) {
    assert.deepEqual(answers, ['201', '201'])
    assert.ok((await get(world.client, `v${world.round}`))?.equals(imageOfRound(world).bytes))
  },
}

const putAndBlobDelete: Race = {
  async racers(world) {
    const { bytes, layer } = keep(world, await pushParts(world))
    return [put(bytes, `v${world.round}`), remove(`blobs/${layer}`)]
  },
  async check(_, [put, removed]) {
    assert.ok(
      (put === '201' && removed === '403 DENIED') ||
        (put === '404 MANIFEST_BLOB_UNKNOWN' && removed === '202'),
      `${put}, ${removed}`,
    )
  },
}

const indexAndChildDelete: Race = {
  async racers(world) {
    const child = keep(world, await pushImage(world))
    return [put(indexOf(child), 'index', ociIndex), remove(`manifests/${child.digest}`)]
  },
  async check(world, [put, removed]) {
    assert.equal(put, '201')
    assert.ok(removed === '202' || removed === '403 DENIED', removed)
    const child = await get(world.client, imageOfRound(world).digest)
    assert.equal(child === undefined, removed === '202')
    // Whole again for the next round.
    const { bytes, digest } = imageOfRound(world)
    if (!child) assert.equal(await putAgain(world, bytes, digest), '201')
    await assertWhole(world)
  },
}

async function putAgain(world: RaceWorld, bytes: Buffer, reference: string): Promise<string> {
  return outcome(await world.client.putManifest(repository, reference, bytes))
}

const indexAndChildPut: Race = {
  async racers(world) {
    const child = keep(world, await pushParts(world))
    return [put(indexOf(child), 'index', ociIndex), put(child.bytes, child.digest)]
  },
  async check(world, answers) {
    assert.deepEqual(answers, ['201', '201'])
    await assertWhole(world)
  },
}

const deleteAndNewTag: Race = {
  async racers(world) {
    const { bytes, digest } = keep(world, await pushImage(world))
    return [put(bytes, `new${world.round}`), remove(`manifests/${digest}`)]
  },
  async check(world, answers) {
    assert.deepEqual(answers, ['201', '202'])
    const tagged = await get(world.client, `new${world.round}`)
    const byDigest = await get(world.client, imageOfRound(world).digest)
    assert.equal(tagged === undefined, byDigest === undefined)
  },
}

/** Nothing lies in the recycle bin any more: what is left is the purge of the rows. */
async function letGo({ db }: RaceWorld): Promise<void> {
  const rows = await db.read.selectFrom('deletions').select('id').execute()
  await db.write((tx) =>
    release(
      tx,
      rows.map(({ id }) => id),
    ),
  )
}

/** Into another namespace nothing but the bytes is shared. */
function purgeAndPush(isElsewhere: boolean): Race {
  return {
    async racers(world) {
      const { client, round } = world
      const { bytes, digest } = keep(world, await pushParts(world))
      assert.equal(await putAgain(world, bytes, digest), '201')
      const gone = await client.call('DELETE', `/v2/${repository}/manifests/${digest}`)
      assert.equal(gone.status, 202)
      await letGo(world)
      const place = isElsewhere ? `team${round}/app` : repository
      if (isElsewhere) await addNamespace(world.app, `team${round}`)
      const config = await client.pushBlob(place, '{}')
      const layer = await client.pushBlob(place, `layer  of round ${round}`)
      assert.deepEqual({ config, layer }, { config: imageOfRound(world).config, layer })
      const purge = async (side: Side) => `${await purgeDeleted(side.cleaner, signal)} purged`
      return [put(bytes, digest, ociImage, place), { name: 'purge', run: purge }]
    },
    async check(world, answers) {
      assert.deepEqual(answers, ['201', '1 purged'])
      const { bytes, digest } = imageOfRound(world)
      const place = isElsewhere ? `team${world.round}/app` : repository
      assert.ok((await get(world.client, digest, place))?.equals(bytes))
    },
  }
}

const moveAndTagDelete: Race = {
  async racers(world) {
    await pushImage(world, 'moving')
    const next = keep(world, await pushImage(world))
    return [put(next.bytes, 'moving'), remove('manifests/moving')]
  },
  async check(world, answers) {
    assert.deepEqual(answers, ['201', '202'])
    const tagged = await get(world.client, 'moving')
    assert.ok(tagged === undefined || tagged.equals(imageOfRound(world).bytes))
  },
}

const twoMoves: Race = {
  async racers(world) {
    const [a, b] = [await pushImage(world, 'a'), await pushImage(world, 'b')]
    return [put(a.bytes, `both${world.round}`), put(b.bytes, `both${world.round}`)]
  },
  async check(world, answers) {
    assert.deepEqual(answers, ['201', '201'])
    const rows = await historyOf(world, `both${world.round}`)
    // Each move says from where: the second from where the first went.
    assert.deepEqual(
      rows.map((row) => row.previous_digest),
      [null, rows[0]?.digest],
    )
  },
}

function historyOf({ db }: RaceWorld, tag: string) {
  return db.read
    .selectFrom('tag_history')
    .select(['digest', 'previous_digest'])
    .where('name', '=', tag)
    .orderBy('previous_digest', (order) => order.asc().nullsFirst())
    .execute()
}

const lastNamespace: Race = {
  async racers(world) {
    const { app, db, round } = world
    const { id } = app.instance
    const used = await getUsage(db.read, id, 'namespaces')
    await db.write((tx) => setQuota(tx, id, 'namespaces', used + 1))
    const create = (name: string): Racer => ({
      name: 'create',
      async run(side) {
        const input = { name, isPublic: false, createdBy: 1, at: app.clock.now() }
        try {
          await side.db.write((tx) => createNamespace(tx, app.instance, input, seedOrigin))
          return 'created'
        } catch (error) {
          if (error instanceof ApiError) return error.code
          throw error
        }
      },
    })
    return [create(`one${round}`), create(`two${round}`)]
  },
  async check({ app, db }, answers) {
    assert.deepEqual([...answers].sort(), ['QUOTA_EXCEEDED', 'created'])
    await db.write((tx) => setQuota(tx, app.instance.id, 'namespaces', null))
  },
}

onEachRace('manifest races', {
  'two pushes of one manifest': samePut,
  'a manifest and the delete of its blob': putAndBlobDelete,
  'an index and the delete of its child': indexAndChildDelete,
  'an index and its child': indexAndChildPut,
  'a tag and the delete of its manifest': deleteAndNewTag,
  'the purge and a new push of one manifest': purgeAndPush(false),
  'the purge and a push of one manifest elsewhere': purgeAndPush(true),
  'a tag that moves and its delete': moveAndTagDelete,
  'a tag that moves to two places': twoMoves,
  'the last namespace of a quota': lastNamespace,
})
