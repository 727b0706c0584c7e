import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatUploadRange, parseContentRange } from './content-range.ts'

describe('parseContentRange', () => {
  const cases: readonly [string, [number, number] | undefined][] = [
    ['0-0', [0, 0]],
    ['0-1023', [0, 1023]],
    ['bytes 5-9/*', [5, 9]],
    ['bytes 5-9/100', [5, 9]],
    ['bytes=5-9', [5, 9]],
    [' 5-9 ', [5, 9]],
    ['0-9007199254740991', [0, 9007199254740991]],
    ['0-9007199254740993', undefined],
    ['0-99999999999999999', undefined],
    ['9-5', undefined],
    ['', undefined],
    ['-', undefined],
    ['0-', undefined],
    ['-5', undefined],
    ['a-b', undefined],
    ['0-1-2', undefined],
    ['bytes */100', undefined],
    ['0-1/', undefined],
  ]
  for (const [header, expected] of cases) {
    it(JSON.stringify(header), () => {
      const range = expected && { start: expected[0], end: expected[1] }
      assert.deepEqual(parseContentRange(header), range)
    })
  }
  it('is answered without a unit', () => {
    assert.equal(formatUploadRange(0), '0-0')
    assert.equal(formatUploadRange(1), '0-0')
    assert.equal(formatUploadRange(1024), '0-1023')
  })
})
