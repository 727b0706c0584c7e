import assert from 'node:assert/strict'
import { closeSync, constants, existsSync, openSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { BufferBudget } from './buffers.ts'
import { chunksOf, hashOf, patternBytes } from './contract-material.ts'
import { DirectWriter, openDirect } from './direct-write.ts'
import { fault } from './driver-contract.ts'
import { writeFile } from './folder-write.ts'

const signal = new AbortController().signal
const mebibyte = 1024 * 1024
const bufferBytes = 128 * 1024
const isLinux = process.platform === 'linux'

let root = ''
let path = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'entrepot-direct-'))
  path = join(root, 'file')
})
afterEach(() => rm(root, { recursive: true }))

/** Where direct writes can't be had here, the ordinary descriptor stands in for the other. */
async function directFdOf(file: string): Promise<number> {
  return (await openDirect(file)) ?? openSync(file, 'r+')
}

describe('writing past the page cache', () => {
  for (const start of [0, 1, 4096, 5000]) {
    for (const size of [1, 4096, bufferBytes, 3 * bufferBytes, mebibyte + 7]) {
      it(`puts ${size} bytes behind ${start} others`, async () => {
        const bytes = patternBytes(start + size, size)
        const cachedFd = openSync(path, 'w')
        const file = { directFd: await directFdOf(path), cachedFd, start, bufferBytes }
        const writer = new DirectWriter(file)
        for await (const chunk of chunksOf(bytes.subarray(start), 60_001)) await writer.add(chunk)
        await writer.flush()
        await writer.close()
        closeSync(cachedFd)
        assert.equal(writer.addedBytes, size)
        assert.ok(readFileSync(path).subarray(start).equals(bytes.subarray(start)))
      })
    }
  }

  it('takes the memory that V8 gives: no write is refused for its alignment', async (t) => {
    const cachedFd = openSync(path, 'w')
    const directFd = await openDirect(path)
    if (directFd === undefined) return t.skip('no direct writes in this folder')
    // Whatever went the ordinary way would fail.
    const readFd = openSync(path, 'r')
    const writer = new DirectWriter({ directFd, cachedFd: readFd, start: 0, bufferBytes })
    const bytes = patternBytes(4 * bufferBytes, 1)
    for await (const chunk of chunksOf(bytes, 60_001)) await writer.add(chunk)
    await writer.close()
    closeSync(readFd)
    closeSync(cachedFd)
    assert.ok(readFileSync(path).equals(bytes))
  })

  it('goes the ordinary way where it is refused', { skip: !isLinux }, async () => {
    const cachedFd = openSync(path, 'w')
    // Takes numbers only, and says of anything else what a disk says of a wrong alignment.
    const directFd = openSync('/proc/self/oom_score_adj', constants.O_WRONLY)
    const writer = new DirectWriter({ directFd, cachedFd, start: 0, bufferBytes })
    const bytes = patternBytes(3 * bufferBytes, 1)
    await writer.add(bytes)
    await writer.flush()
    await writer.close()
    closeSync(cachedFd)
    assert.ok(readFileSync(path).equals(bytes))
  })

  it('says full when the disk is, at the next call', { skip: !isLinux }, async () => {
    const cachedFd = openSync('/dev/full', 'w')
    const directFd = openSync('/dev/full', 'w')
    const writer = new DirectWriter({ directFd, cachedFd, start: 0, bufferBytes })
    await writer.add(patternBytes(bufferBytes, 1))
    await assert.rejects(() => writer.add(patternBytes(bufferBytes, 1)), fault('full'))
    await assert.rejects(() => writer.flush(), fault('full'))
    await writer.close()
    closeSync(cachedFd)
  })
})

describe('a large file', () => {
  const bytes = patternBytes(34 * mebibyte + 5, 1)

  async function* broken(): AsyncGenerator<Uint8Array> {
    yield* chunksOf(bytes, 65_536)
    throw new Error('the client left')
  }

  it('has every byte, and gives the memory back', async () => {
    const budget = new BufferBudget()
    const sizeBytes = await writeFile(path, chunksOf(bytes, 65_537), { budget, signal })
    assert.equal(sizeBytes, bytes.byteLength)
    assert.equal(hashOf(readFileSync(path)), hashOf(bytes))
    assert.equal(budget.heldBytes, 0)
  })

  it('is gone when its body breaks', async () => {
    const budget = new BufferBudget()
    await assert.rejects(writeFile(path, broken(), { budget, signal }), /the client left/)
    assert.equal(existsSync(path), false)
    assert.equal(budget.heldBytes, 0)
  })

  it('stays in the page cache where there is no room for buffers of its own', async () => {
    const budget = new BufferBudget(mebibyte)
    assert.ok(budget.tryReserve(mebibyte / 2))
    const sizeBytes = await writeFile(path, chunksOf(bytes, 65_536), { budget, signal })
    assert.equal(sizeBytes, bytes.byteLength)
    assert.equal(hashOf(readFileSync(path)), hashOf(bytes))
  })
})
