// Starts the product as an operator does (its own process, settings in the environment, a data folder of
// its own) and tells how to reach it.

import type { ChildProcess } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Authority } from './authority.ts'
import { startDaemon } from './command.ts'

export const serverMain = fileURLToPath(
  new URL('../../packages/server/src/main.ts', import.meta.url),
)

// As bootstrap.mjs starts it.
const frugalHeap = ['--max-semi-space-size=4']
const compileCache = fileURLToPath(new URL('../../node_modules/.cache/entrepot', import.meta.url))

const adminUin = '100000000001'
const adminToken = 'a-long-term-credential-for-tests'
export const testCredential = { username: adminUin, password: adminToken }

export interface ServerOptions {
  readonly env?: NodeJS.ProcessEnv
  /** Kept when given; else a temporary folder that goes with `stop()`. */
  readonly data?: string
  readonly tls?: Authority
  /** The ports of a server that was killed, to come back where its clients look for it. */
  readonly ports?: Ports
}

export interface Ports {
  readonly plain: number
  readonly tls: number
  readonly metrics: number
}

export interface RunningServer {
  readonly url: string
  readonly host: string
  /** Set when the server was started with `tls`. */
  readonly tlsUrl: string
  readonly tlsHost: string
  readonly metricsUrl: string
  readonly username: string
  readonly password: string
  readonly data: string
  readonly ports: Ports
  readonly process: ChildProcess
  output(): string
  /** SIGKILL of the primary. */
  kill(): Promise<void>
  /** SIGTERM, and the exit code after the drain. */
  stop(): Promise<number | null>
}

export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'entrepot-test-'))
  const ports = options.ports ?? (await freePorts())
  const host = `127.0.0.1:${ports.plain}`
  const daemon = await startDaemon(process.execPath, [...frugalHeap, serverMain, 'serve'], {
    env: serverEnvironment(options, data, ports),
    ready: /listens on/,
  })
  const ended = async () => {
    if (!options.data) rmSync(data, { recursive: true, force: true })
  }
  return {
    url: `http://${host}`,
    host,
    tlsUrl: `https://127.0.0.1:${ports.tls}`,
    tlsHost: `127.0.0.1:${ports.tls}`,
    metricsUrl: `http://127.0.0.1:${ports.metrics}`,
    ...testCredential,
    data,
    ports,
    process: daemon.child,
    output: daemon.output,
    async kill() {
      await daemon.stop('SIGKILL')
    },
    async stop() {
      const code = await daemon.stop('SIGTERM')
      await ended()
      return code
    },
  }
}

export function serverEnvironment(
  options: ServerOptions,
  data: string,
  ports: Ports,
): NodeJS.ProcessEnv {
  const tlsListen = [`https://127.0.0.1:${ports.tls}`, `https://[::1]:${ports.tls}`]
  const listen = [`127.0.0.1:${ports.plain}`, ...(options.tls ? tlsListen : [])]
  return {
    // As bootstrap.mjs starts it.
    NODE_COMPILE_CACHE: compileCache,
    MALLOC_ARENA_MAX: '2',
    ENTREPOT_LISTEN: listen.join(','),
    ENTREPOT_METRICS_LISTEN: `127.0.0.1:${ports.metrics}`,
    ENTREPOT_DATA: data,
    ENTREPOT_ADMIN_UIN: adminUin,
    ENTREPOT_ADMIN_TOKEN: adminToken,
    ...(options.tls && {
      ENTREPOT_TLS_CERT: options.tls.cert,
      ENTREPOT_TLS_KEY: options.tls.key,
    }),
    ...options.env,
  }
}

export async function freePorts(): Promise<Ports> {
  const [plain, tls, metrics] = await Promise.all([freePort(), freePort(), freePort()])
  return { plain, tls, metrics }
}

/**
 * A port that was free a moment ago, below those that the kernel gives to outgoing connections (from 32768 on
 * Linux): between our look and the server's start nobody but another test can take it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(12_000, 32_000)
    const isFree = await new Promise<boolean>((resolve) => {
      const probe = createServer()
      probe.once('error', () => resolve(false))
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
    })
    if (isFree) return port
  }
}
