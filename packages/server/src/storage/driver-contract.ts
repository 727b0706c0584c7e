// What every driver promises, as one suite that each runs on its real backend.

import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import {
  chunksOf,
  contentOf,
  hashOf,
  patternBytes,
  type TestStore,
  write,
} from './contract-material.ts'
import { describeUploads } from './contract-uploads.ts'
import type { Driver } from './driver.ts'
import { StorageError } from './driver.ts'

const signal = new AbortController().signal
const mebibyte = 1024 * 1024

export function fault(expected: string) {
  return (error: unknown) => error instanceof StorageError && error.fault === expected
}

/** Registers the suite; each test gets a store of its own and must leave nothing unfinished in it. */
export function describeDriver(name: string, open: () => Promise<TestStore>): void {
  describe(`driver contract: ${name}`, () => {
    let store: TestStore
    beforeEach(async () => {
      store = await open()
    })
    afterEach(async () => {
      try {
        assert.deepEqual(await store.leftovers(), [], 'something unfinished was left')
        assert.equal(store.budget.heldBytes, 0, 'buffers were not given back')
      } finally {
        await store.close()
      }
    })
    const driver = () => store.driver
    describeKeys(driver)
    describeObjects(driver)
    describeRanges(driver)
    describeStreams(driver)
    describeLists(driver)
    describeDeletes(driver)
    describeUploads(driver)
  })
}

function describeKeys(driver: () => Driver): void {
  const valid = [
    'a',
    '0',
    'a/b',
    'blobs/0k/0k3v',
    'a-b',
    'a.b',
    'a_b',
    'a..b',
    `${'x/'.repeat(7)}y`,
  ]
  const invalid = ['', '/', '/a', 'a/', 'a//b', '.', '..', 'a/../b', '../a', '.a', '-a', 'A', 'a b']
  const odd = ['a\\b', 'a\0', 'a\n', 'ä', 'a%2fb', 'a+b', 'a'.repeat(161), `${'x/'.repeat(10)}y`]

  for (const key of valid) {
    it(`takes the key ${key}`, async () => {
      await driver().put(key, Buffer.from(key), signal)
      assert.equal(String(await contentOf(await driver().get(key, undefined, signal))), key)
      assert.deepEqual((await driver().list('', undefined, 10, signal))[0]?.key, key)
    })
  }

  it('refuses keys that are not safe as a path, in every call', async () => {
    for (const key of [...invalid, ...odd]) {
      const text = JSON.stringify(key)
      await assert.rejects(() => driver().put(key, Buffer.from('x'), signal), TypeError, text)
      await assert.rejects(() => driver().get(key, undefined, signal), TypeError, text)
      await assert.rejects(() => driver().stat(key, signal), TypeError, text)
      await assert.rejects(() => driver().deleteMany([key], signal), TypeError, text)
      await assert.rejects(() => driver().begin(key, signal), TypeError, text)
    }
    await assert.rejects(() => driver().list('../', undefined, 10, signal), TypeError)
    assert.deepEqual(await driver().list('', undefined, 10, signal), [])
  })
}

function describeObjects(driver: () => Driver): void {
  const sizes = [0, 1, 4095, 4096, 65_535, 65_536, 65_537, mebibyte - 1, mebibyte, 3 * mebibyte + 1]
  for (const size of sizes) {
    it(`gives back ${size} bytes as they were put`, async () => {
      const bytes = patternBytes(size, size)
      await driver().put('blobs/aa/one', bytes, signal)
      const body = await driver().get('blobs/aa/one', undefined, signal)
      assert.equal(body.objectBytes, size)
      assert.equal(body.sizeBytes, size)
      assert.deepEqual(await contentOf(body), bytes)
    })
  }

  it('says missing for what is not there', async () => {
    await assert.rejects(() => driver().get('blobs/no', undefined, signal), fault('missing'))
    assert.equal(await driver().stat('blobs/no', signal), undefined)
  })

  it('does not find a folder, nor what lies below an object', async () => {
    await driver().put('blobs/aa/one', Buffer.from('x'), signal)
    assert.equal(await driver().stat('blobs/aa', signal), undefined)
    assert.equal(await driver().stat('blobs/aa/one/two', signal), undefined)
    await assert.rejects(() => driver().get('blobs/aa', undefined, signal), fault('missing'))
  })

  it('tells size and time', async () => {
    await driver().put('blobs/aa/one', patternBytes(1234, 1), signal)
    const stat = await driver().stat('blobs/aa/one', signal)
    assert.equal(stat?.key, 'blobs/aa/one')
    assert.equal(stat?.sizeBytes, 1234)
    assert.ok((stat?.modifiedAtMs ?? 0) > Date.UTC(2020, 0))
  })

  it('may be told the same put twice', async () => {
    const bytes = patternBytes(100_000, 3)
    await driver().put('blobs/aa/one', bytes, signal)
    await driver().put('blobs/aa/one', bytes, signal)
    assert.deepEqual(await contentOf(await driver().get('blobs/aa/one', undefined, signal)), bytes)
  })

  it('keeps keys apart', async () => {
    const keys = Array.from({ length: 40 }, (_, index) => `blobs/a${index % 7}/k${index}`)
    await Promise.all(keys.map((key) => driver().put(key, Buffer.from(key), signal)))
    for (const key of keys) {
      assert.equal(String(await contentOf(await driver().get(key, undefined, signal))), key)
    }
  })

  it('keeps its own copy of what it was given', async () => {
    const bytes = patternBytes(70_000, 5)
    const copy = Buffer.from(bytes)
    await driver().put('one', bytes, signal)
    bytes.fill(0)
    assert.deepEqual(await contentOf(await driver().get('one', undefined, signal)), copy)
  })
}

