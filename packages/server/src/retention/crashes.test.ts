// A run with each of its calls to the database failing in its turn; the next attempt finishes it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Change, type CrashWorld, crashChange, onEachGround } from '../faults/crash-world.ts'
import { listFates } from './fates.ts'
import { findRun } from './runs.ts'
import { listTasks } from './tasks.ts'
import { newestOf, runHere, startTestRun } from './test-runs.ts'

const runs = new Map<number, string>()
const nameOf = ({ round }: CrashWorld) => `round-${round}`
const all = { offset: 0, limit: 100 }

function idOf({ round }: CrashWorld): string {
  const id = runs.get(round)
  assert(id)
  return id
}

const run: Change = {
  async prepare(world) {
    const { app, client, clock, db, round } = world
    for (const tag of ['v1', 'v2', 'v3']) {
      clock.advance(1)
      await client.pushImage(`demo/${nameOf(world)}`, tag, tag)
    }
    runs.set(round, await startTestRun(app, db, newestOf(nameOf(world), 2)))
  },
  async run(world) {
    await runHere({ clock: world.clock, db: world.app.app.db }, idOf(world))
  },
  async repeat(world) {
    await runHere(world, idOf(world))
  },
  async assertDone(world) {
    const { client, db } = world
    const { text } = await client.call('GET', `/v2/demo/${nameOf(world)}/tags/list`)
    assert.deepEqual(JSON.parse(text).tags, ['v2', 'v3'])
    const done = await findRun(db.read, idOf(world))
    assert.deepEqual(
      [done?.state, done?.repositories, done?.total, done?.retained],
      ['succeeded', 1, 3, 2],
    )
    const { tasks } = await listTasks(db.read, idOf(world), all)
    assert.deepEqual(
      tasks.map(({ path, state, total, retained }) => [path, state, total, retained]),
      [[`demo/${nameOf(world)}`, 'succeeded', 3, 2]],
    )
    const key = { runId: idOf(world), task: tasks[0]?.number ?? 0 }
    const anyFate = { fate: undefined, search: undefined }
    const { fates } = await listFates(db.read, key, anyFate, all)
    assert.deepEqual(
      fates.map(({ name, fate, rank }) => [name, fate, rank]),
      [
        ['v1', 'removed', null],
        ['v3', 'kept', 1],
        ['v2', 'kept', 2],
      ],
    )
  },
}

onEachGround('retention crashes', ['memory'], (open) => {
  test('a run', async () => {
    const failed = await crashChange(await open(), run)
    assert.ok(failed.includes('commit'))
  })
})
