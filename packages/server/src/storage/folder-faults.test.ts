// What only a file system does wrong, and what a crash between two steps leaves.

import assert from 'node:assert/strict'
import { closeSync, openSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { fakeClock } from '../clock.ts'
import { BufferBudget } from './buffers.ts'
import { append, chunksOf, contentOf, hashOf, patternBytes } from './contract-material.ts'
import { diskError } from './disk.ts'
import type { Driver } from './driver.ts'
import { fault } from './driver-contract.ts'
import { openFolder } from './folder.ts'
import { ReadPace } from './folder-read.ts'
import { FolderSync } from './folder-sync.ts'
import { FileWriter, writeFile } from './folder-write.ts'

const signal = new AbortController().signal
const key = 'blobs/aa/one'
const mebibyte = 1024 * 1024

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'entrepot-folder-'))
})
afterEach(() => rm(root, { recursive: true }))

const open = (): Promise<Driver> =>
  openFolder(join(root, 'store'), { budget: new BufferBudget(), clock: fakeClock() })

describe('a folder that is in the way', () => {
  it('tells a full disk, a missing file and the rest apart', () => {
    const faults = ['ENOSPC', 'EDQUOT', 'ENOENT', 'EIO', 'EACCES', 'EROFS', 'EMFILE'].map(
      (code) => diskError(Object.assign(new Error(code), { code, syscall: 'write' })).fault,
    )
    assert.deepEqual(faults, [
      'full',
      'full',
      'missing',
      'unavailable',
      'unavailable',
      'unavailable',
      'unavailable',
    ])
  })

  it('says full when a write finds no room, and keeps nothing', async () => {
    const budget = new BufferBudget()
    const fd = openSync('/dev/full', 'w')
    const writer = new FileWriter(fd, { budget })
    await writer.add(patternBytes(mebibyte, 1))
    await assert.rejects(() => writer.flush(), fault('full'))
    writer.release()
    closeSync(fd)
    assert.equal(budget.heldBytes, 0)
  })

  it('never goes on after a write or a sync that failed', async () => {
    const path = join(root, 'read-only')
    await writeFile(path, chunksOf(patternBytes(10, 1), 10), { budget: new BufferBudget(), signal })
    const fd = openSync(path, 'r')
    const writer = new FileWriter(fd, { budget: new BufferBudget() })
    await writer.add(patternBytes(mebibyte, 1))
    await assert.rejects(() => writer.flush(), fault('unavailable'))
    await assert.rejects(() => writer.flush(), fault('unavailable'))
    closeSync(fd)
  })

  it('makes again a folder that somebody removed', async () => {
    const driver = await open()
    await driver.put(key, Buffer.from('x'), signal)
    await rm(join(root, 'store', 'objects', 'blobs'), { recursive: true })
    await driver.put(key, Buffer.from('y'), signal)
    assert.equal(String(await contentOf(await driver.get(key, undefined, signal))), 'y')
  })

  it('fails a put whose place is taken by a folder, and leaves nothing', async () => {
    const driver = await open()
    await driver.put(`${key}/below`, Buffer.from('x'), signal)
    await assert.rejects(() => driver.put(key, Buffer.from('x'), signal))
    assert.deepEqual(await readdir(join(root, 'store', 'unfinished')), [])
  })
})

describe('a crash of the folder driver', () => {
  const parts = [patternBytes(3 * mebibyte, 1), patternBytes(1000, 2)]

  async function written(driver: Driver, count: number) {
    let state = await driver.begin(key, signal)
    for (const part of parts.slice(0, count)) {
      state = await append(driver, state, chunksOf(part, 65_536))
    }
    return { state, hash: hashOf(Buffer.concat(parts.slice(0, count))) }
  }

  for (const count of [1, 2]) {
    it(`after the rename is found done (${count} parts)`, async () => {
      const first = await open()
      const { state, hash } = await written(first, count)
      await first.finish(state, signal)
      const second = await open()
      await second.finish(state, signal)
      assert.equal(hashOf(await contentOf(await second.get(key, undefined, signal))), hash)
    })

    it(`before it is done again (${count} parts)`, async () => {
      const { state, hash } = await written(await open(), count)
      const driver = await open()
      await driver.finish(state, signal)
      assert.equal(hashOf(await contentOf(await driver.get(key, undefined, signal))), hash)
    })
  }

  it('while parts were joined leaves a file for the sweep', async () => {
    const driver = await open()
    const { state, hash } = await written(driver, 2)
    const unfinished = join(root, 'store', 'unfinished')
    await writeFile(
      join(unfinished, 'blobs+aa+one.join.abc'),
      chunksOf(parts[1] ?? Buffer.alloc(0), 10),
      {
        budget: new BufferBudget(),
        signal,
      },
    )
    await driver.finish(state, signal)
    assert.deepEqual(await readdir(unfinished), ['blobs+aa+one.join.abc'])
    // The fake clock's "now" is before the files' time: a negative age reaches them.
    const age = -(await stat(unfinished)).mtimeMs
    assert.equal(await driver.sweepUnfinished(age, async () => new Set(), signal), 1)
    assert.deepEqual(await readdir(unfinished), [])
    assert.equal(hashOf(await contentOf(await driver.get(key, undefined, signal))), hash)
  })

  it('that lost the end of a part is noticed, not published', async () => {
    const driver = await open()
    const { state } = await written(driver, 1)
    const unfinished = join(root, 'store', 'unfinished')
    const [name = ''] = await readdir(unfinished)
    await truncate(join(unfinished, name), 1000)
    await assert.rejects(() => driver.finish(state, signal), fault('conflict'))
    assert.equal(await driver.stat(key, signal), undefined)
  })

  it('leaves files that are not ours alone', async () => {
    const driver = await open()
    const unfinished = join(root, 'store', 'unfinished')
    await mkdir(join(unfinished, 'lost+found'))
    assert.equal(await driver.sweepUnfinished(-1e15, async () => new Set(), signal), 0)
    assert.deepEqual(await readdir(unfinished), ['lost+found'])
  })
})

