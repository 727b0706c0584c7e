import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BufferBudget, freeChunks, maxBufferBytes, minBufferBytes, ownedChunks } from './buffers.ts'
import { chunksOf } from './contract-material.ts'

const signal = new AbortController().signal
const mebibyte = 1024 * 1024

describe('the budget of buffers', () => {
  it('gives smaller buffers the more transfers run, and never too small ones', () => {
    const budget = new BufferBudget(64 * mebibyte)
    const sizes: number[] = []
    for (let transfers = 1; transfers <= 2000; transfers += 1) {
      budget.join()
      sizes.push(budget.bufferBytes())
    }
    assert.equal(sizes[0], maxBufferBytes)
    assert.equal(sizes[7], maxBufferBytes)
    assert.equal(sizes[8], maxBufferBytes / 2)
    assert.equal(sizes.at(-1), minBufferBytes)
    assert.deepEqual(
      sizes,
      sizes.toSorted((a, b) => b - a),
    )
  })

  it('lets a thousand transfers that never end begin, and one more', () => {
    const budget = new BufferBudget(64 * mebibyte)
    for (let transfers = 0; transfers < 1000; transfers += 1) {
      budget.join()
      void budget.acquire(budget.bufferBytes(), signal)
      budget.tryAcquire(budget.bufferBytes())
    }
    assert.equal(budget.waiting, 0)
    assert.ok(budget.heldBytes <= budget.totalBytes)
  })

  it('lets those wait who get none, in their order, and never holds more than its total', async () => {
    const budget = new BufferBudget(mebibyte)
    const held = [
      await budget.acquire(maxBufferBytes, signal),
      await budget.acquire(maxBufferBytes, signal),
    ]
    const order: string[] = []
    const large = budget.acquire(maxBufferBytes, signal).then((buffer) => {
      order.push('large')
      return buffer
    })
    const small = budget.acquire(minBufferBytes, signal).then((buffer) => {
      order.push('small')
      return buffer
    })
    assert.equal(budget.waiting, 2)
    assert.equal(budget.tryAcquire(minBufferBytes), undefined)
    for (const buffer of held) budget.release(buffer)
    budget.release(await large)
    budget.release(await small)
    assert.deepEqual(order, ['large', 'small'])
    assert.equal(budget.heldBytes, 0)
  })

  it('lets a waiter give up without holding up those behind it', async () => {
    const budget = new BufferBudget(mebibyte)
    const held = await budget.acquire(mebibyte, signal)
    const gone = new AbortController()
    const reason = new Error('left')
    const first = assert.rejects(budget.acquire(maxBufferBytes, gone.signal), reason)
    const second = budget.acquire(minBufferBytes, signal)
    gone.abort(reason)
    await first
    budget.release(held)
    budget.release(await second)
    assert.equal(budget.waiting, 0)
    assert.equal(budget.heldBytes, 0)
    await assert.rejects(async () => budget.acquire(minBufferBytes, gone.signal), reason)
  })

  it('gives the same memory out again', async () => {
    const budget = new BufferBudget()
    const buffer = await budget.acquire(maxBufferBytes, signal)
    budget.release(buffer)
    assert.equal(await budget.acquire(maxBufferBytes, signal), buffer)
  })

  it('exchanges a buffer for one of the right size, where there is room', async () => {
    const budget = new BufferBudget(mebibyte)
    const small = await budget.acquire(minBufferBytes, signal)
    budget.join()
    const larger = budget.exchange(small)
    assert.equal(larger.byteLength, budget.bufferBytes())
    assert.equal(budget.heldBytes, larger.byteLength)
    for (let transfers = 0; transfers < 100; transfers += 1) budget.join()
    const smaller = budget.exchange(larger)
    assert.equal(smaller.byteLength, minBufferBytes)
    assert.equal(budget.heldBytes, minBufferBytes)
  })

  it('keeps a part of the room for those who have nothing yet', async () => {
    const budget = new BufferBudget(mebibyte)
    assert.equal(budget.tryReserve(mebibyte), false)
    assert.equal(budget.tryReserve((mebibyte * 3) / 4), true)
    assert.equal(budget.tryReserve(1), false)
    await budget.acquire(minBufferBytes, signal)
  })
})

describe('chunks', () => {
  it('are given back only where their memory is theirs alone', () => {
    const own = new Uint8Array(100_000)
    const slice = new Uint8Array(100_000).subarray(1)
    const small = new Uint8Array(100)
    freeChunks([own, slice, small])
    assert.deepEqual([own.byteLength, slice.byteLength, small.byteLength], [0, 99_999, 100])
  })

  it('are copied for whoever keeps them', async () => {
    const bytes = Buffer.from('abcdef')
    const kept: Uint8Array[] = []
    for await (const chunk of ownedChunks(chunksOf(bytes, 2))) kept.push(chunk)
    bytes.fill(0)
    assert.equal(String(Buffer.concat(kept)), 'abcdef')
  })
})
