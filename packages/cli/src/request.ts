// From flags to a request: names and types as the action declares them. `--Filters.0.Name Tags`, `--registry-ids a`
// (repeated for a list), `--Tags '[{"Key":"a"}]'`, `--is-public`, `--no-is-public`, `--Policy file://policy.json`.

import type { Action } from '@entrepot/contract/action.ts'
import type { Field, Fields } from '@entrepot/contract/fields.ts'
import { usageError } from './failures.ts'
import { isNamed, nearestName, toKebab, unknownName } from './names.ts'
import { isOption, needsValue, options } from './options.ts'

/** An index beyond it is a mistake. */
const maxIndex = 1000

type Step = string | number

/** What a flag names: the way into the request, and the field there. */
interface Place {
  readonly path: readonly Step[]
  readonly field: Field
  /** `--no-is-public`. */
  readonly isNegated: boolean
}

export type ReadText = (path: string) => string

/** Throws CommandError, naming the flag. */
export function parseFlags(
  action: Action,
  tokens: readonly string[],
  readText: ReadText,
): Record<string, unknown> {
  const request: Record<string, unknown> = {}
  for (let i = 0; i < tokens.length; i += 1) {
    const token = tokens[i] ?? ''
    const [, name, joined] = /^--([^=]+)(?:=([\s\S]*))?$/.exec(token) ?? []
    if (name === undefined) {
      throw usageError(
        `"${token}" is no flag; flags begin with --`,
        `"${token}" 不是参数，参数以 -- 开头`,
      )
    }
    const place = findPlace(action, name)
    const next = tokens[i + 1]
    if (joined !== undefined) setText(request, place, `--${name}`, fromFile(joined, readText))
    else if (place.field.kind === 'flag') {
      const isWord = !place.isNegated && (next === 'true' || next === 'false')
      if (isWord) i += 1
      setText(request, place, `--${name}`, isWord ? next : String(!place.isNegated))
    } else {
      if (next === undefined || next.startsWith('--')) {
        throw needsValue(`--${name}`, placeholderOf(place.field))
      }
      i += 1
      setText(request, place, `--${name}`, fromFile(next, readText))
    }
  }
  refuseHoles(request, '')
  return request
}

function fromFile(text: string, readText: ReadText): string {
  return text.startsWith('file://') ? readText(text.slice('file://'.length)) : text
}

/** In help and messages. */
export function placeholderOf(field: Field): string {
  switch (field.kind) {
    case 'text':
      return field.values ? field.values.filter(Boolean).join('|') : 'TEXT'
    case 'integer':
      return field.values ? field.values.join('|') : 'NUMBER'
    case 'number':
      return 'NUMBER'
    case 'flag':
      return 'true|false'
    case 'list':
      return field.item.kind === 'object' ? 'JSON' : `${placeholderOf(field.item)} …`
    case 'object':
      return 'JSON'
  }
}

function findPlace(action: Action, name: string): Place {
  const place = placeIn(action.input, name.split('.'), [])
  if (place) return place
  const negated = name.startsWith('no-') ? findNegated(action, name.slice('no-'.length)) : undefined
  if (negated) return negated
  const what = { en: `${action.name} has no --${name}`, zh: `${action.name} 没有 --${name}` }
  const known = flagNames(action)
  const near = nearestName(`--${name}`, known)
  throw unknownName(what, near, `entrepot ${action.product} ${action.name} --help`)
}

function findNegated(action: Action, name: string): Place | undefined {
  const place = placeIn(action.input, name.split('.'), [])
  return place?.field.kind === 'flag' ? { ...place, isNegated: true } : undefined
}

/** Flags of the first level, as they are written; of a field named like an option only the API's name. */
export function flagNames(action: Action): readonly string[] {
  const fields = Object.keys(action.input).flatMap((name) => {
    const kebab = toKebab(name)
    return isOption(kebab) ? [`--${name}`] : [`--${name}`, `--${kebab}`]
  })
  return [...fields, ...Object.keys(options).map((name) => `--${name}`)]
}

function placeIn(
  fields: Fields,
  [first = '', ...more]: readonly string[],
  above: readonly Step[],
): Place | undefined {
  const name = Object.keys(fields).find((known) => isNamed(first, known))
  const field = name === undefined ? undefined : fields[name]
  return name !== undefined && field ? placeBelow(field, more, [...above, name]) : undefined
}

function placeBelow(
  field: Field,
  steps: readonly string[],
  path: readonly Step[],
): Place | undefined {
  const [first, ...more] = steps
  if (first === undefined) return { path, field, isNegated: false }
  if (field.kind === 'object') return placeIn(field.structure.fields, steps, path)
  const isIndex = /^\d{1,4}$/.test(first) && Number(first) <= maxIndex
  if (field.kind !== 'list' || !isIndex) return undefined
  return placeBelow(field.item, more, [...path, Number(first)])
}

function setText(request: object, { path, field }: Place, flag: string, text: string): void {
  const isWhole = field.kind !== 'list' || text.trimStart().startsWith('[')
  if (isWhole) {
    setAt(request, path, toValue(field, flag, text), flag)
    return
  }
  const items = getAt(request, path)
  const item = toValue(field.item, flag, text)
  if (Array.isArray(items)) items.push(item)
  else setAt(request, path, [item], flag)
}

function toValue(field: Field, flag: string, text: string): unknown {
  switch (field.kind) {
    case 'text':
      return text
    case 'integer':
    case 'number':
      if (/^-?\d+(?:\.\d+)?$/.test(text)) return Number(text)
      throw usageError(
        `${flag} must be a number, not "${text}"`,
        `${flag} 应为数字，不能是 "${text}"`,
      )
    case 'flag':
      if (text === 'true' || text === 'false') return text === 'true'
      throw usageError(`${flag} must be true or false`, `${flag} 应为 true 或 false`)
    case 'list':
    case 'object':
      return parseJson(flag, text)
  }
}

export function parseJson(what: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : ''
    throw usageError(`${what} is no JSON: ${why}`, `${what} 不是 JSON：${why}`)
  }
}

type Container = Record<Step, unknown>

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null
}

function getAt(root: object, path: readonly Step[]): unknown {
  return path.reduce<unknown>((at, step) => (isContainer(at) ? at[step] : undefined), root)
}

/** The steps are names of the declaration, or indexes: none is `__proto__`. */
function setAt(root: object, path: readonly Step[], value: unknown, flag: string): void {
  let at = root as Container
  for (const [i, step] of path.slice(0, -1).entries()) {
    const next = at[step] ?? (typeof path[i + 1] === 'number' ? [] : {})
    if (!isContainer(next)) throw givenTwice(flag)
    at[step] = next
    at = next
  }
  const last = path.at(-1) ?? ''
  if (at[last] !== undefined) throw givenTwice(flag)
  at[last] = value
}

function givenTwice(flag: string): Error {
  return usageError(`${flag} is there twice`, `${flag} 重复`)
}

/** `--Filters.1.Name` without any `--Filters.0.…`. */
function refuseHoles(value: unknown, path: string): void {
  if (!isContainer(value)) return
  const keys: readonly Step[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  for (const key of keys) {
    const at = path === '' ? String(key) : `${path}.${key}`
    if (value[key] === undefined) {
      throw usageError(`--${at} is missing: indexes begin at 0`, `缺少 --${at}：下标从 0 开始`)
    }
    refuseHoles(value[key], at)
  }
}
