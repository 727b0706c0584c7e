// What clients are told while the storage or the database fails, and what goes on meanwhile.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, beforeEach, it } from 'node:test'
import { digestOf } from '@entrepot/oci/digest.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { Faults, faultyDatabase } from '../faults/faults.ts'
import { listCountDifferences } from '../quotas/recount.ts'
import { StorageError } from '../storage/driver.ts'
import { noRoom } from '../storage/faulty.ts'
import { type TestApp, testApp } from '../test-app.ts'
import {
  answerOf,
  errorOf,
  outcome,
  ownerOf,
  type PushedImage,
  type TestClient,
} from './test-client.ts'
import { type WatchedStore, watchedStore } from './test-store.ts'

onEachDatabase('failing storage', (_open, dialect) => {
  let watched: WatchedStore
  let app: TestApp
  let owner: TestClient
  let image: PushedImage
  const large = Buffer.alloc(2 * 1024 * 1024, 'large')

  before(async () => {
    watched = await watchedStore()
    app = await testApp({ dialect, store: watched.store })
    owner = ownerOf(app)
    image = await owner.pushImage('demo/app', 'v1')
  })
  beforeEach(() => watched.faults.reset())
  after(async () => {
    assert.deepEqual(await listCountDifferences(app.app.db.read), [])
    await app.close()
  })

  async function assertReadable(): Promise<void> {
    for (const path of ['manifests/v1', `blobs/${image.layer}`, 'tags/list']) {
      assert.equal((await owner.call('GET', `/v2/demo/app/${path}`)).status, 200, path)
    }
  }

  it('full: pushes are answered 507, pulls and deletes go on, and then pushes too', async () => {
    watched.faults.fill()
    for (const body of ['small', large]) {
      const answer = await owner.putBlob('demo/full', body)
      assert.equal(outcome(answer), '507 DENIED')
      assert.match(errorOf(answer).message, /full.*nothing was kept/)
    }
    await assertReadable()
    const doomed = await owner.call('DELETE', '/v2/demo/app/manifests/v1')
    assert.equal(doomed.status, 202)
    assert.equal(outcome(await owner.putManifest('demo/app', 'v1', image.bytes)), '201')
    watched.faults.reset()
    for (const body of ['small', large]) {
      assert.equal(outcome(await owner.putBlob('demo/full', body)), '201')
    }
  })

  it('full in the middle of a chunk: 507, and the upload goes on from where it was', async () => {
    const location = await owner.startUpload('demo/full')
    await owner.call('PATCH', location, { body: 'kept' })
    watched.faults.fail('writePart', { kind: 'half', error: noRoom() })
    assert.equal(outcome(await owner.call('PATCH', location, { body: ' lost' })), '507 DENIED')
    assert.equal((await owner.call('GET', location)).headers.range, '0-3')
    await owner.call('PATCH', location, { body: ' and whole' })
    const digest = digestOf('sha256', Buffer.from('kept and whole'))
    assert.equal(outcome(await owner.call('PUT', `${location}?digest=${digest}`)), '201')
  })

  it('that takes no further chunk: 413 with the reason, and the upload stays', async () => {
    const location = await owner.startUpload('demo/large')
    const error = new StorageError('too-large', 'an upload has at most 7 chunks')
    watched.faults.fail('writePart', { kind: 'before', error })
    const answer = await owner.call('PATCH', location, { body: 'the eighth' })
    assert.equal(outcome(answer), '413 SIZE_INVALID')
    assert.match(errorOf(answer).message, /larger than allowed: an upload has at most 7 chunks/)
    assert.deepEqual(errorOf(answer).detail, { reason: error.message })
    assert.equal((await owner.call('DELETE', location)).status, 204)
  })

  it('failing: pushes are answered 503 with when to come back, and can be repeated', async () => {
    for (const [operation, body] of [
      ['put', 'failed at first'],
      ['begin', large],
      ['writePart', large],
      ['finish', large],
    ] as const) {
      for (const kind of ['before', 'after'] as const) {
        watched.faults.fail(operation, { kind })
        const answer = await owner.putBlob('demo/failing', body)
        assert.equal(outcome(answer), '503 UNAVAILABLE', `${operation} ${kind}`)
        assert.match(String(answer.headers['retry-after']), /^[1-9]\d*$/)
        await assertReadable()
        assert.equal(outcome(await owner.putBlob('demo/failing', body)), '201')
      }
    }
  })

  it('a finish whose answer was lost is repeated by the client on the same upload', async () => {
    const location = await owner.startUpload('demo/repeated')
    await owner.call('PATCH', location, { body: 'finished at second' })
    const digest = digestOf('sha256', Buffer.from('finished at second'))
    watched.faults.fail('finish', { kind: 'after' })
    const path = `${location}?digest=${digest}`
    assert.equal(outcome(await owner.call('PUT', path)), '503 UNAVAILABLE')
    assert.equal(outcome(await owner.call('PUT', path)), '201')
    const got = await owner.call('GET', `/v2/demo/repeated/blobs/${digest}`)
    assert.equal(got.text, 'finished at second')
  })

  it('failing reads are answered 503, not 404', async () => {
    // One that nobody has read: small ones are remembered.
    const unread = await owner.pushBlob('demo/app', 'never read before')
    watched.faults.fail('get', { kind: 'before' })
    const answer = await owner.call('GET', `/v2/demo/app/blobs/${unread}`)
    assert.equal(outcome(answer), '503 UNAVAILABLE')
    assert.match(String(answer.headers['retry-after']), /^[1-9]\d*$/)
    await assertReadable()
  })

  it('a small blob that breaks off is 503, and whole the next time', async () => {
    const digest = await owner.pushBlob('demo/app', 'small and broken')
    watched.faults.fail('get', { kind: 'half' })
    const answer = await owner.call('GET', `/v2/demo/app/blobs/${digest}`)
    assert.equal(outcome(answer), '503 UNAVAILABLE')
    const again = await owner.call('GET', `/v2/demo/app/blobs/${digest}`)
    assert.equal(again.text, 'small and broken')
  })

  it('a read that breaks off ends the connection, so that nobody takes half for whole', async () => {
    const digest = await owner.pushBlob('demo/app', large)
    watched.faults.fail('get', { kind: 'half' })
    const req = owner.begin('GET', `/v2/demo/app/blobs/${digest}`)
    await assert.rejects(answerOf(req.end()), { code: 'ECONNRESET' })
    const again = await owner.call('GET', `/v2/demo/app/blobs/${digest}`)
    assert.deepEqual(again.bytes, large)
  })
})

