// The life of an upload beyond what the conformance suite sees: restarts, races, time, limits.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { digestOf } from '@entrepot/oci/digest.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { expireUploads } from '../gc/expiry.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { type Answer, answerOf, errorOf, outcome, ownerOf, type TestClient } from './test-client.ts'
import { type WatchedStore, watchedStore } from './test-store.ts'

const minuteMs = 60_000

onEachDatabase('uploads', (_open, dialect) => {
  let watched: WatchedStore
  let app: TestApp
  let owner: TestClient

  before(async () => {
    watched = await watchedStore()
    app = await testApp({ dialect, store: watched.store })
    owner = ownerOf(app)
  })
  after(() => app.close())

  const expire = () => {
    const { graceMs } = app.config.limits
    return expireUploads({ ...app.app.registry, graceMs }, AbortSignal.timeout(10_000))
  }

  /** Sends part of a body, and resolves when it has been taken. */
  async function begin(location: string, sizeBytes: number, first: string) {
    const arrived = watched.nextBytes(first.length)
    const req = owner.begin('PATCH', location, { 'Content-Length': String(sizeBytes) })
    const answer = answerOf(req)
    answer.catch(() => undefined)
    req.write(first)
    await arrived
    return { req, answer }
  }

  it('that take six minutes work', async () => {
    const location = await owner.startUpload('demo/slow')
    const { req, answer } = await begin(location, 8 * 4, 'part')
    for (let minute = 1; minute < 8; minute += 1) {
      app.clock.advance(minuteMs - 5000)
      const arrived = watched.nextBytes(4)
      req.write('part')
      await arrived
    }
    assert.ok(7 * (minuteMs - 5000) > 6 * minuteMs)
    assert.equal(outcome(await answer), '202')
    const digest = digestOf('sha256', Buffer.from('part'.repeat(8)))
    assert.equal(outcome(await owner.call('PUT', `${location}?digest=${digest}`)), '201')
  })

  it('whose body stalls are answered 408, and go on from where they were', async () => {
    const location = await owner.startUpload('demo/stalled')
    await owner.call('PATCH', location, { body: 'kept' })
    const { answer } = await begin(location, 100, 'lost')
    let isOver = false
    void answer.finally(() => {
      isOver = true
    })
    while (!isOver) {
      app.clock.advance(app.config.limits.stallMs)
      await owner.call('GET', '/v2/')
    }
    assert.equal(outcome(await answer), '408 BLOB_UPLOAD_INVALID')
    assert.match(errorOf(await answer).message, /stalled/)
    assert.equal((await answer).headers.connection, 'close')
    const status = await owner.call('GET', location)
    assert.deepEqual([status.status, status.headers.range], [204, '0-3'])
    await owner.call('PATCH', location, { body: ' on' })
    const digest = digestOf('sha256', Buffer.from('kept on'))
    assert.equal(outcome(await owner.call('PUT', `${location}?digest=${digest}`)), '201')
  })

  it('expire when nothing comes for a day, each chunk counted anew', async () => {
    const dayMs = app.config.limits.uploadExpiryMs
    const location = await owner.startUpload('demo/old')
    app.clock.advance(dayMs - 1)
    await owner.call('PATCH', location, { body: 'a' })
    app.clock.advance(dayMs - 1)
    assert.equal(await expire(), 0)
    assert.equal((await owner.call('GET', location)).status, 204)
    app.clock.advance(2)
    assert.equal(await expire(), 1)
    for (const [method, path] of [
      ['GET', location],
      ['PATCH', location],
      ['PUT', `${location}?digest=${digestOf('sha256', Buffer.from('a'))}`],
      ['DELETE', location],
    ] as const) {
      assert.equal(outcome(await owner.call(method, path)), '404 BLOB_UPLOAD_UNKNOWN', method)
    }
  })

  it('take one of two chunks that come at once, and tell the other where to go on', async () => {
    const location = await owner.startUpload('demo/two')
    const first = await begin(location, 8, 'half')
    const second = await begin(location, 8, 'HALF')
    first.req.end('-one')
    assert.equal(outcome(await first.answer), '202')
    second.req.end('-TWO')
    assert.equal(outcome(await second.answer), '416 BLOB_UPLOAD_INVALID')
    assert.deepEqual(errorOf(await second.answer).detail, { offset: 8 })
    const digest = digestOf('sha256', Buffer.from('half-one'))
    assert.equal(outcome(await owner.call('PUT', `${location}?digest=${digest}`)), '201')
    const got = await owner.call('GET', `/v2/demo/two/blobs/${digest}`)
    assert.equal(got.text, 'half-one')
  })

  it('that are cancelled while a chunk arrives take it no more', async () => {
    const location = await owner.startUpload('demo/cancelled')
    const { req, answer } = await begin(location, 8, 'half')
    assert.equal((await owner.call('DELETE', location)).status, 204)
    req.end('-one')
    assert.equal(outcome(await answer), '404 BLOB_UPLOAD_UNKNOWN')
  })

  it('that are cancelled while they are finished end in one of the two', async () => {
    const body = 'to be or not to be'
    const digest = digestOf('sha256', Buffer.from(body))
    const location = await owner.startUpload('demo/cancelled')
    await owner.call('PATCH', location, { body })
    const gate = Promise.withResolvers<void>()
    watched.faults.reset()
    watched.faults.fail('finish', { kind: 'gate', gate: gate.promise })
    const put = owner.call('PUT', `${location}?digest=${digest}`)
    while (!watched.faults.calls.includes('finish')) await owner.call('GET', '/v2/')
    assert.equal((await owner.call('DELETE', location)).status, 204)
    gate.resolve()
    assert.equal(outcome(await put), '404 BLOB_UPLOAD_UNKNOWN')
    const got = await owner.call('GET', `/v2/demo/cancelled/blobs/${digest}`)
    assert.equal(outcome(got), '404 BLOB_UNKNOWN')
  })

  it('finished twice at once make one blob', async () => {
    const body = 'finished twice'
    const digest = digestOf('sha256', Buffer.from(body))
    const location = await owner.startUpload('demo/twice')
    const put = () => owner.call('PUT', `${location}?digest=${digest}`, { body })
    const outcomes = (await Promise.all([put(), put()])).map(outcome).sort()
    assert.equal(outcomes[0], '201')
    assert.match(outcomes[1] ?? '', /^(?:404 BLOB_UPLOAD_UNKNOWN|416 BLOB_UPLOAD_INVALID)$/)
    assert.equal((await owner.call('GET', `/v2/demo/twice/blobs/${digest}`)).text, body)
  })

  it('make an unborn repository, not listed and not counted until its first manifest', async () => {
    const catalog = async () =>
      (JSON.parse((await owner.call('GET', '/v2/_catalog')).text) as { repositories: string[] })
        .repositories
    const born = async () => {
      const row = await app.app.db.read
        .selectFrom('repositories')
        .select('born_at')
        .where('path', '=', 'demo/unborn')
        .executeTakeFirst()
      return row && row.born_at !== null
    }
    await owner.pushBlob('demo/unborn', 'the first layer')
    assert.equal(await born(), false)
    assert.ok(!(await catalog()).includes('demo/unborn'))
    const tags = '/v2/demo/unborn/tags/list'
    assert.equal(outcome(await owner.call('GET', tags)), '404 NAME_UNKNOWN')
    await owner.pushImage('demo/unborn', 'v1')
    assert.equal(await born(), true)
    assert.ok((await catalog()).includes('demo/unborn'))
    assert.equal(outcome(await owner.call('GET', tags)), '200')
  })

  it('that the client breaks off keep what arrived', async () => {
    const location = await owner.startUpload('demo/broken')
    const { req } = await begin(location, 100, 'arrived')
    req.on('error', () => undefined)
    req.destroy()
    let status: Answer | undefined
    while (status?.headers.range !== '0-6') status = await owner.call('GET', location)
    const headers = { 'Content-Range': '7-11' }
    const next = await owner.call('PATCH', location, { headers, body: ' safe' })
    assert.equal(next.headers.range, '0-11')
    const digest = digestOf('sha256', Buffer.from('arrived safe'))
    assert.equal(outcome(await owner.call('PUT', `${location}?digest=${digest}`)), '201')
  })

  it('take from a chunked body what its Content-Range promised, and nothing else', async () => {
    const location = await owner.startUpload('demo/ranged')
    const patch = (body: string, range: string) =>
      owner.call('PATCH', location, {
        body,
        isChunked: true,
        headers: { 'Content-Range': range },
      })
    for (const body of ['too long', 'hi']) {
      assert.equal(outcome(await patch(body, '0-3')), '400 SIZE_INVALID', body)
      assert.equal((await owner.call('GET', location)).headers.range, '0-0')
    }
    assert.equal(outcome(await patch('just', '0-3')), '202')
    const digest = digestOf('sha256', Buffer.from('just so'))
    const put = (body: string, range: string) =>
      owner.call('PUT', `${location}?digest=${digest}`, {
        body,
        isChunked: true,
        headers: { 'Content-Range': range },
      })
    assert.equal(outcome(await put(' so, and more', '4-6')), '400 SIZE_INVALID')
    assert.equal(outcome(await put(' so', '4-6')), '201')
  })

  it('that wait for 100 Continue are refused before their body', async () => {
    const body = 'x'.repeat(1000)
    const location = await owner.startUpload('demo/expect')
    const digest = digestOf('sha256', Buffer.from(body))
    const cases = [
      [owner.as(undefined), 'PATCH', location, '401 UNAUTHORIZED'],
      [
        owner,
        'PATCH',
        `${location.slice(0, -1)}${location.endsWith('0') ? '1' : '0'}`,
        '404 BLOB_UPLOAD_UNKNOWN',
      ],
      [owner, 'PUT', `${location}?digest=md5:0`, '400 DIGEST_INVALID'],
      [owner, 'POST', `/v2/nosuch/app/blobs/uploads/?digest=${digest}`, '404 NAME_UNKNOWN'],
    ] as const
    for (const [client, method, path, expected] of cases) {
      const answer = await client.call(method, path, { body, waits: true })
      assert.deepEqual([outcome(answer), answer.wasInvited], [expected, false])
    }
    const taken = await owner.call('PUT', `${location}?digest=${digest}`, { body, waits: true })
    assert.deepEqual([outcome(taken), taken.wasInvited], ['201', true])
  })
})

