import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeClock } from '../clock.ts'
import { FaultyDriver } from './faulty.ts'
import { MemoryDriver } from './memory.ts'
import { probeStore } from './probe.ts'

const signal = new AbortController().signal

describe('the probe of a store', () => {
  it('writes, reads and deletes, and leaves nothing', async () => {
    const driver = new FaultyDriver(new MemoryDriver(fakeClock()))
    assert.deepEqual(await probeStore(driver, signal), { freeBytes: undefined })
    assert.deepEqual(driver.calls, ['put', 'get', 'list', 'deleteMany', 'stat', 'freeBytes'])
    assert.deepEqual(await driver.list('', undefined, 10, signal), [])
  })

  for (const operation of ['put', 'get', 'list', 'deleteMany', 'stat', 'freeBytes'] as const) {
    it(`tells what is wrong with ${operation}`, async () => {
      const inner = new MemoryDriver(fakeClock())
      const driver = new FaultyDriver(inner)
      const error = new Error(`no ${operation}`)
      driver.fail(operation, { kind: 'before', error })
      await assert.rejects(() => probeStore(driver, signal), error)
      if (operation === 'deleteMany') return
      assert.deepEqual(await inner.list('', undefined, 10, signal), [])
    })
  }
})
