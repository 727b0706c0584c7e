import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatContentRange, maxRanges, parseRange, type RequestedRanges } from './range.ts'

const etag = '"sha256:aa"'
const one = (start: number, end: number): RequestedRanges => ({
  kind: 'one',
  range: { start, end },
})
const many = (...pairs: [number, number][]): RequestedRanges => ({
  kind: 'many',
  ranges: pairs.map(([start, end]) => ({ start, end })),
})
const whole: RequestedRanges = { kind: 'whole' }
const outside: RequestedRanges = { kind: 'unsatisfiable' }

describe('parseRange of 100 bytes', () => {
  const cases: readonly [string | undefined, RequestedRanges][] = [
    [undefined, whole],
    ['', whole],
    ['bytes=', whole],
    ['items=0-1', whole],
    ['bytes=0-0', one(0, 0)],
    ['bytes=0-99', one(0, 99)],
    ['bytes=0-100', one(0, 99)],
    ['bytes=0-', one(0, 99)],
    ['bytes=99-', one(99, 99)],
    ['bytes=100-', outside],
    ['bytes=100-200', outside],
    ['BYTES=1-2', one(1, 2)],
    ['bytes=-1', one(99, 99)],
    ['bytes=-100', one(0, 99)],
    ['bytes=-101', one(0, 99)],
    ['bytes=-0', outside],
    ['bytes=-', whole],
    ['bytes=5-4', { kind: 'unsatisfiable' }],
    ['bytes=a-b', whole],
    ['bytes=1-2-3', whole],
    ['bytes=0x1-2', whole],
    ['bytes=1 - 2', whole],
    ['bytes=99999999999999999999-', outside],
    ['bytes=0-99999999999999999999', one(0, 99)],
    [`bytes=${'9'.repeat(400)}-`, outside],
    ['bytes=0-1,5-6', many([0, 1], [5, 6])],
    ['bytes=0-1, 5-6 ,-1', many([0, 1], [5, 6], [99, 99])],
    ['bytes=0-1,200-300', one(0, 1)],
    ['bytes=200-300,400-', outside],
    ['bytes=0-1,x', whole],
    ['bytes=0-1,', whole],
    // Neighbours stay apart: the client matches parts to what it asked for.
    ['bytes=0-1,2-3', many([0, 1], [2, 3])],
    ['bytes=0-5,3-9', one(0, 9)],
    ['bytes=50-60,0-10', many([0, 10], [50, 60])],
    ['bytes=50-60,0-10,5-20,21-22', many([0, 22], [50, 60])],
    ['bytes=0-,0-,0-,0-', one(0, 99)],
  ]
  for (const [header, expected] of cases) {
    it(`${header?.slice(0, 40)}`, () => {
      assert.deepEqual(parseRange(header, 100, { etag, ifRange: undefined }), expected)
    })
  }

  it('takes 1,024 ranges and ignores 1,025', () => {
    const header = (count: number) =>
      `bytes=${Array.from({ length: count }, (_, index) => `${index * 2}-${index * 2}`).join(',')}`
    const condition = { etag, ifRange: undefined }
    const full = parseRange(header(maxRanges), 10_000, condition)
    assert.equal(full.kind === 'many' && full.ranges.length, maxRanges)
    assert.deepEqual(parseRange(header(maxRanges + 1), 10_000, condition), whole)
  })
  it('finds nothing in an empty object', () => {
    for (const header of ['bytes=0-', 'bytes=-1', 'bytes=0-0']) {
      assert.deepEqual(parseRange(header, 0, { etag, ifRange: undefined }), outside)
    }
  })
})

describe('If-Range', () => {
  const cases: readonly [string | undefined, RequestedRanges][] = [
    [undefined, one(0, 1)],
    [etag, one(0, 1)],
    [` ${etag} `, one(0, 1)],
    [`W/${etag}`, whole],
    ['"sha256:bb"', whole],
    ['Wed, 21 Oct 2015 07:28:00 GMT', whole],
    ['', whole],
  ]
  for (const [ifRange, expected] of cases) {
    it(String(ifRange), () => {
      assert.deepEqual(parseRange('bytes=0-1', 100, { etag, ifRange }), expected)
    })
  }
})

describe('formatContentRange', () => {
  it('tells the range, or the size alone', () => {
    assert.equal(formatContentRange({ start: 0, end: 9 }, 100), 'bytes 0-9/100')
    assert.equal(formatContentRange(undefined, 100), 'bytes */100')
  })
})
