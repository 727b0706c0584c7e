// Whole lists. Each list of the API pages in one of three ways, and says its total under one of several names; or each
// page gives what to ask the next one with. The declaration tells which.

import type { Action } from '@entrepot/contract/action.ts'
import type { Field, Fields } from '@entrepot/contract/fields.ts'
import type { AnyReply, CallOptions, Client } from './client.ts'

/** The server clamps larger pages. */
const pageEntries = 200

/** Where a reply holds its entries: `['Registries']`, `['Data', 'RepoInfo']`. */
export type ListPath = readonly string[]

/** The first list of objects, or else of anything; undefined: the reply has none. */
export function listPathOf(fields: Fields): ListPath | undefined {
  const entries = Object.entries(fields)
  const isObjects = (field: Field) => field.kind === 'list' && field.item.kind === 'object'
  const found =
    entries.find(([, field]) => isObjects(field)) ??
    entries.find(([, field]) => field.kind === 'list')
  if (found) return [found[0]]
  for (const [name, field] of entries) {
    if (field.kind !== 'object') continue
    const inner = listPathOf(field.structure.fields)
    if (inner) return [name, ...inner]
  }
  return undefined
}

export function entriesAt(reply: unknown, path: ListPath): readonly unknown[] {
  const value = path.reduce((at, name) => (isRecord(at) ? at[name] : undefined), reply)
  return Array.isArray(value) ? value : []
}

export interface Page {
  readonly reply: AnyReply
  readonly entries: readonly unknown[]
}

const markNames = ['Marker', 'NextToken', 'PaginationToken'] as const

/** The field in which each page takes what the page before gave; undefined: the list pages by numbers, or not at all. */
function markOf({ paging, input, output }: Action): string | undefined {
  if (paging !== undefined) return undefined
  return markNames.find((name) => name in input && name in output)
}

export function hasPages(action: Action): boolean {
  const isPaged = action.paging !== undefined || markOf(action) !== undefined
  return isPaged && listPathOf(action.output) !== undefined
}

/** Throws TypeError for an action that has no pages. */
export async function* pagesOf(
  client: Client,
  action: Action,
  request: Readonly<Record<string, unknown>>,
  options: CallOptions = {},
): AsyncGenerator<Page, void> {
  const path = listPathOf(action.output)
  if (!hasPages(action) || path === undefined) throw new TypeError(`${action.name} has no pages`)
  const mark = markOf(action)
  if (mark === undefined) yield* numberedPages(client, action, request, path, options)
  else yield* markedPages(client, action, request, { path, mark }, options)
}

async function* markedPages(
  client: Client,
  action: Action,
  request: Readonly<Record<string, unknown>>,
  { path, mark }: { readonly path: ListPath; readonly mark: string },
  options: CallOptions,
): AsyncGenerator<Page, void> {
  let asked: Readonly<Record<string, unknown>> = { ...request, ...firstPage(action) }
  for (;;) {
    const reply = await client.send(action, asked, options)
    yield { reply, entries: entriesAt(reply, path) }
    const next = reply[mark]
    const isLast = reply.ListOver === true || reply.IsTruncated === false
    // A page that leads to itself would never end.
    if (isLast || next === asked[mark] || next === '' || next === undefined || next === null) return
    asked = { ...asked, [mark]: next }
  }
}

async function* numberedPages(
  client: Client,
  action: Action,
  request: Readonly<Record<string, unknown>>,
  path: ListPath,
  options: CallOptions,
): AsyncGenerator<Page, void> {
  let seen = 0
  for (let page = 1; ; page += 1) {
    const asked = { ...request, ...pageFields(action, page) }
    const reply = await client.send(action, asked, options)
    const entries = entriesAt(reply, path)
    yield { reply, entries }
    seen += entries.length
    const total = totalOf(reply, path)
    const isLast = total === undefined ? entries.length < pageEntries : seen >= total
    // A list that shrinks meanwhile never reaches its first total.
    if (entries.length === 0 || isLast) return
  }
}

/** What `pagesOf` adds to the request at first. */
export function firstPage(action: Action): Readonly<Record<string, unknown>> {
  return markOf(action) === undefined ? pageFields(action, 1) : markedFields(action)
}

/** The largest pages that the declaration allows. */
function markedFields({ input }: Action): Readonly<Record<string, unknown>> {
  const name = ['MaxResults', 'MaxItems'].find((known) => known in input)
  const field = name === undefined ? undefined : input[name]
  return name !== undefined && field?.kind === 'integer' ? { [name]: field.max } : {}
}

/**
 * Record offsets are right also for lists that count pages: a server takes an `Offset` that is a multiple of `Limit`
 * for one, since Terraform pages every list so.
 */
function pageFields({ input, paging }: Action, page: number): Record<string, unknown> {
  if (paging === 'page-size') {
    return { Page: page, ['Rp' in input ? 'Rp' : 'PageSize']: pageEntries }
  }
  const offset = (page - 1) * pageEntries
  // Of product vpc both are text.
  const write = (value: number) => (input.Offset?.kind === 'text' ? String(value) : value)
  return { Offset: write(offset), Limit: write(pageEntries) }
}

const totalNames = ['TotalCount', 'TotalNum', 'Total', 'NamespaceCount', 'TagCount']

function totalOf(reply: AnyReply, path: ListPath): number | undefined {
  const beside = path
    .slice(0, -1)
    .reduce<unknown>((at, name) => (isRecord(at) ? at[name] : {}), reply)
  if (!isRecord(beside)) return undefined
  const total = totalNames.map((name) => beside[name]).find((value) => typeof value === 'number')
  return total as number | undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
