// Artifacts about an image that is gone, or never came.

import assert from 'node:assert/strict'
import { afterEach, beforeEach, it } from 'node:test'
import type { Digest } from '@entrepot/oci/digest.ts'
import { digestOf } from '@entrepot/oci/digest.ts'
import { ociImage } from '@entrepot/oci/media-types.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { silentLog } from '../log.ts'
import { imageOf, outcome, ownerOf, type TestClient } from '../registry/test-client.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { subjectWaitMs, sweepReferrers } from './referrers.ts'

const { signal } = new AbortController()
const dayMs = 24 * 3_600_000
const repository = 'demo/app'

onEachDatabase('orphaned referrers', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient

  beforeEach(async () => {
    app = await testApp({ dialect })
    owner = ownerOf(app)
  })
  afterEach(() => app.close())

  const sweep = () => {
    const { db, clock } = app.app.registry
    return sweepReferrers({ db, clock, log: silentLog, graceMs: dayMs }, signal)
  }

  /** By its digest, or by a tag as well. */
  async function putReferrer(subject: Digest, kind: string, tag?: string): Promise<Digest> {
    const config = await owner.pushBlob(repository, '{}')
    const bytes = imageOf({
      config,
      layers: [[config, 2]],
      more: {
        artifactType: `application/${kind}`,
        subject: { mediaType: ociImage, digest: subject, size: 1 },
      },
    })
    const digest = digestOf('sha256', bytes)
    assert.equal(outcome(await owner.putManifest(repository, tag ?? digest, bytes)), '201')
    return digest
  }

  const status = async (digest: Digest) =>
    (await owner.call('GET', `/v2/${repository}/manifests/${digest}`)).status

  async function remove(digest: Digest) {
    assert.equal((await owner.call('DELETE', `/v2/${repository}/manifests/${digest}`)).status, 202)
  }

  it('go with their subject, and theirs with them', async () => {
    const image = await owner.pushImage(repository, 'v1', 'one')
    const signature = await putReferrer(image.digest, 'signature')
    const about = await putReferrer(signature, 'about-the-signature')
    assert.equal(await sweep(), 0)
    app.clock.advance(1)
    await remove(image.digest)
    assert.equal(await sweep(), 2)
    assert.deepEqual([await status(signature), await status(about)], [404, 404])
    const rows = await app.app.db.read
      .selectFrom('manifests')
      .select(['deleted_by', 'deleted_at'])
      .where('digest', 'in', [signature, about])
      .execute()
    assert.deepEqual(
      rows.map((row) => row.deleted_by),
      ['system:gc', 'system:gc'],
    )
  })

  it('wait a week for a subject that has not come', async () => {
    const nowhere = digestOf('sha256', Buffer.from('never pushed'))
    const signature = await putReferrer(nowhere, 'signature')
    app.clock.advance(subjectWaitMs - 1)
    assert.equal(await sweep(), 0)
    app.clock.advance(1)
    assert.equal(await sweep(), 1)
    assert.equal(await status(signature), 404)
  })

  it('wait as long for a subject that was deleted before they came', async () => {
    const image = await owner.pushImage(repository, 'v1', 'one')
    await remove(image.digest)
    app.clock.advance(1)
    const signature = await putReferrer(image.digest, 'signature')
    assert.equal(await sweep(), 0)
    await owner.putManifest(repository, 'v1', image.bytes)
    app.clock.advance(subjectWaitMs)
    assert.equal(await sweep(), 0)
    assert.equal(await status(signature), 200)
  })

  it('stay where a tag names them', async () => {
    const image = await owner.pushImage(repository, 'v1', 'one')
    const signature = await putReferrer(image.digest, 'signature', 'signed')
    app.clock.advance(1)
    await remove(image.digest)
    assert.equal(await sweep(), 0)
    assert.equal(await status(signature), 200)
  })
})
