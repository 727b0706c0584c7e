// 200 parallel pushes and 200 parallel pulls of 100 MiB: no process of the server grows over the limit.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { objectStoreProgram, startObjectStore } from '../clients/object-store.ts'
import { descendantsOf } from '../clients/process-tree.ts'
import { type RunningServer, startServer } from '../clients/server.ts'
import { randomBytes } from '../images/image.ts'
import { Registry } from '../images/registry.ts'

const parallel = 200
const blobBytes = 100 * 1024 * 1024
const limitMib = 400
const repository = 'demo/memory'
/** Distinct blobs: the pushes of one are races for it. */
const distinct = 20

test('memory on the folder', async (t) => {
  const folder = scratch(t)
  await load(t, join(folder, 'data'), {})
})

const skip = objectStoreProgram === undefined && 'not on this machine: versitygw'
test('memory on S3', { skip }, async (t) => {
  const folder = scratch(t)
  const store = await startObjectStore(join(folder, 'store'))
  t.after(() => store.daemon.stop())
  await load(t, join(folder, 'data'), store.env)
})

function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-memory-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function load(t: TestContext, data: string, env: NodeJS.ProcessEnv): Promise<void> {
  const server = await startServer({ data, env })
  t.after(() => server.stop())
  const registry = new Registry({ ...credentials(server), maxSockets: parallel })
  t.after(() => registry.close())
  const blobs = makeBlobs()
  const each = Array.from({ length: parallel }, (_, n) => blobs[n % distinct] ?? blobs[0])

  const pushed = performance.now()
  await Promise.all(each.map((blob) => blob && push(server, registry, blob)))
  const pulled = performance.now()
  const afterPushes = peaks(server)
  await Promise.all(each.map((blob) => blob && pull(server, registry, blob.digest)))
  const ended = performance.now()
  const gb = (parallel * blobBytes) / 1e9
  t.diagnostic(`pushed at ${((gb * 1000) / (pulled - pushed)).toFixed(2)} GB/s`)
  t.diagnostic(`pulled at ${((gb * 1000) / (ended - pulled)).toFixed(2)} GB/s`)
  for (const [pid, peak] of peaks(server)) {
    const name = pid === server.process.pid ? 'primary' : 'worker'
    t.diagnostic(`${name}: at most ${afterPushes.get(pid)} MiB in pushes, ${peak} MiB in all`)
    assert.ok(peak <= limitMib, `${peak} MiB resident`)
  }
}

function peaks(server: RunningServer): Map<number, number> {
  const primary = server.process.pid ?? 0
  return new Map([primary, ...descendantsOf(primary)].map((pid) => [pid, peakMib(pid)]))
}

const credentials = ({ url, username, password }: RunningServer) => ({ url, username, password })

interface LargeBlob {
  readonly digest: string
  readonly parts: readonly Buffer[]
}

/** The same long beginning and ends of their own, so that the client holds 100 MiB and not 20 GiB. */
function makeBlobs(): LargeBlob[] {
  const tailBytes = 64
  const beginning = randomBytes('memory', blobBytes - tailBytes)
  const hash = createHash('sha256').update(beginning)
  return Array.from({ length: distinct }, (_, n) => {
    const tail = randomBytes(`memory/${n}`, tailBytes)
    const digest = `sha256:${hash.copy().update(tail).digest('hex')}`
    return { digest, parts: [beginning, tail] }
  })
}

async function push(server: RunningServer, registry: Registry, blob: LargeBlob): Promise<void> {
  const uploads = `/v2/${repository}/blobs/uploads/`
  const begun = await registry.call(uploads, { method: 'POST', repository })
  const location = new URL(begun.headers.location ?? '', server.url)
  location.searchParams.set('digest', blob.digest)
  const authorization = await registry.authorization(repository)
  const headers = {
    authorization,
    'content-length': blobBytes,
    'content-type': 'application/octet-stream',
  }
  const status = await new Promise((resolve, reject) => {
    const put = request(location, { method: 'PUT', headers, agent: false }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode))
    })
    put.once('error', reject)
    for (const part of blob.parts) put.write(part)
    put.end()
  })
  assert.equal(status, 201)
}

async function pull(server: RunningServer, registry: Registry, digest: string): Promise<void> {
  const authorization = await registry.authorization(repository)
  const path = `${server.url}/v2/${repository}/blobs/${digest}`
  const received = await new Promise<number>((resolve, reject) => {
    const get = request(path, { headers: { authorization }, agent: false }, (response) => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      response.once('end', () => resolve(bytes))
      response.once('error', reject)
    })
    get.once('error', reject)
    get.end()
  })
  assert.equal(received, blobBytes)
}

/** The kernel's own high-water mark. */
function peakMib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024)
}
