import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { BufferBudget } from './buffers.ts'
import { describeDriver } from './driver-contract.ts'
import { MemoryDriver } from './memory.ts'
import { parseSectionKey, SectionDriver } from './sections.ts'

const { signal } = new AbortController()

describeDriver('section', async () => ({
  driver: new SectionDriver(new MemoryDriver(systemClock()), '0123456789abcdefghij'),
  budget: new BufferBudget(),
  leftovers: async () => [],
  close: async () => {},
}))

test('a key of the store tells its section', () => {
  assert.deepEqual(parseSectionKey('backends/one/blobs/a/b'), {
    backendId: 'one',
    key: 'blobs/a/b',
  })
  for (const own of ['blobs/a/b', 'entrepot-store', 'backends/one']) {
    assert.equal(parseSectionKey(own), undefined)
  }
})

test('sections of a store see nothing of each other, nor the store of them', async () => {
  const store = new MemoryDriver(systemClock())
  const [one, two] = [new SectionDriver(store, 'one'), new SectionDriver(store, 'two')]
  await one.put('blobs/a', Buffer.from('1'), signal)
  await two.put('blobs/a', Buffer.from('22'), signal)
  await store.put('blobs/b', Buffer.from('333'), signal)
  assert.equal((await one.stat('blobs/a', signal))?.sizeBytes, 1)
  assert.equal(await one.stat('blobs/b', signal), undefined)
  const keys = async (driver: SectionDriver | MemoryDriver) =>
    (await driver.list('blobs/', undefined, 10, signal)).map(({ key }) => key)
  assert.deepEqual([await keys(one), await keys(two)], [['blobs/a'], ['blobs/a']])
  assert.deepEqual(await keys(store), ['blobs/b'])
  await one.deleteMany(['blobs/a'], signal)
  assert.equal((await two.stat('blobs/a', signal))?.sizeBytes, 2)
})

test('the sweep of a section leaves what is unfinished elsewhere', async () => {
  const store = new MemoryDriver(systemClock())
  const [one, two] = [new SectionDriver(store, 'one'), new SectionDriver(store, 'two')]
  const begun = await two.begin('blobs/a', signal)
  async function* body() {
    yield Buffer.from('part')
  }
  const state = await two.writePart(begun, body(), { fence: 'f', signal })
  assert.equal(await one.sweepUnfinished(-1000, async () => new Set(), signal), 0)
  await two.finish(state, signal)
  assert.equal((await two.stat('blobs/a', signal))?.sizeBytes, 4)
})
