import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import type { ByteRange, ObjectBody } from '../storage/driver.ts'
import { ClientGone } from './client-gone.ts'
import { multipartRanges } from './multipart.ts'
import { type Body, sendBody } from './send.ts'
import { openSocket, receive, serve } from './test-server.ts'

const content = Buffer.from('0123456789'.repeat(10))
/** More than what is sent in one piece. */
const large = Buffer.from('0123456789'.repeat(10_000))

/** Like a driver's: its one buffer is overwritten as soon as the next chunk is asked for. */
function objectBody(bytes: Buffer, chunkBytes: number): ObjectBody & { readonly state: string[] } {
  const state: string[] = []
  return {
    state,
    objectBytes: bytes.length,
    sizeBytes: bytes.length,
    cancel: () => void state.push('cancelled'),
    async *[Symbol.asyncIterator]() {
      const buffer = Buffer.alloc(chunkBytes)
      try {
        for (let at = 0; at < bytes.length; at += chunkBytes) {
          const length = bytes.copy(buffer, 0, at, at + chunkBytes)
          yield buffer.subarray(0, length)
          buffer.fill('#')
        }
      } finally {
        state.push('released')
      }
    },
  }
}

interface Sending {
  readonly client: Awaited<ReturnType<typeof openSocket>>
  readonly res: ServerResponse
  readonly sent: Promise<unknown>
}

/** Requests from a server that sends `body`; `sent` resolves to undefined or to the error. */
async function send(
  t: TestContext,
  body: Body,
  signal: AbortSignal,
  stallMs = 0,
): Promise<Sending> {
  const { promise, resolve } = Promise.withResolvers<Omit<Sending, 'client'>>()
  const port = await serve(t, (_req, res) => {
    res.writeHead(200, { 'Content-Length': body.sizeBytes })
    const sent = sendBody(res, body, { signal, stallMs }).catch((error: unknown) => error)
    resolve({ res, sent })
  })
  const client = await openSocket(port, t)
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  return { client, ...(await promise) }
}

const never = new AbortController().signal
const endless: Body = {
  sizeBytes: 1e12,
  cancel: () => undefined,
  async *[Symbol.asyncIterator]() {
    for (;;) yield Buffer.alloc(1024 * 1024)
  },
}

async function checkUnopened(t: TestContext, body: ReturnType<typeof objectBody>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<unknown>()
  const port = await serve(t, async (_req, res) => {
    await once(res, 'close')
    resolve(await sendBody(res, body, { signal: never, stallMs: 0 }).catch((error) => error))
  })
  const client = await openSocket(port, t)
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  client.destroy()
  assert.ok((await promise) instanceof ClientGone)
  assert.deepEqual(body.state, ['cancelled'])
}

