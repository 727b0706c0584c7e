import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { fakeClock } from '../clock.ts'
import { endEarly } from './linger.ts'
import { openSocket, receive, serve } from './test-server.ts'

const refusal = JSON.stringify({ errors: [{ code: 'DENIED', message: 'quota exceeded' }] })
const put = (size: number) => `PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`

describe('endEarly', () => {
  it('lets a client that is still sending read the answer', async (t) => {
    const size = 8 * 1024 * 1024
    const limits = { clock: fakeClock(), maxBytes: 2 * size, maxMs: 5_000 }
    const port = await serve(t, (req, res) => {
      res.writeHead(403, { 'Content-Length': refusal.length, Connection: 'close' })
      void endEarly(req, res, refusal, limits)
    })
    const client = await openSocket(port, t)
    client.write(put(size))
    // Longer than all buffers between the two, so the answer comes while this is under way.
    client.write(Buffer.alloc(size))
    const answer = await receive(client)
    assert.match(answer, /^HTTP\/1\.1 403 /)
    assert.match(answer, /Connection: close/)
    assert.ok(answer.endsWith(refusal))
  })
  it('stops after its time', async (t) => {
    const clock = fakeClock()
    const port = await serve(t, (req, res) => {
      res.writeHead(403, { 'Content-Length': refusal.length })
      void endEarly(req, res, refusal, { clock, maxBytes: 1000, maxMs: 5_000 })
      clock.advance(5_000)
    })
    const client = await openSocket(port, t)
    client.write(put(10))
    assert.ok((await receive(client)).endsWith(refusal))
  })
  it('stops after its bytes', async (t) => {
    const port = await serve(t, (req, res) => {
      res.setHeader('Content-Length', refusal.length)
      void endEarly(req, res, refusal, { clock: fakeClock(), maxBytes: 5, maxMs: 5_000 })
    })
    const client = await openSocket(port, t)
    client.write(`${put(10)}hello`)
    assert.match(await receive(client), /Connection: close/)
  })
  it('keeps the connection of a request without a body', async (t) => {
    const port = await serve(t, (req, res) => {
      res.setHeader('Content-Length', refusal.length)
      void endEarly(req, res, refusal, { clock: fakeClock(), maxBytes: 5, maxMs: 5_000 })
    })
    const client = await openSocket(port, t)
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    const answer = await receive(client, (text) => text.endsWith(refusal))
    assert.match(answer, /Connection: keep-alive/)
  })
  it('does nothing for a client that has gone', async (t) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const port = await serve(t, async (req, res) => {
      req.on('error', () => undefined)
      await once(res, 'close')
      await endEarly(req, res, refusal, { clock: fakeClock(), maxBytes: 5, maxMs: 5_000 })
      resolve()
    })
    const client = await openSocket(port, t)
    client.write(put(10))
    client.destroy()
    await promise
  })
})