onEachDatabase('failing database', (_open, dialect) => {
  const faults = new Faults()
  const gone = { call: 1, when: 'before', how: 'dies' } as const
  let app: TestApp
  let owner: TestClient
  let image: PushedImage

  before(async () => {
    app = await testApp({ dialect, wrap: (db) => wrapPing(faultyDatabase(db, faults)) })
    owner = ownerOf(app)
    image = await owner.pushImage('demo/app', 'v1')
  })
  after(() => app.close())

  const wrapPing = (db: TestApp['app']['db']) => ({
    ...db,
    ping: () => faults.around('ping', () => db.ping()),
  })

  it('gone: every request is answered 503 with when to come back; then all is as before', async () => {
    const digest = digestOf('sha256', Buffer.from('new'))
    const requests = [
      ['GET', '/v2/demo/app/manifests/v1'],
      ['HEAD', '/v2/demo/app/manifests/v1'],
      ['GET', `/v2/demo/app/blobs/${image.layer}`],
      ['GET', '/v2/demo/app/tags/list'],
      ['GET', '/v2/_catalog'],
      ['GET', `/v2/demo/app/referrers/${image.digest}`],
      ['POST', '/v2/demo/app/blobs/uploads/'],
      ['POST', `/v2/demo/app/blobs/uploads/?digest=${digest}`],
      ['DELETE', '/v2/demo/app/manifests/v1'],
      ['GET', '/service/token?scope=repository:demo/app:pull'],
    ] as const
    for (const isStale of [false, true]) {
      faults.arm(gone)
      if (isStale) app.clock.advance(1000)
      for (const [method, path] of requests) {
        const answer = await owner.call(method, path, method === 'POST' ? { body: 'new' } : {})
        assert.equal(answer.status, 503, `${method} ${path}`)
        assert.match(String(answer.headers['retry-after']), /^[1-9]\d*$/, path)
        if (method !== 'HEAD') assert.equal(errorOf(answer).code, 'UNAVAILABLE')
      }
      faults.disarm()
    }
    assert.equal((await owner.call('GET', '/v2/demo/app/manifests/v1')).status, 200)
  })

  it('gone: healthy, not ready; back: ready', async () => {
    const probe = async (path: string) => {
      const { status, text } = await owner.as(undefined).call('GET', path)
      return `${status} ${text.trim()}`
    }
    assert.deepEqual([await probe('/healthz'), await probe('/readyz')], ['200 ok', '200 ready'])
    faults.arm(gone)
    assert.equal(await probe('/healthz'), '200 ok')
    assert.equal(await probe('/readyz'), '503 the database does not answer')
    faults.disarm()
    assert.equal(await probe('/readyz'), '200 ready')
  })

  it('a server that drains is healthy, not ready', async (t) => {
    const leaving = await app.beside()
    t.after(() => leaving.close())
    const port = Number(new URL(leaving.url).port)
    const isAccepting = async () => {
      const knock = connect(port, '127.0.0.1')
      const accepted = await once(knock, 'connect').then(
        () => true,
        () => false,
      )
      knock.destroy()
      return accepted
    }
    const socket = connect(port, '127.0.0.1')
    let text = ''
    socket.on('data', (chunk) => {
      text += String(chunk)
    })
    const head = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n`
    // The second request has begun when the first is answered, and ends while the server drains.
    socket.write(`${head('/readyz')}\r\n${head('/readyz')}`)
    while (!text.endsWith('ready\n')) await once(socket, 'data')
    text = ''
    const stopped = leaving.stop(60_000)
    while (await isAccepting());
    socket.write('\r\n')
    await once(socket, 'close')
    assert.match(text, /^HTTP\/1\.1 503 [\s\S]*draining\n$/)
    await stopped
  })

  it('gone in the middle of a push: nothing is half made, and the push can be repeated', async () => {
    const bytes = image.bytes
    for (let call = 1; ; call += 1) {
      faults.arm({ call, when: 'before', how: 'fails' })
      const answer = await owner.putManifest('demo/app', 'new', bytes)
      const wasHit = faults.hit !== undefined
      faults.disarm()
      if (!wasHit) {
        assert.equal(outcome(answer), '201')
        break
      }
      assert.equal(outcome(answer), '503 UNAVAILABLE', `call ${call}`)
      assert.equal((await owner.call('GET', '/v2/demo/app/manifests/new')).status, 404)
    }
    assert.equal((await owner.call('GET', '/v2/demo/app/manifests/new')).status, 200)
  })
})

onEachDatabase('too many requests', (_open, dialect) => {
  it('are answered 429 with when to come back; those that run go on', async () => {
    const watched = await watchedStore()
    const env = { ENTREPOT_MAX_REQUESTS: '2' }
    const app = await testApp({ dialect, env, store: watched.store })
    const owner = ownerOf(app)
    const locations = [await owner.startUpload('demo/a'), await owner.startUpload('demo/b')]
    const running = []
    for (const location of locations) {
      const arrived = watched.nextBytes(5)
      const req = owner.begin('PATCH', location, { 'Content-Length': '9' })
      running.push({ req, answer: answerOf(req) })
      req.write('first')
      await arrived
    }
    for (const path of ['/v2/', '/service/token', '/v2/demo/a/tags/list']) {
      const answer = await owner.call('GET', path)
      assert.equal(outcome(answer), '429 TOOMANYREQUESTS')
      assert.equal(answer.headers['retry-after'], '1')
    }
    assert.equal((await owner.call('GET', '/healthz')).status, 200)
    for (const { req, answer } of running) {
      req.end('last')
      assert.equal(outcome(await answer), '202')
    }
    for (const location of locations) {
      assert.equal((await owner.call('DELETE', location)).status, 204)
    }
    await app.close()
  })
})
