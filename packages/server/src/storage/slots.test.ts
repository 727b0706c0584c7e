import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Slots } from './slots.ts'

const signal = new AbortController().signal

describe('slots', () => {
  it('let so many run, and the others in their order', async () => {
    const slots = new Slots(2)
    const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
    const started: number[] = []
    const runs = gates.map(({ promise }, index) =>
      slots.run(async () => {
        started.push(index)
        await promise
      }, signal),
    )
    await Promise.resolve()
    assert.deepEqual(started, [0, 1])
    for (const [index, gate] of gates.entries()) {
      gate.resolve()
      await runs[index]
    }
    assert.deepEqual(started, [0, 1, 2, 3, 4])
  })

  it('are free again after a failure, and not lost to who gave up', async () => {
    const slots = new Slots(1)
    await assert.rejects(
      slots.run(async () => {
        throw new Error('failed')
      }, signal),
      /failed/,
    )
    const gate = Promise.withResolvers<void>()
    const holder = slots.run(() => gate.promise, signal)
    const gone = new AbortController()
    const left = slots.run(async () => {}, gone.signal)
    const last = slots.run(async () => 'last', signal)
    gone.abort(new Error('left'))
    await assert.rejects(left, /left/)
    gate.resolve()
    await holder
    assert.equal(await last, 'last')
  })
})
