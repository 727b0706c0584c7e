// The program's own options. They may stand anywhere in a command; an action's field of the same name is written as the
// API has it (`--Endpoint`).

import type { Doc } from '@entrepot/contract/fields.ts'
import { usageError } from './failures.ts'
import { nearestName, unknownName } from './names.ts'

interface Option {
  readonly doc: Doc
  /** What stands for the value in help; without one the option takes none. */
  readonly value?: string
  readonly values?: readonly string[]
}

export const outputFormats = ['json', 'table', 'text'] as const
export type OutputFormat = (typeof outputFormats)[number]

export const options = {
  profile: { value: 'NAME', doc: { en: 'Settings to use', zh: '使用的配置' } },
  endpoint: { value: 'URL', doc: { en: 'Address of the server', zh: '服务器地址' } },
  region: { value: 'NAME', doc: { en: 'Region to ask for', zh: '地域' } },
  language: {
    value: 'en|zh',
    values: ['en', 'zh'],
    doc: { en: 'Language of messages and help', zh: '提示与帮助的语言' },
  },
  output: {
    value: outputFormats.join('|'),
    values: outputFormats,
    doc: {
      en: 'table on a terminal, else json, unless told',
      zh: '输出格式，终端默认 table，否则 json',
    },
  },
  query: {
    value: 'EXPRESSION',
    doc: { en: 'What of the reply, in JMESPath', zh: '用 JMESPath 选取返回内容' },
  },
  'cli-input-json': {
    value: 'JSON|file://PATH|-',
    doc: { en: 'The request as JSON; flags go before it', zh: 'JSON 格式的请求，参数优先' },
  },
  all: { doc: { en: 'Every page of a list', zh: '获取列表的全部分页' } },
  wait: { doc: { en: 'Until what it began is over', zh: '等待操作完成' } },
  'wait-timeout': {
    value: 'SECONDS',
    doc: { en: 'At most so long, 1800 unless told', zh: '最长等待秒数，默认 1800' },
  },
  timeout: {
    value: 'SECONDS',
    doc: { en: 'For one call, 60 unless told', zh: '单次调用的超时秒数，默认 60' },
  },
  'no-color': { doc: { en: 'No colours on a terminal', zh: '终端不使用颜色' } },
  help: { doc: { en: 'What the command does', zh: '显示帮助' } },
  version: { doc: { en: 'Version of the program', zh: '显示版本' } },
} as const satisfies Readonly<Record<string, Option>>

export type OptionName = keyof typeof options
export type GivenOptions = ReadonlyMap<OptionName, string>

export interface CommandLine {
  readonly given: GivenOptions
  /** Words and flags that are not ours, in their order. */
  readonly rest: readonly string[]
}

const short: Readonly<Record<string, OptionName>> = { '-h': 'help', '-v': 'version' }

export function optionOf(name: string): Option | undefined {
  return isOption(name) ? options[name] : undefined
}

export function isOption(name: string): name is OptionName {
  return Object.hasOwn(options, name)
}

export function splitOptions(argv: readonly string[]): CommandLine {
  const given = new Map<OptionName, string>()
  const rest: string[] = []
  for (let i = 0; i < argv.length; i += 1) {
    const token = argv[i] ?? ''
    const [, long = '', text] = /^--([^=]+)(?:=([\s\S]*))?$/.exec(token) ?? []
    const name = short[token] ?? long
    if (!isOption(name)) {
      rest.push(token)
      continue
    }
    const option: Option = options[name]
    if (given.has(name)) throw usageError(`--${name} is there twice`, `--${name} 重复`)
    if (option.value === undefined) {
      if (text !== undefined) {
        throw usageError(`--${name} takes no value`, `--${name} 不带取值`)
      }
      given.set(name, '')
      continue
    }
    if (text === undefined) i += 1
    const value = text ?? argv[i]
    if (value === undefined) throw needsValue(`--${name}`, option.value)
    checkValue(name, option, value)
    given.set(name, value)
  }
  return { given, rest }
}

function checkValue(name: string, { values }: Option, value: string): void {
  if (!values || values.includes(value)) return
  const list = values.join(', ')
  throw usageError(`--${name} must be one of ${list}`, `--${name} 只能是 ${list} 之一`)
}

export function needsValue(name: string, value: string): Error {
  return usageError(`${name} needs a value: ${name} ${value}`, `${name} 缺少取值：${name} ${value}`)
}

/** Undefined where it is not given. */
export function secondsOf(given: GivenOptions, name: 'timeout' | 'wait-timeout') {
  const text = given.get(name)
  if (text === undefined) return undefined
  const seconds = Number(text)
  if (/^\d+(?:\.\d+)?$/.test(text) && seconds > 0 && seconds <= maxSeconds) return seconds * 1000
  throw usageError(`--${name} must be a number of seconds`, `--${name} 应为秒数`)
}

const maxSeconds = 7 * 86_400

/** For commands that take no flags: what is left over is a mistake. */
export function refuseFlags(rest: readonly string[], help: string): void {
  const flag = rest.find((token) => token.startsWith('-') && token !== '-')
  if (flag === undefined) return
  const names = Object.keys(options).map((name) => `--${name}`)
  const name = flag.split('=', 1)[0] ?? flag
  const what = { en: `there is no option ${name} here`, zh: `这里没有选项 ${name}` }
  throw unknownName(what, nearestName(name, names), help)
}