onEachDatabase('uploads over a restart', (_open, dialect) => {
  it('go on on the next server, which hashes again what it did not see', async () => {
    const app = await testApp({ dialect, leaves: { uploads: true } })
    const location = await ownerOf(app).startUpload('demo/restarted')
    await ownerOf(app).call('PATCH', location, { body: 'before the stop' })
    await app.stop()
    const next = await app.beside()
    const owner = ownerOf(next)
    const status = await owner.call('GET', location)
    assert.deepEqual([status.status, status.headers.range], [204, '0-14'])
    const headers = { 'Content-Range': '15-29' }
    await owner.call('PATCH', location, { headers, body: ', and after it.' })
    const digest = digestOf('sha256', Buffer.from('before the stop, and after it.'))
    assert.equal(outcome(await owner.call('PUT', `${location}?digest=${digest}`)), '201')
    const got = await owner.call('GET', `/v2/demo/restarted/blobs/${digest}`)
    assert.equal(got.text, 'before the stop, and after it.')
    await next.close()
    await app.close()
  })

  it('are open in limited number, by instance', async () => {
    const app = await testApp({ dialect, env: { ENTREPOT_MAX_OPEN_UPLOADS: '3' } })
    const owner = ownerOf(app)
    const start = () => owner.call('POST', '/v2/demo/limited/blobs/uploads/')
    const locations: string[] = []
    for (let at = 0; at < 3; at += 1) locations.push(await owner.startUpload('demo/limited'))
    const refused = await start()
    assert.equal(outcome(refused), '429 TOOMANYREQUESTS')
    assert.equal(refused.headers['retry-after'], '30')
    assert.match(errorOf(refused).message, /3 uploads are open in this registry/)
    // Whole blobs are uploads too, while they last.
    assert.equal(outcome(await owner.putBlob('demo/limited', 'whole')), '429 TOOMANYREQUESTS')
    await owner.call('DELETE', locations[0] ?? '')
    app.clock.advance(1000)
    // One after the other, each ends before the next begins.
    for (let at = 0; at < 10; at += 1) await owner.pushBlob('demo/limited', `blob ${at}`)
    locations[0] = await owner.startUpload('demo/limited')
    assert.equal(outcome(await start()), '429 TOOMANYREQUESTS')
    for (const location of locations) await owner.call('DELETE', location)
    await app.close()
  })

  it('are no larger than the setting and the store allow, and refused before their body', async () => {
    const mebibyte = 1024 ** 2
    for (const [storeBytes, settingBytes] of [
      [mebibyte, 2 * mebibyte],
      [2 * mebibyte, mebibyte],
    ] as const) {
      const { store } = await watchedStore(undefined, storeBytes)
      const env = { ENTREPOT_MAX_BLOB_BYTES: String(settingBytes) }
      const app = await testApp({ dialect, store, env })
      const owner = ownerOf(app)
      const [fits, over] = [Buffer.alloc(mebibyte, 'x'), Buffer.alloc(mebibyte + 1, 'x')]
      const refused = await owner.putBlob('demo/large', over, { waits: true })
      assert.deepEqual([outcome(refused), refused.wasInvited], ['413 SIZE_INVALID', false])
      assert.deepEqual(errorOf(refused).detail, { maxBytes: mebibyte })
      const location = await owner.startUpload('demo/large')
      const unannounced = await owner.call('PATCH', location, { body: over, isChunked: true })
      assert.equal(outcome(unannounced), '413 SIZE_INVALID')
      assert.deepEqual(errorOf(unannounced).detail, { maxBytes: mebibyte })
      assert.equal(outcome(await owner.call('PATCH', location, { body: fits })), '202')
      const next = await owner.call('PATCH', location, { body: 'x', waits: true })
      assert.deepEqual([outcome(next), next.wasInvited], ['413 SIZE_INVALID', false])
      assert.equal((await owner.call('DELETE', location)).status, 204)
      await app.close()
    }
  })

  it('end with a drain: what runs is finished, the next is refused', async () => {
    const watched = await watchedStore()
    const leaves = { uploads: true }
    const app = await testApp({ dialect, store: watched.store, realTime: true, leaves })
    const owner = ownerOf(app)
    const location = await owner.startUpload('demo/drained')
    const digest = digestOf('sha256', Buffer.from('first second'))
    const arrived = watched.nextBytes(5)
    const req = owner.begin('PATCH', location, { 'Content-Length': '12' })
    const answer = answerOf(req)
    req.write('first')
    await arrived
    const drained = app.stop(60_000)
    // One that waits to be accepted at that moment is reset.
    let refusal = ''
    while (refusal !== 'ECONNREFUSED') {
      await owner.call('GET', '/healthz').catch((error: NodeJS.ErrnoException) => {
        refusal = error.code ?? ''
      })
    }
    req.end(' second')
    assert.equal(outcome(await answer), '202')
    await drained
    const next = await app.beside()
    const finished = await ownerOf(next).call('PUT', `${location}?digest=${digest}`)
    assert.equal(outcome(finished), '201')
    await next.close()
    await app.close()
  })
})
