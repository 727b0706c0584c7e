// The documents say nothing of files, settings and commands that don't exist.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { exitCodes } from '@entrepot/cli/failures.ts'
import { products } from '@entrepot/cli/names.ts'
import { options } from '@entrepot/cli/options.ts'
import { commandNames } from '@entrepot/cli/program.ts'
import { environmentNames } from '@entrepot/cli/settings.ts'
import { settings } from '@entrepot/server/config/table.ts'
import { listSourceFiles } from './source-files.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const ignored = new Set(['node_modules', 'data'])

interface Document {
  /** From the repository's root. */
  readonly path: string
  readonly text: string
}

function listDocuments(folder: string): Document[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (ignored.has(entry.name) || entry.name.startsWith('.')) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return listDocuments(path)
    if (!entry.name.endsWith('.md')) return []
    return [{ path: relative(root, path), text: readFileSync(path, 'utf8') }]
  })
}

const documents = listDocuments(root)

/** Of npm's own, those that a reader is told to use. */
const npmVerbs = ['pack', 'install']

/** What stands in a document for each match, as `path: match`, where `isWrong`. */
function findings(
  pattern: RegExp,
  isWrong: (found: string, document: Document) => boolean,
  among = documents,
): string[] {
  return among.flatMap((document) =>
    [...document.text.matchAll(pattern)]
      .map((match) => match[1] ?? '')
      .filter((found) => isWrong(found, document))
      .map((found) => `${document.path}: ${found}`),
  )
}

/** Anchors as code hosts make them of headings. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map((match) => match[1] ?? '')
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

describe('documents', () => {
  it('are found at all', () => {
    assert.ok(documents.length > 20)
  })

  it('link to files and headings that exist', () => {
    const wrong = findings(/\]\(([^)\s]+)\)/g, (link, { path, text }) => {
      if (/^[a-z]+:/.test(link)) return false
      const [file = '', anchor] = link.split('#')
      const target = join(root, dirname(path), file)
      if (!existsSync(target)) return true
      if (anchor === undefined) return false
      return !anchorsOf(file === '' ? text : readFileSync(target, 'utf8')).has(anchor)
    })
    assert.deepEqual(wrong, [])
  })

  it('name files that exist', () => {
    const files = listSourceFiles().map((file) => `/${file.path}`)
    const places = /`((?:[\w.-]+\/)+[\w.-]+|[\w.-]+\.(?:ts|mjs))`/g
    const isFolderOfOurs = /^(?:packages|test|bench|docs|deploy|\.ci)\//
    // `registry/routes.ts`, or only `routes.ts` where the room was just named.
    const wrong = findings(places, (path) => {
      if (isFolderOfOurs.test(path)) return !existsSync(join(root, path))
      return /\.(?:ts|mjs)$/.test(path) && !files.some((file) => file.endsWith(`/${path}`))
    })
    assert.deepEqual(wrong, [])
  })

  it('of the architecture name functions and classes that exist', () => {
    const sources = listSourceFiles().map((file) => file.text)
    const architecture = documents.filter(({ path }) => path === 'ARCHITECTURE.md')
    const names = /`(?:[A-Z][A-Za-z]+\.)?([A-Za-z]*[a-z][A-Z][A-Za-z]*)(?:\(\))?`/g
    const wrong = findings(
      names,
      (name) => !sources.some((text) => new RegExp(`\\b${name}\\b`).test(text)),
      architecture,
    )
    assert.deepEqual(wrong, [])
  })

  it('name settings that exist', () => {
    const known = new Set<string>(['ENTREPOT_CONFIG', ...environmentNames])
    for (const { name, kind } of Object.values(settings)) {
      known.add(name)
      if (kind.secret) known.add(`${name}_FILE`)
    }
    // `ENTREPOT_ADMIN_…` means all that begin so.
    const isKnown = (name: string) =>
      known.has(name) ||
      name.startsWith('ENTREPOT_TEST_') ||
      (name.endsWith('_') && [...known].some((other) => other.startsWith(name)))
    assert.deepEqual(
      findings(/\b(ENTREPOT_\w*)/g, (name) => !isKnown(name)),
      [],
    )
  })

  it('name scripts and commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>
    }
    const main = readFileSync(join(root, 'packages/server/src/main.ts'), 'utf8')
    // In code only: prose says "npm 10" and "npm only".
    const unknownScripts = findings(
      /(?:^|`)npm (?:run )?([a-z-]+)/gm,
      (name) => !(name in scripts) && !npmVerbs.includes(name),
    )
    const known = [...commandNames, ...products]
    const unknownCommands = findings(
      /\b(?:npm run entrepot -- |`entrepot |^entrepot )([a-z]+)/gm,
      (name) => !known.includes(name) && !new RegExp(`^ {2}async ${name}\\(`, 'm').test(main),
    )
    assert.deepEqual([...unknownScripts, ...unknownCommands], [])
  })

  it('and the help have the same options of verify', () => {
    const main = readFileSync(join(root, 'packages/server/src/main.ts'), 'utf8')
    const storage = readFileSync(join(root, 'docs/storage.md'), 'utf8')
    const documented = [...storage.matchAll(/^\| `(--[a-z-]+)` \|/gm)].map((match) => match[1])
    const helped = [...main.matchAll(/^ +(--[a-z-]+) /gm)].map((match) => match[1])
    assert.ok(documented.length > 0)
    assert.deepEqual(helped, documented)
  })

  it('of the command line have its options, exit codes and variables, in both languages', () => {
    for (const [path, language] of [
      ['docs/cli.md', 'en'],
      ['docs/cli.zh.md', 'zh'],
    ] as const) {
      const text = readFileSync(join(root, path), 'utf8')
      const firstCells = (pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1])
      assert.deepEqual(firstCells(/^\| `--([a-z-]+)/gm), Object.keys(options))
      const codes = [...text.matchAll(/^\| (\d+) \| (.+) \|$/gm)].map((row) => [row[1], row[2]])
      const wanted = Object.values(exitCodes).map(({ code, words }) => [`${code}`, words[language]])
      assert.deepEqual(codes, wanted)
      assert.deepEqual(firstCells(/^\| `(ENTREPOT_[A-Z_]+)`/gm), [...environmentNames])
    }
  })

  it('have a Chinese README with the same links and commands, to Chinese pages where there are', () => {
    const inChinese = (link: string) => {
      const chinese = link.replace(/(?<!\.zh)\.md$/, '.zh.md')
      return existsSync(join(root, chinese)) ? chinese : link
    }
    const parts = (path: string) => {
      const text = documents.find((document) => document.path === path)?.text ?? ''
      const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) =>
        path === 'README.md' ? inChinese(link) : link,
      )
      const commands = [...text.matchAll(/^(?:npm|docker|cd) [^#\n]+/gm)].map((match) =>
        match[0].trim(),
      )
      return { links: links.slice(1).sort(), commands }
    }
    assert.deepEqual(parts('README.zh.md'), parts('README.md'))
  })
})
