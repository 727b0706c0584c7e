import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dayText, endOfDay, endsWithin, expiryTone, inDays, isOver, never } from './expiry.ts'

const dayMs = 86_400_000
const now = Date.UTC(2026, 10, 21, 12)

describe('the end of a service account', () => {
  const tones = [
    [never, 'off'],
    [null, 'off'],
    [now, 'bad'],
    [now - 1, 'bad'],
    [now + 3 * dayMs, 'bad'],
    [now + 3 * dayMs + 1, 'warn'],
    [now + 14 * dayMs, 'warn'],
    [now + 14 * dayMs + 1, 'off'],
  ] as const
  for (const [at, want] of tones) {
    it(`in ${at === null ? 'null' : at - now} ms is ${want}`, () =>
      assert.equal(expiryTone(at, now), want))
  }

  it('is over from its millisecond on', () => {
    assert.ok(isOver(now, now))
    assert.ok(!isOver(now + 1, now))
    assert.ok(!isOver(never, now))
  })

  it('is near only while it lies ahead', () => {
    assert.ok(!endsWithin(now, now, 30))
    assert.ok(endsWithin(now + 30 * dayMs, now, 30))
    assert.ok(!endsWithin(now + 30 * dayMs + 1, now, 30))
  })
})

describe('a day', () => {
  it('is written and read alike', () => {
    const end = endOfDay('2026-12-05')
    assert.equal(end && dayText(end), '2026-12-05')
    assert.equal(end?.getHours(), 23)
  })

  it('is none where none is written', () => assert.equal(endOfDay(''), undefined))

  it('so many days ahead keeps the hour', () =>
    assert.equal(inDays(30, now).getTime(), now + 30 * dayMs))
})
