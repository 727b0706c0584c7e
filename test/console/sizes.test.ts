// How much script a first visit costs: the login and then the overview. What a page loads afterwards (plots, editors,
// Markdown) is not counted; nor may it become a part of what is.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { buildConsole, distFolder } from '../../packages/console/build/build.ts'

/** As it is sent, by brotli. */
const maxBytes = 250_000
/** Of one language: what is not seen yet is not waited for. */
const maxWordBytes = 8_000
const assets = join(distFolder, 'assets')

before(() => buildConsole())

test('the login and the overview load at most 250 kB of script', (t) => {
  const page = readFileSync(join(distFolder, 'index.html'), 'utf8')
  const first = [...page.matchAll(/assets\/([\w.-]+\.js)"/g)].map(([, name = '']) => name)
  assert.ok(first.length > 0)
  const loaded = new Set<string>()
  const load = (name: string) => {
    if (loaded.has(name)) return
    loaded.add(name)
    for (const inner of staticImports(name)) load(inner)
  }
  for (const name of [...first, ...chunks('login'), ...chunks('overview')]) load(name)
  const early = [...loaded].filter((name) => name.startsWith('words-'))
  assert.deepEqual(early, [], 'words wait for their turn')
  // Of the languages one is loaded, and of it what these pages speak.
  const words = ['en', 'zh'].map((language) =>
    ['frame', 'patterns', 'login', 'overview'].flatMap((area) =>
      chunks(`words-${language}-${area}`),
    ),
  )
  const sums = words.map((names) => names.reduce((bytes, name) => bytes + sentBytes(name), 0))
  const language = Math.max(...sums)
  const sum = [...loaded].reduce((bytes, name) => bytes + sentBytes(name), language)
  t.diagnostic(
    `${Math.round(sum / 1000)} kB of script in ${loaded.size} files, ${language} bytes of them words`,
  )
  assert.ok(language <= maxWordBytes)
  assert.ok(sum <= maxBytes, `${sum} bytes in ${[...loaded].join(' ')}`)
  for (const late of ['recharts', 'codemirror', 'markdown']) {
    const there = [...loaded].filter((name) => name.toLowerCase().includes(late))
    assert.deepEqual(there, [], `${late} loads after`)
  }
})

/** The files of a page by its name: a hash follows. */
function chunks(name: string): string[] {
  const found = readdirSync(assets).filter((file) =>
    new RegExp(`^${name}-[\\w-]{8}\\.js$`).test(file),
  )
  assert.ok(found.length > 0, `a file of ${name}`)
  return found
}

function staticImports(name: string): string[] {
  const text = readFileSync(join(assets, name), 'utf8')
  const named = text.matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([\w.-]+\.js)["']/g)
  return [...named].map(([, file = '']) => file)
}

function sentBytes(name: string): number {
  const compressed = join(assets, `${name}.br`)
  return statSync(existsSync(compressed) ? compressed : join(assets, name)).size
}
