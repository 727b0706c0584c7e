import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AddressRange, addressSet, parseAddress } from './addresses.ts'
import { type Client, clientOf, hostName, maxForwardedHops, parseHost } from './client-address.ts'

function ranges(...texts: string[]): readonly AddressRange[] {
  return texts.map((text) => {
    const [address = '', prefix] = text.split('/')
    return { address, prefix: Number(prefix), family: address.includes(':') ? 'ipv6' : 'ipv4' }
  })
}

const proxies = addressSet(ranges('10.0.0.0/8', 'fd00::/8'))
const host = 'registry.example.com'

interface Case {
  readonly from?: string
  readonly encrypted?: boolean
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly header?: 'x-forwarded' | 'forwarded'
  readonly expected: Partial<Client>
}

function check(cases: Readonly<Record<string, Case>>): void {
  for (const [what, test] of Object.entries(cases)) {
    it(what, () => {
      const connection = {
        remoteAddress: test.from ?? '10.0.0.1',
        encrypted: test.encrypted ?? false,
        headers: { host, ...test.headers },
      }
      const trusted = { addresses: proxies, header: test.header ?? ('x-forwarded' as const) }
      const direct: Client = { address: '10.0.0.1', scheme: 'http', host }
      assert.deepEqual(clientOf(connection, trusted), { ...direct, ...test.expected })
    })
  }
}

describe('clientOf, forged headers', () => {
  const forged = {
    'x-forwarded-for': '1.2.3.4',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'evil.example',
    forwarded: 'for=1.2.3.4;proto=https;host=evil.example',
  }
  check({
    'from outside change nothing': {
      from: '203.0.113.9',
      headers: forged,
      expected: { address: '203.0.113.9' },
    },
    'from outside change nothing on a mapped address': {
      from: '::ffff:203.0.113.9',
      headers: forged,
      expected: { address: '203.0.113.9' },
    },
    'left of the real client change nothing': {
      headers: {
        'x-forwarded-for': '1.2.3.4, 10.9.9.9, 203.0.113.9',
        'x-forwarded-proto': 'https, https, http',
        'x-forwarded-host': 'evil.example, evil.example, real.example',
      },
      expected: { address: '203.0.113.9', host: 'real.example' },
    },
    'of the family that the proxies do not write change nothing': {
      headers: { forwarded: forged.forwarded },
      expected: {},
    },
    'of the other family change nothing either': {
      header: 'forwarded',
      headers: { 'x-forwarded-for': '1.2.3.4', 'x-forwarded-proto': 'https' },
      expected: {},
    },
    'with nonsense end at the last known proxy': {
      headers: { 'x-forwarded-for': '1.2.3.4, unknown, 10.0.0.2' },
      expected: { address: '10.0.0.2' },
    },
    'with a scheme that is none': {
      headers: { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'javascript' },
      expected: { address: '203.0.113.9' },
    },
    'with a host that is none': {
      headers: { 'x-forwarded-host': 'a/b"c', 'x-forwarded-port': '99999' },
      expected: {},
    },
  })
})

