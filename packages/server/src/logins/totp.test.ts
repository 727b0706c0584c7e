import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { base32, codeOf, otpauthLink, stepAt, stepMs, stepOfCode } from './totp.ts'

const secret = Buffer.from('12345678901234567890')

describe('one-time codes', () => {
  // RFC 6238, appendix B, SHA-1; the last six of its eight digits.
  const cases: [seconds: number, code: string][] = [
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ]
  for (const [seconds, code] of cases) {
    it(`at ${seconds} is ${code}`, () => {
      assert.equal(codeOf(secret, stepAt(seconds * 1000)), code)
    })
  }

  it('are taken one step early or late, not two', () => {
    const nowMs = 1_700_000_000_000
    const step = stepAt(nowMs)
    for (const off of [-1, 0, 1]) {
      assert.equal(stepOfCode(secret, codeOf(secret, step + off), nowMs), step + off)
    }
    for (const off of [-2, 2]) {
      assert.equal(stepOfCode(secret, codeOf(secret, step + off), nowMs), undefined)
    }
  })

  it('are six digits and nothing else', () => {
    const nowMs = stepMs
    for (const text of ['', '12345', '1234567', '28708२', ' 287082', 'abcdef']) {
      assert.equal(stepOfCode(secret, text, nowMs), undefined, text)
    }
  })

  it('are generated from a link', () => {
    // RFC 4648, section 10.
    assert.equal(base32(Buffer.from('foobar')), 'MZXW6YTBOI')
    assert.equal(base32(Buffer.from('fooba')), 'MZXW6YTB')
    assert.equal(base32(Buffer.from('f')), 'MY')
    assert.equal(
      otpauthLink(secret, '1/dev'),
      'otpauth://totp/Entrepot:1%2Fdev?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Entrepot&digits=6&period=30',
    )
  })
})
