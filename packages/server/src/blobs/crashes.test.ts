// Each way to make a blob, with each call to the database and the store failing in its turn.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Digest, digestOf } from '@entrepot/oci/digest.ts'
import {
  assertOk,
  type Change,
  type CrashWorld,
  crashChange,
  onEachGround,
} from '../faults/crash-world.ts'

const repository = 'demo/app'

function digestFor(bytes: Buffer): Digest {
  return digestOf('sha256', bytes)
}

/** Different for each round. */
function textOf(world: CrashWorld): Buffer {
  return Buffer.from(`bytes of round ${world.round}`)
}

/** For chunks: bytes that differ all the way. */
function longTextOf(world: CrashWorld): Buffer {
  return Buffer.concat([textOf(world), Buffer.alloc(3000, world.round)])
}

async function assertServed(world: CrashWorld, bytes: Buffer): Promise<void> {
  const answer = await world.client.call('GET', `/v2/${repository}/blobs/${digestFor(bytes)}`)
  assert.equal(answer.status, 200, answer.text)
  assert.ok(answer.bytes.equals(bytes))
}

/** It is either not there or whole. */
async function isServed(world: CrashWorld, bytes: Buffer): Promise<boolean> {
  const answer = await world.client.call('GET', `/v2/${repository}/blobs/${digestFor(bytes)}`)
  assert.ok(answer.status === 404 || answer.bytes.equals(bytes), `${answer.status}`)
  return answer.status === 200
}

async function startUpload({ client }: CrashWorld): Promise<string> {
  const answer = assertOk(await client.call('POST', `/v2/${repository}/blobs/uploads/`))
  return answer.headers.location ?? ''
}

/** A push by `push`; after a failure the client looks, and pushes again where the blob isn't there. */
function pushOf(
  bytesOf: (world: CrashWorld) => Buffer,
  push: (world: CrashWorld, bytes: Buffer) => Promise<void>,
): Change {
  return {
    run: (world) => push(world, bytesOf(world)),
    async repeat(world) {
      if (!(await isServed(world, bytesOf(world)))) await push(world, bytesOf(world))
    },
    assertDone: (world) => assertServed(world, bytesOf(world)),
  }
}

const inOneRequest = pushOf(textOf, async ({ client }, bytes) => {
  assertOk(await client.putBlob(repository, bytes))
})

const empty = pushOf(
  () => Buffer.alloc(0),
  async ({ client }, bytes) => {
    assertOk(await client.putBlob(repository, bytes))
  },
)

/** Of unknown length, so that it goes to the store in parts, as a large one does. */
const wholePut = pushOf(longTextOf, async (world, bytes) => {
  const location = await startUpload(world)
  const path = `${location}?digest=${digestFor(bytes)}`
  assertOk(await world.client.call('PUT', path, { body: bytes, isChunked: true }))
})

/** Where the last upload of the round is, for a client that goes on with it. */
const locations = new Map<number, string>()

/** A client that sends the same PUT again, to the same upload while there is one. */
const repeatedPut: Change = {
  async run(world) {
    const location = await startUpload(world)
    locations.set(world.round, location)
    await putLong(world, location)
  },
  async repeat(world) {
    if (await isServed(world, longTextOf(world))) return
    const location = locations.get(world.round)
    const status = location && (await world.client.call('GET', location)).status
    await putLong(world, location && status === 204 ? location : await startUpload(world))
  },
  assertDone: (world) => assertServed(world, longTextOf(world)),
}

async function putLong(world: CrashWorld, location: string): Promise<void> {
  const body = longTextOf(world)
  const path = `${location}?digest=${digestFor(body)}`
  assertOk(await world.client.call('PUT', path, { body, isChunked: true }))
}

