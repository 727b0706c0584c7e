// The order of durability, as the kernel saw it: write → fsync of the file → rename → fsync of the folder and
// of each new folder's parent → fsync of the database → 201.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { missingPrograms, startDaemon } from '../clients/command.ts'
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
  const blobs = {
    small: image.layers[0] ?? image.config,
    large: content('application/octet-stream', randomBytes('traced', 5_000_000)),
  }
  const marks: Record<string, number> = {}
  for (const [name, blob] of Object.entries(blobs)) {
    marks[name] = Date.now() / 1000
    await registry.pushBlob(repository, blob)
  }
  await registry.pushBlob(repository, image.config)
  marks.manifest = Date.now() / 1000
  await registry.pushManifest(repository, 'v1', image.manifest)
  registry.close()
  await server.stop()

  const calls = readTrace(trace)
  for (const name of ['small', 'large']) {
    await t.test(`a ${name} blob`, () => checkBlob(calls, marks[name] ?? 0))
  }
  await t.test('a manifest', () => {
    const answer = created(calls, marks.manifest ?? 0)
    assert.ok(syncedDatabase(calls, marks.manifest ?? 0, answer.beganAt), 'database fsync')
  })
})

function checkBlob(calls: readonly SystemCall[], from: number): void {
  const answer = created(calls, from)
  const renames = ['rename', 'renameat', 'renameat2']
  const rename = findCall(calls, renames, /unfinished.*objects/, from)
  assert.ok(rename && rename.endedAt <= answer.beganAt, 'a rename into objects/')
  const [source = '', target = ''] = [...rename.args.matchAll(/"([^"]+)"/g)].map(([, path]) => path)

  const writes = calls.filter(
    (call) => /^p?writev?(64)?$/.test(call.name) && call.args.includes(`<${source}>`),
  )
  const lastWrite = writes.at(-1)
  assert.ok(lastWrite, `a write to ${source}`)
  const fileSync = synced(calls, source, lastWrite.endedAt)
  assert.ok(fileSync && fileSync.endedAt <= rename.beganAt, 'fsync of the file, then the rename')

  const folderSync = synced(calls, dirname(target), rename.endedAt)
  assert.ok(folderSync && folderSync.endedAt <= answer.beganAt, 'fsync of its folder')
  for (const made of calls.filter(({ name }) => name === 'mkdir')) {
    const [, path = ''] = /"([^"]+)"/.exec(made.args) ?? []
    if (made.beganAt < from || made.result !== '0' || !target.startsWith(`${path}/`)) continue
    const parentSync = synced(calls, dirname(path), made.endedAt)
    assert.ok(parentSync && parentSync.endedAt <= answer.beganAt, `fsync of the parent of ${path}`)
  }
  const row = syncedDatabase(calls, folderSync.endedAt, answer.beganAt)
  assert.ok(row, 'fsync of the database after the bytes, before the answer')
}

function created(calls: readonly SystemCall[], from: number): SystemCall {
  const answer = findCall(calls, ['write', 'writev'], /HTTP\/1\.1 201 /, from)
  assert.ok(answer, 'a 201')
  return answer
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