describe('sendBody', () => {
  for (const [bytes, chunkBytes] of [
    [content, 7],
    [content, 1000],
    [large, 7_000],
    [large, 1_000_000],
  ] as const) {
    const what = `${bytes.length} bytes in chunks of ${chunkBytes}`
    it(`sends ${what}, none after its buffer is used again`, async (t) => {
      const body = objectBody(bytes, chunkBytes)
      const { client, sent } = await send(t, body, never)
      const end = `\r\n\r\n${bytes}`
      assert.ok((await receive(client, (text) => text.endsWith(end))).endsWith(end))
      assert.equal(await sent, undefined)
      assert.deepEqual(body.state, ['released'])
    })
  }
  it('sends nothing of an empty body', async (t) => {
    const { client, sent } = await send(t, objectBody(Buffer.alloc(0), 10), never)
    assert.match(await receive(client, (text) => text.endsWith('\r\n\r\n')), /Content-Length: 0/)
    assert.equal(await sent, undefined)
  })
  it('tells that the client has gone, and releases the body', async (t) => {
    const { client, sent } = await send(t, endless, never)
    await once(client, 'data')
    client.destroy()
    assert.ok((await sent) instanceof ClientGone)
  })
  it('keeps the stall limit for a small body too', async (t) => {
    const { promise, resolve } = Promise.withResolvers<unknown>()
    const port = await serve(t, (_req, res) => {
      // More than the kernel takes goes first, so that the body has to wait.
      const filler = 64 * 1024 * 1024
      res.writeHead(200, { 'Content-Length': filler + content.length })
      res.write(Buffer.alloc(filler))
      const limits = { signal: never, stallMs: 50 }
      resolve(sendBody(res, objectBody(content, 10), limits).catch((error: unknown) => error))
    })
    const client = await openSocket(port, t)
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    client.pause()
    assert.ok((await promise) instanceof ClientGone)
  })
  it('never opens a body for a client that had gone', async (t) => {
    for (const bytes of [content, large]) await checkUnopened(t, objectBody(bytes, 10))
  })
  it('writes nothing to a client that goes while storage reads', async (t) => {
    for (const bytes of [content, large]) {
      const { promise, resolve } = Promise.withResolvers<unknown>()
      const port = await serve(t, (_req, res) => {
        const reading: Body = {
          sizeBytes: bytes.length,
          cancel: () => undefined,
          async *[Symbol.asyncIterator]() {
            client.destroy()
            await once(res, 'close')
            yield bytes
          },
        }
        const limits = { signal: never, stallMs: 0 }
        resolve(sendBody(res, reading, limits).catch((error: unknown) => error))
      })
      const client = await openSocket(port, t)
      client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      assert.ok((await promise) instanceof ClientGone)
    }
  })
  it('ends the transfer with its signal', async (t) => {
    const abort = new AbortController()
    const { client, sent } = await send(t, endless, abort.signal)
    client.once('data', () => abort.abort(new Error('credential disabled')))
    await once(client, 'close')
    assert.match(String(await sent), /credential disabled/)
  })
  it('ends the transfer to a client that takes nothing', async (t) => {
    const { client, sent } = await send(t, endless, never, 50)
    client.pause()
    assert.ok((await sent) instanceof ClientGone)
  })
  it('closes the connection when storage fails or sends another size', async (t) => {
    const failing: Body = {
      ...endless,
      async *[Symbol.asyncIterator]() {
        yield content
        throw new Error('disk failed')
      },
    }
    const cases: readonly [Body, RegExp][] = [
      [failing, /disk failed/],
      [{ ...objectBody(content, 50), sizeBytes: 101 }, /fewer bytes/],
      [{ ...objectBody(content, 40), sizeBytes: 90 }, /more bytes/],
      [{ ...failing, sizeBytes: 200 }, /disk failed/],
      [{ ...objectBody(large, 50_000), sizeBytes: 100_001 }, /fewer bytes/],
      [{ ...objectBody(large, 40_000), sizeBytes: 90_000 }, /more bytes/],
    ]
    for (const [body, message] of cases) {
      const { client, sent } = await send(t, body, never)
      await receive(client)
      assert.match(String(await sent), message)
    }
  })
})

describe('multipartRanges', () => {
  it('is laid out exactly', async (t) => {
    const ranges = [
      { start: 0, end: 4 },
      { start: 95, end: 99 },
    ]
    const open = async (range: ByteRange) =>
      objectBody(content.subarray(range.start, range.end + 1), 3)
    const body = multipartRanges({
      ranges,
      totalBytes: content.length,
      contentType: 'application/octet-stream',
      open,
    })
    const boundary = body.contentType.replace('multipart/byteranges; boundary=', '')
    const { client, sent } = await send(t, body, never)
    const answer = await receive(client, (text) => text.endsWith(`--${boundary}--\r\n`))
    assert.equal(await sent, undefined)
    const expected = [
      `--${boundary}`,
      'Content-Type: application/octet-stream',
      'Content-Range: bytes 0-4/100',
      '',
      '01234',
      `--${boundary}`,
      'Content-Type: application/octet-stream',
      'Content-Range: bytes 95-99/100',
      '',
      '56789',
      `--${boundary}--`,
      '',
    ].join('\r\n')
    assert.equal(answer.slice(answer.indexOf('\r\n\r\n') + 4), expected)
    assert.equal(body.sizeBytes, expected.length)
  })
})