function describeRanges(driver: () => Driver): void {
  for (const size of [1000, 2 * mebibyte + 7]) {
    it(`reads any range of ${size} bytes`, async () => {
      const bytes = patternBytes(size, 7)
      await driver().put('one', bytes, signal)
      const last = size - 1
      const half = Math.floor(size / 2)
      const edge = Math.min(512 * 1024, half)
      const ranges = [
        [0, 0],
        [0, last],
        [last, last],
        [1, last],
        [half, half + 1],
        [edge - 1, edge],
        [edge, edge + 10],
        [half, size + 1_000_000],
      ] as const
      for (const [start, end] of ranges) {
        const body = await driver().get('one', { start, end }, signal)
        const expected = bytes.subarray(start, end + 1)
        assert.equal(body.objectBytes, size)
        assert.equal(body.sizeBytes, expected.byteLength)
        assert.deepEqual(await contentOf(body), expected, `${start}-${end}`)
      }
    })
  }

  it('refuses a range that begins behind the end', async () => {
    await driver().put('one', patternBytes(10, 1), signal)
    await driver().put('empty', new Uint8Array(0), signal)
    for (const [key, start] of [
      ['one', 10],
      ['one', 11],
      ['empty', 0],
    ] as const) {
      await assert.rejects(
        () => driver().get(key, { start, end: start + 5 }, signal),
        fault('range'),
        `${key} ${start}`,
      )
    }
    await assert.rejects(() => driver().get('one', { start: 5, end: 4 }, signal), fault('range'))
  })

  it('says missing, not range, for a range of what is not there', async () => {
    await assert.rejects(() => driver().get('no', { start: 0, end: 1 }, signal), fault('missing'))
  })
}

function describeStreams(driver: () => Driver): void {
  const size = 5 * mebibyte + 321

  it('keeps a chunk as it is until the next is asked for', async () => {
    const bytes = patternBytes(size, 11)
    await driver().put('one', bytes, signal)
    let offset = 0
    for await (const chunk of await driver().get('one', undefined, signal)) {
      // Whatever is read ahead has had its chance to get in the way.
      await driver().stat('one', signal)
      assert.ok(bytes.subarray(offset, offset + chunk.byteLength).equals(chunk), `at ${offset}`)
      offset += chunk.byteLength
    }
    assert.equal(offset, size)
  })

  it('lets a reader leave early, or never begin', async () => {
    await driver().put('one', patternBytes(size, 12), signal)
    for await (const chunk of await driver().get('one', undefined, signal)) {
      assert.ok(chunk.byteLength > 0)
      break
    }
    const unread = await driver().get('one', undefined, signal)
    unread.cancel()
    unread.cancel()
  })

  it('ends a body with the reason of its signal', async () => {
    await driver().put('one', patternBytes(size, 13), signal)
    const stopped = new AbortController()
    const reason = new Error('the credential was disabled')
    await assert.rejects(async () => {
      for await (const chunk of await driver().get('one', undefined, stopped.signal)) {
        assert.ok(chunk.byteLength > 0)
        stopped.abort(reason)
      }
    }, reason)
    await assert.rejects(() => driver().get('one', undefined, stopped.signal), reason)
    await assert.rejects(() => driver().put('two', Buffer.from('x'), stopped.signal), reason)
  })

  it('serves many readers of one object at once', async () => {
    const bytes = patternBytes(size, 14)
    await driver().put('one', bytes, signal)
    const expected = hashOf(bytes)
    const hashes = await Promise.all(
      Array.from({ length: 24 }, async () =>
        hashOf(await contentOf(await driver().get('one', undefined, signal))),
      ),
    )
    assert.deepEqual(new Set(hashes), new Set([expected]))
  })

  it('writes and reads many streams at once', async () => {
    await Promise.all(
      Array.from({ length: 24 }, async (_, index) => {
        const bytes = patternBytes(300_000 + index * 7919, index)
        const key = `blobs/${index % 5}/k${index}`
        await write(driver(), key, chunksOf(bytes, 65_536))
        const read = await contentOf(await driver().get(key, undefined, signal))
        assert.equal(hashOf(read), hashOf(bytes))
      }),
    )
  })
}

