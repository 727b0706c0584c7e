// Docker's credential helper (docker/docker-credential-helpers): a verb as argument, JSON or a host on standard input,
// JSON or a message on standard output.

import type { Client } from '@entrepot/client/client.ts'
import { systemClock } from '@entrepot/client/clock.ts'
import type { Login } from '@entrepot/client/oci/auth.ts'
import { createInstanceToken } from '@entrepot/contract/tcr/credentials.ts'
import {
  type DockerHost,
  type DockerToken,
  hostOf,
  readDockerHosts,
  withoutHost,
  writeDockerHosts,
} from './docker-hosts.ts'
import { messageOf } from './failures.ts'
import { clientFor, readSettings, tongueOf } from './settings.ts'
import type { Terminal } from './terminal.ts'
import { readVersion } from './version.ts'

/** Docker then goes on without a login. */
const notFound = 'credentials not found in native keychain'
/** A push may take long after it got its credential. */
const marginMs = 5 * 60_000

type Verb = (terminal: Terminal) => Promise<string | undefined>

const verbs: Readonly<Record<string, Verb>> = {
  get,
  store,
  erase,
  async list(terminal) {
    const { hosts, stored } = readDockerHosts(terminal)
    const names = Object.entries(hosts).map(([host, { token }]) => [host, token?.username ?? ''])
    const logins = Object.entries(stored).map(([host, { username }]) => [host, username])
    return JSON.stringify(Object.fromEntries([...names, ...logins]))
  },
  version: async () => `docker-credential-entrepot ${readVersion()}`,
}

export async function dockerCredential(
  [name = '', ...more]: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const verb = Object.hasOwn(verbs, name) && more.length === 0 ? verbs[name] : undefined
  try {
    if (!verb) throw new Error(`usage: docker-credential-entrepot ${Object.keys(verbs).join('|')}`)
    const answer = await verb(terminal)
    if (answer !== undefined) terminal.print(`${answer}\n`)
    return 0
  } catch (error) {
    // Docker shows what stands on standard output.
    const words = messageOf(error)?.[tongueOf(new Map(), terminal)] ?? ''
    terminal.print(`${verb && error instanceof Missing ? notFound : words.split('\n', 1)[0]}\n`)
    return 1
  }
}

class Missing extends Error {}

async function get(terminal: Terminal): Promise<string> {
  const host = hostOf(await terminal.readInput())
  const login = await findDockerLogin(terminal, host)
  if (!login) throw new Missing()
  return JSON.stringify({ ServerURL: host, Username: login.username, Secret: login.password })
}

/** What the helper answers for the host; undefined: it knows none. */
export async function findDockerLogin(
  terminal: Terminal,
  host: string,
): Promise<Login | undefined> {
  const { hosts, stored } = readDockerHosts(terminal)
  const login = Object.hasOwn(stored, host) ? stored[host] : undefined
  if (login) return { username: login.username, password: login.secret }
  const known = Object.hasOwn(hosts, host) ? hosts[host] : undefined
  if (!known) return undefined
  const { username, secret } = isFresh(known.token)
    ? known.token
    : await renew(terminal, host, known)
  return { username, password: secret }
}

function isFresh(token: DockerToken | undefined): token is DockerToken {
  return token !== undefined && token.expiresMs - marginMs > systemClock.nowMs()
}

async function renew(terminal: Terminal, host: string, known: DockerHost): Promise<DockerToken> {
  const given = new Map(known.profile === undefined ? [] : [['profile', known.profile] as const])
  const tongue = tongueOf(given, terminal)
  const client = clientFor(readSettings(given, terminal), { given, tongue })
  const token = await issueToken(client, known.registryId, terminal.signal)
  const all = readDockerHosts(terminal)
  writeDockerHosts(terminal, { ...all, hosts: { ...all.hosts, [host]: { ...known, token } } })
  return token
}

/** A temporary credential of whoever the key belongs to. */
export async function issueToken(
  client: Client,
  registryId: string,
  signal: AbortSignal,
): Promise<DockerToken> {
  const request = { RegistryId: registryId, TokenType: 'temp' } as const
  const { Username, Token, ExpTime } = await client.call(createInstanceToken, request, { signal })
  return { username: Username, secret: Token, expiresMs: ExpTime }
}

async function store(terminal: Terminal): Promise<undefined> {
  const { ServerURL, Username, Secret } = JSON.parse(await terminal.readInput()) as Record<
    string,
    unknown
  >
  const host = hostOf(String(ServerURL ?? ''))
  if (host === '' || host === '__proto__') throw new Error('there is no ServerURL')
  const login = { username: String(Username ?? ''), secret: String(Secret ?? '') }
  const all = readDockerHosts(terminal)
  writeDockerHosts(terminal, { ...all, stored: { ...all.stored, [host]: login } })
}

/** `docker logout`. */
async function erase(terminal: Terminal): Promise<undefined> {
  const host = hostOf(await terminal.readInput())
  const { hosts, stored } = readDockerHosts(terminal)
  writeDockerHosts(terminal, {
    hosts: withoutHost(hosts, host),
    stored: withoutHost(stored, host),
  })
}
