// Pushes into a repository that is not born yet, while the sweep of those that came to nothing takes it.

import assert from 'node:assert/strict'
import { digestOf } from '@entrepot/oci/digest.ts'
import { ociIndex } from '@entrepot/oci/media-types.ts'
import { graceMs } from '../faults/invariants.ts'
import { onEachRace, type Race, type Racer, type RaceWorld } from '../faults/race.ts'
import { outcome, type TestClient } from '../registry/test-client.ts'
import { removeEmpty } from './jobs.ts'

const { signal } = new AbortController()

function pathOf({ round }: RaceWorld): string {
  return `demo/unborn-${round}`
}

/** Its only transaction removes the repository. */
function sweep({ clock }: RaceWorld): Racer {
  const before = clock.now() - graceMs
  return {
    name: 'sweep',
    run: async ({ db }) => `${await removeEmpty({ db, signal, write: db.write }, before)} removed`,
  }
}

interface Push {
  readonly send: (client: TestClient, path: string) => Promise<string>
  readonly expected: string
}

function sweepAnd({ send, expected }: Push): Race {
  return {
    async racers(world) {
      const path = pathOf(world)
      await world.client.pushImage('demo/source', 'v1', 'mounted')
      const location = await world.client.startUpload(path)
      assert.equal((await world.client.call('DELETE', location)).status, 204)
      world.clock.advance(graceMs + 1)
      return [{ name: 'push', run: ({ client }) => send(client, path) }, sweep(world)]
    },
    async check(world, [pushed, swept]) {
      assert.equal(pushed, expected)
      assert.ok(['0 removed', '1 removed'].includes(swept), swept)
      await world.client.pushImage(pathOf(world), 'v1')
    },
  }
}

const startUpload: Push = {
  expected: '202',
  send: async (client, path) => outcome(await client.call('POST', `/v2/${path}/blobs/uploads/`)),
}

const pushWhole: Push = {
  expected: '201',
  send: async (client, path) => outcome(await client.putBlob(path, `whole, of ${path}`)),
}

const mount: Push = {
  expected: '201',
  async send(client, path) {
    const digest = digestOf('sha256', Buffer.from('mounted'))
    const query = `mount=${digest}&from=demo/source`
    return outcome(await client.call('POST', `/v2/${path}/blobs/uploads/?${query}`))
  },
}

/** Names nothing, so no blob keeps the repository. */
const pushIndex: Push = {
  expected: '201',
  async send(client, path) {
    const index = { schemaVersion: 2, mediaType: ociIndex, manifests: [] }
    return outcome(
      await client.putManifest(path, 'v1', Buffer.from(JSON.stringify(index)), ociIndex),
    )
  },
}

onEachRace('a repository that is not born', {
  'an upload that begins, and the sweep': sweepAnd(startUpload),
  'a whole blob, and the sweep': sweepAnd(pushWhole),
  'a mount, and the sweep': sweepAnd(mount),
  'an index of nothing, and the sweep': sweepAnd(pushIndex),
})
