import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addMonths, assertWritable, extendTo, isReadOnly } from './prepaid.ts'

const at = Date.UTC(2026, 0, 31, 12)
const day = 86_400_000

test('months end where a month has no such day', () => {
  const cases: readonly (readonly [number, number, number])[] = [
    [at, 1, Date.UTC(2026, 1, 28, 12)],
    [at, 2, Date.UTC(2026, 2, 31, 12)],
    [at, 12, Date.UTC(2027, 0, 31, 12)],
    [at, 60, Date.UTC(2031, 0, 31, 12)],
    [Date.UTC(2024, 1, 29), 12, Date.UTC(2025, 1, 28)],
    [Date.UTC(2026, 10, 15), 2, Date.UTC(2027, 0, 15)],
  ]
  for (const [from, months, to] of cases) assert.equal(addMonths(from, months), to)
})

test('a renewal goes on from the end, or from now where that is over', () => {
  assert.equal(extendTo(at + day, at, 1), addMonths(at + day, 1))
  assert.equal(extendTo(at - day, at, 1), addMonths(at, 1))
  assert.equal(extendTo(null, at, 1), addMonths(at, 1))
})

test('only what is prepaid, over and not renewed by itself is read-only', () => {
  const paid = { chargeType: 1, renewFlag: 0, expiresAt: at }
  assert.equal(isReadOnly(paid, at), true)
  assert.equal(isReadOnly(paid, at - 1), false)
  assert.equal(isReadOnly({ ...paid, renewFlag: 1 }, at), false)
  assert.equal(isReadOnly({ ...paid, renewFlag: 2 }, at), true)
  assert.equal(isReadOnly({ ...paid, chargeType: 0 }, at), false)
  assert.equal(isReadOnly({ ...paid, expiresAt: null }, at), false)
  const name = 'shop1'
  assert.doesNotThrow(() => assertWritable({ ...paid, name }, at - 1))
  assert.throws(() => assertWritable({ ...paid, name }, at), {
    code: 'INSTANCE_READ_ONLY',
    message: /shop1 was paid until 2026-01-31/,
  })
})
