import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { drawStack } from './layer-stack.ts'

describe('the stack of layers', () => {
  it('has the base at the bottom, and each as high as its share', () => {
    const stack = drawStack([
      { Digest: 'base', Size: 750 },
      { Digest: null, Size: 0 },
      { Digest: 'top', Size: 250 },
    ])
    assert.deepEqual(
      stack.map(({ step, number, share, heightPx }) => [step.Digest, number, share, heightPx]),
      [
        ['top', 2, 0.25, 105],
        [null, undefined, 0, 22],
        ['base', 1, 0.75, 315],
      ],
    )
  })

  it('leaves room for the words of a small one', () => {
    const [top] = drawStack([
      { Digest: 'base', Size: 1_000_000 },
      { Digest: 'top', Size: 1 },
    ])
    assert.equal(top?.heightPx, 32)
  })

  it('takes layers without bytes', () => {
    assert.equal(drawStack([{ Digest: 'x', Size: 0 }])[0]?.share, 0)
  })
})
