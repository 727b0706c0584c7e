// Uploading a chart and deleting it, with each call to the database and the store failing in its turn.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  assertOk,
  type Change,
  type CrashWorld,
  crashChange,
  onEachGround,
} from '../faults/crash-world.ts'
import { packChart } from './test-charts.ts'

const charts = '/api/chartrepo/demo/charts'

const versionOf = ({ round }: CrashWorld) => `1.0.${round}`
const fileOf = (world: CrashWorld) => `/chartrepo/demo/charts/web-${versionOf(world)}.tgz`

async function push(world: CrashWorld, values = 'a: 1\n'): Promise<void> {
  const body = await packChart({ version: versionOf(world), files: { 'values.yaml': values } })
  assertOk(await world.client.call('POST', charts, { body }))
}

async function remove(world: CrashWorld): Promise<number> {
  const answer = await world.client.call('DELETE', `${charts}/web/${versionOf(world)}`)
  return answer.status
}

async function assertServed(world: CrashWorld, values = 'a: 1\n'): Promise<void> {
  const answer = await world.client.call('GET', fileOf(world))
  assert.equal(answer.status, 200, answer.text)
  const version = versionOf(world)
  assert.ok(answer.bytes.equals(await packChart({ version, files: { 'values.yaml': values } })))
  const oci = await world.client.call('GET', `/v2/demo/web/manifests/${version}`)
  assert.equal(oci.status, 200, oci.text)
}

async function clear(world: CrashWorld): Promise<void> {
  assert.ok([200, 404].includes(await remove(world)))
}

const replacement: Change = {
  prepare: push,
  run: (world) => push(world, 'a: 2\n'),
  repeat: (world) => push(world, 'a: 2\n'),
  assertDone: (world) => assertServed(world, 'a: 2\n'),
  clear,
}

const removal: Change = {
  prepare: push,
  async run(world) {
    const status = await remove(world)
    if (status !== 200) throw new Error(String(status))
  },
  async repeat(world) {
    assert.ok([200, 404].includes(await remove(world)))
  },
  async assertDone(world) {
    assert.equal((await world.client.call('GET', fileOf(world))).status, 404)
  },
}

onEachGround('chart crashes', ['memory'], (open) => {
  const changes = {
    'an upload over another package': replacement,
    'the deletion of a version': removal,
  }
  for (const [name, change] of Object.entries(changes)) {
    test(name, async () => {
      const failed = await crashChange(await open(), change)
      assert.ok(failed.includes('commit'))
      assert.equal(failed.includes('store.put'), change !== removal)
    })
  }
})
