import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { ApiError } from '../../packages/contract/src/errors.ts'
import { addressSet, parseAddress } from '../../packages/server/src/http/addresses.ts'
import { clientOf, parseHost } from '../../packages/server/src/http/client-address.ts'
import { parseContentRange } from '../../packages/server/src/http/content-range.ts'
import { matchesEtag } from '../../packages/server/src/http/etag.ts'
import { mayReach } from '../../packages/server/src/http/outbound-address.ts'
import { parseQuery } from '../../packages/server/src/http/query.ts'
import { parseRange, rangeBytes } from '../../packages/server/src/http/range.ts'
import type { ByteRange } from '../../packages/server/src/storage/driver.ts'
import { bend, fuzzLength, fuzzText, valueOr } from './generate.ts'

const etag = '"sha256:aa"'
const condition = { etag, ifRange: undefined }

function asHeader(ranges: readonly ByteRange[]): string {
  return `bytes=${ranges.map(({ start, end }) => `${start}-${end}`).join(',')}`
}

describe('ranges', () => {
  const examples = [
    'bytes=0-99',
    'bytes=5-,-7',
    'bytes=0-1,4-5,90-',
    'bytes=-0',
    'bytes=99-',
  ] as const
  fuzzText('of a request', [...examples], (text, random) => {
    const size = random.pick([0, 1, 100, 2 ** 40])
    const requested = parseRange(text, size, condition)
    if (requested.kind === 'whole' || requested.kind === 'unsatisfiable') return
    const ranges = requested.kind === 'one' ? [requested.range] : requested.ranges
    let behind = -1
    for (const { start, end } of ranges) {
      assert.ok(start > behind && start <= end && end < size)
      behind = end
    }
    assert.ok(ranges.reduce((sum, range) => sum + rangeBytes(range), 0) <= size)
    assert.deepEqual(parseRange(asHeader(ranges), size, condition), requested)
  })
  fuzzText('of an upload', ['0-0', '0-1023', 'bytes 5-9/*', 'bytes 5-9/10'], (text) => {
    const range = parseContentRange(text)
    if (range === undefined) return
    assert.ok(range.start <= range.end && Number.isSafeInteger(range.end))
    assert.deepEqual(parseContentRange(`${range.start}-${range.end}`), range)
  })
  const pieces = ['0-1,', '-', '0', ',', '9-', ' ', 'bytes=']
  fuzzLength('a range', pieces, (text) => parseRange(`bytes=${text}`, 100, condition))
  fuzzLength('the range of an upload', pieces, parseContentRange)
})

describe('entity tags', () => {
  fuzzText('in a list', ['*', etag, '"x", W/"y"', `W/${etag},`], (text) => {
    matchesEtag(text, etag)
    assert.equal(matchesEtag(`"${text.replaceAll('"', '')}", ${etag}`, etag), isVisible(text))
  })
  fuzzLength('an entity tag', ['"', '"a",', ',', ' ', 'W/', 'W/"'], (text) =>
    matchesEtag(text, etag),
  )
})

/** A tag holds visible characters; anything else ends the list before its next element. */
function isVisible(text: string): boolean {
  return /^[\x21\x23-\x7e\x80-\xff]*$/.test(text.replaceAll('"', ''))
}

describe('queries', () => {
  const examples = [
    '?n=10&last=a',
    '?tag=1&tag=2',
    '?artifactType=a%2Bb',
    '?scope=a:b:pull c',
  ] as const
  const isExpected = (error: unknown) =>
    error instanceof ApiError && error.code === 'PARAMETER_INVALID'
  fuzzText('of a request', [...examples], (text) => {
    const query = valueOr(() => parseQuery(text), isExpected)
    if (query === undefined) return
    const again = parseQuery(`/?${query}`)
    assert.deepEqual([...again], [...query])
  })
  fuzzLength('a query', ['?', '&', 'a=b&', '%', '%f', '+', '=='], (text) => parseQuery(`?${text}`))
})

describe('forwarding headers', () => {
  const loopback = addressSet([{ address: '127.0.0.0', prefix: 8, family: 'ipv4' }])
  const examples = [
    '203.0.113.9, 127.0.0.2',
    '[2001:db8::1]:80, unknown',
    'for=203.0.113.9;proto=https;host="a:1", for="[::1]"',
    'https, http',
    'registry.example:8443',
  ] as const
  for (const header of ['x-forwarded', 'forwarded'] as const) {
    fuzzText(`of the family ${header}`, [...examples], (text, random) => {
      const forged = () => bend(random, [...examples])
      const headers = {
        host: 'a.example',
        forwarded: text,
        'x-forwarded-for': text,
        'x-forwarded-proto': forged(),
        'x-forwarded-host': forged(),
        'x-forwarded-port': forged(),
      }
      const from = (remoteAddress: string) =>
        clientOf({ remoteAddress, encrypted: false, headers }, { addresses: loopback, header })
      const believed = from('127.0.0.1')
      assert.equal(parseAddress(believed.address ?? ''), believed.address)
      assert.ok(believed.scheme === 'http' || believed.scheme === 'https')
      assert.equal(parseHost(believed.host ?? ''), believed.host)
      const stranger = { address: '203.0.113.77', scheme: 'http', host: 'a.example' }
      assert.deepEqual(from('203.0.113.77'), stranger)
    })
  }
  fuzzText('hosts', ['a.example:5000', '[::1]:80', '127.0.0.1'], (text) => {
    const host = parseHost(text)
    if (host === undefined) return
    assert.equal(parseHost(host), host)
    assert.doesNotThrow(() => new URL(`http://${host}/`))
  })
  fuzzText(
    'addresses',
    ['203.0.113.9', '2001:db8::1', '::ffff:10.0.0.1', 'fe80::1%eth0'],
    (text) => {
      const address = parseAddress(text)
      if (address !== undefined) assert.equal(parseAddress(address), address)
      if (mayReach(text, addressSet([]))) assert.ok(address)
    },
  )
  const pieces = ['127.0.0.1,', ',', '"', 'for=a;', ';', '\\', '[', 'a.', ':', '-']
  for (const header of ['x-forwarded', 'forwarded'] as const) {
    fuzzLength(`a header of the family ${header}`, pieces, (text) =>
      clientOf(
        {
          remoteAddress: '127.0.0.1',
          encrypted: false,
          headers: {
            host: text,
            forwarded: text,
            'x-forwarded-for': text,
            'x-forwarded-host': text,
          },
        },
        { addresses: loopback, header },
      ),
    )
  }
})
