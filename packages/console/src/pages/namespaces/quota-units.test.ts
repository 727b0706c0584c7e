import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bytesOf, splitBytes } from './quota-units.ts'

const gib = 1024 ** 3

describe('a quota of bytes', () => {
  const splits = [
    [10 * gib, 10, 'gib'],
    [2 * 1024 * gib, 2, 'tib'],
    [1.5 * gib, 1.5, 'gib'],
    [500 * 1024 ** 2, 500, 'mib'],
    [0, 0, 'mib'],
  ] as const
  for (const [bytes, amount, unit] of splits) {
    it(`of ${bytes} bytes is ${amount} ${unit}, and back`, () => {
      assert.deepEqual(splitBytes(bytes), { amount, unit })
      assert.equal(bytesOf(String(amount), unit), bytes)
    })
  }

  for (const wrong of ['', ' ', 'x', '-1', '1e300']) {
    it(`is not "${wrong}"`, () => assert.equal(bytesOf(wrong, 'gib'), undefined))
  }
})
