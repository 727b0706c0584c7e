// Where settings come from: the environment, `…_FILE` for secrets, one YAML file. The environment wins over
// the file; an empty value counts as none (compose files pass those).

import { resolve } from 'node:path'
import { parseDocument } from 'yaml'
import { ConfigError } from '../start-error.ts'
import { nearestName } from './nearest-name.ts'
import { fileName, type Setting, settings } from './table.ts'

export interface SettingsFiles {
  /** Text of a file, or undefined where there is none; throws when it can't be read. */
  read(path: string): string | undefined
}

export type Environment = Readonly<Record<string, string | undefined>>

export interface GivenText {
  readonly text: string
  /** How an error names the place: `ENTREPOT_LISTEN`, or `listen in ./entrepot.yaml`. */
  readonly place: string
}

export interface Given {
  /** By the setting's name. */
  readonly texts: ReadonlyMap<string, GivenText>
  readonly warnings: readonly string[]
}

const allSettings: readonly Setting<unknown>[] = Object.values(settings)
const byFileName = new Map(allSettings.flatMap((setting) => fileNamesOf(setting)))

// What the environment may hold beside settings: also what the command line reads.
const otherNames =
  /^ENTREPOT_(CONFIG$|TEST_|(ENDPOINT|PROFILE|LANGUAGE|SECRET_ID|SECRET_KEY|SESSION_TOKEN)$)/

function fileNamesOf(setting: Setting<unknown>): [string, string][] {
  const names = [setting.name, ...(setting.kind.secret ? [`${setting.name}_FILE`] : [])]
  return names.map((name) => [fileName(name), name])
}

export function gatherSettings(env: Environment, cwd: string, files: SettingsFiles): Given {
  const warnings: string[] = []
  const given = readFile(env, cwd, files, warnings)
  const names = new Set(byFileName.values())
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith('ENTREPOT_') || otherNames.test(name)) continue
    if (!names.has(name)) warnings.push(unknownName(name, name, [...names]))
    else if (text !== undefined && text !== '') {
      given.delete(name)
      given.delete(otherForm(name))
      given.set(name, { text, place: name })
    }
  }
  refuseBothForms(env)
  return { texts: readSecretFiles(given, cwd, files), warnings }
}

function otherForm(name: string): string {
  return name.endsWith('_FILE') ? name.slice(0, -'_FILE'.length) : `${name}_FILE`
}

function refuseBothForms(env: Environment): void {
  for (const { name, kind } of allSettings) {
    if (kind.secret && env[name] && env[`${name}_FILE`]) {
      throw new ConfigError(`${name} and ${name}_FILE are both set. Leave one of them out.`)
    }
  }
}

function unknownName(place: string, name: string, known: readonly string[]): string {
  const near = nearestName(name, known)
  const hint = near === undefined ? 'see docs/settings.md' : `did you mean ${near}?`
  return `${place} is not a setting and is ignored; ${hint}`
}

function readFile(
  env: Environment,
  cwd: string,
  files: SettingsFiles,
  warnings: string[],
): Map<string, GivenText> {
  const path = resolve(cwd, env.ENTREPOT_CONFIG || 'entrepot.yaml')
  const yaml = readText(files, path, 'the settings file')
  const given = new Map<string, GivenText>()
  if (yaml === undefined) {
    if (!env.ENTREPOT_CONFIG) return given
    throw new ConfigError(
      `ENTREPOT_CONFIG names ${path}, which does not exist. Correct the path or leave it out.`,
    )
  }
  for (const [key, text] of flatten(parseYaml(yaml, path), path)) {
    const name = byFileName.get(key)
    const place = `${key} in ${path}`
    if (name === undefined) warnings.push(unknownName(place, key, [...byFileName.keys()]))
    else if (given.has(name) || given.has(otherForm(name))) {
      throw new ConfigError(`${place} is given twice. Leave one of them out.`)
    } else if (text !== '') given.set(name, { text, place })
  }
  return given
}

const maxFileLength = 1024 * 1024

function readText(files: SettingsFiles, path: string, what: string): string | undefined {
  let text: string | undefined
  try {
    text = files.read(path)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigError(`${what} ${path} can't be read: ${reason}. Check its permissions.`, error)
  }
  if (text !== undefined && text.length > maxFileLength) {
    throw new ConfigError(`${what} ${path} is larger than 1 MiB. Is it the right file?`)
  }
  return text
}

function parseYaml(yaml: string, path: string): unknown {
  const document = parseDocument(yaml, { logLevel: 'silent' })
  const [error] = document.errors
  if (error) {
    // The library's message goes on with an excerpt of the file, which may hold a secret.
    const line = error.linePos?.[0].line
    throw new ConfigError(`${path} is not YAML: line ${line ?? '?'} (${error.code}). Correct it.`)
  }
  try {
    return document.toJS({ maxAliasCount: 0 })
  } catch (error) {
    throw new ConfigError(`${path} must not use YAML aliases. Write the values out.`, error)
  }
}

const maxNesting = 4

/** Nested names are joined by dashes, lists by commas. */
function* flatten(
  value: unknown,
  path: string,
  prefix = '',
  depth = 0,
): Generator<[string, string]> {
  if (value === null || value === undefined) return
  if (typeof value === 'object' && !Array.isArray(value) && depth < maxNesting) {
    for (const [key, inner] of Object.entries(value)) {
      yield* flatten(inner, path, prefix === '' ? key : `${prefix}-${key}`, depth + 1)
    }
    return
  }
  const items: unknown[] = Array.isArray(value) ? value : [value]
  if (prefix === '' || items.some((item) => typeof item === 'object')) {
    const place = prefix === '' ? path : `${prefix} in ${path}`
    throw new ConfigError(
      `${place} must hold names with plain values or lists of them. Correct it.`,
    )
  }
  yield [prefix, items.map(String).join(',')]
}

function readSecretFiles(
  given: ReadonlyMap<string, GivenText>,
  cwd: string,
  files: SettingsFiles,
): ReadonlyMap<string, GivenText> {
  const texts = new Map<string, GivenText>()
  for (const [name, { text, place }] of given) {
    if (!name.endsWith('_FILE')) {
      texts.set(name, { text, place })
      continue
    }
    const path = resolve(cwd, text)
    const content = readText(files, path, `${place}:`)
    if (content === undefined) {
      throw new ConfigError(`${place} names ${path}, which does not exist. Correct the path.`)
    }
    texts.set(otherForm(name), { text: content.replace(/\r?\n$/, ''), place: `${place} (${path})` })
  }
  return texts
}
