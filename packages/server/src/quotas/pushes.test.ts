// Byte quotas over HTTP: what is counted, what is refused and when, and that parallel pushes never exceed.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, afterEach, before, beforeEach, it } from 'node:test'
import { digestOf } from '@entrepot/oci/digest.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { expireUploads } from '../gc/expiry.ts'
import type { Namespace } from '../namespaces/namespaces.ts'
import {
  answerOf,
  errorOf,
  imageOf,
  outcome,
  ownerOf,
  type TestClient,
} from '../registry/test-client.ts'
import { addNamespace } from '../registry/test-seed.ts'
import { type WatchedStore, watchedStore } from '../registry/test-store.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { getUsage, setQuota } from './quotas.ts'
import { listCountDifferences } from './recount.ts'

const kib = 1024

onEachDatabase('byte quotas', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient
  let team: Namespace

  let watched: WatchedStore
  let names = 0

  before(async () => {
    watched = await watchedStore()
    app = await testApp({ dialect, store: watched.store, leaves: { uploads: true } })
    owner = ownerOf(app)
  })
  beforeEach(async () => {
    team = await addNamespace(app, `team${names++}`)
  })
  afterEach(async () => {
    await limit(app.instance.id, null)
    assert.deepEqual(await listCountDifferences(app.app.db.read), [])
  })
  after(() => app.close())

  const limit = (scopeId: string, bytes: number | null) =>
    app.app.db.write((tx) => setQuota(tx, scopeId, 'bytes', bytes))
  const used = (scopeId: string) => getUsage(app.app.db.read, scopeId, 'bytes')

  it('a blob over the quota is refused before its body, with the figures', async () => {
    await owner.pushBlob(`${team.name}/app`, Buffer.alloc(60 * kib, 1))
    for (const scopeId of [team.id, app.instance.id]) {
      const before = await used(scopeId)
      const value = before + 40 * kib
      await limit(scopeId, value)
      const location = await owner.startUpload(`${team.name}/app`)
      const body = Buffer.alloc(50 * kib, 2)
      const digest = digestOf('sha256', body)
      for (const [method, path] of [
        ['PUT', `${location}?digest=${digest}`],
        ['PATCH', location],
        ['POST', `/v2/${team.name}/app/blobs/uploads/?digest=${digest}`],
      ] as const) {
        const answer = await owner.call(method, path, { body, waits: true })
        assert.equal(outcome(answer), '403 DENIED', method)
        assert.equal(answer.wasInvited, false)
        const { message, detail } = errorOf(answer)
        const asked = 50 * kib
        assert.deepEqual(detail, { quota: 'bytes', value, used: before, asked })
        assert.ok(
          message.startsWith(`quota exceeded: bytes ${before} of ${value} used, ${asked} more`),
        )
      }
      assert.equal(await used(scopeId), before)
      await limit(scopeId, null)
    }
  })

  it('the refusal of a large body is read by a client that sends without asking', async () => {
    await limit(team.id, kib)
    const body = Buffer.alloc(64 * kib * kib)
    const location = await owner.startUpload(`${team.name}/app`)
    const answer = await owner.call('PATCH', location, { body })
    assert.equal(outcome(answer), '403 DENIED')
    assert.match(errorOf(answer).message, /quota exceeded/)
    assert.equal(answer.headers.connection, 'close')
  })

  it('what fits exactly is taken, a byte more is not', async () => {
    await limit(team.id, 64 * kib)
    assert.equal(
      outcome(await owner.putBlob(`${team.name}/app`, Buffer.alloc(64 * kib + 1))),
      '403 DENIED',
    )
    assert.equal(outcome(await owner.putBlob(`${team.name}/app`, Buffer.alloc(64 * kib))), '201')
    assert.equal(await used(team.id), 64 * kib)
  })

  it('a body of unknown length is refused when it grows over the quota', async () => {
    await limit(team.id, 32 * kib)
    const location = await owner.startUpload(`${team.name}/app`)
    const answer = await owner.call('PATCH', location, {
      body: Buffer.alloc(128 * kib),
      isChunked: true,
    })
    assert.equal(outcome(answer), '403 DENIED')
    assert.equal(await used(team.id), 0)
  })

  it('a small body of unknown length is taken where it fits', async () => {
    await limit(team.id, 32 * kib)
    const path = `${team.name}/app`
    for (const [sizeBytes, expected] of [
      [8 * kib, '201'],
      [24 * kib + 1, '403 DENIED'],
      [24 * kib, '201'],
    ] as const) {
      const answer = await owner.putBlob(path, Buffer.alloc(sizeBytes, 7), { isChunked: true })
      assert.equal(outcome(answer), expected)
    }
    assert.equal(await used(team.id), 32 * kib)
  })

  it('a blob counts once in a namespace, and once in the instance', async () => {
    const other = await addNamespace(app, `other${names++}`)
    const body = randomBytes(10 * kib)
    const inAll = await used(app.instance.id)
    const digest = await owner.pushBlob(`${team.name}/one`, body)
    await owner.pushBlob(`${team.name}/two`, body)
    await owner.pushBlob(`${other.name}/app`, body)
    await owner.call(
      'POST',
      `/v2/${team.name}/three/blobs/uploads/?mount=${digest}&from=${team.name}/one`,
    )
    const counts = [team.id, other.id, app.instance.id].map(used)
    assert.deepEqual(await Promise.all(counts), [10 * kib, 10 * kib, inAll + 10 * kib])
  })

  it('a mount into another namespace is charged there, and refused over its quota', async () => {
    const other = await addNamespace(app, `other${names++}`)
    const digest = await owner.pushBlob(`${team.name}/app`, Buffer.alloc(10 * kib, 3))
    await limit(other.id, 5 * kib)
    const path = `/v2/${other.name}/app/blobs/uploads/?mount=${digest}&from=${team.name}/app`
    assert.equal(outcome(await owner.call('POST', path)), '403 DENIED')
    await limit(other.id, 10 * kib)
    assert.equal(outcome(await owner.call('POST', path)), '201')
    assert.equal(await used(other.id), 10 * kib)
  })

  it('a cancelled upload gives back what it reserved', async () => {
    await limit(team.id, 64 * kib)
    const location = await owner.startUpload(`${team.name}/app`)
    await owner.call('PATCH', location, { body: Buffer.alloc(40 * kib) })
    assert.equal(await used(team.id), 40 * kib)
    assert.equal(
      outcome(await owner.putBlob(`${team.name}/app`, Buffer.alloc(30 * kib, 1))),
      '403 DENIED',
    )
    assert.equal((await owner.call('DELETE', location)).status, 204)
    assert.equal(outcome(await owner.putBlob(`${team.name}/app`, Buffer.alloc(30 * kib, 1))), '201')
  })

  it('an expired upload gives back what it reserved', async () => {
    await limit(team.id, 64 * kib)
    const location = await owner.startUpload(`${team.name}/app`)
    await owner.call('PATCH', location, { body: Buffer.alloc(40 * kib) })
    app.clock.advance(app.config.limits.uploadExpiryMs + 1)
    const { graceMs } = app.config.limits
    await expireUploads({ ...app.app.registry, graceMs }, AbortSignal.timeout(10_000))
    assert.equal(await used(team.id), 0)
    assert.equal(outcome(await owner.call('GET', location)), '404 BLOB_UPLOAD_UNKNOWN')
  })

  it('a wrong digest gives back what its body reserved', async () => {
    await limit(team.id, 64 * kib)
    const wrong = `sha256:${'0'.repeat(64)}`
    const whole = await owner.startUpload(`${team.name}/app`)
    const body = Buffer.alloc(40 * kib, 4)
    const refused = await owner.call('PUT', `${whole}?digest=${wrong}`, { body })
    assert.equal(outcome(refused), '400 DIGEST_INVALID')
    assert.equal(await used(team.id), 0)
    const chunked = await owner.startUpload(`${team.name}/app`)
    await owner.call('PATCH', chunked, { body: Buffer.alloc(10 * kib) })
    const last = Buffer.alloc(20 * kib)
    await owner.call('PUT', `${chunked}?digest=${wrong}`, { body: last })
    assert.equal(await used(team.id), 10 * kib)
    const posted = `/v2/${team.name}/app/blobs/uploads/?digest=${wrong}`
    assert.equal(outcome(await owner.call('POST', posted, { body })), '400 DIGEST_INVALID')
    assert.equal(await used(team.id), 10 * kib)
  })

  it('a client that leaves keeps reserved only what arrived', async () => {
    await limit(team.id, 64 * kib)
    const location = await owner.startUpload(`${team.name}/app`)
    const arrived = watched.nextBytes(1000)
    const req = owner.begin('PATCH', location, { 'Content-Length': String(50 * kib) })
    req.on('error', () => undefined)
    req.write(Buffer.alloc(1000))
    await arrived
    req.destroy()
    // Its next question finds what had arrived, as soon as that is stored.
    let range = '0-0'
    while (range === '0-0') range = String((await owner.call('GET', location)).headers.range)
    assert.equal(range, '0-999')
    assert.equal(await used(team.id), 1000)
  })

  it('deleting is never refused over a quota', async () => {
    const image = await owner.pushImage(`${team.name}/app`, 'v1', 'x'.repeat(10 * kib))
    const free = await owner.pushBlob(`${team.name}/app`, 'y'.repeat(10 * kib))
    await limit(team.id, 1)
    await limit(app.instance.id, 1)
    const paths = [`blobs/${free}`, 'manifests/v1', `manifests/${image.digest}`]
    for (const path of paths) {
      assert.equal((await owner.call('DELETE', `/v2/${team.name}/app/${path}`)).status, 202, path)
    }
    assert.equal(outcome(await owner.putBlob(`${team.name}/app`, 'z')), '403 DENIED')
  })

  it('a manifest counts too, and is refused over the quota', async () => {
    const image = await owner.pushImage(`${team.name}/app`, 'v1')
    await limit(team.id, await used(team.id))
    const bytes = imageOf({ config: image.config, layers: [], more: { annotations: { a: 'b' } } })
    const answer = await owner.putManifest(`${team.name}/app`, 'v2', bytes)
    assert.equal(outcome(answer), '403 DENIED')
    assert.equal((errorOf(answer).detail as { asked: number }).asked, bytes.byteLength)
    // What is there already costs nothing.
    assert.equal(outcome(await owner.putManifest(`${team.name}/app`, 'v3', image.bytes)), '201')
  })

  it('a hundred pushes at once take exactly what there is', async () => {
    const room = 40
    await limit(team.id, room * kib)
    const bodies = Array.from({ length: 100 }, () => randomBytes(kib))
    const answers = await Promise.all(bodies.map((body) => owner.putBlob(`${team.name}/app`, body)))
    const outcomes = answers.map(outcome)
    assert.equal(outcomes.filter((each) => each === '201').length, room)
    assert.equal(outcomes.filter((each) => each === '403 DENIED').length, 100 - room)
    assert.equal(await used(team.id), room * kib)
  })

  it('two bodies at once on one upload reserve once', async () => {
    await limit(team.id, 64 * kib)
    const location = await owner.startUpload(`${team.name}/app`)
    const requests = [1, 2].map((text) => {
      const req = owner.begin('PATCH', location, { 'Content-Length': String(20 * kib) })
      return answerOf(req.end(Buffer.alloc(20 * kib, text)))
    })
    const outcomes = (await Promise.all(requests)).map(outcome).sort()
    assert.equal(outcomes[0], '202')
    assert.match(outcomes[1] ?? '', /^(?:202|416 BLOB_UPLOAD_INVALID)$/)
  })
})
