// A stand-in for the server, run as a process by processes.test.ts: answers HTTP with its pid, crashes and
// stalls when asked to. Its settings are its first argument, as JSON.

import { createServer, type Server, type ServerResponse } from 'node:http'
import { systemClock } from '../clock.ts'
import { type Config, loadConfig } from '../config.ts'
import { sharedPort } from '../http/shared-port.ts'
import { becomeWorker, serve } from '../processes.ts'
import { StartError } from '../start-error.ts'
import type { App, AppOptions, Program } from './program.ts'

interface TestSettings {
  readonly env: Record<string, string>
  readonly isTTY?: boolean
  /** What goes wrong, and where. */
  readonly fault?: 'prepare' | 'create' | 'crash-on-create'
}

const settings: TestSettings = JSON.parse(process.argv[2] ?? '{}')
const testSecret = 'generated-secret-0123456789'

class TestApp implements App {
  readonly #config: Config
  readonly #options: AppOptions
  readonly #held = new Set<ServerResponse>()
  readonly #server: Server

  constructor(config: Config, options: AppOptions) {
    this.#config = config
    this.#options = options
    const route = options.metrics.route('/')
    this.#server = createServer((request, response) => {
      switch (request.url) {
        case '/crash':
          process.kill(process.pid, 'SIGKILL')
          return
        case '/throw':
          throw new Error(`a bug that knows ${testSecret} token=${testSecret}`)
        case '/hold':
          this.#held.add(response)
          response.write(`${process.pid}\n`)
          return
        case '/release':
          for (const held of this.#held) held.end('released')
      }
      route.finished('GET', 200, 0.001)
      response.setHeader('connection', 'close')
      response.end(String(process.pid))
    })
  }

  async listen(): Promise<readonly string[]> {
    const [address] = this.#config.listen
    if (address === undefined) throw new Error('the settings name an address')
    const listening = Promise.withResolvers<void>()
    this.#server.once('error', listening.reject)
    this.#server.listen(sharedPort(address), listening.resolve)
    await listening.promise
    const bound = this.#server.address()
    return [`http://127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}`]
  }

  async drain(limitMs: number): Promise<void> {
    this.#options.log.info('test app drains', { limitMs })
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    const timer = setTimeout(() => this.#server.closeAllConnections(), limitMs)
    await closed
    clearTimeout(timer)
  }

  async close(): Promise<void> {}

  async gauges() {
    return {
      uploadsOpen: 5,
      jobs: [],
      eventsBehind: [],
      forwardings: [],
      webhooks: { waiting: 0, failingTargets: 0 },
    }
  }
}

const program: Program = {
  version: '0.0.0',
  async prepareDeployment() {
    if (settings.fault === 'prepare') throw new StartError('the database is unreachable.')
    return {
      uin: '100000000001',
      password: testSecret,
      apiKey: undefined,
      token: testSecret,
    }
  },
  async createApp(config, options) {
    if (settings.fault === 'create') throw new StartError('the store is of another deployment.')
    if (settings.fault === 'crash-on-create') throw new Error('a bug')
    return new TestApp(config, options)
  },
}

async function main(): Promise<number> {
  try {
    const loaded = loadConfig(settings.env, process.cwd(), { read: () => undefined })
    return await serve(program, loaded, {
      clock: systemClock(),
      terminal: {
        isTTY: settings.isTTY ?? false,
        print: (line) => process.stdout.write(`${line}\n`),
      },
      restartPolicy: { wellAfterMs: 60_000, firstDelayMs: 1, maxDelayMs: 10, maxDeaths: 3 },
    })
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    process.stderr.write(`entrepot: ${error.message}\n`)
    return 1
  }
}

if (!becomeWorker(program)) process.exit(await main())
