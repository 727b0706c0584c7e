// What a call needs, and where each piece of it is taken from: an option; a profile that is named; the environment; the
// profile that is used where none is named.

import {
  type Client,
  type Credential,
  createClient,
  parseEndpoint,
} from '@entrepot/client/client.ts'
import type { Doc } from '@entrepot/contract/fields.ts'
import { CommandError, usageError } from './failures.ts'
import { type GivenOptions, type OutputFormat, outputFormats, secondsOf } from './options.ts'
import { type Profile, profileNamed, readProfiles } from './profiles.ts'
import type { Terminal } from './terminal.ts'
import { readVersion } from './version.ts'

export type Tongue = keyof Doc

/** Beside those of the locale; `docs/cli.md` explains them. */
export const environmentNames = [
  'ENTREPOT_ENDPOINT',
  'ENTREPOT_SECRET_ID',
  'ENTREPOT_SECRET_KEY',
  'ENTREPOT_SESSION_TOKEN',
  'ENTREPOT_REGION',
  'ENTREPOT_LANGUAGE',
  'ENTREPOT_PROFILE',
] as const

export interface Settings {
  /** Where one was named, by option or environment. */
  readonly profileName: string | undefined
  readonly endpoint: string | undefined
  readonly credential: Credential | undefined
  readonly region: string | undefined
  readonly output: OutputFormat | undefined
}

export function readSettings(given: GivenOptions, terminal: Terminal): Settings {
  const { env } = terminal
  const asked = given.get('profile')
  const profileName = asked ?? (env.ENTREPOT_PROFILE || undefined)
  const profile = profileNamed(readProfiles(terminal), profileName)
  // A profile that is asked for in the command means its key, whatever the shell has.
  const own = asked === undefined ? {} : profile
  const around = asked === undefined ? env : {}
  return {
    profileName,
    endpoint:
      given.get('endpoint') ?? own.endpoint ?? (around.ENTREPOT_ENDPOINT || profile.endpoint),
    credential: credentialOf(own) ?? environmentCredential(around) ?? credentialOf(profile),
    region: given.get('region') ?? own.region ?? (around.ENTREPOT_REGION || profile.region),
    output: outputFormats.find((format) => format === profile.output),
  }
}

function credentialOf(profile: Profile): Credential | undefined {
  const secretId = profile['secret-id']
  const secretKey = profile['secret-key']
  if (!secretId || !secretKey) return undefined
  return { secretId, secretKey, token: profile['session-token'] }
}

/** Our names, then those of the official SDKs. */
function environmentCredential(env: Terminal['env']): Credential | undefined {
  for (const prefix of ['ENTREPOT', 'TENCENTCLOUD']) {
    const secretId = env[`${prefix}_SECRET_ID`]
    const secretKey = env[`${prefix}_SECRET_KEY`]
    if (!secretId && !secretKey) continue
    if (secretId && secretKey) {
      return { secretId, secretKey, token: env[`${prefix}_SESSION_TOKEN`] || undefined }
    }
    throw usageError(
      `${prefix}_SECRET_ID and ${prefix}_SECRET_KEY must be given together`,
      `${prefix}_SECRET_ID 与 ${prefix}_SECRET_KEY 必须同时设置`,
    )
  }
  return undefined
}

export function tongueOf(given: GivenOptions, terminal: Terminal): Tongue {
  const { env } = terminal
  const named = given.get('language') ?? env.ENTREPOT_LANGUAGE ?? profileLanguage(given, terminal)
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || ''
  return /^zh/i.test(named ?? locale) ? 'zh' : 'en'
}

/** A broken file is told of by the command, in some language. */
function profileLanguage(given: GivenOptions, terminal: Terminal): string | undefined {
  try {
    const quiet = { ...terminal, note: () => undefined }
    const name = given.get('profile') ?? (terminal.env.ENTREPOT_PROFILE || undefined)
    return profileNamed(readProfiles(quiet), name).language
  } catch {
    return undefined
  }
}

/** `isOpen`: for actions that need no key. */
export function clientFor(
  settings: Settings,
  { given, tongue, isOpen = false }: { given: GivenOptions; tongue: Tongue; isOpen?: boolean },
): Client {
  const { endpoint, credential, region } = settings
  if (!endpoint) throw unconfigured('endpoint', 'ENTREPOT_ENDPOINT', '--endpoint')
  if (!credential && !isOpen) throw unconfigured('key', 'ENTREPOT_SECRET_ID, ENTREPOT_SECRET_KEY')
  try {
    parseEndpoint(endpoint)
  } catch (error) {
    const why = error instanceof Error ? error.message : ''
    throw usageError(
      why,
      `${endpoint} 不是有效的地址：请写成 http://主机:端口 或 https://主机:端口`,
    )
  }
  return createClient({
    endpoint,
    credential,
    region,
    language: tongue === 'zh' ? 'zh-CN' : 'en-US',
    timeoutMs: secondsOf(given, 'timeout'),
    agent: `ENTREPOT_CLI_${readVersion()}`,
  })
}

function unconfigured(what: 'endpoint' | 'key', variables: string, option?: string): CommandError {
  const others = [option, variables].filter(Boolean).join(', ')
  const zh = what === 'endpoint' ? '服务器地址' : 'API 密钥'
  return new CommandError('credentials', {
    en: `there is no ${what} to use: run entrepot configure, or give ${others}`,
    zh: `没有可用的${zh}：请运行 entrepot configure，或提供 ${others}`,
  })
}
