// What each page speaks is loaded with it: an area that it needs and does not name would show as keys, one that it
// names and does not need would be waited for.

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, it } from 'node:test'
import { en } from './en.ts'

const root = join(import.meta.dirname, '..')
const sources = new Map(
  globSync('**/*.{ts,tsx}', { cwd: root })
    .filter((path) => !path.startsWith('words/') && !path.endsWith('.test.ts'))
    .map((path) => [path, readFileSync(join(root, path), 'utf8')] as const),
)
const keys: ReadonlySet<string> = new Set(
  Object.entries(en).flatMap(([area, words]) =>
    Object.keys(words).map((name) => `${area}.${name}`),
  ),
)
const first: ReadonlySet<string> = new Set(['frame', 'patterns'])
/** Of a part, and in the table of pages. */
const declared = /(?:withWords\(|page\('[^']+', )\s*\[([^\]]*)\],\s*\(\) => import\('([^']+)'\),?/g
const imported =
  /^(?:import|export)\b(?! type\b)(?:[^'\n]|\n(?!import\b))*?from '(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm

interface Loaded {
  readonly from: string
  readonly path: string
  readonly areas: readonly string[]
}

const allLoaded: readonly Loaded[] = [...sources].flatMap(([from, text]) =>
  [...text.matchAll(declared)].map(([, areas = '', path = '']) => ({
    from,
    path: resolve(from, path),
    areas: [...areas.matchAll(/'(\w+)'/g)].map(([, area = '']) => area),
  })),
)

function resolve(from: string, path: string): string {
  return relative('/', join('/', dirname(from), path))
}

/** What comes with a file, without what is loaded after it with words of its own. */
function closureOf(path: string, seen = new Set<string>()): ReadonlySet<string> {
  const text = sources.get(path)
  if (text === undefined || seen.has(path)) return seen
  seen.add(path)
  for (const [, still, later] of text.replaceAll(declared, '').matchAll(imported)) {
    closureOf(resolve(path, still ?? later ?? ''), seen)
  }
  return seen
}

function areasOf(path: string): readonly string[] {
  const texts = [...closureOf(path)].map((inner) => sources.get(inner) ?? '')
  const named = texts.flatMap((text) => [...text.matchAll(/['`]([a-z]\w*)\.\w+['`]/g)])
  const areas = named.filter(([key]) => keys.has(key.slice(1, -1))).map(([, area = '']) => area)
  return [...new Set(areas)].filter((area) => !first.has(area)).sort()
}

describe('the words of a page', () => {
  it('are loaded with it, and no others', () => {
    assert.ok(allLoaded.length > 0)
    const wrong = allLoaded
      .map(({ from, path, areas }) => ({ from, path, areas, needed: areasOf(path) }))
      .filter(({ areas, needed }) => areas.toSorted().join() !== needed.join())
      .map(({ from, path, needed }) => `${from}: ${path} speaks ${needed.join(', ')}`)
    assert.deepEqual(wrong, [])
  })

  it('are few before there is a page', () => {
    assert.deepEqual(areasOf('main.tsx'), [])
  })

  it('lie in files by the names of their areas', () => {
    for (const language of ['en', 'zh']) {
      const files = globSync('*.ts', { cwd: join(import.meta.dirname, language) })
      const areas = files.map((file) =>
        file.replace(/\.ts$/, '').replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
      )
      assert.deepEqual(areas.sort(), Object.keys(en).sort())
    }
  })
})

describe('scripts that are loaded later', () => {
  it('wait for a server that is away', () => {
    const wrong = [...sources]
      .filter(([, text]) => /\b(?:lazy|lazyRouteComponent)\(\(\) =>\s*import\(/.test(text))
      .map(([path]) => `${path}: by loadCode or withWords`)
    assert.deepEqual(wrong, [])
  })
})
