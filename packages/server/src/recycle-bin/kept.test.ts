// What the recycle bin holds while days go by, and what goes with it.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { onEachDatabase } from '../db/test-database.ts'
import { cleanerOf, graceMs } from '../faults/invariants.ts'
import { collectBlobs } from '../gc/collect.ts'
import { deleteCondemned } from '../gc/objects.ts'
import { purgeDeleted } from '../gc/purge.ts'
import { ownerOf, type TestClient } from '../registry/test-client.ts'
import { MemoryDriver } from '../storage/memory.ts'
import { trimHistory } from '../tags/trim.ts'
import { type TestApp, testApp } from '../test-app.ts'

const { signal } = new AbortController()

onEachDatabase('what lies in the recycle bin', (_open, dialect) => {
  // Its clock is the program's, which is made after it.
  let now = () => 0
  const store = new MemoryDriver({ now: () => now() })
  let app: TestApp
  let owner: TestClient

  before(async () => {
    app = await testApp({ dialect, store })
    now = () => app.clock.now()
    owner = ownerOf(app)
  })
  after(() => app.close())

  async function daysGoBy(days: number): Promise<void> {
    const cleaner = cleanerOf({ db: app.app.db, store, clock: app.clock })
    for (let day = 1; day <= days; day += 1) {
      app.clock.advance(graceMs + 1)
      await purgeDeleted(cleaner, signal)
      await collectBlobs(cleaner, signal)
      await deleteCondemned(cleaner, signal)
    }
  }

  const trim = () => {
    const { db } = app.app
    return trimHistory({ db, signal, write: (work) => db.write(work) }, app.clock.now())
  }

  const blob = async (digest: string) =>
    (await owner.call('GET', `/v2/demo/kept/blobs/${digest}`)).status

  it('keeps its blobs and the history of its tags, and then neither', async () => {
    const { digest, layer } = await owner.pushImage('demo/kept', 'v1', 'a layer')
    const place = { NamespaceName: 'demo', RepositoryName: 'kept', Digest: digest }
    const input = { RegistryId: app.instance.id, ...place }
    const remove = () => app.api('DeleteManifest', input, { product: 'entrepot' })
    await remove()
    await daysGoBy(5)
    assert.equal(await trim(), 0)
    const { Deletions } = await app.api(
      'DescribeDeletions',
      { RegistryId: app.instance.id },
      { product: 'entrepot' },
    )
    const restored = await app.api(
      'RestoreDeletion',
      { ...input, Digest: undefined, DeletionId: Deletions[0].DeletionId },
      { product: 'entrepot' },
    )
    assert.deepEqual(restored.Tags, ['v1'])
    assert.equal(await blob(layer), 200)
    await remove()
    await daysGoBy(12)
    assert.equal(await blob(layer), 404)
    // Pushed, deleted, restored, deleted.
    assert.equal(await trim(), 4)
    const rows = await app.app.db.read.selectFrom('blobs').select('id').execute()
    assert.deepEqual(rows, [])
  })
})
