// The order of durability, as the kernel saw it: write → fsync of the file → rename → fsync of the folder and
// of each new folder's parent → fsync of the database → 201.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { missingPrograms, startDaemon } from '../clients/command.ts'
import { descendantsOf } from '../clients/process-tree.ts'
import { freePorts, serverEnvironment, serverMain, testCredential } from '../clients/server.ts'
import { content, makeImage, randomBytes } from '../images/image.ts'
import { Registry } from '../images/registry.ts'
import { findCall, readTrace, type SystemCall } from './trace.ts'

const skip = missingPrograms(['strace']).length > 0 && 'not on this machine: strace'
const traced =
  'openat,mkdir,write,writev,pwrite64,pwritev,rename,renameat,renameat2,fsync,fdatasync'
const repository = 'demo/traced'

test('bytes, then the row, then the answer', { skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-trace-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const ports = await freePorts()
  const [data, trace] = [join(folder, 'data'), join(folder, 'trace')]
  const strace = ['-f', '-yy', '-ttt', '-s', '64', '-o', trace, '-e', `trace=${traced}`]
  const env = { ENTREPOT_PROCESSES: '1' }
  const server = await startDaemon('strace', [...strace, process.execPath, serverMain, 'serve'], {
    env: serverEnvironment({ env }, data, ports),
    ready: /listens on/,
  })
  const registry = new Registry({ url: `http://127.0.0.1:${ports.plain}`, ...testCredential })
  const image = makeImage({ seed: 'traced', layers: 1, layerBytes: 100 })
  const large = content('application/octet-stream', randomBytes('traced', 5_000_000))
  for (const blob of [large, ...image.layers, image.config]) {
    await registry.pushBlob(repository, blob)
  }
  await registry.pushManifest(repository, 'v1', image.manifest)
  registry.close()
  // strace itself holds signals off until what it traces has ended.
  for (const pid of descendantsOf(server.child.pid ?? 0)) process.kill(pid, 'SIGTERM')
  await once(server.child, 'close')

  const calls = readTrace(trace)
  const answers = calls.filter(({ name, args }) => /^writev?$/.test(name) && created.test(args))
  const begun = calls.find(({ args }) => /HTTP\/1\.1 202 /.test(args))
  const span = (n: number): Span => {
    const [before, answer] = [n === 0 ? begun : answers[n - 1], answers[n]]
    assert.ok(before && answer, 'a 201')
    return { from: before.endedAt, answeredAt: answer.beganAt }
  }
  await t.test('a large blob', () => checkBlob(calls, span(0)))
  await t.test('a small blob', () => checkBlob(calls, span(1)))
  await t.test('a manifest', () => {
    const { from, answeredAt } = span(3)
    assert.ok(syncedDatabase(calls, from, answeredAt), 'fsync of the database before the answer')
  })
})

const created = /HTTP\/1\.1 201 /

/** One push of several: after the answer before it, until its own. */
interface Span {
  readonly from: number
  readonly answeredAt: number
}

function checkBlob(calls: readonly SystemCall[], { from, answeredAt }: Span): void {
  const renames = ['rename', 'renameat', 'renameat2']
  const rename = findCall(calls, renames, /unfinished.*objects/, from)
  assert.ok(rename && rename.endedAt <= answeredAt, 'a rename into objects/')
  const [source = '', target = ''] = [...rename.args.matchAll(/"([^"]+)"/g)].map(([, path]) => path)

  const writes = calls.filter(
    (call) => /^p?writev?(64)?$/.test(call.name) && call.args.includes(`<${source}>`),
  )
  const lastWrite = writes.at(-1)
  assert.ok(lastWrite, `a write to ${source}`)
  const fileSync = synced(calls, source, lastWrite.endedAt)
  assert.ok(fileSync && fileSync.endedAt <= rename.beganAt, 'fsync of the file, then the rename')

  const folderSync = synced(calls, dirname(target), rename.endedAt)
  assert.ok(folderSync && folderSync.endedAt <= answeredAt, 'fsync of its folder')
  for (const made of calls.filter(({ name }) => name === 'mkdir')) {
    const [, path = ''] = /"([^"]+)"/.exec(made.args) ?? []
    if (made.beganAt < from || made.result !== '0' || !target.startsWith(`${path}/`)) continue
    const parentSync = synced(calls, dirname(path), made.endedAt)
    assert.ok(parentSync && parentSync.endedAt <= answeredAt, `fsync of the parent of ${path}`)
  }
  const row = syncedDatabase(calls, folderSync.endedAt, answeredAt)
  assert.ok(row, 'fsync of the database after the bytes, before the answer')
}

function synced(calls: readonly SystemCall[], path: string, from: number): SystemCall | undefined {
  const call = calls.find(
    ({ name, args, beganAt }) =>
      beganAt >= from && /^f(data)?sync$/.test(name) && args.includes(`<${path}>`),
  )
  return call?.result === '0' ? call : undefined
}

/** The write-ahead log: what a commit waits for. */
function syncedDatabase(calls: readonly SystemCall[], from: number, until: number) {
  return calls.find(
    ({ name, args, result, beganAt, endedAt }) =>
      beganAt >= from &&
      endedAt <= until &&
      /^f(data)?sync$/.test(name) &&
      /\.sqlite-wal>/.test(args) &&
      result === '0',
  )
}
