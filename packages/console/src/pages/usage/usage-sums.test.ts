import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  daysUntil,
  foldOthers,
  largestOf,
  monthsOf,
  otherSeries,
  pointsOf,
  sumOf,
  totalOf,
  type Usage,
} from './usage-sums.ts'

const usage = (RegistryId: string, day: string, Value: number): Usage => ({
  RegistryId,
  NamespaceName: null,
  Date: day,
  Metric: 'Requests',
  Value,
})

describe('usage by day', () => {
  it('has each day, also those without use', () => {
    const days = daysUntil('2026-03-02', 4)
    assert.deepEqual(days, ['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02'])
    const points = pointsOf(
      [usage('a', '2026-03-01', 2), usage('a', '2026-03-01', 3), usage('b', '2026-01-01', 9)],
      days,
      ({ RegistryId }) => RegistryId,
    )
    assert.deepEqual(
      points.map(({ values }) => values),
      [{}, {}, { a: 5 }, {}],
    )
    assert.equal(sumOf(points), 5)
    assert.equal(totalOf(points.at(-1)), 0)
  })

  it('has the month that was begun before the first day', () => {
    const months = monthsOf(daysUntil('2026-03-02', 40))
    assert.deepEqual(months, ['2026-01-01', '2026-02-01', '2026-03-01'])
    const points = pointsOf([usage('a', '2026-01-22', 1)], months, () => 'all')
    assert.deepEqual(points[0], { at: '2026-01-01', values: { all: 1 } })
  })

  it('adds up what is small', () => {
    const points = [{ at: '2026-03-01', values: { a: 1, b: 5, c: 3, d: 2 } }]
    assert.deepEqual(largestOf(points, 4), ['b', 'c', 'd', 'a'])
    const ids = largestOf(points, 3)
    assert.deepEqual(ids, ['b', 'c', otherSeries])
    assert.deepEqual(foldOthers(points, ids)[0]?.values, { b: 5, c: 3, [otherSeries]: 3 })
  })
})
