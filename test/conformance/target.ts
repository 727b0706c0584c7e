// Where the suite's registry comes from: an address in the environment, or our own server in this process.
import { after, it, type TestContext } from 'node:test'
import { Credentials } from './authentication.ts'
import { Registry } from './registry.ts'
import { type Authentication, type Feature, readSettings, type Settings } from './settings.ts'

/** Opens the registry for one test file and closes it after the file's last test. */
export async function openTarget(): Promise<Registry> {
  const settings = readSettings(process.env)
  const registry = settings.url === undefined ? await ownServer(settings) : address(settings)
  after(() => registry.close())
  return registry
}

function address(settings: Settings): Registry {
  return new Registry({
    origin: new URL(settings.url ?? ''),
    credentials: new Credentials(
      settings.username,
      settings.password,
      settings.authentication ?? (settings.username === '' ? 'none' : undefined),
    ),
    repository1: settings.repository1,
    repository2: settings.repository2,
    features: settings.features,
    stop: async () => {},
  })
}

interface OwnServer {
  readonly url: string
  readonly username: string
  readonly password: string
  readonly namespace: string
  close(): Promise<void>
}

async function ownServer(settings: Settings): Promise<Registry> {
  const server = await startOwnServer()
  const authentication: Authentication = settings.authentication ?? 'token'
  return new Registry({
    origin: new URL(server.url),
    credentials: new Credentials(server.username, server.password, authentication),
    repository1: `${server.namespace}/one`,
    repository2: `${server.namespace}/two`,
    features: settings.features,
    stop: () => server.close(),
  })
}

async function startOwnServer(): Promise<OwnServer> {
  const file: string = '@entrepot/server/test-app.ts'
  const { testApp } = await import(file)
  return testApp({ listen: true })
}

/** Registers a test that is skipped, by name, where the registry lacks a feature. */
export function conforms(
  registry: Registry,
  name: string,
  needs: readonly Feature[],
  run: (t: TestContext) => Promise<void>,
): void {
  const missing = needs.filter((feature) => !registry.has(feature))
  it(name, { skip: missing.length > 0 && `without ${missing.join(', ')}` }, run)
}
