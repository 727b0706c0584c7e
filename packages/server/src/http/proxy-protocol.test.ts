import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { describe, it, type TestContext } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { type FakeClock, fakeClock } from '../clock.ts'
import { addressSet } from './addresses.ts'
import { acceptProxyProtocol, connectionOf } from './proxy-protocol.ts'
import { listen, openSocket, receive } from './test-server.ts'

const loopback = addressSet([{ address: '127.0.0.0', prefix: 8, family: 'ipv4' }])
const nobody = addressSet([])
const request = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
const header = 'PROXY TCP4 203.0.113.9 10.0.0.1 4711 443\r\n'

const showPeer: RequestListener = async (req, res) => {
  const { remoteAddress, encrypted } = connectionOf(req)
  res.end(`${remoteAddress} ${encrypted} ${Buffer.concat(await req.toArray())}`)
}

async function start(t: TestContext, trusted = loopback, clock: FakeClock = fakeClock()) {
  const http = createServer(showPeer)
  acceptProxyProtocol(http, { clock, trusted, headerMs: 10_000 })
  return listen(http, t)
}

describe('acceptProxyProtocol', () => {
  it('reads a header that comes with the request', async (t) => {
    const client = await openSocket(await start(t), t)
    client.write(header + request)
    assert.ok((await receive(client)).endsWith('203.0.113.9 false '))
  })
  it('reads a header that comes byte by byte, and all of the body behind it', async (t) => {
    const client = await openSocket(await start(t), t)
    client.setNoDelay(true)
    for (const char of header) await new Promise((sent) => client.write(char, sent))
    const body = 'x'.repeat(300_000)
    const post = `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`
    client.write(post + body)
    assert.ok((await receive(client)).endsWith(`203.0.113.9 false ${body}`))
  })
  it('reads the binary header, which tells of TLS', async (t) => {
    const client = await openSocket(await start(t), t)
    const bytes = '0d0a0d0a000d0a515549540a21110014cb0071090a000001126701bb2000050100000000'
    client.write(Buffer.concat([Buffer.from(bytes, 'hex'), Buffer.from(request)]))
    assert.ok((await receive(client)).endsWith('203.0.113.9 true '))
  })
  it('keeps the address for every request of the connection', async (t) => {
    const client = await openSocket(await start(t), t)
    client.write(`${header}GET / HTTP/1.1\r\nHost: a\r\n\r\n${request}`)
    assert.equal((await receive(client)).match(/203\.0\.113\.9/g)?.length, 2)
  })
  it('reads it before TLS', async (t) => {
    const sharedKey = Buffer.from('a key that both sides have')
    // A pre-shared key needs no certificate; TLS 1.3 would.
    const psk = { ciphers: 'PSK', maxVersion: 'TLSv1.2' } as const
    const https = createTlsServer({ ...psk, pskCallback: () => sharedKey }, showPeer)
    acceptProxyProtocol(https, { clock: fakeClock(), trusted: loopback, headerMs: 10_000 })
    const raw = await openSocket(await listen(https, t), t)
    raw.write(header)
    const client = connectTls({
      socket: raw,
      ...psk,
      pskCallback: () => ({ psk: sharedKey, identity: 'test' }),
      checkServerIdentity: () => undefined,
    })
    client.write(request)
    assert.ok((await receive(client)).endsWith('203.0.113.9 true '))
  })
  it('closes a trusted connection without a header', async (t) => {
    const client = await openSocket(await start(t), t)
    client.write(request)
    assert.equal(await receive(client), '')
  })
  it('closes a connection whose header does not come', async (t) => {
    const clock = fakeClock()
    const client = await openSocket(await start(t, loopback, clock), t)
    const closed = once(client, 'close')
    client.write('PROXY TCP4')
    // The server has accepted once it has answered another connection.
    const other = await openSocket(await start(t), t)
    other.write(header + request)
    await receive(other)
    clock.advance(10_000)
    client.resume()
    await closed
  })
  it('reads no header of anybody else', async (t) => {
    const port = await start(t, nobody)
    const forged = await openSocket(port, t)
    forged.write(header + request)
    assert.match(await receive(forged), /^HTTP\/1\.1 400 /)
    const plain = await openSocket(port, t)
    plain.write(request)
    assert.ok((await receive(plain)).endsWith('127.0.0.1 false '))
  })
})
