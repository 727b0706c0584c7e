import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { maxBinaryPayloadBytes, type ProxyHeaderResult, parseProxyHeader } from './proxy-header.ts'

const start = '0d0a0d0a000d0a515549540a'

function binary(versionAndCommand: string, family: string, payloadHex: string): Buffer {
  const length = (payloadHex.length / 2).toString(16).padStart(4, '0')
  return Buffer.from(start + versionAndCommand + family + length + payloadHex, 'hex')
}

const v4Payload = 'cb0071090a000001126701bb'
const v6Payload = `20010db8${'0'.repeat(20)}0009${'0'.repeat(30)}01126701bb`
const known = (headerBytes: number, clientAddress?: string, encrypted?: boolean) => ({
  headerBytes,
  clientAddress,
  encrypted,
})

describe('version 1', () => {
  const longest = `PROXY TCP6 ${'ffff:'.repeat(7)}ffff ${'ffff:'.repeat(7)}ffff 65535 65535\r\n`
  const cases: readonly [string, ProxyHeaderResult][] = [
    ['PROXY TCP4 203.0.113.9 10.0.0.1 4711 443\r\nGET /', known(42, '203.0.113.9')],
    ['PROXY TCP6 2001:DB8::9 ::1 4711 443\r\n', known(37, '2001:db8::9')],
    ['PROXY UNKNOWN\r\nGET /', known(15)],
    ['PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n', known(35)],
    [longest, known(longest.length, 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')],
    ['', 'more'],
    ['PROX', 'more'],
    ['PROXY TCP4 203.0.113.9 10.0.0.1 4711 443\r', 'more'],
    [`PROXY ${'x'.repeat(100)}`, 'more'],
    [`PROXY ${'x'.repeat(101)}`, 'invalid'],
    ['GET / HTTP/1.1\r\n', 'invalid'],
    ['PROXY TCP4 203.0.113.9 10.0.0.1 4711\r\n', 'invalid'],
    ['PROXY TCP4 2001:db8::9 ::1 4711 443\r\n', 'invalid'],
    ['PROXY TCP6 203.0.113.9 10.0.0.1 4711 443\r\n', 'invalid'],
    ['PROXY TCP4 203.0.113.9 10.0.0.1 65536 443\r\n', 'invalid'],
    ['PROXY TCP4 203.0.113.999 10.0.0.1 1 443\r\n', 'invalid'],
    ['PROXY UDP4 203.0.113.9 10.0.0.1 1 443\r\n', 'invalid'],
  ]
  for (const [text, expected] of cases) {
    it(JSON.stringify(text.slice(0, 50)), () => {
      assert.deepEqual(parseProxyHeader(Buffer.from(text)), expected)
    })
  }
})

describe('version 2', () => {
  const tls = (flags: string) => `${v4Payload}200005${flags}00000000`
  const cases: readonly [string, Buffer, ProxyHeaderResult][] = [
    ['IPv4', binary('21', '11', v4Payload), known(28, '203.0.113.9')],
    ['IPv6', binary('21', '21', v6Payload), known(52, '2001:db8::9')],
    ['a Unix socket', binary('21', '31', '00'.repeat(216)), known(232)],
    ['the proxy itself', binary('20', '00', ''), known(16)],
    ['the proxy itself, with addresses', binary('20', '11', v4Payload), known(28)],
    ['no family', binary('21', '00', ''), known(16)],
    ['a TLS client', binary('21', '11', tls('01')), known(36, '203.0.113.9', true)],
    ['no TLS client', binary('21', '11', tls('00')), known(36, '203.0.113.9', false)],
    [
      'another extension first',
      binary('21', '11', `${v4Payload}040001ff2000010f`),
      known(36, '203.0.113.9', true),
    ],
    ['a cut extension', binary('21', '11', `${v4Payload}20ff`), known(30, '203.0.113.9')],
    ['half of its start', Buffer.from(start.slice(0, 10), 'hex'), 'more'],
    ['half of its payload', binary('21', '11', v4Payload).subarray(0, 20), 'more'],
    ['version 3', binary('31', '11', v4Payload), 'invalid'],
    ['command 2', binary('22', '11', v4Payload), 'invalid'],
    ['family 4', binary('21', '41', v4Payload), 'invalid'],
    ['too few address bytes', binary('21', '11', v4Payload.slice(2)), 'invalid'],
    ['another start', Buffer.from(`0d0a0d0a00ff${'00'.repeat(20)}`, 'hex'), 'invalid'],
  ]
  for (const [what, bytes, expected] of cases) {
    it(what, () => assert.deepEqual(parseProxyHeader(bytes), expected))
  }
  it('is as long as its limit, and no longer', () => {
    const padding = (length: number) => '00'.repeat(length - v4Payload.length / 2)
    const full = binary('21', '11', v4Payload + padding(maxBinaryPayloadBytes))
    assert.deepEqual(parseProxyHeader(full), known(16 + maxBinaryPayloadBytes, '203.0.113.9'))
    const over = binary('21', '11', v4Payload + padding(maxBinaryPayloadBytes + 1))
    assert.equal(parseProxyHeader(over), 'invalid')
  })
})
