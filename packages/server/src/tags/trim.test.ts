// The history of a tag that moves for years.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { batches } from '../db/batches.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { ownerOf } from '../registry/test-client.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { maxMovesPerTag, trimHistory } from './trim.ts'

const { signal } = new AbortController()

onEachDatabase('the history of a tag', (_open, dialect) => {
  let app: TestApp

  before(async () => {
    app = await testApp({ dialect })
  })
  after(() => app.close())

  const trim = () => {
    const { db } = app.app
    return trimHistory({ db, signal, write: (work) => db.write(work) }, app.clock.now())
  }

  /** From nothing to each of them in turn; the ids rise. */
  async function insertMovesTo(repositoryId: string, digests: readonly string[]): Promise<void> {
    const rows = digests.map((digest, i) => ({
      id: `move-${String(i).padStart(5, '0')}`,
      repository_id: repositoryId,
      name: 'stable',
      digest,
      previous_digest: digests[i - 1] ?? null,
      actor: 'ci',
      cause: 'user' as const,
      at: app.clock.now(),
    }))
    await app.app.db.write(async (tx) => {
      for (const batch of batches(rows)) {
        await tx.insertInto('tag_history').values(batch).execute()
      }
    })
  }

  it('keeps the newest of its moves, and the last to and from what is there still', async () => {
    const owner = ownerOf(app)
    const first = await owner.pushImage('demo/moving', 'first', 'the first layer')
    const one = await owner.pushImage('demo/moving', 'one', 'a layer')
    const other = await owner.pushImage('demo/moving', 'other', 'another layer')
    const { id } = await app.app.db.read
      .selectFrom('repositories')
      .select('id')
      .where('path', '=', 'demo/moving')
      .executeTakeFirstOrThrow()
    const surplus = 1501
    const forth = Array.from({ length: maxMovesPerTag + surplus }, (_, i) =>
      i % 2 === 0 ? one.digest : other.digest,
    )
    await insertMovesTo(id, [first.digest, ...forth])
    // To the first, and away from it.
    assert.equal(await trim(), surplus - 1)
    assert.equal(await trim(), 0)
    const left = await app.app.db.read
      .selectFrom('tag_history')
      .select('id')
      .where('name', '=', 'stable')
      .orderBy('id')
      .limit(3)
      .execute()
    assert.deepEqual(
      left.map((row) => row.id),
      ['move-00000', 'move-00001', `move-0${surplus + 1}`],
    )
    const place = { RegistryId: app.instance.id, NamespaceName: 'demo', RepositoryName: 'moving' }
    const back = { ...place, Tag: 'stable', Digest: first.digest }
    const reply = await app.api('MoveTagBack', back, { product: 'entrepot' })
    assert.equal(reply.Error, undefined)
  })
})