describe('clientOf, behind proxies', () => {
  check({
    'one that ends TLS': {
      headers: { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' },
      expected: { address: '203.0.113.9', scheme: 'https' },
    },
    'two in a row': {
      headers: { 'x-forwarded-for': '203.0.113.9, 10.0.0.2', 'x-forwarded-proto': 'https, http' },
      expected: { address: '203.0.113.9', scheme: 'https' },
    },
    'two, of which one sets the scheme': {
      headers: { 'x-forwarded-for': '203.0.113.9, 10.0.0.2', 'x-forwarded-proto': 'https' },
      expected: { address: '203.0.113.9', scheme: 'https' },
    },
    'headers in several lines': {
      headers: { 'x-forwarded-for': ['1.2.3.4', '203.0.113.9'] },
      expected: { address: '203.0.113.9' },
    },
    'only proxies': {
      headers: { 'x-forwarded-for': '10.0.0.3, 10.0.0.2' },
      expected: { address: '10.0.0.3' },
    },
    'IPv6, with ports': {
      from: '::ffff:10.0.0.1',
      headers: { 'x-forwarded-for': '[2001:DB8::1]:4711, 10.0.0.2:80' },
      expected: { address: '2001:db8::1' },
    },
    'a port that the host lacks': {
      headers: { 'x-forwarded-proto': 'https', 'x-forwarded-port': '8443' },
      expected: { scheme: 'https', host: `${host}:8443` },
    },
    'a port that the host has': {
      headers: { host: `${host}:9443`, 'x-forwarded-port': '443' },
      expected: { host: `${host}:9443` },
    },
    'the port of the scheme': {
      headers: { host: `${host}:443`, 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' },
      expected: { scheme: 'https', host },
    },
    'Forwarded, quoted': {
      header: 'forwarded',
      headers: {
        forwarded:
          'for=1.2.3.4, for="[2001:db8::2]:9";proto=HTTPS;host="reg.example:8443", for=10.0.0.2',
      },
      expected: { address: '2001:db8::2', scheme: 'https', host: 'reg.example:8443' },
    },
    'Forwarded, obfuscated': {
      header: 'forwarded',
      headers: { forwarded: 'for=_hidden;proto=https' },
      expected: { scheme: 'https' },
    },
    'no forwarding header': { encrypted: true, headers: {}, expected: { scheme: 'https' } },
  })

  it('looks at a bounded number of hops', () => {
    const hops = (count: number) => ['203.0.113.9', ...new Array(count).fill('10.0.0.2')].join(',')
    const at = (count: number) =>
      clientOf(
        {
          remoteAddress: '10.0.0.1',
          encrypted: false,
          headers: { 'x-forwarded-for': hops(count) },
        },
        { addresses: proxies, header: 'x-forwarded' },
      ).address
    assert.equal(at(maxForwardedHops - 1), '203.0.113.9')
    assert.equal(at(maxForwardedHops), '10.0.0.2')
  })
  it('knows no address of a closed socket', () => {
    const connection = { remoteAddress: undefined, encrypted: false, headers: {} }
    const client = clientOf(connection, { addresses: proxies, header: 'x-forwarded' })
    assert.deepEqual(client, { address: null, scheme: 'http', host: undefined })
  })
})

describe('hosts and addresses', () => {
  it('reads hosts', () => {
    const hosts = ['localhost', 'A.Example:5000', '[::1]:5000', '[2001:db8::1]', '127.0.0.1', 'a.']
    for (const text of hosts) assert.equal(parseHost(text), text.toLowerCase())
    const refused = [
      '',
      'a b',
      'a/b',
      'a:',
      'a:0',
      'a:65536',
      '-a',
      'a:1:2',
      '[::1',
      '[zz]',
      'a@b',
      'ü',
    ]
    for (const text of refused) assert.equal(parseHost(text), undefined, text)
    assert.equal(parseHost('a'.repeat(255)), 'a'.repeat(255))
    assert.equal(parseHost('a'.repeat(256)), undefined)
  })
  it('takes the port off', () => {
    assert.equal(hostName('a.example:5000'), 'a.example')
    assert.equal(hostName('[::1]:5000'), '[::1]')
    assert.equal(hostName('[::1]'), '[::1]')
  })
  it('spells an address one way', () => {
    const spellings = {
      '::FFFF:10.0.0.1': '10.0.0.1',
      '2001:DB8:0::1': '2001:db8::1',
      '::1%lo': '::1',
    }
    for (const [text, plain] of Object.entries(spellings)) assert.equal(parseAddress(text), plain)
    for (const text of ['', '127.1', '0x7f.1', '010.0.0.1', '1.2.3.4/8', '1.2.3.256', 'a']) {
      assert.equal(parseAddress(text), undefined)
    }
  })
  it('finds addresses in ranges, on both sides of their ends', () => {
    const set = addressSet(ranges('192.0.2.0/25', '::ffff:10.0.0.0/104', '2001:db8::/127'))
    for (const inside of ['192.0.2.127', '10.255.255.255', '::ffff:192.0.2.0', '2001:db8::1']) {
      assert.ok(set.has(inside), inside)
    }
    for (const outside of ['192.0.2.128', '11.0.0.0', '2001:db8::2', 'nonsense', '']) {
      assert.ok(!set.has(outside), outside)
    }
  })
})
