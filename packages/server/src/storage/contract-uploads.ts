// The driver contract's second half: unfinished objects.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { append, chunksOf, contentOf, hashOf, patternBytes, write } from './contract-material.ts'
import type { Driver, UploadState } from './driver.ts'
import { StorageError } from './driver.ts'

const signal = new AbortController().signal
const mebibyte = 1024 * 1024
const key = 'blobs/aa/one'

/** Older than a minute in the future: everything. */
const anyAgeMs = -60_000

const noneOpen = async () => new Set<string>()

export function describeUploads(driver: () => Driver): void {
  describeParts(driver)
  describeBrokenParts(driver)
  describeFinish(driver)
  describeSweep(driver)
}

async function appendAll(driver: Driver, parts: readonly Buffer[]): Promise<UploadState> {
  let state = await driver.begin(key, signal)
  for (const part of parts) state = await append(driver, state, chunksOf(part, 65_536))
  return state
}

function describeParts(driver: () => Driver): void {
  const sequences: Readonly<Record<string, readonly number[]>> = {
    'one small part': [10],
    'one part of a single byte, then another': [1, 1],
    'one large part': [24 * mebibyte + 5],
    'many small parts': Array.from({ length: 20 }, (_, index) => 1000 + index * 331),
    'large parts': [12 * mebibyte, 9 * mebibyte + 1, 3],
    'small, large, small': [100, 17 * mebibyte, 100],
    'exactly whole parts of 8 MiB': [8 * mebibyte, 16 * mebibyte],
    'zero bytes, then some': [0, 5000, 0, 6000],
    'nothing at all': [],
    'only zero bytes': [0, 0],
  }
  for (const [name, sizes] of Object.entries(sequences)) {
    it(`puts together ${name}`, async () => {
      const parts = sizes.map((size, index) => patternBytes(size, index + 1))
      const whole = Buffer.concat(parts)
      const state = await appendAll(driver(), parts)
      assert.equal(state.sizeBytes, whole.byteLength)
      assert.equal(await driver().stat(key, signal), undefined, 'visible before finish')
      assert.deepEqual(await driver().list('', undefined, 10, signal), [])
      await driver().finish(state, signal)
      const body = await driver().get(key, undefined, signal)
      assert.equal(body.objectBytes, whole.byteLength)
      assert.equal(hashOf(await contentOf(body)), hashOf(whole))
    })
  }

  it('leaves chunks alone unless they are its own', async () => {
    const bytes = patternBytes(200_000, 1)
    const kept = [Buffer.from(bytes), Uint8Array.from(bytes)]
    const state = await appendAll(driver(), [])
    const written = await driver().writePart(
      state,
      (async function* () {
        yield* kept
      })(),
      { fence: 'kept', signal },
    )
    for (const chunk of kept) assert.ok(bytes.equals(chunk))
    const given = [Uint8Array.from(bytes), Uint8Array.from(bytes)]
    const body = (async function* () {
      yield* given
    })()
    const options = { fence: 'given', signal, ownsChunks: true }
    const more = await driver().writePart(written, body, options)
    for (const chunk of given) assert.equal(chunk.byteLength, 0)
    await driver().finish(more, signal)
    const read = await contentOf(await driver().get(key, undefined, signal))
    assert.equal(hashOf(read), hashOf(Buffer.concat([bytes, bytes, bytes, bytes])))
  })

  it('takes chunks of any size', async () => {
    for (const chunkBytes of [7, 1000, 65_536, 3 * mebibyte]) {
      const bytes = patternBytes(chunkBytes === 7 ? 5000 : 4 * mebibyte + 3, chunkBytes)
      await write(driver(), `blobs/k${chunkBytes}`, chunksOf(bytes, chunkBytes))
      const body = await driver().get(`blobs/k${chunkBytes}`, undefined, signal)
      assert.equal(hashOf(await contentOf(body)), hashOf(bytes))
    }
  })

  for (const sizes of [
    [100, 200],
    [12 * mebibyte, 100],
  ]) {
    it(`reads back what was written so far (${sizes.join(', ')})`, async () => {
      const parts = sizes.map((size, index) => patternBytes(size, index + 21))
      const state = await appendAll(driver(), parts)
      const read = await contentOf(driver().readParts(state, signal))
      assert.equal(hashOf(read), hashOf(Buffer.concat(parts)))
      await driver().finish(state, signal)
      assert.equal((await driver().stat(key, signal))?.sizeBytes, state.sizeBytes)
    })
  }
}

