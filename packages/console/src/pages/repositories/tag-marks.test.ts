import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { markDigests } from './tag-marks.ts'

const tag = (Digest: string, SameDigestCount: number) => ({ Digest, SameDigestCount })

describe('marks of digests', () => {
  it('are given to those with several tags, each once', () => {
    const marks = markDigests([tag('x', 1), tag('y', 0), tag('x', 1), tag('z', 2)])
    assert.deepEqual(
      [...marks],
      [
        ['x', 'A'],
        ['z', 'B'],
      ],
    )
  })

  it('go on after Z', () => {
    const marks = markDigests(Array.from({ length: 28 }, (_, i) => tag(`d${i}`, 1)))
    assert.equal(marks.get('d25'), 'Z')
    assert.equal(marks.get('d26'), 'AA')
    assert.equal(marks.get('d27'), 'AB')
  })
})
