// `entrepot login docker`: from then on Docker asks our helper, which makes a temporary credential whenever it needs one;
// no secret stands in Docker's own file. With `--once`, `docker login` with one that lasts an hour.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Client } from '@entrepot/client/client.ts'
import { describeInstances } from '@entrepot/contract/tcr/instances.ts'
import { issueToken } from './docker-credential.ts'
import {
  type DockerToken,
  hostOf,
  readDockerHosts,
  withoutHost,
  writeDockerHosts,
} from './docker-hosts.ts'
import { CommandError, usageError } from './failures.ts'
import { readJsonFile, writeJsonFile } from './private-files.ts'
import type { CommandContext } from './program.ts'
import { clientFor, readSettings } from './settings.ts'
import type { Terminal } from './terminal.ts'

const helperName = 'entrepot'

interface Wish {
  readonly host: string | undefined
  readonly registryId: string | undefined
  readonly isOnce: boolean
}

export async function login(context: CommandContext, words: readonly string[]): Promise<void> {
  const wish = parseWish(words)
  const { given, tongue, terminal, say } = context
  const settings = readSettings(given, terminal)
  const client = clientFor(settings, { given, tongue })
  const { host, registryId } = await findRegistry(client, wish, terminal.signal)
  const token = await issueToken(client, registryId, terminal.signal)
  if (wish.isOnce) return loginOnce(terminal, host, token)
  const all = readDockerHosts(terminal)
  const known = { registryId, profile: settings.profileName, token }
  writeDockerHosts(terminal, {
    hosts: { ...all.hosts, [host]: known },
    stored: withoutHost(all.stored, host),
  })
  registerWithDocker(terminal, host)
  terminal.note(
    `${say({ en: `Docker logs in to ${host} by itself`, zh: `Docker 将自动登录 ${host}` })}\n`,
  )
  if (!isOnPath(terminal, `docker-credential-${helperName}`)) {
    const words = {
      en: 'docker-credential-entrepot is not on the PATH, where Docker looks for it',
      zh: 'PATH 中没有 docker-credential-entrepot，Docker 将找不到它',
    }
    terminal.note(`entrepot: ${say(words)}\n`)
  }
}

function parseWish(words: readonly string[]): Wish {
  const [what, ...rest] = words
  const usage = 'entrepot login docker [HOST] [--registry-id ID] [--once]'
  const wrong = usageError(`write: ${usage}`, `用法：${usage}`)
  if (what !== 'docker') throw wrong
  let host: string | undefined
  let registryId: string | undefined
  let isOnce = false
  for (let i = 0; i < rest.length; i += 1) {
    const word = rest[i] ?? ''
    if (word === '--once') isOnce = true
    else if (word === '--registry-id') {
      i += 1
      registryId = rest[i]
    } else if (word.startsWith('--registry-id=')) registryId = word.slice('--registry-id='.length)
    else if (host === undefined && word !== '' && !word.startsWith('-')) host = hostOf(word)
    else throw wrong
  }
  if (rest.includes('--registry-id') && !registryId) throw wrong
  return { host, registryId, isOnce }
}

/** Where one of the two is left out, the instances say. */
async function findRegistry(
  client: Client,
  { host, registryId }: Wish,
  signal: AbortSignal,
): Promise<{ readonly host: string; readonly registryId: string }> {
  if (host !== undefined && registryId !== undefined) return { host, registryId }
  const request = registryId === undefined ? { Limit: 200 } : { Registryids: [registryId] }
  const { Registries } = await client.call(describeInstances, request, { signal })
  const byHost = Registries.filter(({ PublicDomain }) => PublicDomain === host)
  // A bare address leads to the only instance.
  const fitting = byHost.length > 0 ? byHost : Registries
  const [found] = fitting
  if (found === undefined) {
    const what = registryId ?? host ?? ''
    throw new CommandError('notFound', {
      en: `there is no instance ${what}`,
      zh: `没有实例 ${what}`,
    })
  }
  if (fitting.length > 1) {
    const list = fitting.map((one) => `${one.RegistryId} (${one.RegistryName})`).join(', ')
    throw usageError(
      `there are several instances; name one with --registry-id: ${list}`,
      `有多个实例，请用 --registry-id 指定：${list}`,
    )
  }
  return { host: host ?? hostOf(found.PublicDomain), registryId: found.RegistryId }
}

export function dockerFolder({ env, home }: Terminal): string {
  return env.DOCKER_CONFIG || join(home, '.docker')
}

/** What else stands in Docker's file stays; a login that it holds for the host would be in the way. */
function registerWithDocker(terminal: Terminal, host: string): void {
  const path = join(dockerFolder(terminal), 'config.json')
  const file = readJsonFile(path) ?? {}
  const helpers = {
    ...(file.credHelpers as Record<string, string> | undefined),
    [host]: helperName,
  }
  const auths = withoutHost((file.auths as Record<string, unknown> | undefined) ?? {}, host)
  const { auths: _, ...rest } = file
  const kept = Object.keys(auths).length > 0 ? { auths } : {}
  writeJsonFile(path, { ...rest, ...kept, credHelpers: helpers }, '\t')
}

async function loginOnce(terminal: Terminal, host: string, token: DockerToken): Promise<void> {
  if (!isOnPath(terminal, 'docker')) {
    throw new CommandError('failed', {
      en: 'there is no docker on the PATH',
      zh: 'PATH 中没有 docker',
    })
  }
  const args = ['login', '--username', token.username, '--password-stdin', host]
  const child = spawn('docker', args, {
    env: { ...terminal.env },
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(token.secret)
  const [code] = (await once(child, 'close')) as [number | null]
  if (code === 0) return
  throw new CommandError('failed', { en: 'docker login failed', zh: 'docker login 失败' })
}

function isOnPath({ env }: Terminal, program: string): boolean {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : ['']
  const folders = (env.PATH ?? '').split(delimiter)
  return folders.some((folder) => endings.some((end) => isExecutable(join(folder, program + end))))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
