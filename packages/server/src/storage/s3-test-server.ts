// A real S3 server for tests: versitygw over a temporary folder. Its program is named by
// ENTREPOT_TEST_VERSITYGW or found on the PATH; where there is none, what needs it is skipped by name.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { S3Settings } from './open.ts'

const accessKeyId = 'entrepot-test'
const secretAccessKey = 'entrepot-test-secret'
const bucket = 'entrepot-test'

export function findVersitygw(): string | undefined {
  const { ENTREPOT_TEST_VERSITYGW: named, PATH = '' } = process.env
  const folders = [...PATH.split(delimiter), join(homedir(), 'go', 'bin')]
  const candidates = named ? [named] : folders.map((folder) => join(folder, 'versitygw'))
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

export interface S3TestServer {
  readonly port: number
  readonly folder: string
  settings(prefix: string, port?: number): S3Settings
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
  /** Again on the same port and folder. */
  restart(): Promise<void>
  close(): Promise<void>
}

export async function startS3TestServer(program: string): Promise<S3TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'entrepot-s3-'))
  mkdirSync(join(folder, bucket))
  const port = await freePort()
  let child = await start(program, port, folder)
  const kill = async (signal: 'SIGKILL' | 'SIGTERM') => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  return {
    port,
    folder,
    settings: (prefix, viaPort = port) => ({
      kind: 's3',
      bucket,
      prefix,
      endpoint: `http://127.0.0.1:${viaPort}`,
      region: 'us-east-1',
      accessKeyId,
      secretAccessKey,
      pathStyle: true,
    }),
    kill,
    async restart() {
      child = await start(program, port, folder)
    },
    async close() {
      await kill('SIGKILL')
      await rm(folder, { recursive: true })
    },
  }
}

async function start(program: string, port: number, folder: string): Promise<ChildProcess> {
  const child = spawn(program, ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', folder], {
    env: { ...process.env, ROOT_ACCESS_KEY: accessKeyId, ROOT_SECRET_KEY: secretAccessKey },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += String(chunk)
  })
  for (;;) {
    if (child.exitCode !== null) throw new Error(`versitygw ended: ${said}`)
    // A refused connection answers at once, so this polls without a pause for as long as the start takes.
    const answers = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    )
    if (answers) return child
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