function describeLists(driver: () => Driver): void {
  // In the order of their bytes, which is not the order of a walk through folders.
  const keys = ['a', 'a-b', 'a.b', 'a/b', 'a/b-c', 'a/b.c', 'a/bb', 'a/c/d', 'a0', 'ab/c', 'b/a']

  async function putAll(): Promise<void> {
    for (const key of keys) {
      // A file system can't hold both `a` and `a/b`.
      if (key !== 'a') await driver().put(key, Buffer.from(key), signal)
    }
  }

  it('lists nothing of an empty store', async () => {
    assert.deepEqual(await driver().list('', undefined, 1000, signal), [])
    assert.deepEqual(await driver().list('blobs/', 'blobs/x', 1000, signal), [])
  })

  it('lists by prefix, ascending, with sizes', async () => {
    await putAll()
    const present = keys.filter((key) => key !== 'a')
    for (const prefix of ['', 'a', 'a/', 'a/b', 'ab/', 'b', 'x']) {
      const listed = await driver().list(prefix, undefined, 1000, signal)
      assert.deepEqual(
        listed.map(({ key, sizeBytes }) => [key, sizeBytes]),
        present.filter((key) => key.startsWith(prefix)).map((key) => [key, key.length]),
        `prefix "${prefix}"`,
      )
    }
  })

  it('goes on after any key, there or not', async () => {
    await putAll()
    const present = keys.filter((key) => key !== 'a')
    for (const after of [...keys, 'a/', 'a/bz', 'a/c', 'zz', '0']) {
      const listed = await driver().list('', after, 1000, signal)
      assert.deepEqual(
        listed.map(({ key }) => key),
        present.filter((key) => key > after),
        `after "${after}"`,
      )
    }
  })

  it('pages over everything exactly once', async () => {
    const many = Array.from({ length: 57 }, (_, index) => `blobs/${index % 4}/k${index}`)
    await Promise.all(many.map((key) => driver().put(key, Buffer.from('x'), signal)))
    const seen: string[] = []
    let after: string | undefined
    for (;;) {
      const page = await driver().list('blobs/', after, 10, signal)
      assert.ok(page.length <= 10)
      if (page.length === 0) break
      seen.push(...page.map(({ key }) => key))
      after = seen.at(-1)
    }
    assert.deepEqual(seen, many.toSorted())
  })
}

function describeDeletes(driver: () => Driver): void {
  it('deletes what it is told and nothing else', async () => {
    for (const key of ['a/b', 'a/bb', 'a/b.c', 'b/a']) {
      await driver().put(key, Buffer.from(key), signal)
    }
    assert.deepEqual(await driver().deleteMany(['a/b', 'b/a'], signal), [
      { key: 'a/b' },
      { key: 'b/a' },
    ])
    const left = await driver().list('', undefined, 10, signal)
    assert.deepEqual(
      left.map(({ key }) => key),
      ['a/b.c', 'a/bb'],
    )
    await assert.rejects(() => driver().get('a/b', undefined, signal), fault('missing'))
  })

  it('counts what is missing as gone', async () => {
    await driver().put('here', Buffer.from('x'), signal)
    const results = await driver().deleteMany(['no', 'here', 'no/more'], signal)
    assert.deepEqual(results, [{ key: 'no' }, { key: 'here' }, { key: 'no/more' }])
    assert.deepEqual(await driver().deleteMany(['here'], signal), [{ key: 'here' }])
    assert.deepEqual(await driver().deleteMany([], signal), [])
  })

  it('deletes more keys than fit one request', async () => {
    const missing = Array.from({ length: 1200 }, (_, index) => `no/k${index}`)
    await driver().put('zz', Buffer.from('x'), signal)
    const results = await driver().deleteMany([...missing, 'zz'], signal)
    assert.equal(results.length, 1201)
    assert.ok(results.every(({ error }) => error === undefined))
    assert.equal(await driver().stat('zz', signal), undefined)
  })

  it('tells its limits, its room and an address where it has one', async () => {
    const { maxObjectBytes, maxPutBytes } = driver().limits
    assert.ok(maxObjectBytes >= 100 * 1024 ** 3 && maxPutBytes >= mebibyte)
    const free = await driver().freeBytes(signal)
    assert.ok(free === undefined || free > 0)
    await driver().put('one', Buffer.from('by address'), signal)
    const url = await driver().url('one', 60_000)
    if (url === undefined) return
    assert.equal(await (await fetch(url)).text(), 'by address')
    assert.equal((await fetch(url.replace('one', 'two'))).status, 403)
  })
}