describe('reading a file', () => {
  it('fails when the file ends before its size', async () => {
    const driver = await open()
    await driver.put(key, patternBytes(3 * mebibyte, 1), signal)
    const body = await driver.get(key, undefined, signal)
    await truncate(join(root, 'store', 'objects', key), 2 * mebibyte)
    await assert.rejects(contentOf(body), fault('unavailable'))
  })

  it('goes on in a file that was deleted meanwhile', async () => {
    const driver = await open()
    const bytes = patternBytes(3 * mebibyte, 1)
    await driver.put(key, bytes, signal)
    const body = await driver.get(key, undefined, signal)
    await driver.deleteMany([key], signal)
    assert.equal(hashOf(await contentOf(body)), hashOf(bytes))
  })

  describe('leaves small reads to the pool for a while after a slow one', () => {
    let now = 0
    const read = (pace: ReadPace, ms: number) => {
      const begun = pace.begin()
      now += ms
      pace.end(begun)
      let cautious = 0
      while (!pace.mayBlock()) cautious += 1
      return cautious
    }
    const newPace = () => new ReadPace({ monotonicMs: () => now })

    it('for longer when they are all slow', () => {
      const pace = newPace()
      assert.equal(read(pace, 1), 0)
      const stretches = Array.from({ length: 9 }, () => read(pace, 100))
      assert.deepEqual(stretches, [16, 32, 64, 128, 256, 512, 1024, 1024, 1024])
    })

    it('and forgets those of long ago', () => {
      const pace = newPace()
      assert.equal(read(pace, 100), 16)
      for (let i = 0; i < 16; i += 1) assert.equal(read(pace, 0), 0)
      assert.equal(read(pace, 100), 16)
    })
  })

  it('gives the same bytes either way', async () => {
    let tick = 0
    // Each look at the clock is an hour later: every read at once is a slow one.
    const clock = { now: () => 0, monotonicMs: () => (tick += 3_600_000) }
    const driver = await openFolder(join(root, 'slow'), { budget: new BufferBudget(), clock })
    const bytes = patternBytes(5000, 1)
    await driver.put(key, bytes, signal)
    for (let round = 0; round < 3; round += 1) {
      const body = await driver.get(key, { start: 10, end: 4000 }, signal)
      assert.equal(body.objectBytes, 5000)
      assert.ok(body.bytes)
      assert.deepEqual(await contentOf(body), bytes.subarray(10, 4001))
      await assert.rejects(
        () => driver.get(key, { start: 5000, end: 6000 }, signal),
        fault('range'),
      )
    }
  })
})

describe('syncs of folders', () => {
  it('make every folder on the way, also at once', async () => {
    const syncs = new FolderSync()
    const folders = ['a/b/c', 'a/b/d', 'a/e'].map((path) => join(root, path))
    await Promise.all([...folders, ...folders].map((folder) => syncs.make(folder)))
    for (const folder of folders) assert.ok((await stat(folder)).isDirectory())
  })

  it('fail everyone whom they were to cover, and nobody later', async () => {
    const syncs = new FolderSync()
    const folder = join(root, 'late')
    const failed = await Promise.allSettled([1, 2, 3].map(() => syncs.sync(folder)))
    assert.ok(failed.every(({ status }) => status === 'rejected'))
    await mkdir(join(root, 'made'))
    await rename(join(root, 'made'), folder)
    await Promise.all([1, 2, 3].map(() => syncs.sync(folder)))
  })
})
