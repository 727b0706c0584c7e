// Two clients, or a client and a sweep, at one blob or one upload.

import assert from 'node:assert/strict'
import { type Digest, digestOf } from '@entrepot/oci/digest.ts'
import { graceMs } from '../faults/invariants.ts'
import { onEachRace, type Race, type Racer, type RaceWorld } from '../faults/race.ts'
import { expireUploads } from '../gc/expiry.ts'
import { getUsage, setQuota } from '../quotas/quotas.ts'
import { outcome } from '../registry/test-client.ts'

const { signal } = new AbortController()
const repository = 'demo/app'

function textOf({ round }: RaceWorld): string {
  return `bytes of round ${round}`
}

function digestFor(text: string): Digest {
  return digestOf('sha256', Buffer.from(text))
}

async function served({ client }: RaceWorld, text: string, from = repository): Promise<void> {
  const answer = await client.call('GET', `/v2/${from}/blobs/${digestFor(text)}`)
  assert.equal(answer.text, text)
}

/** The request's second transaction, after the one that opens the upload. */
function push(to: string, text: string): Racer {
  const nth = 2
  return { name: 'push', nth, run: async ({ client }) => outcome(await client.putBlob(to, text)) }
}

function publishTwice(places: readonly [string, string]): Race {
  return {
    racers: async (world) => [push(places[0], textOf(world)), push(places[1], textOf(world))],
    async check(world, answers) {
      assert.deepEqual(answers, ['201', '201'])
      for (const place of places) await served(world, textOf(world), place)
      const copies = await world.db.read.selectFrom('blob_copies').select('id').execute()
      assert.equal(copies.length, 1)
    },
  }
}

function patch(location: string, body: string): Racer {
  return {
    name: 'PATCH',
    run: async ({ client }) => outcome(await client.call('PATCH', location, { body })),
  }
}

interface PutOptions {
  readonly whole?: string
  readonly isLong?: boolean
}

async function sendPut(
  client: RaceWorld['client'],
  location: string,
  body: string,
  { whole = body, isLong = false }: PutOptions,
): Promise<string> {
  const path = `${location}?digest=${digestFor(whole)}`
  return outcome(await client.call('PUT', path, body ? { body, isChunked: isLong } : {}))
}

function put(location: string, body: string, options: PutOptions = {}): Racer {
  return { name: 'PUT', run: ({ client }) => sendPut(client, location, body, options) }
}

async function offsetOf({ client }: RaceWorld, location: string): Promise<number> {
  const status = await client.call('GET', location)
  assert.equal(status.status, 204, status.text)
  return Number(/-(\d+)$/.exec(status.headers.range ?? '')?.[1]) + 1
}

const locations = new Map<number, string>()

function locationOf({ round }: RaceWorld): string {
  const location = locations.get(round)
  assert(location)
  return location
}

async function startUpload(world: RaceWorld, chunk = ''): Promise<string> {
  const location = await world.client.startUpload(repository)
  locations.set(world.round, location)
  if (chunk) {
    const answer = await world.client.call('PATCH', location, { body: chunk })
    assert.equal(answer.status, 202, answer.text)
  }
  return location
}

/** Behind a chunk, the first transaction of each lets it write, the second keeps what it wrote. */
function twoPatches(chunk: string, nth = 1): Race {
  return {
    async racers(world) {
      const location = await startUpload(world, chunk)
      return [
        { ...patch(location, 'aaaa'), nth },
        { ...patch(location, 'bbbbbb'), nth },
      ]
    },
    async check(world, answers) {
      assert.deepEqual([...answers].sort(), ['202', '416 BLOB_UPLOAD_INVALID'])
      const text = chunk + (answers[0] === '202' ? 'aaaa' : 'bbbbbb')
      assert.equal(await offsetOf(world, locationOf(world)), text.length)
      const path = `${locationOf(world)}?digest=${digestFor(text)}`
      assert.equal(outcome(await world.client.call('PUT', path)), '201')
      await served(world, text)
    },
  }
}

interface TwoPuts {
  readonly chunk?: string
  /** Of no known length, so kept in the row before the object is made. */
  readonly isLong?: boolean
  readonly nth?: number
  /** The one that comes in between ends the other too, whose repeat then goes through. */
  readonly mayBothLose?: boolean
}

