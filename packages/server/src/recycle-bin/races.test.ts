// Somebody restores while somebody else takes it away, or takes its name.

import assert from 'node:assert/strict'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { Tx } from '../db/database.ts'
import { onEachRace, type Race, type Racer, type RaceWorld } from '../faults/race.ts'
import { createNamespace, deleteNamespace } from '../namespaces/namespaces.ts'
import { imageOf, outcome } from '../registry/test-client.ts'
import { seedOrigin } from '../registry/test-seed.ts'
import { deleteRepository } from '../repositories/delete.ts'
import { holdDeletion } from './queries.ts'
import { release } from './release.ts'
import { restoreImage } from './restore.ts'
import { restoreRepository } from './restore-repository.ts'

const origin = seedOrigin

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'done'
  } catch (error) {
    if (error instanceof ApiError) return error.code
    throw error
  }
}

async function entryOf({ db }: RaceWorld, path: string): Promise<string> {
  const row = await db.read
    .selectFrom('deletions')
    .select('id')
    .where('path', '=', path)
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  return row.id
}

function inTransaction(name: string, work: (tx: Tx) => Promise<unknown>): Racer {
  return { name, run: ({ db }) => codeOf(db.write((tx) => work(tx))) }
}

function restore({ app, clock }: RaceWorld, path: string, id: string): Racer {
  const { instance } = app
  const change = { instance, origin, at: clock.now(), leavesTaken: false }
  return inTransaction('restore', async (tx) => {
    const deletion = await holdDeletion(tx, instance.id, { id, path })
    if (deletion.kind === 'repository') await restoreRepository(tx, change, deletion)
    else await restoreImage(tx, change, deletion)
  })
}

const path = 'demo/app'
const pathOf = ({ round }: RaceWorld) => `demo/app-${round}`

async function status({ client }: RaceWorld, reference: string, of = path): Promise<number> {
  return (await client.call('GET', `/v2/${of}/manifests/${reference}`)).status
}

async function remove({ client }: RaceWorld, reference: string): Promise<void> {
  const answer = await client.call('DELETE', `/v2/${path}/manifests/${reference}`)
  assert.equal(answer.status, 202, answer.text)
}

async function removeRepository({ app, db, clock }: RaceWorld, of: string): Promise<void> {
  const { instance } = app
  const change = { instance, path: of, withImages: true, origin, at: clock.now() }
  await db.write((tx) => deleteRepository(tx, change))
}

function deleteAnd(what: 'tag' | 'digest' | 'repository'): Race {
  return {
    async racers(world) {
      const of = what === 'repository' ? pathOf(world) : path
      const image = await world.client.pushImage(of, `v${world.round}`, `round ${world.round}`)
      if (what === 'repository') await removeRepository(world, of)
      else await remove(world, what === 'tag' ? `v${world.round}` : image.digest)
      const id = await entryOf(world, of)
      return [restore(world, of, id), inTransaction('release', (tx) => release(tx, [id]))]
    },
    async check(world, [restored]) {
      const of = what === 'repository' ? pathOf(world) : path
      const served = await status(world, `v${world.round}`, of)
      assert.equal(served, restored === 'done' ? 200 : 404)
      assert.ok(restored === 'done' || restored === 'RESOURCE_NOT_FOUND', restored)
      // For the cleaning: what was restored goes again.
      if (served === 200 && what === 'repository') await removeRepository(world, of)
    },
  }
}

const tagAndPush: Race = {
  async racers(world) {
    const tag = `v${world.round}`
    await world.client.pushImage(path, tag, `old of ${world.round}`)
    await remove(world, tag)
    const next = await world.client.pushImage(path, 'other', `new of ${world.round}`)
    const push: Racer = {
      name: 'push',
      run: async ({ client }) => outcome(await client.putManifest(path, tag, next.bytes)),
    }
    return [restore(world, path, await entryOf(world, path)), push]
  },
  async check(world, [restored, pushed]) {
    assert.equal(pushed, '201')
    assert.ok(restored === 'done' || restored === 'TAG_EXISTS', restored)
    // Whoever came second, the push stands.
    const tag = await world.client.call('GET', `/v2/${path}/manifests/v${world.round}`)
    const other = await world.client.call('GET', `/v2/${path}/manifests/other`)
    assert.equal(tag.text, other.text)
  },
}

const digestAndPush: Race = {
  async racers(world) {
    const tag = `v${world.round}`
    const { digest, bytes, config, layer } = await world.client.pushImage(path, tag, tag)
    assert.ok(bytes.equals(imageOf({ config, layers: [[layer, tag.length]] })))
    await remove(world, digest)
    const push: Racer = {
      name: 'push',
      run: async ({ client }) => outcome(await client.putManifest(path, digest, bytes)),
    }
    return [restore(world, path, await entryOf(world, path)), push]
  },
  async check(world, answers) {
    assert.deepEqual(answers, ['done', '201'])
    assert.equal(await status(world, `v${world.round}`), 200)
    const twice = await world.db.read
      .selectFrom('manifests')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('deleted_at', 'is', null)
      .groupBy(['repository_id', 'digest'])
      .execute()
    assert.ok(twice.every(({ count }) => Number(count) === 1))
  },
}

const repositoryAndPush: Race = {
  async racers(world) {
    const of = pathOf(world)
    await world.client.pushImage(of, 'v1', of)
    await removeRepository(world, of)
    const push: Racer = {
      name: 'push',
      run: async ({ client }) => outcome(await client.call('POST', `/v2/${of}/blobs/uploads/`)),
    }
    return [restore(world, of, await entryOf(world, of)), push]
  },
  async check(world, [restored, pushed]) {
    assert.equal(pushed, '202')
    assert.ok(restored === 'done' || restored === 'REPOSITORY_EXISTS', restored)
    const isBack = restored === 'done'
    assert.equal(await status(world, 'v1', pathOf(world)), isBack ? 200 : 404)
    if (isBack) await removeRepository(world, pathOf(world))
  },
}

const namespaceAndMaking: Race = {
  async racers(world) {
    const { app, clock, db, round } = world
    const name = `gone${round}`
    const input = { name, isPublic: false, createdBy: 1, at: clock.now() }
    const make = (tx: Tx) => createNamespace(tx, app.instance, input, origin)
    await db.write(make)
    await world.client.pushImage(`${name}/app`, 'v1')
    await removeRepository(world, `${name}/app`)
    const at = clock.now()
    await db.write((tx) => deleteNamespace(tx, app.instance, name, { at, origin }))
    const id = await entryOf(world, `${name}/app`)
    return [restore(world, `${name}/app`, id), inTransaction('make', make)]
  },
  async check(world, answers) {
    assert.deepEqual([...answers].sort(), ['NAMESPACE_EXISTS', 'done'])
    const isBack = answers[0] === 'done'
    const of = `gone${world.round}/app`
    assert.equal(await status(world, 'v1', of), isBack ? 200 : 404)
    if (isBack) await removeRepository(world, of)
  },
}

onEachRace('recycle bin races', {
  'a tag that is restored and let go': deleteAnd('tag'),
  'a digest that is restored and let go': deleteAnd('digest'),
  'a repository that is restored and let go': deleteAnd('repository'),
  'a tag that is restored and pushed': tagAndPush,
  'a digest that is restored and pushed': digestAndPush,
  'a repository that is restored and pushed into': repositoryAndPush,
  'a namespace that is made again and made anew': namespaceAndMaking,
})
