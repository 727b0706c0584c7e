// A server as an operator starts it, with its console, and a browser before it: what every test of the console begins
// with.

import { randomBytes } from 'node:crypto'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe } from 'node:test'
import { type Client, createClient } from '@entrepot/client/client.ts'
import { Registry } from '@entrepot/client/oci/registry.ts'
import { describeInstances } from '@entrepot/contract/tcr/instances.ts'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { buildConsole } from '../../packages/console/build/build.ts'
import { freePorts, type RunningServer, startServer } from '../clients/server.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { type Say, sayIn } from './say.ts'

export const mainUin = '100000000001'
export const mainPassword = 'Console-tests-password-1'
const mainKey = { secretId: 'AKIDconsoletests0000000000000000', secretKey: 'c'.repeat(32) }

export const chromiumPath = '/usr/bin/chromium'
/** Pages of a machine that does other things besides. */
const maxWaitMs = 15_000

export type Dialect = 'SQLite' | 'PostgreSQL'

/** What is done in both languages is done in one of them on each database; `say` names things in it. */
export function languageOn(dialect: Dialect): 'en' | 'zh' {
  return dialect === 'SQLite' ? 'en' : 'zh'
}

export function spokenOn(dialect: Dialect): { readonly language: 'en' | 'zh'; readonly say: Say } {
  const language = languageOn(dialect)
  return { language, say: sayIn(language) }
}

export interface Stage {
  readonly dialect: Dialect
  readonly server: RunningServer
  readonly browser: Browser
  /** Calls as the main account. */
  readonly api: Client
  readonly registry: Registry
  readonly instance: string
  /** The address of a page: `/jobs`. */
  at(path: string): string
  /** A browser of its own: no cookie, no storage. */
  newContext(options?: ContextOptions): Promise<BrowserContext>
  /** A page of who is logged in. */
  logIn(options?: LogInOptions): Promise<Page>
  /** SIGKILL: nobody answers until `startAgain`. */
  killServer(): Promise<void>
  /** At the same address, with what it had. */
  startAgain(): Promise<void>
  close(): Promise<void>
}

export interface ContextOptions {
  readonly language?: 'en' | 'zh'
  readonly theme?: 'light' | 'dark'
  readonly width?: number
}

export interface LogInOptions extends ContextOptions {
  readonly name?: string
  readonly password?: string
  /** Where to go on; the overview when left out. */
  readonly path?: string
  readonly context?: BrowserContext
}

/** The tests below run on SQLite and on PostgreSQL, each with a server of its own. */
export function onEachStage(name: string, body: (stage: () => Stage) => void): void {
  for (const dialect of ['SQLite', 'PostgreSQL'] as const) {
    describe(`${name} on ${dialect}`, () => {
      let stage: Stage | undefined
      before(async () => {
        stage = await openStage(dialect)
      })
      after(() => stage?.close())
      body(() => {
        if (!stage) throw new Error('the stage opens before the tests')
        return stage
      })
    })
  }
}

export async function openStage(dialect: Dialect): Promise<Stage> {
  await access(chromiumPath)
  await buildConsole()
  const postgres = dialect === 'PostgreSQL' ? await startPostgres() : undefined
  try {
    return await openWith(dialect, postgres)
  } catch (error) {
    // It would keep the tests from ending.
    await postgres?.stop()
    throw error
  }
}

async function openWith(dialect: Dialect, postgres: TestPostgres | undefined): Promise<Stage> {
  const place = {
    data: await mkdtemp(join(tmpdir(), 'entrepot-console-')),
    ports: await freePorts(),
    env: environmentOf(postgres),
  }
  let server = await startServer(place)
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    // Drawing as a graphics card would takes a fifth of the time. As root there is no sandbox to be had.
    args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  })
  const api = createClient({ endpoint: server.url, credential: mainKey })
  const { Registries } = await api.call(describeInstances, { AllRegion: true })
  const instance = Registries?.[0]?.RegistryId
  if (instance === undefined) throw new Error('a first start makes an instance')
  const login = { username: server.username, password: server.password }
  const stage: Stage = {
    dialect,
    get server() {
      return server
    },
    browser,
    api,
    registry: new Registry({ origin: server.url, login }),
    instance,
    at: (path) => `${server.url}/console${path}`,
    newContext: (options) => newContext(browser, options),
    logIn: (options) => logIn(stage, options),
    killServer: () => server.kill(),
    async startAgain() {
      server = await startServer(place)
    },
    async close() {
      await browser.close()
      await server.stop()
      await postgres?.stop()
      await rm(place.data, { recursive: true, force: true })
    },
  }
  return stage
}

function environmentOf(postgres: TestPostgres | undefined): NodeJS.ProcessEnv {
  return {
    ENTREPOT_PROCESSES: '1',
    ENTREPOT_BASE_DOMAIN: 'registry.test',
    // Identity providers of these tests are on this machine.
    ENTREPOT_OUTBOUND_ALLOW: '127.0.0.0/8',
    ENTREPOT_ADMIN_PASSWORD: mainPassword,
    ENTREPOT_ADMIN_SECRET_ID: mainKey.secretId,
    ENTREPOT_ADMIN_SECRET_KEY: mainKey.secretKey,
    ...(postgres && {
      ENTREPOT_DATABASE_URL: postgres.url,
      ENTREPOT_MASTER_KEY: randomBytes(32).toString('base64'),
    }),
  }
}

async function newContext(
  browser: Browser,
  { language = 'en', theme = 'light', width = 1280 }: ContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    colorScheme: theme,
    reducedMotion: 'reduce',
    viewport: { width, height: 900 },
  })
  context.setDefaultTimeout(maxWaitMs)
  return context
}

async function logIn(stage: Stage, options: LogInOptions = {}): Promise<Page> {
  const { path = '/' } = options
  const context = options.context ?? (await stage.newContext(options))
  await beginSession(stage, context, options)
  const page = await context.newPage()
  await page.goto(stage.at(path))
  await page.getByRole('banner').waitFor()
  return page
}

/** As the page of the login does it, without drawing it: its own tests fill it in. */
async function beginSession(
  stage: Stage,
  { request }: BrowserContext,
  { name = mainUin, password = mainPassword }: LogInOptions,
): Promise<void> {
  const visitor: { readonly csrfToken: string } = await (
    await request.get(stage.at('/session'))
  ).json()
  const answer = await request.post(stage.at('/session'), {
    headers: { 'X-CSRF-Token': visitor.csrfToken },
    data: { name, password },
  })
  const said = await answer.text()
  if (!said.includes('"kind":"session"')) throw new Error(said)
}

/** On the page of the login. */
export async function fillLogin(
  page: Page,
  { name = mainUin, password = mainPassword }: LogInOptions = {},
): Promise<void> {
  await page.locator('input[name=name]').fill(name)
  await page.locator('input[name=password]').fill(password)
  await page.keyboard.press('Enter')
}
