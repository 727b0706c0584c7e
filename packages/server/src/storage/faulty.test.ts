import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeClock } from '../clock.ts'
import { BufferBudget } from './buffers.ts'
import { append, chunksOf, contentOf, patternBytes } from './contract-material.ts'
import { describeDriver, fault } from './driver-contract.ts'
import { FaultyDriver } from './faulty.ts'
import { MemoryDriver } from './memory.ts'

const signal = new AbortController().signal
const key = 'blobs/aa/one'

function faulty(): { readonly inner: MemoryDriver; readonly driver: FaultyDriver } {
  const inner = new MemoryDriver(fakeClock())
  return { inner, driver: new FaultyDriver(inner) }
}

describeDriver('faulty, with no fault', async () => ({
  driver: faultyOverReal(),
  budget: new BufferBudget(),
  leftovers: async () => [],
  close: async () => {},
}))

function faultyOverReal(): FaultyDriver {
  return new FaultyDriver(new MemoryDriver({ now: () => Date.UTC(2026, 0) }))
}

describe('the driver that fails on command', () => {
  it('fails before the effect', async () => {
    const { inner, driver } = faulty()
    driver.fail('put', { kind: 'before' })
    await assert.rejects(() => driver.put(key, Buffer.from('x'), signal), fault('unavailable'))
    assert.equal(await inner.stat(key, signal), undefined)
    await driver.put(key, Buffer.from('x'), signal)
    assert.deepEqual(driver.calls, ['put', 'put'])
  })

  it('loses the answer after the effect', async () => {
    const { inner, driver } = faulty()
    driver.fail('put', { kind: 'after' })
    await assert.rejects(() => driver.put(key, Buffer.from('x'), signal), fault('unavailable'))
    assert.equal((await inner.stat(key, signal))?.sizeBytes, 1)
  })

  it('counts to the n-th call, of one operation or of any', async () => {
    const { driver } = faulty()
    driver.fail('stat', { kind: 'before' }, { nth: 2 })
    driver.fail(undefined, { kind: 'before' }, { nth: 4, times: 2 })
    const outcomes: boolean[] = []
    for (let call = 0; call < 6; call += 1) {
      outcomes.push(
        await driver.stat(key, signal).then(
          () => true,
          () => false,
        ),
      )
    }
    assert.deepEqual(outcomes, [true, false, true, false, false, true])
  })

  it('waits at a gate', async () => {
    const { inner, driver } = faulty()
    const { promise, resolve } = Promise.withResolvers<void>()
    driver.fail('put', { kind: 'gate', gate: promise })
    const put = driver.put(key, Buffer.from('x'), signal)
    assert.equal(await inner.stat(key, signal), undefined)
    resolve()
    await put
    assert.equal((await inner.stat(key, signal))?.sizeBytes, 1)
  })

  it('takes or gives half a body', async () => {
    const { driver } = faulty()
    const begun = await driver.begin(key, signal)
    driver.fail('writePart', { kind: 'half' })
    await assert.rejects(append(driver, begun, chunksOf(patternBytes(1000, 1), 100)), /half/)
    const state = await append(driver, begun, chunksOf(patternBytes(1000, 1), 100))
    await driver.finish(state, signal)
    driver.fail('get', { kind: 'half' })
    const body = await driver.get(key, undefined, signal)
    await assert.rejects(contentOf(body), fault('unavailable'))
  })

  it('deletes half of what it is told', async () => {
    const { inner, driver } = faulty()
    for (const name of ['a', 'b', 'c']) await driver.put(name, Buffer.from('x'), signal)
    driver.fail('deleteMany', { kind: 'half' })
    const results = await driver.deleteMany(['a', 'b', 'c'], signal)
    assert.deepEqual(
      results.map(({ error }) => error === undefined),
      [true, false, false],
    )
    assert.equal((await inner.list('', undefined, 10, signal)).length, 2)
  })

  it('is full until it is not', async () => {
    const { driver } = faulty()
    driver.fill()
    const begun = await driver.begin(key, signal)
    const body = chunksOf(patternBytes(10, 1), 10)
    await assert.rejects(append(driver, begun, body), fault('full'))
    await assert.rejects(() => driver.put(key, Buffer.from('x'), signal), fault('full'))
    driver.reset()
    await driver.put(key, Buffer.from('x'), signal)
  })
})
