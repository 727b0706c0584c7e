import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import { ApiError } from '@entrepot/contract/errors.ts'
import { type FakeClock, fakeClock } from '../clock.ts'
import { bodyChunks, inviteBody, readBody } from './body.ts'
import { ClientGone } from './client-gone.ts'
import { openSocket, receive, serve } from './test-server.ts'

const stallMs = 30_000

interface Arrival {
  readonly req: IncomingMessage
  readonly clock: FakeClock
  readonly client: Awaited<ReturnType<typeof openSocket>>
}

/** A request whose head has arrived; the test sends the body. */
async function arrive(t: TestContext, head: string): Promise<Arrival> {
  const arrivals = new EventEmitter()
  const port = await serve(t, (req, res) => {
    inviteBody(req, res)
    arrivals.emit('request', req)
  })
  const client = await openSocket(port, t)
  const arrived = once(arrivals, 'request')
  client.write(`PUT / HTTP/1.1\r\nHost: a\r\n${head}\r\n\r\n`)
  const [req] = await arrived
  return { req, clock: fakeClock(), client }
}

const tooLarge = () => new ApiError('MANIFEST_TOO_LARGE')

describe('readBody', () => {
  it('reads up to its limit, and no byte more', async (t) => {
    const { req, clock, client } = await arrive(t, 'Content-Length: 5')
    client.write('hello')
    const body = await readBody(bodyChunks(req, { clock, stallMs }), 5, tooLarge)
    assert.equal(body.toString(), 'hello')

    const over = await arrive(t, 'Transfer-Encoding: chunked')
    over.client.write('6\r\nhello!\r\n0\r\n\r\n')
    await assert.rejects(
      readBody(bodyChunks(over.req, { clock, stallMs }), 5, tooLarge),
      (error) => error instanceof ApiError && error.code === 'MANIFEST_TOO_LARGE',
    )
  })
  it('reads an empty body, and one that has ended before', async (t) => {
    const { req, clock } = await arrive(t, 'Content-Length: 0')
    const read = () => readBody(bodyChunks(req, { clock, stallMs }), 5, tooLarge)
    assert.equal((await read()).length, 0)
    assert.equal((await read()).length, 0)
  })
  it('invites a body that waits for it', async (t) => {
    const { client } = await arrive(t, 'Content-Length: 5\r\nExpect: 100-continue')
    const answer = await receive(client, (text) => text.endsWith('\r\n\r\n'))
    assert.equal(answer, 'HTTP/1.1 100 Continue\r\n\r\n')
  })
})

describe('bodyChunks', () => {
  it('gives every byte in order to a reader that is slower than the client', async (t) => {
    const size = 3 * 1024 * 1024
    const { req, clock, client } = await arrive(t, `Content-Length: ${size}`)
    const sent = Buffer.alloc(size)
    for (let at = 0; at < size; at += 4) sent.writeUInt32LE(at, at)
    client.write(sent)
    const received: Uint8Array[] = []
    for await (const chunk of bodyChunks(req, { clock, stallMs })) {
      received.push(chunk)
      await new Promise((resolve) => setImmediate(resolve))
    }
    assert.ok(Buffer.concat(received).equals(sent))
  })
  it('joins what one turn of the event loop brought', async (t) => {
    const size = 16 * 1024 * 1024
    const { req, clock, client } = await arrive(t, `Content-Length: ${size}`)
    const sent = Buffer.alloc(size)
    for (let at = 0; at < size; at += 4) sent.writeUInt32LE(at, at)
    client.write(sent)
    const received: Uint8Array[] = []
    for await (const chunk of bodyChunks(req, { clock, stallMs })) received.push(chunk)
    assert.ok(Buffer.concat(received).equals(sent))
    const largest = Math.max(...received.map((chunk) => chunk.length))
    assert.ok(largest > 64 * 1024, `no chunk is larger than what one read gave: ${largest}`)
    assert.ok(largest < 384 * 1024, `a chunk is larger than the queue: ${largest}`)
  })
  it('gives what has arrived before it tells that the client has gone', async (t) => {
    const { req, clock, client } = await arrive(t, 'Content-Length: 1000000')
    const chunks = bodyChunks(req, { clock, stallMs })[Symbol.asyncIterator]()
    const first = chunks.next()
    client.write(Buffer.alloc(200_000))
    client.end()
    let bytes = (await first).value?.length ?? 0
    await assert.rejects(async () => {
      for (;;) bytes += (await chunks.next()).value?.length ?? 0
    }, ClientGone)
    assert.equal(bytes, 200_000)
  })
  it('ends when nothing comes for the stall limit, and not a moment before', async (t) => {
    const { req, clock, client } = await arrive(t, 'Content-Length: 10')
    const chunks = bodyChunks(req, { clock, stallMs })[Symbol.asyncIterator]()
    const first = chunks.next()
    clock.advance(stallMs - 1)
    client.write('hello')
    await first
    const second = chunks.next()
    clock.advance(stallMs - 1)
    client.write('o')
    assert.equal((await second).value?.length, 1)
    const third = chunks.next()
    clock.advance(stallMs)
    await assert.rejects(third, (error) => {
      return error instanceof ApiError && error.code === 'REQUEST_TIMEOUT'
    })
  })
  it('does not count the time that its reader takes', async (t) => {
    const { req, clock, client } = await arrive(t, 'Content-Length: 10')
    const chunks = bodyChunks(req, { clock, stallMs })[Symbol.asyncIterator]()
    const first = chunks.next()
    client.write('hello')
    await first
    clock.advance(10 * stallMs)
    const second = chunks.next()
    client.write('world')
    assert.equal(Buffer.from((await second).value).toString(), 'world')
    assert.equal((await chunks.next()).done, true)
  })
  it('tells that the client has gone', async (t) => {
    const { req, clock, client } = await arrive(t, 'Content-Length: 10')
    const chunks = bodyChunks(req, { clock, stallMs })[Symbol.asyncIterator]()
    const first = chunks.next()
    client.write('hello')
    await first
    const second = chunks.next()
    client.destroy()
    await assert.rejects(second, ClientGone)
    await assert.rejects(readBody(bodyChunks(req, { clock, stallMs }), 5, tooLarge), ClientGone)
  })
  it('stops on its signal', async (t) => {
    const { req, clock } = await arrive(t, 'Content-Length: 10')
    const abort = new AbortController()
    const limits = { clock, stallMs, signal: abort.signal }
    const waiting = readBody(bodyChunks(req, limits), 10, tooLarge)
    abort.abort(new Error('credential disabled'))
    await assert.rejects(waiting, /credential disabled/)
    await assert.rejects(readBody(bodyChunks(req, limits), 10, tooLarge), /credential disabled/)
  })
  it('leaves the rest to the next reader', async (t) => {
    const { req, clock, client } = await arrive(t, 'Content-Length: 10')
    client.write('hello')
    for await (const chunk of bodyChunks(req, { clock, stallMs })) {
      assert.equal(chunk.length, 5)
      break
    }
    client.write('world')
    const rest = await readBody(bodyChunks(req, { clock, stallMs }), 10, tooLarge)
    assert.equal(rest.toString(), 'world')
  })
})
