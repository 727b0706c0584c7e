// `entrepot <product> <action> …`: flags to a request, the call, its pages, the wait, the output.

import type { AnyReply, Client } from '@entrepot/client/client.ts'
import { firstPage, hasPages, listPathOf, pagesOf } from '@entrepot/client/pages.ts'
import type { Action, Product } from '@entrepot/contract/action.ts'
import { validateInput } from '@entrepot/contract/validate.ts'
import { CommandError, usageError } from './failures.ts'
import { getAction } from './names.ts'
import { outputWish, printReply } from './output.ts'
import { readTextFile } from './private-files.ts'
import type { CommandContext } from './program.ts'
import { parseFlags, parseJson } from './request.ts'
import { clientFor, readSettings } from './settings.ts'
import { getWait, waitOptions } from './waits.ts'

type Request = Readonly<Record<string, unknown>>

export async function callCommand(
  context: CommandContext,
  product: Product,
  [name = '', ...tokens]: readonly string[],
): Promise<void> {
  const { given, terminal, tongue } = context
  const action = getAction(product, name)
  const isWhole = given.has('all')
  if (isWhole && !hasPages(action)) {
    throw usageError(`--all: ${name} has no pages`, `--all：${name} 没有分页`)
  }
  const wait = given.has('wait') ? getWait(action) : undefined
  const request = await readRequest(context, action, tokens)
  const settings = readSettings(given, terminal)
  const wish = outputWish(given, settings.output, terminal)
  const isOpen = action.access.kind === 'open'
  const client = clientFor(settings, { given, tongue, isOpen })
  const { signal } = terminal
  const reply = isWhole
    ? await callAll(client, action, request, signal)
    : await client.send(action, request, { signal })
  // The id of what was begun is told even where the wait fails.
  printReply(terminal, wish, reply, action)
  await wait?.(client, request, reply, waitOptions(context))
}

/** Checked here, so that most mistakes are told without a server. */
async function readRequest(
  { given, terminal }: CommandContext,
  action: Action,
  tokens: readonly string[],
): Promise<Request> {
  const json = given.get('cli-input-json')
  const base = json === undefined ? {} : await readJsonRequest(json, () => terminal.readInput())
  const request = { ...base, ...parseFlags(action, tokens, readNamedFile) }
  validateInput(action, given.has('all') ? { ...request, ...firstPage(action) } : request)
  return request
}

async function readJsonRequest(source: string, readInput: () => Promise<string>): Promise<Request> {
  const option = '--cli-input-json'
  const isFile = source.startsWith('file://')
  const text =
    source === '-'
      ? await readInput()
      : isFile
        ? readNamedFile(source.slice('file://'.length))
        : source
  const value = parseJson(option, text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Request
  throw usageError(`${option} must be an object`, `${option} 应为 JSON 对象`)
}

function readNamedFile(path: string): string {
  const text = readTextFile(path)
  if (text !== undefined) return text
  throw usageError(`there is no file ${path}`, `没有文件 ${path}`)
}

/** Beyond it a program should page itself. */
const maxEntries = 1_000_000

/** The first reply, with the entries of all. */
async function callAll(
  client: Client,
  action: Action,
  request: Request,
  signal: AbortSignal,
): Promise<AnyReply> {
  let first: AnyReply | undefined
  const all: unknown[] = []
  for await (const { reply, entries } of pagesOf(client, action, request, { signal })) {
    first ??= reply
    for (const entry of entries) all.push(entry)
    if (all.length > maxEntries) {
      throw new CommandError('failed', {
        en: `--all gives at most ${maxEntries} entries`,
        zh: `--all 最多返回 ${maxEntries} 条`,
      })
    }
  }
  const path = listPathOf(action.output) ?? []
  // A list has at least one page.
  return withEntries(first ?? {}, path, all) as AnyReply
}

function withEntries(reply: object, path: readonly string[], entries: readonly unknown[]): object {
  const [name = '', ...more] = path
  const inner = (reply as Request)[name]
  const value = more.length === 0 ? entries : withEntries(Object(inner), more, entries)
  return { ...reply, [name]: value }
}
