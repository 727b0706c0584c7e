// The repository's own source files and what they import, for the tests of its rules. Imports are found by
// their form: the formatter leaves each at the start of a line.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface SourceFile {
  /** From the repository's root, with `/`. */
  readonly path: string
  readonly text: string
  readonly isTest: boolean
}

export interface Import {
  /** A path like `SourceFile.path` when it is ours, else the specifier. */
  readonly target: string
  readonly isOurs: boolean
  /** Gone when types are stripped. */
  readonly isTypeOnly: boolean
}

const root = fileURLToPath(new URL('..', import.meta.url))
const places = ['packages', 'test', 'bench', 'bootstrap.mjs']
const ignored = new Set(['node_modules', 'dist', 'data'])
const sourceName = /\.(?:ts|tsx|mjs)$/
/** Beside tests stand what only they use: `test-server.ts`, `driver-contract.ts`. */
const testName = /\.test\.ts$|(?:^|\/|-)test-[a-z-]+\.ts$|-contract\.ts$|\/src\/faults\//

export function listSourceFiles(): readonly SourceFile[] {
  const rootNames = readdirSync(root)
  const paths = places.filter((place) => rootNames.includes(place)).flatMap(listBelow)
  return paths.map((path) => ({
    path,
    text: readFileSync(join(root, path), 'utf8'),
    isTest: !path.startsWith('packages/') || testName.test(path),
  }))
}

function listBelow(path: string): string[] {
  if (sourceName.test(path)) return [path]
  return readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => !ignored.has(entry.name) && !entry.name.startsWith('.'))
    .flatMap((entry) => {
      const inner = `${path}/${entry.name}`
      if (entry.isDirectory()) return listBelow(inner)
      return sourceName.test(entry.name) ? [inner] : []
    })
}

const importPattern =
  /^(?:import|export)\s+(type\s+)?(?:[\w*{][^'"`;]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm

export function importsOf(file: SourceFile): readonly Import[] {
  return [...file.text.matchAll(importPattern)].map((match) => {
    const specifier = match[2] ?? match[3] ?? ''
    const target = resolveOurs(file.path, specifier)
    return {
      target: target ?? specifier,
      isOurs: target !== undefined,
      isTypeOnly: match[1] !== undefined || onlyTypes(match[0]),
    }
  })
}

/** `import { type A, type B } from …` leaves an import without names, which still runs the other file. */
function onlyTypes(statement: string): boolean {
  return /^(?:import|export)\s+type\s/.test(statement)
}

function resolveOurs(from: string, specifier: string): string | undefined {
  const own = /^@entrepot\/([a-z-]+)\/(.+)$/.exec(specifier)
  if (own !== null) return `packages/${own[1]}/src/${own[2]}`
  if (!specifier.startsWith('.')) return undefined
  return relative(root, join(root, dirname(from), specifier))
}
