import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { nextRunAt, type Schedule } from './schedule.ts'

const cases: readonly [Schedule, string, string, string | null][] = [
  ['manual', 'UTC', '2026-11-21T12:00:00Z', null],
  ['daily', 'UTC', '2026-11-21T12:00:00Z', '2026-11-22T00:00:00Z'],
  ['daily', 'UTC', '2026-11-22T00:00:00Z', '2026-11-23T00:00:00Z'],
  ['daily', 'UTC', '2026-11-21T23:59:59.999Z', '2026-11-22T00:00:00Z'],
  ['daily', 'Asia/Shanghai', '2026-11-21T12:00:00Z', '2026-11-21T16:00:00Z'],
  ['weekly', 'UTC', '2026-11-21T12:00:00Z', '2026-11-23T00:00:00Z'],
  ['weekly', 'UTC', '2026-11-23T00:00:00Z', '2026-11-30T00:00:00Z'],
  ['weekly', 'Asia/Shanghai', '2026-11-22T15:00:00Z', '2026-11-22T16:00:00Z'],
  ['monthly', 'UTC', '2026-11-21T12:00:00Z', '2026-12-01T00:00:00Z'],
  ['monthly', 'UTC', '2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z'],
  ['monthly', 'UTC', '2026-01-31T00:00:00Z', '2026-02-01T00:00:00Z'],
  // Summer begins and ends.
  ['daily', 'Europe/Berlin', '2026-03-28T23:30:00Z', '2026-03-29T22:00:00Z'],
  ['daily', 'Europe/Berlin', '2026-10-24T22:30:00Z', '2026-10-25T23:00:00Z'],
  // There is no midnight on that day.
  ['daily', 'Africa/Cairo', '2026-04-23T12:00:00Z', '2026-04-23T22:00:00Z'],
]

describe('a rule runs next', () => {
  for (const [schedule, zone, after, expected] of cases) {
    it(`${schedule} in ${zone} after ${after}: ${expected}`, () => {
      const next = nextRunAt(schedule, Date.parse(after), zone)
      assert.equal(next, expected === null ? null : Date.parse(expected))
    })
  }
})
