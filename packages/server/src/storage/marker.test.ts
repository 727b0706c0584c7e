import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeClock } from '../clock.ts'
import { StartError } from '../start-error.ts'
import { assertOwnStore, claimStore, markerKey } from './marker.ts'
import { MemoryDriver } from './memory.ts'

const signal = new AbortController().signal

describe('the marker of a store', () => {
  it('makes an empty store ours, once and for all', async () => {
    const driver = new MemoryDriver(fakeClock())
    await claimStore(driver, { deploymentId: 'ours' }, signal)
    await driver.put('blobs/aa/one', Buffer.from('x'), signal)
    await claimStore(driver, { deploymentId: 'ours' }, signal)
    assert.deepEqual(
      (await driver.list('', undefined, 10, signal)).map(({ key }) => key),
      ['blobs/aa/one', markerKey],
    )
  })

  it('refuses a store of another deployment, in one line that names both', async () => {
    const driver = new MemoryDriver(fakeClock())
    await claimStore(driver, { deploymentId: 'theirs' }, signal)
    await assert.rejects(
      () => claimStore(driver, { deploymentId: 'ours' }, signal),
      (error) =>
        error instanceof StartError &&
        /theirs.*ours/.test(error.message) &&
        !/\n/.test(error.message),
    )
  })

  it('refuses what has no marker and is not empty, and leaves it as it was', async () => {
    const driver = new MemoryDriver(fakeClock())
    await driver.put('blobs/aa/one', Buffer.from('x'), signal)
    await assert.rejects(() => claimStore(driver, { deploymentId: 'ours' }, signal), StartError)
    assert.equal(await driver.stat(markerKey, signal), undefined)
  })

  it('refuses a marker that it cannot read', async () => {
    for (const text of ['', 'null', '{}', '{"deploymentId":5}', 'x'.repeat(5000)]) {
      const driver = new MemoryDriver(fakeClock())
      await driver.put(markerKey, Buffer.from(text), signal)
      await assert.rejects(
        () => claimStore(driver, { deploymentId: 'ours' }, signal),
        StartError,
        text.slice(0, 20),
      )
    }
  })

  it('refuses a second backend over the same bytes', async () => {
    const driver = new MemoryDriver(fakeClock())
    const archive = { deploymentId: 'ours', storeId: 'archive' }
    await claimStore(driver, archive, signal)
    await claimStore(driver, archive, signal)
    await assertOwnStore(driver, archive, signal)
    for (const storeId of [undefined, 'other']) {
      const other = { deploymentId: 'ours', storeId }
      await assert.rejects(() => claimStore(driver, other, signal), /another storage backend/)
      await assert.rejects(() => assertOwnStore(driver, other, signal), StartError)
    }
  })

  it('lets one of two have an empty store', async () => {
    const driver = new MemoryDriver(fakeClock())
    const results = await Promise.allSettled(
      ['one', 'two'].map((id) => claimStore(driver, { deploymentId: id }, signal)),
    )
    const won = results.filter(({ status }) => status === 'fulfilled')
    assert.equal(won.length, 1)
  })
})
