// `entrepot configure`: asks for what a profile holds, or sets and shows single values.

import { parseEndpoint } from '@entrepot/client/client.ts'
import { usageError } from './failures.ts'
import { nearestName, unknownName } from './names.ts'
import { refuseFlags } from './options.ts'
import {
  checkProfileValue,
  type Profile,
  type ProfileField,
  profileFields,
  profileNamed,
  profilesPath,
  readProfiles,
  secretFields,
  writeProfiles,
} from './profiles.ts'
import type { CommandContext } from './program.ts'

const help = 'entrepot configure --help'

export async function configure(context: CommandContext, words: readonly string[]): Promise<void> {
  refuseFlags(words, help)
  const [verb, ...rest] = words
  switch (verb) {
    case undefined:
      return ask(context)
    case 'set':
      return set(context, rest)
    case 'get':
      return get(context, rest)
    case 'list':
      return list(context, rest)
    case 'default':
      return makeDefault(context, rest)
    case 'remove':
      return remove(context, rest)
    default: {
      const verbs = ['set', 'get', 'list', 'default', 'remove']
      const what = { en: `configure has no ${verb}`, zh: `configure 没有 ${verb}` }
      throw unknownName(what, nearestName(verb, verbs), help)
    }
  }
}

const questions: readonly (readonly [field: ProfileField, en: string, zh: string])[] = [
  ['endpoint', 'Endpoint (http://127.0.0.1:5000)', '服务器地址（http://127.0.0.1:5000）'],
  ['secret-id', 'SecretId', 'SecretId'],
  ['secret-key', 'SecretKey (not shown)', 'SecretKey（不显示）'],
  ['region', 'Region (empty: none)', '地域（可为空）'],
  ['language', 'Language (en, zh, empty: as the system)', '语言（en、zh，为空则随系统）'],
]

/** An empty answer keeps what was there. */
async function ask(context: CommandContext): Promise<void> {
  const { terminal, say } = context
  const before = currentProfile(context)
  const answers: Partial<Record<ProfileField, string>> = {}
  const asking = terminal.openQuestions()
  try {
    for (const [field, en, zh] of questions) {
      const isSecret = secretFields.includes(field)
      const old = isSecret && before[field] ? '****' : before[field]
      const question = `${say({ en, zh })}${old ? ` [${old}]` : ''}: `
      const answer = await asking.ask(question, { isSecret })
      if (answer?.trim()) answers[field] = answer.trim()
    }
  } finally {
    asking.close()
  }
  for (const [field, value] of Object.entries(answers)) check(field as ProfileField, value)
  // A token belongs to the key with which it came.
  const { 'session-token': token, ...kept } = before
  const isNewKey = answers['secret-id'] !== undefined
  save(context, { ...kept, ...(token && !isNewKey && { 'session-token': token }), ...answers })
  terminal.note(`${say({ en: 'Written to', zh: '已写入' })} ${profilesPath(terminal)}\n`)
}

async function set(context: CommandContext, words: readonly string[]): Promise<void> {
  const [name, value, ...more] = words
  if (name === undefined || value === undefined || more.length > 0) {
    throw usageError(
      'write: entrepot configure set NAME VALUE',
      '用法：entrepot configure set 名称 取值',
    )
  }
  const field = fieldNamed(name)
  // A secret in the command would stand in the shell's history, and in the list of processes.
  const text = value === '-' ? (await context.terminal.readInput()).trim() : value
  check(field, text)
  const { [field]: _, ...rest } = currentProfile(context)
  save(context, text === '' ? rest : { ...rest, [field]: text })
}

function get(context: CommandContext, [name, ...more]: readonly string[]): void {
  if (name === undefined || more.length > 0) {
    throw usageError('write: entrepot configure get NAME', '用法：entrepot configure get 名称')
  }
  const value = currentProfile(context)[fieldNamed(name)]
  if (value !== undefined) context.terminal.print(`${value}\n`)
}

function list({ terminal }: CommandContext, more: readonly string[]): void {
  if (more.length > 0) {
    throw usageError('write: entrepot configure list', '用法：entrepot configure list')
  }
  const file = readProfiles(terminal)
  for (const [name, profile] of Object.entries(file.profiles)) {
    const mark = name === file.default ? '*' : ' '
    terminal.print(`${mark} ${name}\t${profile.endpoint ?? ''}\t${profile['secret-id'] ?? ''}\n`)
  }
}

function makeDefault({ terminal }: CommandContext, [name, ...more]: readonly string[]): void {
  if (name === undefined || more.length > 0) {
    throw usageError(
      'write: entrepot configure default PROFILE',
      '用法：entrepot configure default 配置名',
    )
  }
  const file = readProfiles(terminal)
  profileNamed(file, name)
  writeProfiles(terminal, { ...file, default: name })
}

function remove({ terminal }: CommandContext, [name, ...more]: readonly string[]): void {
  if (name === undefined || more.length > 0) {
    throw usageError(
      'write: entrepot configure remove PROFILE',
      '用法：entrepot configure remove 配置名',
    )
  }
  const file = readProfiles(terminal)
  profileNamed(file, name)
  const { [name]: _, ...profiles } = file.profiles
  writeProfiles(terminal, { ...file, profiles })
}

function fieldNamed(name: string): ProfileField {
  const field = profileFields.find((one) => one === name)
  if (field) return field
  const what = { en: `a profile has no ${name}`, zh: `配置没有 ${name}` }
  throw unknownName(what, nearestName(name, profileFields), help)
}

function check(field: ProfileField, value: string): void {
  if (value === '') return
  checkProfileValue(field, value)
  if (field !== 'endpoint') return
  try {
    parseEndpoint(value)
  } catch (error) {
    const why = error instanceof Error ? error.message : ''
    throw usageError(why, `${value} 不是有效的地址：请写成 http://主机:端口 或 https://主机:端口`)
  }
}

/** The profile that is named, or used where none is, is made by setting something of it. */
function nameOf({ given, terminal }: CommandContext): string {
  const named = given.get('profile') ?? terminal.env.ENTREPOT_PROFILE
  const name = named || readProfiles(terminal).default
  if (/^[\w.-]{1,64}$/.test(name) && name !== '__proto__') return name
  throw usageError(
    'the name of a profile has letters, digits, . _ - and at most 64 of them',
    '配置名只能包含字母、数字和 . _ -，最多 64 个字符',
  )
}

function currentProfile(context: CommandContext): Profile {
  const { profiles } = readProfiles(context.terminal)
  const name = nameOf(context)
  return (Object.hasOwn(profiles, name) ? profiles[name] : undefined) ?? {}
}

function save(context: CommandContext, profile: Profile): void {
  const { terminal } = context
  const file = readProfiles(terminal)
  writeProfiles(terminal, {
    ...file,
    profiles: { ...file.profiles, [nameOf(context)]: profile },
  })
}
