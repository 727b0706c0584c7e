// A sweep, and a client who counts on what it is about to take: the interleavings at the head of collect.ts.

import assert from 'node:assert/strict'
import { type Digest, digestOf } from '@entrepot/oci/digest.ts'
import { cleanerOf, cleanForDays, graceMs } from '../faults/invariants.ts'
import { onEachRace, type Race, type Racer, type RaceWorld, type Side } from '../faults/race.ts'
import { imageOf, outcome } from '../registry/test-client.ts'
import { collectBlobs } from './collect.ts'

const { signal } = new AbortController()
const repository = 'demo/app'

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

const mounted: Race = {
  ...sweepAnd(mount, [], 1),
  async check(world, [answer]) {
    assert.ok(answer === '201' || answer === '202', answer)
    if (answer === '202') return
    const path = `/v2/demo/other/blobs/${digestFor(world)}`
    assert.equal((await world.client.call('GET', path)).text, textOf(world))
  },
}

onEachRace('sweep races', {
  'a push and the sweep of its link': sweepAnd(push, ['201'], 1),
  'a push and the sweep of its blob': sweepAnd(push, ['201'], 2),
  'a HEAD and the sweep of the link': sweepAnd(head, ['200'], 1),
  'a manifest and the sweep of its blob': sweepAnd(put, ['201'], 1),
  'a mount and the sweep of the link': mounted,
})
