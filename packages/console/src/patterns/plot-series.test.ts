import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { byteTicks } from './plot-series.ts'

describe('the axis of bytes', () => {
  const cases: readonly (readonly [largest: number, want: readonly number[]])[] = [
    [0, [0, 1]],
    [3, [0, 1, 2, 3]],
    [4096, [0, 1024, 2048, 3072, 4096]],
    [4097, [0, 2048, 4096, 6144]],
    [473 * 1024, [0, 128, 256, 384, 512].map((kib) => kib * 1024)],
  ]
  for (const [largest, want] of cases) {
    it(`up to ${largest}`, () => assert.deepEqual(byteTicks(largest), want))
  }
})
