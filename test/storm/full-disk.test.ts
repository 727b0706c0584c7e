// A small disk of one's own (tmpfs) that runs full, with the database on it too: pushes are refused in words,
// what is there is served, and with room again everything goes on without anyone's help.

import assert from 'node:assert/strict'
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { run } from '../clients/command.ts'
import { type RunningServer, startServer } from '../clients/server.ts'
import { content, makeImage, randomBytes } from '../images/image.ts'
import { Registry, type Reply, UnexpectedReply } from '../images/registry.ts'

const mib = 1024 * 1024
const diskBytes = 160 * mib
const reserveBytes = 24 * mib
const repository = 'demo/full'
const skip = process.getuid?.() !== 0 && 'only root can mount a small disk'

describe('a full disk', { skip }, () => {
  test('stops uploads at the reserve, where commits and deletes go on', async (t) => {
    const { folder, registry } = await onSmallDisk(t, reserveBytes)
    const image = makeImage({ seed: 'reserve', layerBytes: 2 * mib, gzip: false })
    await registry.pushImage(repository, 'v1', image)
    await registry.pushManifest(repository, 'v2', image.manifest)

    fill(folder, reserveBytes + 8 * mib)
    const refused = await refusal(registry.pushBlob(repository, blob('reserve', 32 * mib)))
    assert.equal(refused.status, 507, refused.body.toString())
    assert.match(refused.body.toString(), /"errors"/)
    await registry.pullImage(repository, 'v1')
    await registry.pushManifest(repository, 'v3', image.manifest)
    const path = `/v2/${repository}/manifests/v2`
    const deleted = await registry.call(path, { method: 'DELETE', repository })
    assert.equal(deleted.status, 202, deleted.body.toString())

    empty(folder)
    await registry.pushBlob(repository, blob('reserve', 32 * mib))
  })

  test('loses nothing when not a byte is left', async (t) => {
    const { folder, registry, server } = await onSmallDisk(t, 0)
    const image = makeImage({ seed: 'full', layerBytes: 2 * mib, gzip: false })
    await registry.pushImage(repository, 'v1', image)

    fill(folder, 0)
    for (const sizeBytes of [1000, 8 * mib]) {
      const refused = await refusal(registry.pushBlob(repository, blob('full', sizeBytes)))
      assert.equal(refused.status, 507, refused.body.toString())
    }
    await registry.pullImage(repository, 'v1')

    empty(folder)
    const second = makeImage({ seed: 'room again', layerBytes: 2 * mib, gzip: false })
    await registry.pushImage(repository, 'v2', second)
    assert.equal(await server.stop(), 0, server.output())

    const again = await startServer({ data: join(folder, 'data') })
    const reader = new Registry(again)
    for (const tag of ['v1', 'v2']) await reader.pullImage(repository, tag)
    reader.close()
    await again.stop()
  })
})

interface SmallDisk {
  readonly folder: string
  readonly server: RunningServer
  readonly registry: Registry
}

async function onSmallDisk(t: TestContext, reserve: number): Promise<SmallDisk> {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-small-disk-'))
  await run('mount', ['-t', 'tmpfs', '-o', `size=${diskBytes}`, 'tmpfs', folder])
  const env = { ENTREPOT_PROCESSES: '1', ENTREPOT_DISK_RESERVE_BYTES: String(reserve) }
  const server = await startServer({ data: join(folder, 'data'), env })
  const registry = new Registry(server)
  t.after(async () => {
    registry.close()
    await server.stop()
    await run('umount', [folder])
    rmSync(folder, { recursive: true })
  })
  return { folder, server, registry }
}

/** Leaves `freeBytes` on the disk. */
function fill(folder: string, freeBytes: number): void {
  const file = openSync(join(folder, 'ballast'), 'w')
  const chunk = Buffer.alloc(mib / 4)
  try {
    for (;;) {
      const { bavail, bsize } = statfsSync(folder)
      const left = bavail * bsize - freeBytes
      if (left <= 0) break
      writeSync(file, chunk, 0, Math.min(left, chunk.length))
    }
  } finally {
    closeSync(file)
  }
}

function empty(folder: string): void {
  rmSync(join(folder, 'ballast'))
}

function blob(seed: string, sizeBytes: number) {
  return content('application/octet-stream', randomBytes(`${seed}/${sizeBytes}`, sizeBytes))
}

async function refusal(push: Promise<void>): Promise<Reply> {
  const error = await push.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof UnexpectedReply) return error.reply
  throw error ?? new Error('not refused')
}
