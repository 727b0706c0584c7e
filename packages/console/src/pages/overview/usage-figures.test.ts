// Days of plots, and which instances have lines of their own.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { daysUntil, largestFirst, pageCount } from './usage-figures.ts'

describe('the days of a plot', () => {
  it('end today in UTC, the oldest first', () => {
    const now = new Date('2026-03-01T23:30:00Z')
    assert.deepEqual(daysUntil(now, 3), ['2026-02-27', '2026-02-28', '2026-03-01'])
  })
})

describe('the pages of a reply', () => {
  for (const [total, pages] of [
    [0, 0],
    [1, 1],
    [200, 1],
    [201, 2],
  ] as const) {
    it(`of ${total} are ${pages}`, () => assert.equal(pageCount(total, 200), pages))
  }
})

describe('instances by size', () => {
  it('go by what they stored last, not by what they once had', () => {
    const stored = [
      { RegistryId: 'a', Date: '2026-01-01', Value: 900 },
      { RegistryId: 'a', Date: '2026-01-02', Value: 1 },
      { RegistryId: 'b', Date: '2026-01-02', Value: 5 },
    ]
    assert.deepEqual(largestFirst(stored), ['b', 'a'])
  })
})
