import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { compressFiles } from './compress.ts'
import { failureName, publishBuild, readRecord } from './publish.ts'
import { sourcesStamp } from './stamp.ts'

async function makeFolder(t: TestContext, files: Record<string, string> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'entrepot-console-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}

test('a build is published beside the former one, of which open pages still load', async (t) => {
  const dist = await makeFolder(t, { [failureName]: 'it failed', 'assets/stray.js': 'x' })
  const exists = (name: string) => existsSync(join(dist, name))
  for (const stamp of ['one', 'two', 'three']) {
    const page = `<script src="./assets/${stamp}.js">`
    const built = await makeFolder(t, { 'index.html': page, [`assets/${stamp}.js`]: stamp })
    await publishBuild(built, dist, stamp)
    assert.equal(await readFile(join(dist, 'index.html'), 'utf8'), page)
    assert.equal((await readRecord(dist))?.stamp, stamp)
  }
  assert.deepEqual(
    ['one', 'two', 'three', 'stray'].map((name) => exists(`assets/${name}.js`)),
    [false, true, true, false],
  )
  assert.equal(exists(failureName), false)
})

test('a record that is cut off is none', async (t) => {
  const dist = await makeFolder(t, { '.build.json': '{"stamp":"o' })
  assert.equal(await readRecord(dist), undefined)
})

test('files are compressed where it pays', async (t) => {
  const long = 'export const x = 1\n'.repeat(200)
  const folder = await makeFolder(t, { 'a.js': long, 'b.js': 'x', 'c.woff2': long })
  await compressFiles(folder)
  assert.equal(brotliDecompressSync(await readFile(join(folder, 'a.js.br'))).toString(), long)
  assert.equal(gunzipSync(await readFile(join(folder, 'a.js.gz'))).toString(), long)
  for (const name of ['b.js.br', 'c.woff2.gz']) assert.equal(existsSync(join(folder, name)), false)
})

test('the stamp tells of each source, and of nothing else', async (t) => {
  const root = await makeFolder(t, {
    'package-lock.json': '{}',
    'packages/console/src/main.tsx': 'one',
    'packages/client/src/a.ts': '',
    'packages/contract/src/a.ts': '',
    'packages/oci/src/a.ts': '',
  })
  const change = async (name: string, content: string) => {
    const before = sourcesStamp(root)
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), content)
    return sourcesStamp(root) !== before
  }
  for (const name of [
    'packages/console/src/main.tsx',
    'packages/console/src/new.tsx',
    'packages/contract/src/a.ts',
    'package-lock.json',
  ]) {
    assert.equal(await change(name, 'two'), true, name)
  }
  for (const name of [
    'packages/console/dist/index.html',
    'packages/console/src/main.test.tsx',
    'packages/console/node_modules/x/y.js',
    'packages/server/src/app.ts',
  ]) {
    assert.equal(await change(name, 'two'), false, name)
  }
})
