// A reply on standard output: JSON for programs, a table for people, bare text for shells.

import { entriesAt, listPathOf } from '@entrepot/client/pages.ts'
import type { Action } from '@entrepot/contract/action.ts'
import { compile, search } from 'jmespath'
import { usageError } from './failures.ts'
import type { GivenOptions, OutputFormat } from './options.ts'
import { harmless, styleOf } from './screen.ts'
import { pairLines, tableOf } from './table.ts'
import type { Terminal } from './terminal.ts'

export interface OutputWish {
  readonly format: OutputFormat
  readonly query: string | undefined
  readonly hasNoColor: boolean
}

/** `preferred`: of the profile. Throws CommandError for a query that is none, before anything is called. */
export function outputWish(
  given: GivenOptions,
  preferred: OutputFormat | undefined,
  terminal: Terminal,
): OutputWish {
  const query = given.get('query')
  if (query !== undefined) refuseBadQuery(query)
  const asked = given.get('output') as OutputFormat | undefined
  const usual = terminal.isOutputTerminal ? 'table' : 'json'
  return { format: asked ?? preferred ?? usual, query, hasNoColor: given.has('no-color') }
}

function refuseBadQuery(query: string): void {
  try {
    compile(query)
  } catch (error) {
    throw badQuery(error)
  }
}

function badQuery(error: unknown): Error {
  const why = error instanceof Error ? error.message : ''
  return usageError(`--query is no JMESPath: ${why}`, `--query 不是有效的 JMESPath：${why}`)
}

export function printReply(
  terminal: Terminal,
  wish: OutputWish,
  reply: Readonly<Record<string, unknown>>,
  action?: Action,
): void {
  const value = wish.query === undefined ? reply : select(reply, wish.query)
  if (wish.format === 'json') terminal.print(`${jsonText(value ?? null)}\n`)
  else if (wish.format === 'text') {
    printText(terminal, wish.query === undefined ? bodyOf(reply, action) : value)
  } else if (wish.query === undefined && action) printListing(terminal, wish, reply, action)
  else printTable(terminal, wish, value)
}

/** The same JSON, without what moves a cursor: `JSON.stringify` leaves some of it as it is. */
function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2).split('\n').map(harmless).join('\n')
}

/** Fails on the types of values, which only the reply has. */
function select(reply: unknown, query: string): unknown {
  try {
    return search(reply, query)
  } catch (error) {
    throw badQuery(error)
  }
}

/** What the reply is about: its entries, else itself without the id of the request. */
function bodyOf(reply: Readonly<Record<string, unknown>>, action: Action | undefined): unknown {
  const path = action && listPathOf(action.output)
  if (path) return entriesAt(reply, path)
  const { RequestId: _, ...body } = reply
  return body
}

/** The entries as rows, then what else the reply says. */
function printListing(
  terminal: Terminal,
  wish: OutputWish,
  reply: Readonly<Record<string, unknown>>,
  action: Action,
): void {
  const path = listPathOf(action.output)
  if (!path) {
    printTable(terminal, wish, reply)
    return
  }
  const entries = entriesAt(reply, path)
  if (entries.length > 0) printTable(terminal, wish, entries)
  const [first = ''] = path
  const { [first]: list, RequestId: _, ...rest } = reply
  // Of `Data: { TotalCount, RepoInfo }` the count.
  const inner = typeof list === 'object' && list !== null && !Array.isArray(list) ? list : {}
  const beside = Object.entries({ ...inner, ...rest }).filter(([name]) => name !== path.at(-1))
  const style = styleOf(terminal, terminal.isOutputTerminal, wish.hasNoColor)
  printLines(terminal, pairLines(Object.fromEntries(beside), { style }))
}

function printTable(terminal: Terminal, wish: OutputWish, value: unknown): void {
  const style = styleOf(terminal, terminal.isOutputTerminal, wish.hasNoColor)
  const columns = terminal.isOutputTerminal ? terminal.columns : Number.POSITIVE_INFINITY
  const { lines, hidden } = tableOf(value, { columns, style })
  printLines(terminal, lines)
  if (hidden.length > 0) terminal.note(`… ${hidden.join(', ')}: --output json\n`)
}

/** Values without quotes, one a line; of a list of lists or entries, tabs between. */
function printText(terminal: Terminal, value: unknown): void {
  if (value === null || value === undefined) return
  const rows = Array.isArray(value) ? value : [value]
  printLines(
    terminal,
    rows.map((row) => {
      const cells = typeof row === 'object' && row !== null ? Object.values(row) : [row]
      const line = cells.map(bare).join('\t')
      return terminal.isOutputTerminal ? harmless(line).replaceAll('\\t', '\t') : line
    }),
  )
}

function bare(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function printLines(terminal: Terminal, lines: readonly string[]): void {
  if (lines.length > 0) terminal.print(`${lines.join('\n')}\n`)
}
