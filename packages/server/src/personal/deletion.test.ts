// What is deleted in the Personal edition: nobody could restore it, so it is gone.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { onEachDatabase } from '../db/test-database.ts'
import { cleanerOf } from '../faults/invariants.ts'
import { purgeDeleted } from '../gc/purge.ts'
import { getBinDays } from '../recycle-bin/deletions.ts'
import type { TestApp } from '../test-app.ts'
import { ensurePersonalInstance, getPersonalInstance } from './instance.ts'
import { begunUser, type PersonalUser, personalApp } from './test-personal.ts'

const { signal } = new AbortController()

onEachDatabase('deleting in the Personal edition', (_open, dialect) => {
  let app: TestApp
  let user: PersonalUser

  before(async () => {
    app = await personalApp({ dialect })
    user = await begunUser(app, 100000000721)
    await user.done('CreateNamespacePersonal', { Namespace: 'short' })
  })
  after(() => app.close())

  it('is for good with the next clean-up', async () => {
    await user.client.pushImage('short/app', 'v1')
    await user.done('DeleteImagePersonal', { RepoName: 'short/app', Tag: 'v1' })
    await user.done('DeleteRepositoryPersonal', { RepoName: 'short/app' })
    const { db } = app.app
    await purgeDeleted(cleanerOf({ db, clock: app.clock, store: app.store }), signal)
    for (const table of ['deletions', 'tags', 'manifests'] as const) {
      assert.deepEqual(await db.read.selectFrom(table).select('id').execute(), [], table)
    }
  })

  it('keeps nothing in an instance of before, either', async () => {
    const { db } = app.app
    const { region } = app.instance
    const { id, name, backendId } = await getPersonalInstance(db.read, region)
    await db.write((tx) =>
      tx.updateTable('instances').set({ bin_days: 7 }).where('id', '=', id).execute(),
    )
    // As at every start.
    await db.write((tx) =>
      ensurePersonalInstance(tx, { region, name, backendId, at: app.clock.now() }),
    )
    assert.equal(await getBinDays(db.read, id), 0)
  })
})
