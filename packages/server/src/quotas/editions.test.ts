// How many namespaces and repositories an instance may have: by its edition, or as an operator raised it.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { type Edition, type EditionMetric, editionQuotas } from '@entrepot/contract/editions.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { editionMetrics } from '../instances/editions.ts'
import type { Instance } from '../instances/instances.ts'
import { errorOf, outcome, ownerOf, type TestClient } from '../registry/test-client.ts'
import { addCredential, addInstance, addNamespace } from '../registry/test-seed.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { getUsage, setQuota } from './quotas.ts'
import { listCountDifferences } from './recount.ts'

onEachDatabase('quotas by edition', (_open, dialect) => {
  let app: TestApp
  let small: Instance
  let client: TestClient

  before(async () => {
    app = await testApp({ dialect, env: { ENTREPOT_BASE_DOMAIN: 'registry.example.com' } })
    small = await addInstance(app, 'small', { edition: 'basic' })
    await addNamespace(app, 'team', { instance: small })
    const login = await addCredential(app, small)
    client = ownerOf(app).as(login.authorization).at('small.registry.example.com')
  })
  after(async () => {
    assert.deepEqual(await listCountDifferences(app.app.db.read), [])
    await app.close()
  })

  const quotaOf = async (scopeId: string, metric: EditionMetric) => {
    const row = await app.app.db.read
      .selectFrom('counters')
      .select('quota')
      .where('scope_id', '=', scopeId)
      .where('metric', '=', metric)
      .executeTakeFirstOrThrow()
    return row.quota
  }

  it('are those of the table', async () => {
    for (const edition of Object.keys(editionQuotas) as Edition[]) {
      const made = await addInstance(app, `of-${edition}`, { edition })
      for (const metric of editionMetrics) {
        assert.equal(await quotaOf(made.id, metric), editionQuotas[edition][metric], edition)
      }
    }
  })

  it('hold for namespaces: the last is made, one more is refused with the figures', async () => {
    const { namespaces } = editionQuotas.basic
    for (let at = 1; at < namespaces; at += 1) {
      await addNamespace(app, `more-${at}`, { instance: small })
    }
    const detail = { quota: 'namespaces', value: namespaces, used: namespaces, asked: 1 }
    const more = () => addNamespace(app, 'one-too-many', { instance: small })
    await assert.rejects(more(), { code: 'QUOTA_EXCEEDED', status: 403, detail })
    await app.app.db.write((tx) => setQuota(tx, small.id, 'namespaces', namespaces + 1))
    await more()
    assert.equal(await getUsage(app.app.db.read, small.id, 'namespaces'), namespaces + 1)
  })

  it('hold for repositories that have an image; unborn ones are not counted', async () => {
    await app.app.db.write((tx) => setQuota(tx, small.id, 'repositories', 2))
    await client.pushImage('team/one', 'v1')
    for (const path of ['two', 'three', 'four']) await client.pushBlob(`team/${path}`, '{}')
    const two = await client.pushImage('team/two', 'v1', 'the same layer')
    await client.pushBlob('team/three', 'the same layer')
    const refused = await client.putManifest('team/three', 'v1', two.bytes)
    assert.equal(outcome(refused), '403 DENIED')
    const { message, detail } = errorOf(refused)
    assert.deepEqual(detail, { quota: 'repositories', value: 2, used: 2, asked: 1 })
    assert.match(
      message,
      /quota exceeded: repositories 2 of 2 used, 1 more asked; delete .* or ask/,
    )
    // Whoever is there already goes on.
    await client.pushImage('team/two', 'v2')
    await app.app.db.write((tx) => setQuota(tx, small.id, 'repositories', 3))
    assert.equal(outcome(await client.putManifest('team/three', 'v1', two.bytes)), '201')
  })

  it('hold when many are born at once', async () => {
    const room = 5
    const used = await getUsage(app.app.db.read, small.id, 'repositories')
    await app.app.db.write((tx) => setQuota(tx, small.id, 'repositories', used + room))
    const { bytes } = await client.pushImage('team/one', 'v1', 'born at once')
    const paths = Array.from({ length: 20 }, (_, at) => `team/born-${at}`)
    for (const path of paths) {
      await client.pushBlob(path, '{}')
      await client.pushBlob(path, 'born at once')
    }
    const pushed = await Promise.all(paths.map((path) => client.putManifest(path, 'v1', bytes)))
    const outcomes = pushed.map(outcome)
    assert.equal(outcomes.filter((each) => each === '201').length, room)
    assert.equal(outcomes.filter((each) => each === '403 DENIED').length, paths.length - room)
    assert.equal(await getUsage(app.app.db.read, small.id, 'repositories'), used + room)
  })
})
