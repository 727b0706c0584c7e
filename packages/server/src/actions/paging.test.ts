import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pageRange } from './paging.ts'
import { chinaDate, chinaTime, goTime, isoUtc, rfc3339 } from './times.ts'

describe('a page', () => {
  const cases: [Parameters<typeof pageRange>, offset: number, limit: number][] = [
    [['record', {}], 0, 20],
    [['record', { Offset: 5, Limit: 7 }], 5, 7],
    [['record', { Offset: 40, Limit: 1000 }], 40, 200],
    [['record', { Offset: 40, Limit: 1000 }, 1000], 40, 1000],
    [['page', { Offset: 0, Limit: 20 }], 0, 20],
    [['page', { Offset: 1, Limit: 20 }], 0, 20],
    [['page', { Offset: 2, Limit: 20 }], 20, 20],
    [['page', { Offset: 19, Limit: 20 }], 360, 20],
    // Terraform: by record.
    [['page', { Offset: 200, Limit: 200 }], 200, 200],
    [['page', { Offset: 400, Limit: 200 }], 400, 200],
    [['page', { Offset: 3, Limit: 0 }], 0, 0],
    [['page-size', {}], 0, 100],
    [['page-size', { Page: 0, PageSize: 10 }], 0, 10],
    [['page-size', { Page: 3, PageSize: 10 }], 20, 10],
    [['page-size', { Page: 2, Rp: 20 }], 20, 20],
  ]
  for (const [args, offset, limit] of cases) {
    it(`${JSON.stringify(args)} skips ${offset} and has ${limit}`, () => {
      assert.deepEqual(pageRange(...args), { offset, limit })
    })
  }
})

describe('times', () => {
  it('are written as each group has them', () => {
    const ms = Date.UTC(2020, 1, 26, 17, 7, 14, 500)
    assert.equal(rfc3339(ms), '2020-02-27T01:07:14+08:00')
    assert.equal(isoUtc(ms), '2020-02-26T17:07:14.500Z')
    assert.equal(goTime(ms), '2020-02-27 01:07:14.5 +0800 CST')
    assert.equal(goTime(ms - 500), '2020-02-27 01:07:14 +0800 CST')
    assert.equal(chinaTime(ms), '2020-02-27 01:07:14')
    assert.equal(chinaDate(ms), '2020-02-27')
  })
})
