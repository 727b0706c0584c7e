import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeQr } from './qr-code.ts'

const sizeOf = (chars: number): number => encodeQr('x'.repeat(chars)).length

const drawn = (text: string): string =>
  encodeQr(text)
    .map((row) => row.map((isDark) => (isDark ? '#' : '.')).join(''))
    .join('\n')

describe('a QR code', () => {
  // ISO/IEC 18004, table 7: what byte mode holds at level M.
  const cases: readonly [chars: number, version: number][] = [
    [14, 1],
    [15, 2],
    [26, 2],
    [27, 3],
    [106, 6],
    [107, 7],
    [180, 9],
    [181, 10],
    [666, 20],
  ]
  for (const [chars, version] of cases) {
    it(`of ${chars} bytes is of version ${version}`, () => {
      assert.equal(sizeOf(chars), version * 4 + 17)
    })
  }

  it('of more is refused', () => {
    assert.throws(() => sizeOf(667), RangeError)
  })

  it('is what a reader reads', (t) => {
    // Read back by an independent reader when it was taken.
    t.assert.snapshot(drawn('otpauth://totp/a?secret=JBSWY3DP'), { serializers: [String] })
  })
})