/** The same length, so that only the bytes tell them apart. */
function twoPuts({ chunk = '', isLong = false, nth = 1, mayBothLose = false }: TwoPuts): Race {
  const textsOf = (world: RaceWorld) => [`A${textOf(world)}`, `B${textOf(world)}`] as const
  const options = (text: string) => ({ whole: chunk + text, isLong })
  return {
    async racers(world) {
      const location = await startUpload(world, chunk)
      const [a, b] = textsOf(world)
      return [
        { ...put(location, a, options(a)), nth },
        { ...put(location, b, options(b)), nth },
      ]
    },
    async check(world, answers) {
      let ends: readonly string[] = answers
      if (mayBothLose && !answers.includes('201')) {
        ends = []
        for (const text of textsOf(world)) {
          const end = await sendPut(world.client, locationOf(world), text, options(text))
          ends = [...ends, end]
        }
      }
      assert.equal(ends.filter((end) => end === '201').length, 1, `${answers}; ${ends}`)
      const won = ends.indexOf('201')
      await served(world, chunk + textsOf(world)[won])
      const lost = digestFor(chunk + textsOf(world)[1 - won])
      const other = await world.client.call('GET', `/v2/${repository}/blobs/${lost}`)
      assert.equal(other.status, 404)
    },
  }
}

const putAndCancel: Race = {
  async racers(world) {
    const location = await startUpload(world, textOf(world))
    const cancel = async ({ client }: { client: RaceWorld['client'] }) =>
      outcome(await client.call('DELETE', location))
    return [put(location, '', { whole: textOf(world) }), { name: 'cancel', run: cancel }]
  },
  async check(world, [put, cancel]) {
    assert.ok(
      (put === '201' && cancel === '404 BLOB_UPLOAD_UNKNOWN') ||
        (put === '404 BLOB_UPLOAD_UNKNOWN' && cancel === '204'),
      `${put}, ${cancel}`,
    )
    if (put === '201') await served(world, textOf(world))
  },
}

const patchAndExpiry: Race = {
  async racers(world) {
    const location = await startUpload(world, 'begun')
    world.clock.advance(graceMs + 1)
    const expire = async ({ cleaner }: { cleaner: Parameters<typeof expireUploads>[0] }) =>
      `${await expireUploads(cleaner, signal)} expired`
    return [patch(location, ' and gone on with'), { name: 'expiry', run: expire }]
  },
  async check(world, [patched, expired]) {
    assert.ok(
      (patched === '202' && expired === '0 expired') ||
        (patched === '404 BLOB_UPLOAD_UNKNOWN' && expired === '1 expired'),
      `${patched}, ${expired}`,
    )
    if (patched === '202') await offsetOf(world, locationOf(world))
  },
}

const mountAndDelete: Race = {
  async racers(world) {
    const digest = await world.client.pushBlob('demo/source', textOf(world))
    const query = `mount=${digest}&from=demo/source`
    return [
      {
        name: 'mount',
        run: async ({ client }) =>
          outcome(await client.call('POST', `/v2/${repository}/blobs/uploads/?${query}`)),
      },
      {
        name: 'delete',
        run: async ({ client }) =>
          outcome(await client.call('DELETE', `/v2/demo/source/blobs/${digest}`)),
      },
    ]
  },
  async check(world, [mounted, deleted]) {
    assert.equal(deleted, '202')
    assert.ok(mounted === '201' || mounted === '202', mounted)
    if (mounted === '201') await served(world, textOf(world))
  },
}

/** Room for one of the two; the second transaction of each reserves its bytes. */
const lastBytes: Race = {
  async racers(world) {
    const { app, db } = world
    const id = app.instance.id
    const used = await getUsage(db.read, id, 'bytes')
    await db.write((tx) => setQuota(tx, id, 'bytes', used + 30))
    return [push(repository, `A${textOf(world)}`), push(repository, `B${textOf(world)}`)]
  },
  async check({ app, db }, answers) {
    assert.deepEqual([...answers].sort(), ['201', '403 DENIED'])
    await db.write((tx) => setQuota(tx, app.instance.id, 'bytes', null))
  },
}

onEachRace('blob races', {
  'two pushes of one digest to one repository': publishTwice([repository, repository]),
  'two pushes of one digest to two repositories': publishTwice([repository, 'demo/other']),
  'two chunks at one place': twoPatches(''),
  'two chunks behind another, let in': twoPatches('begun '),
  'two chunks behind another, kept': twoPatches('begun ', 2),
  'two whole PUTs with different bytes': twoPuts({}),
  'two long PUTs with different bytes, kept': twoPuts({ isLong: true }),
  'two long PUTs with different bytes, published': twoPuts({
    isLong: true,
    nth: 2,
    mayBothLose: true,
  }),
  'two last chunks with different bytes, let in': twoPuts({ chunk: 'begun ' }),
  'two last chunks with different bytes, kept': twoPuts({ chunk: 'begun ', nth: 2 }),
  'two last chunks with different bytes, published': twoPuts({
    chunk: 'begun ',
    nth: 3,
    mayBothLose: true,
  }),
  'PUT and cancel': putAndCancel,
  'a chunk and the expiry': patchAndExpiry,
  'a mount and the delete of its source': mountAndDelete,
  'the last bytes of a quota': lastBytes,
})
