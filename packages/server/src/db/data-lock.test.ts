import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { StartError } from '../start-error.ts'
import { lockDataFolder } from './data-lock.ts'

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-lock-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('a second holder is refused until the first releases', (t) => {
  const folder = join(folderOf(t), 'made', 'here')
  const first = lockDataFolder(folder)
  assert.throws(() => lockDataFolder(folder), /another server runs on the data folder/)
  first.release()
  lockDataFolder(folder).release()
})

test('nobody else may read the file that is locked', (t) => {
  const folder = folderOf(t)
  lockDataFolder(folder).release()
  assert.equal(statSync(join(folder, 'lock.sqlite')).mode & 0o777, 0o600)
})

test('kill -9 of the holder frees the folder', async (t) => {
  const folder = folderOf(t)
  const script = `import { lockDataFolder } from ${JSON.stringify(new URL('./data-lock.ts', import.meta.url).href)}
    globalThis.lock = lockDataFolder(${JSON.stringify(folder)})
    console.log('locked')
    setInterval(() => {}, 60_000)`
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script])
  await once(holder.stdout, 'data')
  assert.throws(() => lockDataFolder(folder), StartError)
  const exited = once(holder, 'exit')
  holder.kill('SIGKILL')
  await exited
  lockDataFolder(folder).release()
})

test('a folder that cannot be one is one line', (t) => {
  const file = join(folderOf(t), 'file')
  writeFileSync(file, '')
  assert.throws(() => lockDataFolder(file), /can't be written/)
  assert.throws(() => lockDataFolder(join(file, 'below')), /can't be written/)
})
