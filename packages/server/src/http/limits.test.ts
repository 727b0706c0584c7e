import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '@entrepot/contract/errors.ts'
import { fakeClock } from '../clock.ts'
import { Gate, TokenBuckets } from './limits.ts'

function isTooMany(error: unknown, retryAfter: string): boolean {
  assert.ok(error instanceof ApiError)
  assert.equal(error.code, 'TOO_MANY_REQUESTS')
  assert.equal(error.headers['Retry-After'], retryAfter)
  return true
}

describe('Gate', () => {
  const settings = { name: 'pushes at once', maxRunning: 1, maxWaiting: 2, maxWaitMs: 2_500 }

  it('admits in order, and refuses whoever finds the queue full', async () => {
    const gate = new Gate(settings, fakeClock())
    const leave = await gate.enter()
    const order: number[] = []
    const enter = async (name: number) => {
      const next = await gate.enter()
      order.push(name)
      return next
    }
    const second = enter(2)
    const third = enter(3)
    assert.equal(gate.waiting, 2)
    await assert.rejects(gate.enter(), (error) => isTooMany(error, '3'))
    leave()
    leave()
    const leaveSecond = await second
    assert.equal(gate.running, 1)
    leaveSecond()
    const leaveThird = await third
    leaveThird()
    assert.deepEqual(order, [2, 3])
    assert.deepEqual([gate.running, gate.waiting], [0, 0])
  })
  it('refuses after the longest wait', async () => {
    const clock = fakeClock()
    const gate = new Gate(settings, clock)
    await gate.enter()
    const waiting = gate.enter()
    clock.advance(2_499)
    assert.equal(gate.waiting, 1)
    clock.advance(1)
    await assert.rejects(waiting, (error) => isTooMany(error, '3'))
    assert.equal(gate.waiting, 0)
  })
  it('lets go whoever is aborted while waiting', async () => {
    const gate = new Gate(settings, fakeClock())
    const leave = await gate.enter()
    const abort = new AbortController()
    const waiting = gate.enter(abort.signal)
    abort.abort(new Error('gone'))
    await assert.rejects(waiting, /gone/)
    await assert.rejects(gate.enter(abort.signal), /gone/)
    leave()
    assert.deepEqual([gate.running, gate.waiting], [0, 0])
  })
})

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