/** Two chunks, the rest in the PUT or none there. */
function chunked(restBytes: number): Change {
  const bytesOf = longTextOf
  const push = async (world: CrashWorld, bytes: Buffer, location: string, offset: number) => {
    const { client } = world
    const end = bytes.byteLength - restBytes
    for (const [from, to] of [
      [offset, Math.max(offset, 1000)],
      [Math.max(offset, 1000), Math.max(end, offset)],
    ] as const) {
      if (from === to) continue
      const headers = { 'Content-Range': `${from}-${to - 1}` }
      const body = bytes.subarray(from, to)
      assertOk(await client.call('PATCH', location, { headers, body }))
    }
    const rest = bytes.subarray(Math.max(end, offset))
    const path = `${location}?digest=${digestFor(bytes)}`
    assertOk(await client.call('PUT', path, rest.byteLength > 0 ? { body: rest } : {}))
  }
  return {
    async run(world) {
      const location = await startUpload(world)
      locations.set(world.round, location)
      await push(world, bytesOf(world), location, 0)
    },
    async repeat(world) {
      const bytes = bytesOf(world)
      if (await isServed(world, bytes)) return
      const location = locations.get(world.round)
      const status = location && (await world.client.call('GET', location))
      if (location && status && status.status === 204) {
        const last = Number(/-(\d+)$/.exec(status.headers.range ?? '')?.[1] ?? 0)
        await push(world, bytes, location, last === 0 ? 0 : last + 1)
      } else await push(world, bytes, await startUpload(world), 0)
    },
    assertDone: (world) => assertServed(world, bytesOf(world)),
  }
}

const mount: Change = {
  async prepare(world) {
    await world.client.pushBlob('demo/source', textOf(world))
  },
  async run(world) {
    const query = `mount=${digestFor(textOf(world))}&from=demo/source`
    const answer = await world.client.call('POST', `/v2/${repository}/blobs/uploads/?${query}`)
    assertOk(answer)
    assert.equal(answer.status, 201)
  },
  repeat: (world) => mount.run(world),
  assertDone: (world) => assertServed(world, textOf(world)),
}

const cancel: Change = {
  async prepare(world) {
    const location = await startUpload(world)
    locations.set(world.round, location)
    assertOk(await world.client.call('PATCH', location, { body: textOf(world) }))
  },
  async run(world) {
    assertOk(await world.client.call('DELETE', locations.get(world.round) ?? ''))
  },
  async repeat(world) {
    const answer = await world.client.call('DELETE', locations.get(world.round) ?? '')
    assert.ok(answer.status === 204 || answer.status === 404, answer.text)
  },
  async assertDone(world) {
    const answer = await world.client.call('GET', locations.get(world.round) ?? '')
    assert.equal(answer.status, 404)
  },
}

const deletion: Change = {
  async prepare(world) {
    await world.client.pushBlob(repository, textOf(world))
  },
  async run(world) {
    const path = `/v2/${repository}/blobs/${digestFor(textOf(world))}`
    assertOk(await world.client.call('DELETE', path))
  },
  async repeat(world) {
    const path = `/v2/${repository}/blobs/${digestFor(textOf(world))}`
    const answer = await world.client.call('DELETE', path)
    assert.ok(answer.status === 202 || answer.status === 404, answer.text)
  },
  async assertDone(world) {
    assert.equal(await isServed(world, textOf(world)), false)
  },
}

onEachGround('blob crashes', ['memory', 'folder', 's3'], (open) => {
  const changes = {
    'a push in one request': inOneRequest,
    'an empty blob': empty,
    'a PUT with all bytes': wholePut,
    'a PUT with all bytes, repeated as it was': repeatedPut,
    'chunks, the last in the PUT': chunked(1000),
    'chunks and an empty PUT': chunked(0),
    'the cancel of an upload': cancel,
  }
  for (const [name, change] of Object.entries(changes)) {
    test(name, async () => {
      const failed = await crashChange(await open(), change)
      assert.ok(failed.includes('commit'))
    })
  }
})

// Changes of rows alone: the store is not asked.
onEachGround('blob crashes', ['memory'], (open) => {
  for (const [name, change] of Object.entries({ 'a mount': mount, 'a delete': deletion })) {
    test(name, async () => {
      const failed = await crashChange(await open(), change)
      assert.ok(failed.includes('commit'))
      assert.ok(!failed.some((call) => call.startsWith('store.')))
    })
  }
})
