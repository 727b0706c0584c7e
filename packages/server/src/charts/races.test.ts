// Two clients at one version of a chart.

import assert from 'node:assert/strict'
import { onEachRace, type Race, type Racer, type RaceWorld } from '../faults/race.ts'
import { packChart } from './test-charts.ts'

const charts = '/api/chartrepo/demo/charts'

const versionOf = ({ round }: RaceWorld) => `1.0.${round}`

function packed(world: RaceWorld, values: string, name = 'web'): Promise<Buffer> {
  return packChart({ name, version: versionOf(world), files: { 'values.yaml': values } })
}

function upload(body: Buffer): Racer {
  return {
    name: 'upload',
    run: async ({ client }) => String((await client.call('POST', charts, { body })).status),
  }
}

function remove(world: RaceWorld): Racer {
  return {
    name: 'delete',
    run: async ({ client }) => {
      const answer = await client.call('DELETE', `${charts}/web/${versionOf(world)}`)
      return String(answer.status)
    },
  }
}

function image(world: RaceWorld): Racer {
  return {
    name: 'image',
    async run({ client }) {
      const config = await client.pushBlob('demo/web', '{}')
      const bytes = Buffer.from(
        JSON.stringify({
          schemaVersion: 2,
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          config: {
            mediaType: 'application/vnd.oci.image.config.v1+json',
            digest: config,
            size: 2,
          },
          layers: [],
        }),
      )
      return String((await client.putManifest('demo/web', versionOf(world), bytes)).status)
    },
  }
}

const file = (world: RaceWorld) => `/chartrepo/demo/charts/web-${versionOf(world)}.tgz`

const sameVersion: Race = {
  async racers(world) {
    return [upload(await packed(world, 'a: 1\n')), upload(await packed(world, 'a: 2\n'))]
  },
  async check(world, answers) {
    assert.deepEqual(answers, ['201', '201'])
    const { bytes } = await world.client.call('GET', file(world))
    const either = [await packed(world, 'a: 1\n'), await packed(world, 'a: 2\n')]
    assert.ok(either.some((one) => one.equals(bytes)))
  },
}

const samePackage: Race = {
  async racers(world) {
    const bytes = await packed(world, 'a: 1\n', 'twin')
    return [upload(bytes), upload(bytes)]
  },
  async check(_world, answers) {
    assert.deepEqual(answers, ['201', '201'])
  },
}

const chartAndImage: Race = {
  async racers(world) {
    return [upload(await packed(world, 'a: 1\n')), image(world)]
  },
  async check(world, answers) {
    const [chart] = answers
    assert.deepEqual([...answers].sort(), ['201', '409'])
    const { status } = await world.client.call('GET', file(world))
    assert.equal(status, chart === '201' ? 200 : 404)
  },
}

const uploadAndDelete: Race = {
  async racers(world) {
    const before = await packed(world, 'a: 1\n')
    const answer = await world.client.call('POST', charts, { body: before })
    assert.equal(answer.status, 201, answer.text)
    return [upload(await packed(world, 'a: 2\n')), remove(world)]
  },
  async check(world, answers) {
    assert.deepEqual(answers, ['201', '200'])
    const { status, bytes } = await world.client.call('GET', file(world))
    assert.ok(status === 404 || bytes.equals(await packed(world, 'a: 2\n')))
  },
}

onEachRace('races of charts', {
  'two packages of one version': sameVersion,
  'one package twice': samePackage,
  'a chart and an image of one tag': chartAndImage,
  'an upload and the deletion of what it replaces': uploadAndDelete,
})
