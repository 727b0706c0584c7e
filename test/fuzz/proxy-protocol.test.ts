import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseAddress } from '../../packages/server/src/http/addresses.ts'
import {
  maxBinaryPayloadBytes,
  maxTextHeaderBytes,
  parseProxyHeader,
} from '../../packages/server/src/http/proxy-header.ts'
import { type Random, randomFrom, runs, seed } from './generate.ts'

const examples: readonly [Buffer, ...Buffer[]] = [
  Buffer.from('PROXY TCP4 203.0.113.9 10.0.0.1 4711 443\r\n'),
  Buffer.from('PROXY UNKNOWN\r\n'),
  Buffer.from('0d0a0d0a000d0a515549540a2111000ccb0071090a000001126701bb', 'hex'),
  Buffer.from('0d0a0d0a000d0a515549540a21110014cb0071090a000001126701bb2000050100000000', 'hex'),
  Buffer.from('0d0a0d0a000d0a515549540a20000000', 'hex'),
]

function bendBytes(random: Random): Buffer {
  const bytes = Buffer.from(random.pick(examples))
  for (let left = random.whole(4); left > 0; left -= 1) {
    bytes.writeUInt8(random.whole(256), random.whole(bytes.length))
  }
  const tail = random.bytes(random.whole(300))
  return Buffer.concat([bytes.subarray(0, bytes.length - random.whole(3)), tail])
}

describe('PROXY headers', () => {
  it(`say something of all bytes (seed ${seed}, ${runs} inputs)`, () => {
    const random = randomFrom(seed)
    for (let run = 0; run < runs; run += 1) {
      const bytes = bendBytes(random)
      const header = parseProxyHeader(bytes)
      const shown = bytes.toString('hex')
      if (header === 'invalid') continue
      if (header === 'more') {
        assert.ok(bytes.length < Math.max(maxTextHeaderBytes, 16 + maxBinaryPayloadBytes), shown)
        continue
      }
      assert.ok(header.headerBytes <= bytes.length, shown)
      const { clientAddress = '::' } = header
      assert.equal(parseAddress(clientAddress), clientAddress, shown)
      // What follows the header doesn't change it.
      assert.deepEqual(parseProxyHeader(bytes.subarray(0, header.headerBytes)), header, shown)
    }
  })
  it('ask for more at every length before their own', () => {
    for (const bytes of examples) {
      for (let length = 0; length < bytes.length; length += 1) {
        assert.equal(parseProxyHeader(bytes.subarray(0, length)), 'more')
      }
    }
  })
})
