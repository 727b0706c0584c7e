// What may import what. The table is the architecture: a line that has to be added here is a decision.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Import, importsOf, listSourceFiles, type SourceFile } from './source-files.ts'

/** Each package, and the packages of ours that it may import. */
const packages: Readonly<Record<string, readonly string[]>> = {
  oci: [],
  contract: ['oci'],
  server: ['oci', 'contract'],
  client: ['oci', 'contract'],
  console: ['oci', 'contract', 'client'],
  cli: ['oci', 'contract', 'client'],
  agent: ['oci', 'contract', 'client'],
}

const callers: ReadonlySet<string> = new Set(['client', 'cli'])

/** The server's rooms from the ground up: a room imports its own layer and those below, never above. */
const layers: readonly (readonly [string, readonly string[]])[] = [
  [
    'ground',
    [
      ...[
        'db',
        'storage',
        'events',
        'jobs',
        'audit',
        'http',
        'crypto',
        'metrics',
        'config',
        'memory',
      ],
      ...['clock.ts', 'log.ts', 'redact.ts', 'config.ts', 'start-error.ts'],
    ],
  ],
  [
    'nouns',
    [
      ...['accounts', 'groups', 'roles', 'keys', 'policies', 'attachments', 'sts', 'credentials'],
      ...['access', 'logins', 'identity-providers', 'provider-logins'],
      ...['token-exchange', 'personal', 'personal-migration'],
      ...['instances', 'namespaces', 'repositories', 'images', 'cloud-tags', 'actions'],
      'bulk-deletions',
      ...[
        'blobs',
        'manifests',
        'tags',
        'quotas',
        'immutability',
        'webhooks',
        'retention',
        'webhooks',
        'gc',
        'recycle-bin',
        'verify',
        'audit-log',
        'metering',
        'job-list',
        'downloads',
        'ai-artifacts',
        'system',
        'overview',
        'activity',
        'search',
        'charts',
      ],
    ],
  ],
  ['edges', ['registry', 'chartrepo', 'cloud-api', 'console']],
  [
    'top',
    [
      'actions.ts',
      'coverage.ts',
      'app.ts',
      'background.ts',
      'commands',
      'deployment.ts',
      'main.ts',
      'processes',
      'processes.ts',
    ],
  ],
]

/** Libraries that only one room knows. */
const privateLibraries: Readonly<Record<string, string | readonly string[]>> = {
  pg: 'db',
  'node:sqlite': 'db',
  '@aws-sdk/client-s3': 'storage',
  pino: 'log.ts',
  'prom-client': 'metrics',
  yaml: ['config', 'charts'],
  cookie: 'console',
  re2js: 'webhooks',
  openpgp: 'charts',
}

const serverRoot = 'packages/server/src/'
const files = listSourceFiles()
const edges = files.flatMap((file) => importsOf(file).map((target) => ({ file, target })))

function packageOf(path: string): string | undefined {
  return /^packages\/([a-z-]+)\/src\//.exec(path)?.[1]
}

/** `db` of `…/db/open.ts`, `clock.ts` of `…/clock.ts`; a test beside a file belongs to its room. */
function roomOf(path: string): string | undefined {
  if (!path.startsWith(serverRoot)) return undefined
  const [first = ''] = path.slice(serverRoot.length).split('/')
  return first.replace(/\.test\.ts$/, '.ts')
}

function layerOf(room: string): number {
  return layers.findIndex(([, rooms]) => rooms.includes(room))
}

function layerName(room: string): string {
  return layers[layerOf(room)]?.[0] ?? 'no layer'
}

function offences(isWrong: (file: SourceFile, target: Import) => string | false): string[] {
  return edges.flatMap(({ file, target }) => {
    const why = isWrong(file, target)
    return why === false ? [] : [`${file.path} imports ${target.target}: ${why}`]
  })
}

describe('imports', () => {
  it('are found at all', () => {
    assert.ok(edges.length > 100)
    const ours = new Set(files.map((file) => file.path))
    const lost = offences((file, { target, isOurs }) => {
      const isCode = !target.endsWith('.css')
      return isOurs && isCode && !file.isTest && !ours.has(target) && 'there is no such file'
    })
    assert.deepEqual(lost, [])
  })

  it('keep to the table of packages', () => {
    const wrong = offences((file, { target, isOurs }) => {
      const [from, to] = [packageOf(file.path), packageOf(target)]
      if (from === undefined || !isOurs || from === to) return false
      // What calls the server is tested against the server.
      if (file.isTest && to === 'server' && callers.has(from)) return false
      if (to === undefined) return !file.isTest && 'a package imports only packages'
      return !packages[from]?.includes(to) && `${from} may not import ${to}`
    })
    assert.deepEqual(wrong, [])
  })

  it('of pure packages name no library, and of Node only what computes', () => {
    const pure = new Set(['oci', 'contract'])
    const allowed = new Set(['node:crypto', 'zod'])
    const wrong = offences((file, { target, isOurs }) => {
      const isPure = pure.has(packageOf(file.path) ?? '') && !file.isTest
      return isPure && !isOurs && !allowed.has(target) && 'this package is pure'
    })
    assert.deepEqual(wrong, [])
  })

  it('of the server never go up a layer', () => {
    const homeless = files
      .filter((file) => !file.isTest)
      .map((file) => roomOf(file.path))
      .filter((room) => room !== undefined && layerOf(room) === -1)
    assert.deepEqual([...new Set(homeless)], [], 'rooms that the table does not have')
    const wrong = offences((file, { target }) => {
      const [from, to] = [roomOf(file.path), roomOf(target)]
      // A test may build the whole program to test its room from outside.
      if (from === undefined || to === undefined || file.isTest) return false
      return layerOf(to) > layerOf(from) && `${layerName(from)} know no ${layerName(to)}`
    })
    assert.deepEqual(wrong, [])
  })

  it("of a noun are never another noun's actions or jobs", () => {
    // Not handlers but the names of actions and the resources of a policy.
    const named = `${serverRoot}access/actions.ts`
    const wrong = offences((file, { target }) => {
      const [from, to] = [roomOf(file.path), roomOf(target)]
      if (from === undefined || to === undefined || from === to || layerName(to) !== 'nouns')
        return false
      const isInner = /\/(?:actions|jobs)\.ts$/.test(target) && target !== named
      return isInner && layerName(from) === 'nouns' && 'it belongs to that noun alone'
    })
    assert.deepEqual(wrong, [])
  })

  it('of some libraries stay in one room', () => {
    const wrong = offences((file, { target }) => {
      const home = privateLibraries[target]
      const room = roomOf(file.path)
      if (home === undefined || room === undefined) return false
      return ![home].flat().includes(room) && `only ${home} knows it`
    })
    assert.deepEqual(wrong, [])
  })

  it('make no circle', () => {
    assert.deepEqual(findCircles(), [])
  })
})

/** Circles of imports that remain when types are gone; each once, as the path around it. */
function findCircles(): string[] {
  const targets = new Map<string, string[]>(files.map((file) => [file.path, []]))
  for (const { file, target } of edges) {
    if (target.isOurs && !target.isTypeOnly) targets.get(file.path)?.push(target.target)
  }
  const circles: string[] = []
  const done = new Set<string>()
  const walk = (path: string, above: readonly string[]): void => {
    const at = above.indexOf(path)
    if (at !== -1) circles.push([...above.slice(at), path].join(' → '))
    if (at !== -1 || done.has(path)) return
    for (const next of targets.get(path) ?? []) walk(next, [...above, path])
    done.add(path)
  }
  for (const path of targets.keys()) walk(path, [])
  return circles
}
