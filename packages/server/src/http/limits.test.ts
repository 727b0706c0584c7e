import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '@entrepot/contract/errors.ts'
import { fakeClock } from '../clock.ts'
import { TokenBuckets } from './limits.ts'

function isTooMany(error: unknown, retryAfter: string): boolean {
  assert.ok(error instanceof ApiError)
  assert.equal(error.code, 'TOO_MANY_REQUESTS')
  assert.equal(error.headers['Retry-After'], retryAfter)
  return true
}

describe('TokenBuckets', () => {
  const settings = { name: 'failed logins', perSecond: 0.5, burst: 2, maxKeys: 2 }

  it('gives a burst, then its rate', () => {
    const clock = fakeClock()
    const buckets = new TokenBuckets(settings, clock)
    buckets.take('a')
    buckets.take('a')
    assert.throws(
      () => buckets.take('a'),
      (error) => isTooMany(error, '2'),
    )
    clock.advance(1_999)
    assert.ok(buckets.tryTake('a') > 0)
    clock.advance(1)
    assert.equal(buckets.tryTake('a'), 0)
    clock.advance(60_000)
    assert.deepEqual([buckets.tryTake('a'), buckets.tryTake('a')], [0, 0])
    assert.ok(buckets.tryTake('a') > 0)
  })
  it('keeps keys apart, and only so many, forgetting the longest untouched', () => {
    const buckets = new TokenBuckets(settings, fakeClock())
    for (const key of ['a', 'a', 'b', 'b', 'a', 'c']) buckets.tryTake(key)
    assert.equal(buckets.size, 2)
    assert.ok(buckets.tryTake('a') > 0)
    assert.equal(buckets.tryTake('b'), 0)
  })
})
