import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compareLayers, comparePairs } from './comparison.ts'

const layer = (Digest: string | null, Size: number) => ({ Digest, Size })

describe('two images', () => {
  it('share layers by digest, and the rest is pulled', () => {
    const left = [layer('base', 100), layer(null, 0), layer('old', 20)]
    const right = [layer('base', 100), layer('new', 30), layer('top', 5)]
    const { shared, onlyLeft, onlyRight, pulledBytes } = compareLayers(left, right)
    assert.deepEqual(shared, [layer('base', 100)])
    assert.deepEqual(onlyLeft, [layer('old', 20)])
    assert.deepEqual(onlyRight, [layer('new', 30), layer('top', 5)])
    assert.equal(pulledBytes, 35)
  })

  it('pull a layer once that stands twice', () => {
    assert.equal(compareLayers([], [layer('x', 7), layer('x', 7)]).pulledBytes, 7)
  })

  it('differ in names that came, went or changed', () => {
    const pair = (key: string, value: string) => ({ key, value })
    assert.deepEqual(
      comparePairs(
        [pair('SAME', '1'), pair('GONE', '2'), pair('MOVED', 'a')],
        [pair('MOVED', 'b'), pair('SAME', '1'), pair('CAME', '')],
      ),
      [
        { key: 'CAME', left: undefined, right: '' },
        { key: 'GONE', left: '2', right: undefined },
        { key: 'MOVED', left: 'a', right: 'b' },
      ],
    )
  })
})
