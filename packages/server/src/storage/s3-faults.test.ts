// What goes wrong with object storage and not with a folder: a proxy in front of a real server loses answers,
// answers 200 with an error inside, asks to slow down, cuts connections, and shows old listings.

import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { systemClock } from '../clock.ts'
import { BufferBudget } from './buffers.ts'
import { append, chunksOf, contentOf, hashOf, patternBytes, write } from './contract-material.ts'
import { fault } from './driver-contract.ts'
import { S3Driver } from './s3.ts'
import { S3Api } from './s3-api.ts'
import { type FaultProxy, startFaultProxy } from './s3-fault-proxy.ts'
import { findVersitygw, type S3TestServer, startS3TestServer } from './s3-test-server.ts'

const program = findVersitygw()
const signal = new AbortController().signal
const mebibyte = 1024 * 1024
const key = 'blobs/aa/one'
const anyAgeMs = -60_000

/** Pauses between attempts are asked for, and end at once. */
const hastyClock = {
  ...systemClock(),
  setTimer(_ms: number, fn: () => void) {
    const immediate = setImmediate(fn)
    return { cancel: () => clearImmediate(immediate) }
  },
}

const slowDown = { status: 503, body: '<Error><Code>SlowDown</Code></Error>' }

describe('faults of S3', { skip: program ? false : 'versitygw is not installed' }, () => {
  let server: S3TestServer
  let proxy: FaultProxy
  let driver: S3Driver
  let direct: S3Api
  let prefix = ''
  let stores = 0

  before(async () => {
    // Only registered where the program exists.
    server = await startS3TestServer(program ?? '')
    proxy = await startFaultProxy(server.port)
  })
  after(async () => {
    await proxy.close()
    await server.close()
  })
  beforeEach(() => {
    stores += 1
    prefix = `faults-${stores}/`
    const settings = server.settings(prefix, proxy.port)
    driver = new S3Driver(settings, { budget: new BufferBudget(), clock: hastyClock })
    direct = new S3Api(server.settings(prefix), hastyClock)
  })
  afterEach(async () => {
    proxy.reset()
    direct.close()
    await driver.close()
  })

  async function begun(size: number) {
    const bytes = patternBytes(size, size)
    const state = await append(driver, await driver.begin(key, signal), chunksOf(bytes, 65_536))
    return { state, hash: hashOf(bytes) }
  }

  async function assertContent(hash: string): Promise<void> {
    assert.equal(hashOf(await contentOf(await driver.get(key, undefined, signal))), hash)
  }

  async function multiparts(): Promise<number> {
    return (await direct.listMultiparts(prefix, undefined, signal)).uploads.length
  }

  for (const size of [9 * mebibyte, 16 * mebibyte]) {
    it(`finds a Complete done whose answer was lost (${size} bytes)`, async () => {
      const { state, hash } = await begun(size)
      proxy.on('complete', { kind: 'lose-answer' })
      await driver.finish(state, signal)
      assert.equal(proxy.seen('complete'), 1)
      await assertContent(hash)
      assert.equal(await multiparts(), 0)
    })
  }

  it('finds a copy done whose answer was lost', async () => {
    const { state, hash } = await begun(1000)
    proxy.on('copy', { kind: 'lose-answer' })
    await driver.finish(state, signal)
    assert.equal(proxy.seen('copy'), 1)
    await assertContent(hash)
  })

  it('repeats a Complete that answered 200 with an error inside', async () => {
    const { state, hash } = await begun(9 * mebibyte)
    const body = '<Error><Code>InternalError</Code><Message>again</Message></Error>'
    proxy.on('complete', { kind: 'answer', status: 200, body })
    await driver.finish(state, signal)
    assert.equal(proxy.seen('complete'), 2)
    await assertContent(hash)
  })

  it('repeats a copy that answered 200 with an error inside', async () => {
    const { state, hash } = await begun(1000)
    const body = '<Error><Code>InternalError</Code></Error>'
    proxy.on('copy', { kind: 'answer', status: 200, body })
    await driver.finish(state, signal)
    assert.equal(proxy.seen('copy'), 2)
    await assertContent(hash)
  })

  it('gives up a Complete that never comes through, and finishes it later', async () => {
    const { state, hash } = await begun(9 * mebibyte)
    proxy.on('complete', { kind: 'answer', ...slowDown, times: 100 })
    await assert.rejects(() => driver.finish(state, signal), fault('unavailable'))
    assert.equal(proxy.seen('complete'), 5)
    assert.equal(await driver.stat(key, signal), undefined)
    proxy.reset()
    await driver.finish(state, signal)
    await assertContent(hash)
  })

  for (const operation of ['create', 'part', 'put', 'copy-part'] as const) {
    for (const failure of [
      { kind: 'answer', ...slowDown, times: 2 },
      { kind: 'cut', times: 2 },
      { kind: 'lose-answer' },
    ] as const) {
      it(`comes through when ${operation} meets ${failure.kind}`, async () => {
        proxy.on(operation, failure)
        const { state, hash } = await begun(9 * mebibyte)
        await driver.finish(state, signal)
        assert.ok(proxy.seen(operation) >= 2)
        await assertContent(hash)
        proxy.reset()
        // A Create whose answer was lost leaves an upload that nobody knows: the sweep's.
        await driver.sweepUnfinished(anyAgeMs, async () => new Set(), signal)
        assert.equal(await multiparts(), 0)
      })
    }
  }

  it('says what to do when the store has no room, and asks once', async () => {
    const body = '<Error><Code>XMinioStorageFull</Code></Error>'
    proxy.on('put', { kind: 'answer', status: 507, body, times: 100 })
    await assert.rejects(() => driver.put(key, Buffer.from('x'), signal), fault('full'))
    assert.equal(proxy.seen('put'), 1)
  })

  it('goes on reading where the connection was cut', async () => {
    const bytes = patternBytes(6 * mebibyte, 1)
    await write(driver, key, chunksOf(bytes, 65_536))
    proxy.on('get', { kind: 'cut-body', afterBytes: mebibyte, times: 3 })
    await assertContent(hashOf(bytes))
    assert.ok(proxy.seen('get') >= 4)
    proxy.reset()
    proxy.on('get', { kind: 'cut-body', afterBytes: 700_000 })
    const body = await driver.get(key, { start: 1000, end: 5_000_000 }, signal)
    assert.equal(hashOf(await contentOf(body)), hashOf(bytes.subarray(1000, 5_000_001)))
  })

  it('gives a body up that brings nothing any more', async () => {
    await write(driver, key, chunksOf(patternBytes(6 * mebibyte, 1), 65_536))
    const body = await driver.get(key, undefined, signal)
    proxy.on('get', { kind: 'cut-body', afterBytes: 0, times: 100 })
    proxy.cutAll()
    await assert.rejects(contentOf(body), fault('unavailable'))
  })

  it('repeats a read that meets SlowDown, and tells an archive for what it is', async () => {
    await driver.put(key, Buffer.from('x'), signal)
    proxy.on('get', { kind: 'answer', ...slowDown, times: 4 })
    assert.equal(String(await contentOf(await driver.get(key, undefined, signal))), 'x')
    const body = '<Error><Code>InvalidObjectState</Code></Error>'
    proxy.on('get', { kind: 'answer', status: 403, body })
    await assert.rejects(() => driver.get(key, undefined, signal), /archive storage class/)
  })

  it('does not take a missing bucket for a missing object', async () => {
    const body = '<Error><Code>NoSuchBucket</Code></Error>'
    proxy.on('get', { kind: 'answer', status: 404, body })
    await assert.rejects(() => driver.get(key, undefined, signal), fault('unavailable'))
  })

  it('reports by key what a batch of deletes left', async () => {
    for (const name of ['a', 'b', 'c']) await driver.put(name, Buffer.from(name), signal)
    const failed = (code: string) =>
      `<Error><Key>${prefix}objects/b</Key><Code>${code}</Code><Message>no</Message></Error>`
    const deleted = `<Deleted><Key>${prefix}objects/a</Key></Deleted>`
    const reply = (code: string) => `<DeleteResult>${deleted}${failed(code)}</DeleteResult>`
    proxy.on('delete', { kind: 'answer', status: 200, body: reply('AccessDenied') })
    const results = await driver.deleteMany(['a', 'b', 'c'], signal)
    // `c` was not answered for: it is asked again, alone.
    assert.deepEqual(
      results.map((result) => [result.key, result.error === undefined]),
      [
        ['a', true],
        ['b', false],
        ['c', true],
      ],
    )
    proxy.on('delete', { kind: 'answer', status: 200, body: reply('InternalError') })
    assert.ok((await driver.deleteMany(['a', 'b'], signal)).every(({ error }) => !error))
    assert.equal(await driver.stat('b', signal), undefined)
  })

  it('bears a listing that lags', async () => {
    await driver.put('old', Buffer.from('x'), signal)
    const listing = await proxy.record('list', () => driver.list('', undefined, 10, signal))
    await driver.deleteMany(['old'], signal)
    await driver.put('new', Buffer.from('y'), signal)
    proxy.on('list', { kind: 'answer', status: 200, body: listing })
    const [listed] = await driver.list('', undefined, 10, signal)
    assert.equal(listed?.key, 'old')
    assert.equal(await driver.stat('old', signal), undefined)
    assert.deepEqual(await driver.deleteMany(['old'], signal), [{ key: 'old' }])
    assert.equal((await driver.stat('new', signal))?.sizeBytes, 1)
  })

  it('goes on behind a page that the store cut short', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await driver.put(name, Buffer.from(name), signal)
    const short = await proxy.record('list', () => driver.list('', undefined, 2, signal))
    assert.match(short, /<IsTruncated>true/)
    proxy.on('list', { kind: 'answer', status: 200, body: short })
    const listed = await driver.list('', undefined, 10, signal)
    assert.deepEqual(
      listed.map((object) => object.key),
      ['a', 'b', 'c', 'd'],
    )
  })

  it('finds and aborts multiparts that nobody completed', async () => {
    for (const name of ['x/1', 'x/2', 'y/open']) {
      await direct.createMultipart(`${prefix}objects/${name}`, signal)
    }
    const isOpen = async () => new Set(['y/open'])
    assert.equal(await driver.sweepUnfinished(3_600_000, isOpen, signal), 0)
    assert.equal(await driver.sweepUnfinished(anyAgeMs, isOpen, signal), 2)
    assert.equal(await multiparts(), 1)
  })

  it('serves again when the server was killed and came back', async () => {
    const { state, hash } = await begun(9 * mebibyte)
    await server.kill('SIGKILL')
    await assert.rejects(() => driver.finish(state, signal), fault('unavailable'))
    await assert.rejects(() => driver.get(key, undefined, signal), fault('unavailable'))
    await server.restart()
    await driver.finish(state, signal)
    await assertContent(hash)
  })
})
