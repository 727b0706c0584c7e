import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeClock, systemClock } from './clock.ts'
import { onEachDatabase } from './db/test-database.ts'

const minuteMs = 60_000

describe('fakeClock', () => {
  it('passes time on both clocks and fires what is due, in order', () => {
    const clock = fakeClock(0)
    const fired: string[] = []
    clock.setTimer(30, () => fired.push(`b ${clock.now()} ${clock.monotonicMs()}`))
    clock.setTimer(10, () => {
      fired.push(`a ${clock.now()}`)
      clock.setTimer(5, () => fired.push(`a2 ${clock.now()}`))
    })
    clock.setTimer(20, () => fired.push('cancelled')).cancel()
    clock.setTimer(1000, () => fired.push('later'))
    clock.advance(100)
    assert.deepEqual(fired, ['a 10', 'a2 15', 'b 30 30'])
    assert.equal(clock.now(), 100)
    assert.equal(clock.monotonicMs(), 100)
  })

  it('jumps without time passing', () => {
    const clock = fakeClock(7 * minuteMs)
    const fired: string[] = []
    clock.setTimer(minuteMs, () => fired.push('due'))
    clock.jump(-5 * minuteMs)
    assert.equal(clock.now(), 2 * minuteMs)
    assert.equal(clock.monotonicMs(), 0)
    clock.jump(60 * minuteMs)
    assert.deepEqual(fired, [])
    clock.advance(minuteMs)
    assert.deepEqual(fired, ['due'])
  })
})

onEachDatabase("the deployment's clock", (open) => {
  it('is one that moves on', async () => {
    const db = await open()
    const clock = systemClock()
    const first = await clock.deployment(db.read)
    const inTransaction = await db.write((tx) => clock.deployment(tx))
    const last = await clock.deployment(db.read)
    assert.ok(Number.isSafeInteger(first))
    assert.ok(first <= inTransaction && inTransaction <= last)
  })

  it('is the fake one in tests', async () => {
    const clock = fakeClock()
    const db = await open({ clock })
    clock.jump(7 * 24 * 60 * minuteMs)
    assert.equal(await clock.deployment(db.read), clock.now())
  })
})
