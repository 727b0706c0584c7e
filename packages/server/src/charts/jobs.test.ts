// Configs that can't be read when their manifests come are read by the job, and what they are is then seen.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { pushOci, readIndex } from '../chartrepo/test-repo.ts'
import { fakeClock } from '../clock.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { outcome, ownerOf, type TestClient } from '../registry/test-client.ts'
import { addNamespace } from '../registry/test-seed.ts'
import { StorageError } from '../storage/driver.ts'
import { FaultyDriver } from '../storage/faulty.ts'
import { MemoryDriver } from '../storage/memory.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { packChart } from './test-charts.ts'

onEachDatabase('charts whose configs are not at hand', (_open, dialect) => {
  const storeClock = fakeClock()
  const store = new FaultyDriver(new MemoryDriver({ now: () => storeClock.now() }))
  let app: TestApp
  let owner: TestClient
  before(async () => {
    // The job says that the store did not answer.
    app = await testApp({ dialect, store, leaves: { errors: true } })
    owner = ownerOf(app)
    await addNamespace(app, 'team')
  })
  after(() => app.close())

  const silence = () => {
    const error = new StorageError('unavailable', 'the store does not answer')
    store.fail('get', { kind: 'before', error }, { times: Number.POSITIVE_INFINITY })
  }
  const stateOf = async () => {
    const rows = await app.app.db.read.selectFrom('charts').select(['state', 'problem']).execute()
    return rows.map(({ state }) => state).sort()
  }
  /** Beyond what a reconciler that failed waits. */
  const runJobs = async () => {
    app.clock.advance(60 * 60_000)
    await app.app.jobs.idle()
    app.clock.advance(1500)
  }

  it('are pushed all the same, wait, and show once the store answers', async () => {
    const bytes = await packChart()
    const metadata = { apiVersion: 'v2', name: 'web', version: '1.0.0' }
    silence()
    assert.equal(outcome(await pushOci(owner, 'team/web', '1.0.0', { metadata, bytes })), '201')
    await runJobs()
    assert.deepEqual(await stateOf(), ['waiting'])
    assert.deepEqual(await readIndex(owner, 'team'), {})

    store.reset()
    await runJobs()
    assert.deepEqual(await stateOf(), ['read'])
    const { web = [] } = await readIndex(owner, 'team')
    assert.deepEqual(
      web.map(({ version, urls }) => [version, urls]),
      [['1.0.0', ['charts/web-1.0.0.tgz']]],
    )
  })

  it('that say nothing of use are unfit, and are not asked again', async () => {
    const bytes = await packChart({ name: 'odd' })
    silence()
    const metadata = { apiVersion: 'v2', name: 'odd' }
    assert.equal(outcome(await pushOci(owner, 'team/odd', '1.0.0', { metadata, bytes })), '201')
    store.reset()
    await runJobs()
    assert.deepEqual(await stateOf(), ['read', 'unfit'])
    store.reset()
    await runJobs()
    assert.ok(!store.calls.includes('get'))
  })
})
