// Restoring, with each call to the database failing in its turn: all of it comes back, or nothing does.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Change, type CrashWorld, crashChange, onEachGround } from '../faults/crash-world.ts'

const pathOf = ({ round }: CrashWorld) => `demo/bin-${round}`
const at = (world: CrashWorld) => ({
  RegistryId: world.app.instance.id,
  NamespaceName: 'demo',
  RepositoryName: `bin-${world.round}`,
})

async function ask(
  world: CrashWorld,
  action: string,
  input: object = {},
  product: 'tcr' | 'entrepot' = 'entrepot',
) {
  const answer = await world.app.api(action, { ...at(world), ...input }, { product })
  if (answer.Error) throw new Error(`${answer.Error.Code}: ${answer.Error.Message}`)
  return answer
}

/** Without faults. */
async function entryOf({ db, ...world }: CrashWorld): Promise<string | undefined> {
  const row = await db.read
    .selectFrom('deletions')
    .select('id')
    .where('path', '=', `demo/bin-${world.round}`)
    .executeTakeFirst()
  return row?.id
}

const entries = new Map<number, string>()
const digests = new Map<number, string>()

async function status(world: CrashWorld, reference: string): Promise<number> {
  return (await world.client.call('GET', `/v2/${pathOf(world)}/manifests/${reference}`)).status
}

async function binned(world: CrashWorld, kind: 'digest' | 'repository'): Promise<void> {
  const { digest, bytes } = await world.client.pushImage(pathOf(world), 'v1', pathOf(world))
  digests.set(world.round, digest)
  await world.client.putManifest(pathOf(world), 'v2', bytes)
  if (kind === 'repository') await ask(world, 'DeleteRepository', { ForceDelete: true }, 'tcr')
  if (kind === 'digest') await ask(world, 'DeleteManifest', { Digest: digest })
  const entry = await entryOf(world)
  assert.ok(entry)
  entries.set(world.round, entry)
}

/** Takes the round's repository away, in whatever state it is. */
async function clear(world: CrashWorld): Promise<void> {
  await world.app.api(
    'DeletePermanently',
    { ...at(world), Kind: 'Repository' },
    { product: 'entrepot' },
  )
}

function restoring(kind: 'digest' | 'repository'): Change {
  const restore = (world: CrashWorld) =>
    ask(world, 'RestoreDeletion', { DeletionId: entries.get(world.round) })
  return {
    prepare: (world) => binned(world, kind),
    async run(world) {
      await restore(world)
    },
    async repeat(world) {
      const entry = await entryOf(world)
      // All of it or nothing.
      assert.equal(await status(world, 'v1'), entry === undefined ? 200 : 404)
      if (entry !== undefined) await restore(world)
    },
    async assertDone(world) {
      for (const tag of ['v1', 'v2', digests.get(world.round) ?? '']) {
        assert.equal(await status(world, tag), 200, tag)
      }
      assert.equal(await entryOf(world), undefined)
    },
    clear,
  }
}

// Changes of rows alone: the store is not asked.
onEachGround('recycle bin crashes', ['memory'], (open) => {
  const changes = {
    'a digest that comes back': restoring('digest'),
    'a repository that comes back': restoring('repository'),
  }
  for (const [name, change] of Object.entries(changes)) {
    test(name, async () => {
      assert.ok((await crashChange(await open(), change)).includes('commit'))
    })
  }
})
