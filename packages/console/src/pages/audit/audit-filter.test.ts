import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { attributesOf, faultOf, noFilter, spanOf } from './audit-filter.ts'

const now = Date.parse('2026-06-15T10:00:30Z')
const day = 86_400

describe('the span of a search', () => {
  it('ends with the minute', () => {
    const { StartTime, EndTime } = spanOf({ ...noFilter, range: 'hour' }, now)
    assert.equal(EndTime, Date.parse('2026-06-15T10:01:00Z') / 1000)
    assert.equal(EndTime - StartTime, 3600)
  })

  it('may be one’s own, with an open end', () => {
    const own = { ...noFilter, range: 'own' } as const
    const both = spanOf({ ...own, from: '2026-06-01T00:00', to: '2026-06-02T00:00' }, now)
    assert.equal(both.EndTime - both.StartTime, day)
    const end = Date.parse('2026-06-15T10:01:00Z') / 1000
    assert.equal(spanOf({ ...own, from: '2026-06-14T00:00' }, now).EndTime, end)
    assert.deepEqual(spanOf(own, now), { StartTime: end - day, EndTime: end })
  })

  it('is shorter than 30 days, and runs forward', () => {
    assert.equal(faultOf({ StartTime: 0, EndTime: 30 * day - 1 }), undefined)
    assert.equal(faultOf({ StartTime: 0, EndTime: 30 * day }), 'tooLong')
    assert.equal(faultOf({ StartTime: 1, EndTime: 0 }), 'order')
    assert.equal(faultOf(spanOf({ ...noFilter, range: 'month' }, now)), undefined)
  })
})

describe('the attributes of a search', () => {
  it('are those that were given', () => {
    assert.deepEqual(attributesOf(noFilter), [])
    assert.deepEqual(attributesOf({ ...noFilter, actor: ' 1 ', result: '1' }), [
      { AttributeKey: 'PrincipalId', AttributeValue: '1' },
      { AttributeKey: 'ApiErrorCode', AttributeValue: '1' },
    ])
  })
})
