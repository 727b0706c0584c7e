import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeClock } from '../clock.ts'
import { BufferBudget } from './buffers.ts'
import { append, chunksOf, contentOf, patternBytes } from './contract-material.ts'
import { describeDriver } from './driver-contract.ts'
import { FaultyDriver } from './faulty.ts'
import { MemoryDriver } from './memory.ts'
import { meteredDriver, type StorageObservation } from './metered.ts'

const signal = new AbortController().signal
const key = 'blobs/aa/one'

describeDriver('metered', async () => ({
  driver: meteredDriver(
    new MemoryDriver({ now: () => Date.UTC(2026, 0) }),
    fakeClock(),
    () => undefined,
  ),
  budget: new BufferBudget(),
  leftovers: async () => [],
  close: async () => {},
}))

describe('the driver that is watched', () => {
  function watched() {
    const clock = fakeClock()
    const faulty = new FaultyDriver(new MemoryDriver(clock))
    const seen: StorageObservation[] = []
    const driver = meteredDriver(faulty, clock, (observation) => seen.push(observation))
    return { clock, faulty, seen, driver }
  }

  it('tells operation, bytes and outcome', async () => {
    const { faulty, seen, driver } = watched()
    await driver.put(key, patternBytes(1000, 1), signal)
    await contentOf(await driver.get(key, { start: 0, end: 99 }, signal))
    await driver.get('no', undefined, signal).catch(() => {})
    faulty.fill()
    await driver.put(key, Buffer.from('x'), signal).catch(() => {})
    assert.deepEqual(
      seen.map(({ operation, bytes, outcome }) => [operation, bytes, outcome]),
      [
        ['put', 1000, 'ok'],
        ['get', 100, 'ok'],
        ['get', 0, 'missing'],
        ['put', 0, 'full'],
      ],
    )
  })

  it('does not count the time in which the other side dawdles', async () => {
    const { clock, seen, driver } = watched()
    const size = 200_000
    const slow = (async function* () {
      for await (const chunk of chunksOf(patternBytes(size, 1), 65_536)) {
        clock.advance(1000)
        yield chunk
      }
    })()
    const state = await append(driver, await driver.begin(key, signal), slow)
    await driver.finish(state, signal)
    for await (const chunk of await driver.get(key, undefined, signal)) {
      assert.ok(chunk.byteLength > 0)
      clock.advance(1000)
    }
    assert.deepEqual(
      seen.map(({ operation, bytes, durationMs }) => [operation, bytes, durationMs]),
      [
        ['begin', 0, 0],
        ['writePart', size, 0],
        ['finish', 0, 0],
        ['get', size, 0],
      ],
    )
  })

  it('tells of a reader that leaves, or never begins, once', async () => {
    const { seen, driver } = watched()
    await driver.put(key, patternBytes(200_000, 1), signal)
    seen.length = 0
    for await (const chunk of await driver.get(key, undefined, signal)) {
      assert.ok(chunk.byteLength > 0)
      break
    }
    const body = await driver.get(key, undefined, signal)
    body.cancel()
    body.cancel()
    assert.deepEqual(
      seen.map(({ outcome }) => outcome),
      ['stopped', 'stopped'],
    )
  })
})
