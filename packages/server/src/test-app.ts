// The program for tests: a fresh database, memory storage, a fake clock, port 0. Closing asserts that nothing
// was forgotten: no job due, no open upload, no unexpected error line.

import assert from 'node:assert/strict'
import type { Product } from '@entrepot/contract/action.ts'
import { type App, createApp } from './app.ts'
import { type Clock, type FakeClock, fakeClock, systemClock } from './clock.ts'
import { type ApiAnswer, callApi, type TestKey } from './cloud-api/test-client.ts'
import { type Config, loadConfig } from './config.ts'
import type { Database } from './db/database.ts'
import { openDatabase } from './db/open.ts'
import { createMigratedDatabase, type TestDatabaseAddress } from './db/test-database.ts'
import { prepareDeployment } from './deployment.ts'
import { findDefaultInstance, type Instance } from './instances/instances.ts'
import type { Log, LogFields } from './log.ts'
import { silentLog } from './log.ts'
import type { OpenStore } from './storage/backends.ts'
import type { Driver } from './storage/driver.ts'
import { openDriver } from './storage/open.ts'

export interface TestAppOptions {
  readonly dialect?: 'sqlite' | 'postgres'
  /** `ENTREPOT_…` settings beside the usual ones. */
  readonly env?: Readonly<Record<string, string>>
  /** Of this machine, for tests in which clients wait by theirs. */
  readonly realTime?: boolean
  readonly store?: Driver
  /** How stores beside it are opened. */
  readonly openStore?: OpenStore
  /** Instead of the console that is built. */
  readonly consoleFolder?: string
  /** Wraps the database: faults. */
  readonly wrap?: (db: Database) => Database
  /** Gets every line too. */
  readonly log?: Log
  /** Open uploads and error lines that the test leaves on purpose. */
  readonly leaves?: { readonly uploads?: boolean; readonly errors?: boolean }
}

export interface ApiOptions {
  readonly product?: Product
  readonly key?: TestKey
  readonly headers?: Readonly<Record<string, string>>
}

export interface TestApp {
  readonly app: App
  readonly config: Config
  readonly clock: FakeClock
  readonly instance: Instance
  readonly store: Driver
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  readonly username: string
  readonly password: string
  /** The private namespace of the first start. */
  readonly namespace: string
  /** A signed call of the management API, by the main account unless told otherwise. */
  api(action: string, input?: unknown, options?: ApiOptions): Promise<ApiAnswer>
  readonly errors: readonly { readonly message: string; readonly fields: LogFields | undefined }[]
  /** Another process over the same database, store and clock; to be closed before this one. */
  beside(options?: Omit<TestAppOptions, 'dialect' | 'realTime' | 'store'>): Promise<TestApp>
  /** Ends the process, after a drain where its limit is given; what it stored stays, for one `beside` it. */
  stop(drainMs?: number): Promise<void>
  close(): Promise<void>
}

const adminToken = 'test-admin-token-0123456789'
/** The main account's API key. */
export const mainKey: TestKey = {
  secretId: 'AKIDtest0123456789',
  secretKey: 'test-secret-key-0123456789',
}

/** What outlives a process. */
interface Ground {
  readonly address: TestDatabaseAddress
  readonly store: Driver
  readonly fake: FakeClock
  readonly clock: Clock
  readonly drop: () => Promise<void>
}

export async function testApp(options: TestAppOptions = {}): Promise<TestApp> {
  const fake = fakeClock()
  const clock = options.realTime ? systemClock() : fake
  const { address, drop } = await createMigratedDatabase(options.dialect ?? 'sqlite')
  const store = options.store ?? (await openDriver({ kind: 'memory' }, { clock }))
  return startOn({ address, store, fake, clock, drop }, options)
}

async function startOn(ground: Ground, options: TestAppOptions): Promise<TestApp> {
  const { address, store, fake, clock, drop } = ground
  const config = testConfig(address.url, options.env)
  const errors: { message: string; fields: LogFields | undefined }[] = []
  const log = listening(options.log ?? silentLog, (message, fields) =>
    errors.push({ message, fields }),
  )
  const plain = await openDatabase({ ...address, log, clock })
  const db = options.wrap?.(plain) ?? plain
  await prepareDeployment({ db: plain, clock, store }, config, AbortSignal.timeout(60_000))
  const observer = { observe: () => undefined, observeCall: () => undefined }
  const { openStore, consoleFolder } = options
  const app = await createApp(config, {
    log,
    clock,
    observer,
    store,
    db,
    ...(openStore && { openStore }),
    ...(consoleFolder && { consoleFolder }),
  })
  const [port] = await app.listen()
  const instance = await findDefaultInstance(plain.read)
  assert(instance)
  const url = `http://127.0.0.1:${port}`
  let left: readonly object[] | undefined
  const stop = async (drainMs?: number) => {
    if (left) return
    left = await plain.read.selectFrom('uploads').select('id').execute()
    await (drainMs === undefined ? app.close() : app.drain(drainMs))
  }
  return {
    app,
    config,
    clock: fake,
    instance,
    store,
    url,
    username: config.admin.uin,
    password: adminToken,
    namespace: 'demo',
    api: (action, input, { product = 'tcr', key = mainKey, headers } = {}) => {
      const call = { product, action, input }
      const timestamp = Math.floor(clock.now() / 1000)
      return callApi(url, key, call, { timestamp, headers })
    },
    errors,
    beside: (more = {}) => startOn({ ...ground, drop: async () => undefined }, more),
    stop,
    async close() {
      await stop()
      await drop()
      if (!options.leaves?.uploads) assert.deepEqual(left, [], 'uploads were left open')
      if (!options.leaves?.errors) assert.deepEqual(errors, [], 'error lines were written')
    },
  }
}

function listening(log: Log, onError: Log['error']): Log {
  return {
    ...log,
    error(message, fields) {
      log.error(message, fields)
      onError(message, fields)
    },
    child: (fields) => listening(log.child(fields), onError),
  }
}

function testConfig(url: string | undefined, env: TestAppOptions['env']): Config {
  const settings: Record<string, string> = {
    ENTREPOT_LISTEN: '127.0.0.1:0',
    ENTREPOT_DATA: '/nonexistent/entrepot-test',
    ENTREPOT_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    ENTREPOT_ADMIN_TOKEN: adminToken,
    ENTREPOT_ADMIN_PASSWORD: 'Test-password-0123456789',
    ENTREPOT_ADMIN_SECRET_ID: mainKey.secretId,
    ENTREPOT_ADMIN_SECRET_KEY: mainKey.secretKey,
    ENTREPOT_API_RATE_FACTOR: '1000',
    ...(url && { ENTREPOT_DATABASE_URL: url }),
    ...env,
  }
  return loadConfig(settings, '/', { read: () => undefined }).config
}
