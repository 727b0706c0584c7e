// The bootstrap in a folder of its own, with a stand-in for npm (named as npm names itself to its scripts)
// that installs nothing and notes each call.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import test, { type TestContext } from 'node:test'

const program = `
if (process.argv[2] === 'serve') {
  let signals = 0
  const timer = setInterval(() => {}, 60_000)
  const drain = (signal: string) => {
    console.log(signal)
    signals++
  }
  process.on('SIGINT', drain).on('SIGTERM', drain).on('SIGHUP', drain)
  // The test ends the draining, after its signals were seen.
  process.stdin.once('end', () => { clearInterval(timer); process.exitCode = 40 + signals }).resume()
  console.log('ready')
} else console.log('ran', process.argv.slice(2).join(' '))
`

const commandLine = `console.log('command line ran', process.argv.slice(2).join(' '))`

const npm = `
import { appendFileSync, mkdirSync } from 'node:fs'
appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n')
if (process.env.NPM_FAILS) process.exit(3)
mkdirSync('node_modules', { recursive: true })
`

async function makeClone(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'entrepot-bootstrap-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await cp(new URL('../bootstrap.mjs', import.meta.url), join(folder, 'bootstrap.mjs'))
  await mkdir(join(folder, 'packages', 'server', 'src'), { recursive: true })
  await mkdir(join(folder, 'packages', 'cli', 'src'), { recursive: true })
  await writeFile(join(folder, 'packages', 'server', 'src', 'main.ts'), program)
  await writeFile(join(folder, 'packages', 'cli', 'src', 'main.ts'), commandLine)
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  await writeFile(join(folder, 'package-lock.json'), '{}')
  await writeFile(join(folder, 'npm.js'), npm)
  return folder
}

function start(folder: string, args: readonly string[], env = {}): ChildProcess {
  return spawn(process.execPath, ['bootstrap.mjs', ...args], {
    cwd: folder,
    env: { ...process.env, npm_execpath: join(folder, 'npm.js'), ...env },
  })
}

async function run(folder: string, args: readonly string[], env = {}) {
  const child = start(folder, args, env)
  assert.ok(child.stdout && child.stderr)
  const exited = once(child, 'exit')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = await exited
  return { code, stdout, stderr }
}

async function npmCalls(folder: string): Promise<number> {
  const calls = await readFile(join(folder, 'npm-calls'), 'utf8').catch(() => '')
  return calls.split('\n').filter((line) => line.startsWith('ci ')).length
}

async function lockFolders(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith('.install-lock'))
}

test('two at once install once, a warm start not at all, a changed lock file again', async (t) => {
  const folder = await makeClone(t)
  const results = await Promise.all(
    ['a', 'b', 'c'].map((name) => run(folder, ['run', 'doctor', name])),
  )
  assert.deepEqual(
    results.map(({ code, stdout }) => [code, stdout]),
    [
      [0, 'ran doctor a\n'],
      [0, 'ran doctor b\n'],
      [0, 'ran doctor c\n'],
    ],
  )
  assert.equal(await npmCalls(folder), 1)
  const warm = await run(folder, ['run', 'doctor', '--x'])
  assert.deepEqual(warm, { code: 0, stdout: 'ran doctor --x\n', stderr: '' })
  assert.equal(await npmCalls(folder), 1)
  await writeFile(join(folder, 'package-lock.json'), '{"changed":true}')
  const changed = await run(folder, ['run', 'd'])
  assert.equal(changed.stderr, 'entrepot: installing the locked packages …\n')
  assert.equal(await npmCalls(folder), 2)
  assert.deepEqual(await lockFolders(folder), [])
})

test('what is no command of the server is one of the command line', async (t) => {
  const folder = await makeClone(t)
  for (const [args, output] of [
    [['tcr', 'DescribeInstances', '--all'], 'command line ran tcr DescribeInstances --all\n'],
    [[], 'command line ran \n'],
    [['verify', '--json'], 'ran verify --json\n'],
  ] as const) {
    assert.equal((await run(folder, ['run', ...args])).stdout, output)
  }
})

test('the lock of a process that is no more stops nobody', async (t) => {
  const folder = await makeClone(t)
  const dead = spawn(process.execPath, ['--version'])
  await once(dead, 'exit')
  const lock = join(folder, '.install-lock')
  await mkdir(lock)
  await writeFile(join(lock, 'owner'), `${dead.pid} ${lock}.${dead.pid}.0`)
  const results = await Promise.all(['a', 'b'].map((name) => run(folder, ['run', name])))
  assert.deepEqual(
    results.map(({ code }) => code),
    [0, 0],
  )
  assert.equal(await npmCalls(folder), 1)
  assert.deepEqual(await lockFolders(folder), [])
})

test('an installation that fails is one line and is tried again', async (t) => {
  const folder = await makeClone(t)
  const failed = await run(folder, ['run', 'a'], { NPM_FAILS: '1' })
  assert.equal(failed.code, 1)
  assert.match(failed.stderr, /\nentrepot: npm ci failed \(exit code 3\)[^\n]*\n$/)
  assert.deepEqual(await lockFolders(folder), [])
  assert.equal((await run(folder, ['run', 'a'])).code, 0)
  assert.equal(await npmCalls(folder), 2)
})

test('an unknown mode is one line', async (t) => {
  const result = await run(await makeClone(t), ['start'])
  assert.equal(result.code, 1)
  assert.equal(
    result.stderr,
    'entrepot: usage: node bootstrap.mjs serve|run|test|pack-cli|build-console …\n',
  )
})

test('signals reach the program, which ends in its own time and with its own code', async (t) => {
  const folder = await makeClone(t)
  await run(folder, ['run', 'install'])
  const child = start(folder, ['serve'])
  assert.ok(child.stdout && child.stdin)
  const exited = once(child, 'exit')
  const lines = child.stdout.setEncoding('utf8')[Symbol.asyncIterator]()
  assert.equal((await lines.next()).value, 'ready\n')
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    child.kill(signal)
    assert.equal((await lines.next()).value, `${signal}\n`)
  }
  child.stdin.end()
  assert.deepEqual(await exited, [43, null])
})

const consoleBuild = `
process.once('SIGTERM', () => {
  process.stderr.write('stopped\\n')
  process.exit(1)
})
setInterval(() => {}, 60_000)
process.stderr.write('building\\n')
`

test('the console is built beside the server, and no longer than it runs', async (t) => {
  const folder = await makeClone(t)
  const build = join(folder, 'packages', 'console', 'build')
  await mkdir(build, { recursive: true })
  await writeFile(join(build, 'main.ts'), consoleBuild)
  await run(folder, ['run', 'install'])
  const child = start(folder, ['run', 'serve'])
  assert.ok(child.stdout && child.stdin && child.stderr)
  const exited = once(child, 'exit')
  const errors = child.stderr.setEncoding('utf8')[Symbol.asyncIterator]()
  const lines = child.stdout.setEncoding('utf8')[Symbol.asyncIterator]()
  assert.equal((await errors.next()).value, 'building\n')
  assert.equal((await lines.next()).value, 'ready\n')
  child.stdin.end()
  assert.equal((await errors.next()).value, 'stopped\n')
  assert.deepEqual(await exited, [40, null])
})
