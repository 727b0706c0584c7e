// What a shell may offer for the word being written, and the scripts by which shells ask for it.

import type { Doc, Field } from '@entrepot/contract/fields.ts'
import { scripts } from './completion-scripts.ts'
import { usageError } from './failures.ts'
import { actionsOfProduct, isNamed, isProduct, products, toKebab } from './names.ts'
import { isOption, optionOf, options } from './options.ts'
import { readProfiles } from './profiles.ts'
import type { CommandContext } from './program.ts'
import type { Terminal } from './terminal.ts'

export interface Suggestion {
  readonly value: string
  readonly doc: Doc
}

const nothing: Doc = { en: '', zh: '' }
const bare = (values: readonly string[]): readonly Suggestion[] =>
  values.map((value) => ({ value, doc: nothing }))

export function completionCommand({ terminal }: CommandContext, words: readonly string[]): void {
  const [shell = ''] = words
  const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined
  if (script === undefined || words.length > 1) {
    throw usageError(
      'write: entrepot completion bash|zsh|fish',
      '用法：entrepot completion bash|zsh|fish',
    )
  }
  terminal.print(script)
}

const wordsOfCommands: Readonly<Record<string, readonly string[]>> = {
  configure: ['set', 'get', 'list', 'default', 'remove'],
  login: ['docker'],
  image: ['copy', 'ls-tags'],
  wait: ['instance', 'job', 'storage-move'],
  completion: ['bash', 'zsh', 'fish'],
  help: [...products],
  version: [],
}

/** The last of the words is the one being written, perhaps empty. */
export function suggest(words: readonly string[], terminal: Terminal): readonly Suggestion[] {
  const last = words.at(-1) ?? ''
  return candidates(words, terminal).filter(({ value }) => value.startsWith(last))
}

function candidates(words: readonly string[], terminal: Terminal): readonly Suggestion[] {
  const before = words.slice(0, -1)
  const last = words.at(-1) ?? ''
  const previous = before.at(-1) ?? ''
  const name = previous.startsWith('--') ? previous.slice(2) : ''
  const option = optionOf(name)
  if (option?.value !== undefined) {
    if (name === 'profile') return bare(profileNames(terminal))
    return bare(option.values ?? [])
  }
  const [first, second] = plainWords(before)
  if (first === undefined) return last.startsWith('-') ? optionFlags() : firstWords()
  if (!isProduct(first)) {
    return last.startsWith('-') ? optionFlags() : bare(second ? [] : (wordsOfCommands[first] ?? []))
  }
  if (second === undefined) {
    if (last.startsWith('-')) return optionFlags()
    return actionsOfProduct(first).map(({ name: value, doc }) => ({ value, doc }))
  }
  const action = actionsOfProduct(first).find((one) => isNamed(second, one.name))
  if (!action) return []
  const fields = Object.entries(action.input)
  const [, field] = fields.find(([known]) => name !== '' && isNamed(name, known)) ?? []
  if (field && !last.startsWith('--')) return bare(valuesOf(field))
  const flags = fields.map(([known, { doc }]) => ({ value: flagFor(known, last), doc }))
  return [...flags, ...optionFlags()]
}

/** As the writer has begun: `--R` or `--r`. */
function flagFor(name: string, last: string): string {
  const kebab = toKebab(name)
  return /^--[A-Z]/.test(last) || isOption(kebab) ? `--${name}` : `--${kebab}`
}

function valuesOf(field: Field): readonly string[] {
  switch (field.kind) {
    case 'text':
      return field.values ?? []
    case 'integer':
      return field.values?.map(String) ?? []
    case 'flag':
      return ['true', 'false']
    case 'list':
      return valuesOf(field.item)
    default:
      return []
  }
}

/** Without options and their values. */
function plainWords(words: readonly string[]): readonly string[] {
  return words.filter((word, i) => {
    const previous = words[i - 1]?.slice(2) ?? ''
    return !word.startsWith('-') && optionOf(previous)?.value === undefined
  })
}

function firstWords(): readonly Suggestion[] {
  return bare([...products, ...Object.keys(wordsOfCommands)])
}

function optionFlags(): readonly Suggestion[] {
  return Object.keys(options).map((name) => ({
    value: `--${name}`,
    doc: optionOf(name)?.doc ?? nothing,
  }))
}

function profileNames(terminal: Terminal): readonly string[] {
  try {
    return Object.keys(readProfiles(terminal).profiles)
  } catch {
    // A broken file is told of by the command, not while it is being written.
    return []
  }
}
