// What a test presses and reads, in the language that the page speaks. Tests name it in English; the catalogues know
// what that is in Chinese, so that a flow is written once and done in both.

import { en } from '../../packages/console/src/words/en.ts'
import { fillWords, type Values } from '../../packages/console/src/words/fill.ts'
import { zh } from '../../packages/console/src/words/zh.ts'

/** Of a name or a text: all of it, with `*` for what can't be known. */
export type Say = (english: string) => RegExp

interface Meaning {
  readonly text: string
  /** Of what was said, without the values in it: the more, the surer. */
  readonly fixedChars: number
}

const pairs = Object.entries(en).flatMap(([area, words]) =>
  Object.entries<string>(words).map(([name, text]) => {
    const inChinese: Readonly<Record<string, string>> = zh[area as keyof typeof zh]
    return { english: text, chinese: inChinese[name] ?? '' }
  }),
)

export function sayIn(language: 'en' | 'zh'): Say {
  if (language === 'en') return (english) => new RegExp(`^${patternOf(english)}$`)
  return (english) => {
    const meanings = pairs.flatMap(({ english: template, chinese }): Meaning[] => {
      const values = readValues(template, english)
      if (!values) return []
      const text = fillWords(chinese, values, 'zh-CN')
      const filled = Object.values(values).join('')
      return [{ text, fixedChars: english.length - filled.length }]
    })
    const most = Math.max(0, ...meanings.map(({ fixedChars }) => fixedChars))
    if (most === 0) throw new Error(`no word of the console says: ${english}`)
    const surest = meanings.filter(({ fixedChars }) => fixedChars === most)
    // The same English may be different words for different things.
    const texts = [...new Set(surest.map(({ text }) => patternOf(text)))]
    return new RegExp(`^(?:${texts.join('|')})$`)
  }
}

function patternOf(text: string): string {
  return escaped(text).replaceAll('\\*', '.+')
}

/** What stands first in the name of a field: its help follows. */
export function begins({ source }: RegExp): RegExp {
  return new RegExp(source.replace(/\$$/, ''))
}

/** Within a longer text. */
export function within({ source }: RegExp): RegExp {
  return new RegExp(source.replace(/^\^|\$$/g, ''))
}

const plural = /\{(\w+)\|([^|{}]*(?:\{\w+\}[^|{}]*)*)\|((?:[^{}]|\{\w+\})*)\}/g

/** Undefined: this is not what the template says, of one or of several. */
function readValues(template: string, text: string): Values | undefined {
  const counts = [...template.matchAll(plural)].map(([, name = '']) => name)
  const ofOne = readPlain(template.replaceAll(plural, '$2'), text)
  if (ofOne) return { ...ofOne, ...Object.fromEntries(counts.map((name) => [name, 1])) }
  const values = readPlain(template.replaceAll(plural, '$3'), text)
  if (!values || counts.some((name) => !/^[\d,]+$/.test(values[name] ?? ''))) return undefined
  return { ...values, ...numbersOf(values, counts) }
}

function readPlain(template: string, text: string): Readonly<Record<string, string>> | undefined {
  const seen = new Set<string>()
  const source = template.split(/(\{\w+\})/).map((part) => {
    const [, name] = /^\{(\w+)\}$/.exec(part) ?? []
    if (name === undefined) return escaped(part)
    if (seen.has(name)) return `\\k<${name}>`
    seen.add(name)
    return `(?<${name}>.+)`
  })
  const found = new RegExp(`^${source.join('')}$`).exec(text)
  return found ? { ...found.groups } : undefined
}

function numbersOf(values: Readonly<Record<string, string>>, names: readonly string[]): Values {
  return Object.fromEntries(
    names.map((name) => [name, Number((values[name] ?? '').replaceAll(',', ''))]),
  )
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
