// Settings that are kept under names: which server, which key.

import { CommandError, usageError } from './failures.ts'
import { nearestName } from './names.ts'
import { outputFormats } from './options.ts'
import { configPath, isExposed, readJsonFile, writeJsonFile } from './private-files.ts'
import type { Terminal } from './terminal.ts'

/** As `entrepot configure set` names them. */
export const profileFields = [
  'endpoint',
  'secret-id',
  'secret-key',
  'session-token',
  'region',
  'language',
  'output',
] as const
export type ProfileField = (typeof profileFields)[number]
export type Profile = Readonly<Partial<Record<ProfileField, string>>>

const fixedValues: Readonly<Partial<Record<ProfileField, readonly string[]>>> = {
  language: ['en', 'zh'],
  output: outputFormats,
}
export const secretFields: readonly ProfileField[] = ['secret-key', 'session-token']

export interface Profiles {
  /** The one that is used where none is named. */
  readonly default: string
  readonly profiles: Readonly<Record<string, Profile>>
}

const usualName = 'default'

export function profilesPath(terminal: Terminal): string {
  return configPath(terminal, 'profiles.json')
}

export function readProfiles(terminal: Terminal): Profiles {
  const path = profilesPath(terminal)
  const file = readJsonFile(path)
  if (file === undefined) return { default: usualName, profiles: {} }
  if (isExposed(path)) terminal.note(`entrepot: others may read ${path}: chmod 600 ${path}\n`)
  const entries = Object.entries(recordOf(file.profiles)).map(
    ([name, value]) => [name, toProfile(recordOf(value))] as const,
  )
  const named = typeof file.default === 'string' ? file.default : usualName
  return { default: named, profiles: Object.fromEntries(entries) }
}

/** What a newer program has written beside is left alone while reading. */
function toProfile(value: Readonly<Record<string, unknown>>): Profile {
  const fields = profileFields.filter((name) => typeof value[name] === 'string')
  return Object.fromEntries(fields.map((name) => [name, value[name]]))
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  const isRecord = typeof value === 'object' && value !== null
  return isRecord ? (value as Readonly<Record<string, unknown>>) : {}
}

export function writeProfiles(terminal: Terminal, profiles: Profiles): void {
  writeJsonFile(profilesPath(terminal), profiles)
}

/** A profile that is named must be there; the usual one may not be yet. */
export function profileNamed({ profiles, ...file }: Profiles, name: string | undefined): Profile {
  const profile = Object.hasOwn(profiles, name ?? file.default)
    ? profiles[name ?? file.default]
    : undefined
  if (profile) return profile
  if (name === undefined) return {}
  const near = nearestName(name, Object.keys(profiles))
  throw new CommandError('credentials', {
    en: `there is no profile ${name}; ${near ? `did you mean ${near}?` : `make it with: entrepot configure --profile ${name}`}`,
    zh: `没有配置 ${name}，${near ? `是否想输入 ${near}？` : `请运行：entrepot configure --profile ${name}`}`,
  })
}

export function checkProfileValue(field: ProfileField, value: string): void {
  const values = fixedValues[field]
  if (!values || values.includes(value)) return
  const list = values.join(', ')
  throw usageError(`${field} must be one of ${list}`, `${field} 只能是 ${list} 之一`)
}