function describeBrokenParts(driver: () => Driver): void {
  async function* broken(bytes: Buffer, error: Error): AsyncGenerator<Uint8Array> {
    yield* chunksOf(bytes, 65_536)
    throw error
  }

  for (const size of [1000, 10 * mebibyte]) {
    it(`leaves the state as good as before when a body of ${size} bytes breaks`, async () => {
      const error = new Error('the client left')
      const begun = await driver().begin(key, signal)
      await assert.rejects(append(driver(), begun, broken(patternBytes(size, 1), error)), error)
      const first = await append(driver(), begun, chunksOf(patternBytes(size, 2), 65_536))
      await assert.rejects(append(driver(), first, broken(patternBytes(size, 3), error)), error)
      const second = await append(driver(), first, chunksOf(patternBytes(size, 4), 65_536))
      await driver().finish(second, signal)
      const whole = Buffer.concat([patternBytes(size, 2), patternBytes(size, 4)])
      const read = await contentOf(await driver().get(key, undefined, signal))
      assert.equal(hashOf(read), hashOf(whole))
    })
  }

  it('ends a write with the reason of its signal', async () => {
    const stopped = new AbortController()
    const reason = new Error('the server stops')
    const body = (async function* () {
      yield patternBytes(65_536, 1)
      stopped.abort(reason)
      yield patternBytes(65_536, 2)
    })()
    const begun = await driver().begin(key, signal)
    const options = { fence: 'stopped', signal: stopped.signal }
    await assert.rejects(() => driver().writePart(begun, body, options), reason)
  })

  it('refuses a fence that is not safe in a name', async () => {
    const begun = await driver().begin(key, signal)
    for (const fence of ['', '../x', 'a/b', 'a b', 'x'.repeat(65)]) {
      const body = chunksOf(patternBytes(10, 1), 10)
      await assert.rejects(() => driver().writePart(begun, body, { fence, signal }), TypeError)
    }
  })

  for (const size of [5000, 10 * mebibyte]) {
    it(`lets the state that wins decide between two writers of ${size} bytes`, async () => {
      const first = await append(
        driver(),
        await driver().begin(key, signal),
        chunksOf(patternBytes(size, 1), 65_536),
      )
      const [a, b] = [1, 2].map((writer) => ({ ...first, writer })) as [UploadState, UploadState]
      const [won, early] = await Promise.all([
        append(driver(), a, chunksOf(patternBytes(size, 2), 65_536), 'writer-a'),
        append(driver(), b, chunksOf(patternBytes(size, 3), 65_536), 'writer-b'),
      ])
      // The one that lost is still at it.
      const late = await append(driver(), b, chunksOf(patternBytes(size, 4), 65_536), 'writer-e')
      await driver().finish(won, signal)
      const whole = Buffer.concat([patternBytes(size, 1), patternBytes(size, 2)])
      const read = await contentOf(await driver().get(key, undefined, signal))
      assert.equal(hashOf(read), hashOf(whole))
      for (const lost of [early, late]) await driver().abort(lost, signal)
      assert.equal((await driver().stat(key, signal))?.sizeBytes, 2 * size, 'abort took the object')
    })
  }
}

function describeFinish(driver: () => Driver): void {
  for (const sizes of [[], [100], [100, 200], [9 * mebibyte], [9 * mebibyte, 100]]) {
    it(`may finish and abort again and again (${sizes.join(', ') || 'empty'})`, async () => {
      const parts = sizes.map((size, index) => patternBytes(size, index + 31))
      const state = await appendAll(driver(), parts)
      await driver().finish(state, signal)
      await driver().finish(state, signal)
      await Promise.all([driver().finish(state, signal), driver().finish(state, signal)])
      await driver().abort(state, signal)
      await driver().abort(state, signal)
      const read = await contentOf(await driver().get(key, undefined, signal))
      assert.equal(hashOf(read), hashOf(Buffer.concat(parts)))
    })

    it(`may finish twice at once (${sizes.join(', ') || 'empty'})`, async () => {
      const parts = sizes.map((size, index) => patternBytes(size, index + 41))
      const state = await appendAll(driver(), parts)
      await Promise.all([driver().finish(state, signal), driver().finish(state, signal)])
      await driver().abort(state, signal)
      const read = await contentOf(await driver().get(key, undefined, signal))
      assert.equal(hashOf(read), hashOf(Buffer.concat(parts)))
    })
  }

  for (const sizes of [[100], [100, 200], [9 * mebibyte, 100]]) {
    it(`does not finish what was aborted (${sizes.join(', ')})`, async () => {
      const parts = sizes.map((size, index) => patternBytes(size, index + 51))
      const state = await appendAll(driver(), parts)
      await driver().abort(state, signal)
      await driver().abort(state, signal)
      await assert.rejects(
        () => driver().finish(state, signal),
        (error) => error instanceof StorageError && error.fault === 'missing',
      )
      assert.equal(await driver().stat(key, signal), undefined)
    })
  }

  it('aborts what was never written', async () => {
    await driver().abort(await driver().begin(key, signal), signal)
  })
}

function describeSweep(driver: () => Driver): void {
  it('sweeps what is old and belongs to no open upload', async () => {
    const small = await append(
      driver(),
      await driver().begin('blobs/lost', signal),
      chunksOf(patternBytes(100, 1), 65_536),
    )
    const large = await append(
      driver(),
      await driver().begin('blobs/lost-too', signal),
      chunksOf(patternBytes(9 * mebibyte, 2), 65_536),
    )
    const open = await append(
      driver(),
      await driver().begin('blobs/open', signal),
      chunksOf(patternBytes(9 * mebibyte, 3), 65_536),
    )
    const asked = new Set<string>()
    const isOpen = async (keys: readonly string[]) => {
      for (const asked_ of keys) asked.add(asked_)
      return new Set(['blobs/open'])
    }
    assert.equal(await driver().sweepUnfinished(3_600_000, isOpen, signal), 0, 'too young')
    assert.ok((await driver().sweepUnfinished(anyAgeMs, isOpen, signal)) >= 2)
    assert.deepEqual(asked, new Set(['blobs/lost', 'blobs/lost-too', 'blobs/open']))
    await assert.rejects(() => driver().finish(small, signal), StorageError)
    await assert.rejects(() => driver().finish(large, signal), StorageError)
    await driver().finish(open, signal)
    assert.equal((await driver().stat('blobs/open', signal))?.sizeBytes, 9 * mebibyte)
    assert.equal(await driver().sweepUnfinished(anyAgeMs, noneOpen, signal), 0)
  })

  it('sweeps no object', async () => {
    await driver().put(key, Buffer.from('x'), signal)
    assert.equal(await driver().sweepUnfinished(anyAgeMs, noneOpen, signal), 0)
    assert.equal((await driver().stat(key, signal))?.sizeBytes, 1)
  })
}
