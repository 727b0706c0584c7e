import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  digestAlgorithm,
  digestFromHex,
  digestHex,
  digestOf,
  parseDigest,
  parseDigestAlgorithm,
} from './digest.ts'

const sha256Empty = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

describe('parseDigest', () => {
  const accepted = [
    `sha256:${'a'.repeat(64)}`,
    `sha256:${'0'.repeat(64)}`,
    `sha512:${'f'.repeat(128)}`,
  ]
  for (const text of accepted) {
    it(`accepts ${text.slice(0, 20)}…`, () => assert.equal(parseDigest(text), text))
  }
  const refused = {
    nothing: '',
    'no encoded part': 'sha256:',
    'a digit less': `sha256:${'a'.repeat(63)}`,
    'a digit more': `sha256:${'a'.repeat(65)}`,
    'sha512 of sha256 length': `sha512:${'a'.repeat(64)}`,
    'sha512, a digit more': `sha512:${'a'.repeat(129)}`,
    'upper case': `sha256:${'A'.repeat(64)}`,
    'upper-case algorithm': `SHA256:${'a'.repeat(64)}`,
    'not hex': `sha256:${'g'.repeat(64)}`,
    'an algorithm that is not registered': `md5:${'a'.repeat(32)}`,
    'another separator': `sha256-${'a'.repeat(64)}`,
    'a line end behind it': `sha256:${'a'.repeat(64)}\n`,
    'a path inside': `sha256:../${'a'.repeat(61)}`,
  }
  for (const [why, text] of Object.entries(refused)) {
    it(`refuses ${why}`, () => assert.equal(parseDigest(text), undefined))
  }
})

describe('digests', () => {
  it('are computed of bytes', () => {
    assert.equal(digestOf('sha256', new Uint8Array()), sha256Empty)
    assert.match(digestOf('sha512', new Uint8Array()), /^sha512:cf83e1357eefb8bd[0-9a-f]{112}$/)
  })
  it('come apart and together', () => {
    const digest = digestOf('sha512', Buffer.from('x'))
    assert.equal(digestAlgorithm(digest), 'sha512')
    assert.equal(digestFromHex('sha512', digestHex(digest)), digest)
    assert.equal(digestFromHex('sha256', digestHex(digest)), undefined)
  })
  it('know their algorithms', () => {
    assert.equal(parseDigestAlgorithm('sha256'), 'sha256')
    assert.equal(parseDigestAlgorithm('sha512'), 'sha512')
    for (const text of ['', 'SHA256', 'sha384', 'md5']) {
      assert.equal(parseDigestAlgorithm(text), undefined)
    }
  })
})
