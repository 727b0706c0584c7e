// Where the suite's registry comes from: an address in the environment, or our own server in this process.
import { after, it, type TestContext } from 'node:test'
import { testApp } from '@entrepot/server/test-app.ts'
import { Credentials } from './authentication.ts'
import { Registry } from './registry.ts'
import { type Feature, readSettings, type Settings } from './settings.ts'

/**
 * Opens the registry for one test file and closes it after the file's last test. Our own server is started so
 * that it has the features in `own`; any other registry has what the environment says.
 */
export async function openTarget(own: readonly Feature[] = []): Promise<Registry> {
  const given = readSettings(process.env)
  const features = given.features.union(new Set(given.url === undefined ? own : []))
  const settings = { ...given, features }
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

async function ownServer(settings: Settings): Promise<Registry> {
  const sparse = settings.features.has('sparse-image') ? 'accept' : 'refuse'
  const server = await testApp({
    dialect: settings.dialect,
    env: { ENTREPOT_SPARSE_IMAGES: sparse },
  })
  return new Registry({
    origin: new URL(server.url),
    credentials: new Credentials(
      server.username,
      server.password,
      settings.authentication ?? 'token',
    ),
    repository1: `${server.namespace}/one`,
    repository2: `${server.namespace}/two`,
    features: settings.features,
    stop: () => server.close(),
    isOwn: true,
  })
}

/**
 * Registers a test; where a foreign registry lacks a feature, it is skipped by name. What our own server
 * refuses by design is no test of it: `entrepot.test.ts` holds the refusals.
 */
export function conforms(
  registry: Registry,
  name: string,
  needs: readonly Feature[],
  run: (t: TestContext) => Promise<void>,
): void {
  const missing = needs.filter((feature) => !registry.has(feature))
  if (missing.length > 0 && registry.isOwn) return
  it(name, { skip: missing.length > 0 && `without ${missing.join(', ')}` }, run)
}
