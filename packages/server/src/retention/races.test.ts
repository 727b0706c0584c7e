// A run, and somebody who changes what it is about to take.

import assert from 'node:assert/strict'
import { onEachRace, type Race, type Racer, type RaceWorld } from '../faults/race.ts'
import { outcome } from '../registry/test-client.ts'
import { stopRun } from './runs.ts'
import { newestOf, runHere, startTestRun } from './test-runs.ts'

const nameOf = ({ round }: RaceWorld) => `race-${round}`
const pathOf = (world: RaceWorld) => `demo/${nameOf(world)}`

async function tagsOf(world: RaceWorld): Promise<readonly string[]> {
  const { text } = await world.client.call('GET', `/v2/${pathOf(world)}/tags/list`)
  return JSON.parse(text).tags ?? []
}

async function prepare(world: RaceWorld): Promise<string> {
  for (const tag of ['v1', 'v2']) {
    world.clock.advance(1)
    await world.client.pushImage(pathOf(world), tag, tag)
  }
  world.clock.advance(1)
  return startTestRun(world.app, world.db, newestOf(nameOf(world), 1))
}

/** Its third transaction removes: the first two begin the run and the task. */
function retention(world: RaceWorld, id: string): Racer {
  return {
    name: 'retention',
    nth: 3,
    async run({ db }) {
      await runHere({ clock: world.clock, db }, id)
      return 'ran'
    },
  }
}

const push: Race = {
  async racers(world) {
    const id = await prepare(world)
    const { bytes } = await world.client.pushImage(`${pathOf(world)}-other`, 'new', 'new bytes')
    const config = await world.client.pushBlob(pathOf(world), '{}')
    const layer = await world.client.pushBlob(pathOf(world), 'new bytes')
    assert.ok(config && layer)
    return [
      {
        name: 'push',
        run: async ({ client }) => outcome(await client.putManifest(pathOf(world), 'v1', bytes)),
      },
      retention(world, id),
    ]
  },
  async check(world, [pushed]) {
    assert.equal(pushed, '201')
    // Whoever came first, what was pushed is there.
    assert.ok((await tagsOf(world)).includes('v1'))
  },
}

const remove: Race = {
  async racers(world) {
    const id = await prepare(world)
    return [
      {
        name: 'delete of what takes the place',
        run: async ({ client }) =>
          outcome(await client.call('DELETE', `/v2/${pathOf(world)}/manifests/v2`)),
      },
      retention(world, id),
    ]
  },
  async check(world, [deleted]) {
    assert.equal(deleted, '202')
    const { name, at } = (await world.db.read
      .selectFrom('tag_history as h')
      .innerJoin('repositories as r', 'r.id', 'h.repository_id')
      .select(['h.name', 'h.at'])
      .where('r.path', '=', pathOf(world))
      .where('h.digest', 'is', null)
      .where('h.cause', '=', 'retention')
      .executeTakeFirst()) ?? { name: undefined, at: undefined }
    // The run was first, and took the second; or it found the first gone, and left the second.
    if (name === undefined) assert.deepEqual(await tagsOf(world), ['v1'])
    else assert.ok(name === 'v1' && at !== undefined)
  },
}

const stop: Race = {
  async racers(world) {
    const id = await prepare(world)
    return [
      {
        name: 'stop',
        run: async ({ db }) => {
          const stopped = await db.write((tx) =>
            stopRun(tx, id, { at: world.clock.now(), reason: null }),
          )
          return `${stopped} ${(await tagsOf(world)).length}`
        },
      },
      retention(world, id),
    ]
  },
  async check(world, [stopped]) {
    // What there was when the stop was answered is there.
    if (stopped.startsWith('true')) {
      assert.equal(`true ${(await tagsOf(world)).length}`, stopped)
    }
  },
}

onEachRace('retention races', {
  'a push of a tag that is about to go': push,
  'a delete of the tag that takes its place': remove,
  'a stop': stop,
})
