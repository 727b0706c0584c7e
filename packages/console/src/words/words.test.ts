// The catalogues: nothing missing, nothing unused, nothing written into a page.

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { en } from './en.ts'
import { fillWords } from './fill.ts'
import { zh } from './zh.ts'

const root = join(import.meta.dirname, '..')
const sources = globSync('**/*.{ts,tsx}', { cwd: root })
  .filter((path) => !path.startsWith('words/') && !path.endsWith('.test.ts'))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))

const keysOf = (catalogue: Readonly<Record<string, object>>): readonly string[] =>
  Object.entries(catalogue).flatMap(([area, words]) =>
    Object.keys(words).map((name) => `${area}.${name}`),
  )
const textsOf = (catalogue: Readonly<Record<string, Readonly<Record<string, string>>>>) =>
  new Map(
    Object.entries(catalogue).flatMap(([area, words]) =>
      Object.entries(words).map(([name, text]) => [`${area}.${name}`, text] as const),
    ),
  )

describe('the catalogues', () => {
  it('have the same words in both languages', () => {
    assert.deepEqual(keysOf(zh), keysOf(en))
  })

  it('have none that no page uses', () => {
    const used = new Set(
      sources.flatMap(({ text }) =>
        [...text.matchAll(/['`]([a-z]\w*\.\w+)['`]/g)].map(([, key]) => key),
      ),
    )
    const unused = keysOf(en).filter((key) => !used.has(key))
    assert.deepEqual(unused, [])
  })

  it('put the same values into both languages', () => {
    const names = (text: string) =>
      [...new Set([...text.matchAll(/\{(\w+)/g)].map(([, name]) => name))].sort()
    const chinese = textsOf(zh)
    const wrong = [...textsOf(en)].filter(
      ([key, text]) => names(text).join() !== names(chinese.get(key) ?? '').join(),
    )
    assert.deepEqual(wrong, [])
  })

  it('have Chinese in the Chinese one, and none in the English one', () => {
    const chinese = /[\u4e00-\u9fff]/
    // Names are the same in both: Digest, Manifest, a unit.
    const isName = (text: string) => /^[\w .·:{}/+|#@-]*$/.test(text)
    const wrongEnglish = [...textsOf(en)].filter(([, text]) => chinese.test(text))
    const wrongChinese = [...textsOf(zh)].filter(([, text]) => !chinese.test(text) && !isName(text))
    assert.deepEqual([...wrongEnglish, ...wrongChinese], [])
  })

  it('hold every word that a page shows', () => {
    const wrong = sources
      .filter(({ path }) => path.endsWith('.tsx'))
      .flatMap(({ path, text }) => writtenWords(text).map((words) => `${path}: ${words}`))
    assert.deepEqual(wrong, [])
  })
})

/** The product's own name, and names that are the same in every language. */
const allowedWords = new Set(['Entrepot', '中文', 'English', 'Ctrl K', 'K'])

const isFileName = (words: string): boolean => /^\/[\w./-]+$/.test(words)

/** Text between tags, and of attributes that people read or hear. */
function writtenWords(text: string): readonly string[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  const between = [
    ...code.matchAll(/>\s*([^<>{}=;()]*[A-Za-z\u4e00-\u9fff]{2,}[^<>{}=;()]*?)\s*<\//g),
  ]
  const attributes = [
    ...code.matchAll(
      /\b(?:aria-label|title|label|placeholder|alt|help(?!="[a-z-]+")|head|about)="([^"]*[A-Za-z]{2,}[^"]*)"/g,
    ),
  ]
  return [...between, ...attributes]
    .map(([, words]) => words?.trim() ?? '')
    .filter((words) => words !== '' && !allowedWords.has(words) && !isFileName(words))
}

describe('values in words', () => {
  const cases: readonly [text: string, values: Record<string, string | number>, want: string][] = [
    ['{n|1 tag|{n} tags}', { n: 1 }, '1 tag'],
    ['{n|1 tag|{n} tags}', { n: 21_904 }, '21,904 tags'],
    ['Delete {name}?', { name: 'a{b}' }, 'Delete a{b}?'],
    ['{a} of {b}', { a: 1, b: 2 }, '1 of 2'],
  ]
  for (const [text, values, want] of cases) {
    it(`"${text}" is "${want}"`, () => assert.equal(fillWords(text, values, 'en-GB'), want))
  }
})
