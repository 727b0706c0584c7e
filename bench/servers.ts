// The servers that are measured: Entrepot as it comes (tokens, pull counts and audit on), the peers without
// any authentication, each with data of its own in the same folder of the same disk.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Authority } from '../test/clients/authority.ts'
import { freePort, startServer } from '../test/clients/server.ts'
import type { RegistryAddress } from '../test/images/registry.ts'

/** One way in; a peer serves TLS from a second process. */
export interface Endpoint {
  readonly pid: number
  readonly address: RegistryAddress
}

export interface MeasuredServer {
  readonly name: string
  readonly plain: Endpoint
  readonly tls: Endpoint
  stop(): Promise<unknown>
}

export interface Ground {
  readonly folder: string
  readonly authority: Authority
}

export async function startEntrepot(
  { folder, authority }: Ground,
  env: NodeJS.ProcessEnv = {},
): Promise<MeasuredServer> {
  const name = 'entrepot'
  const data = join(folder, name)
  mkdirSync(data)
  const server = await startServer({ data, tls: authority, env })
  const { url, tlsUrl, username, password } = server
  const pid = server.process.pid ?? 0
  return {
    name,
    plain: { pid, address: { url, username, password } },
    tls: {
      pid,
      address: { url: tlsUrl, username, password, ca: readFileSync(authority.ca, 'utf8') },
    },
    stop: () => server.stop(),
  }
}

/** distribution v3, from the program that REGISTRY names, else `registry` in PATH. */
export function startDistribution(ground: Ground): Promise<MeasuredServer> {
  return startPeer(
    'distribution',
    process.env.REGISTRY ?? 'registry',
    ground,
    (data, port, tls) => ({
      version: 0.1,
      log: { level: 'error', accesslog: { disabled: true } },
      storage: {
        filesystem: { rootdirectory: data },
        delete: { enabled: true },
        cache: { blobdescriptor: 'inmemory' },
      },
      http: {
        addr: `127.0.0.1:${port}`,
        ...(tls && { tls: { certificate: tls.cert, key: tls.key } }),
      },
    }),
  )
}

/** zot, from the program that ZOT names. */
export function startZot(ground: Ground, program: string): Promise<MeasuredServer> {
  return startPeer('zot', program, ground, (data, port, tls) => ({
    storage: { rootDirectory: data, dedupe: false, gc: false },
    http: {
      address: '127.0.0.1',
      port: String(port),
      ...(tls && { tls: { cert: tls.cert, key: tls.key } }),
    },
    log: { level: 'error' },
  }))
}

type Settings = (data: string, port: number, tls: Authority | undefined) => object

async function startPeer(
  name: string,
  program: string,
  { folder, authority }: Ground,
  settings: Settings,
): Promise<MeasuredServer> {
  const children: ChildProcess[] = []
  const start = async (scheme: 'http' | 'https') => {
    const [port, data] = [await freePort(), join(folder, `${name}-${scheme}`)]
    mkdirSync(data)
    const tls = scheme === 'https' ? authority : undefined
    const path = join(folder, `${name}-${scheme}.json`)
    // Where a peer reads YAML: JSON is YAML.
    writeFileSync(path, JSON.stringify(settings(data, port, tls)))
    const env = { ...process.env, OTEL_TRACES_EXPORTER: 'none' }
    const child = spawn(program, ['serve', path], { stdio: ['ignore', 'ignore', 'inherit'], env })
    children.push(child)
    await untilServing(child, port)
    const ca = tls && readFileSync(tls.ca, 'utf8')
    return { pid: child.pid ?? 0, address: { url: `${scheme}://127.0.0.1:${port}`, ca } }
  }
  return {
    name,
    plain: await start('http'),
    tls: await start('https'),
    stop: () =>
      Promise.all(
        children.map((child) => {
          child.kill('SIGKILL')
          return child.exitCode === null ? once(child, 'exit') : undefined
        }),
      ),
  }
}

const startLimitMs = 30_000
const retryMs = 50

/** The peers say nothing that is the same over versions: knock until the port opens. */
async function untilServing(child: ChildProcess, port: number): Promise<void> {
  let failure: Error | undefined
  child.once('error', (error) => {
    failure = error
  })
  for (let waitedMs = 0; waitedMs < startLimitMs; waitedMs += retryMs) {
    if (failure) throw failure
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => resolve(false))
    })
    if (open) return
    await delay(retryMs)
  }
  throw new Error(`${child.spawnfile} does not serve on port ${port}`)
}
