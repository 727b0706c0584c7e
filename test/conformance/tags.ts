// The tags list as a client reads it: its shape, its order, and its pages.
import assert from 'node:assert/strict'
import type { Reply } from './http-client.ts'
import type { Registry } from './registry.ts'
import { expectStatus, nextPage } from './reply-checks.ts'

const MAX_PAGES = 1000

export interface TagPage {
  readonly reply: Reply
  readonly tags: readonly string[]
  readonly next: string | undefined
}

export function tagsPath(repository: string): string {
  return `/v2/${repository}/tags/list`
}

export async function tagPage(
  registry: Registry,
  repository: string,
  query: Readonly<Record<string, string>> = {},
): Promise<TagPage> {
  const reply = await registry.call('GET', tagsPath(repository), { query })
  return readPage(reply, repository)
}

function readPage(reply: Reply, repository: string): TagPage {
  expectStatus(reply, 200)
  assert.match(reply.header('Content-Type') ?? '', /^application\/json\b/)
  const body = reply.json()
  assert.ok(typeof body === 'object' && body !== null, reply.describe())
  assert.ok('name' in body && body.name === repository, `"name": ${reply.describe()}`)
  assert.ok('tags' in body, `"tags": ${reply.describe()}`)
  // Go's servers write null for none; the specification says a list, which may be empty.
  assert.ok(Array.isArray(body.tags), `"tags" is a list, also when empty: ${reply.describe()}`)
  const tags = body.tags.map(String)
  expectOrdered(tags)
  return { reply, tags, next: nextPage(reply) }
}

/** All tags, over as many pages as the registry makes. */
export async function listTags(
  registry: Registry,
  repository: string,
  query: Readonly<Record<string, string>> = {},
): Promise<{ readonly tags: readonly string[]; readonly pages: readonly TagPage[] }> {
  const pages = [await tagPage(registry, repository, query)]
  for (let next = pages[0]?.next; next !== undefined; ) {
    assert.ok(pages.length < MAX_PAGES, 'the pages come to an end')
    const page = readPage(await registry.call('GET', next), repository)
    pages.push(page)
    next = page.next
  }
  return { tags: pages.flatMap((page) => page.tags), pages }
}

/** "Listing Tags": either in the order of bytes, or without regard to case. */
export function expectOrdered(tags: readonly string[]): void {
  const bytes = [...tags].sort()
  const lexical = [...tags].sort((a, b) => compare(a.toLowerCase(), b.toLowerCase()))
  const fold = (list: readonly string[]) => list.map((tag) => tag.toLowerCase()).join(' ')
  const ordered = tags.join(' ') === bytes.join(' ') || fold(tags) === fold(lexical)
  assert.ok(ordered, `tags are in lexical or byte order: ${tags.join(' ')}`)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
