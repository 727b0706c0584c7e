// What a build is made from, as one hash: the sources of the console, those of the packages that it imports, and the
// lock file, which names every library.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const sources = [
  'package-lock.json',
  'packages/console',
  'packages/client/src',
  'packages/contract/src',
  'packages/oci/src',
]
const ignoredNames: ReadonlySet<string> = new Set(['dist', 'node_modules'])
const testName = /\.test\.tsx?$|(?:^|-)test-[a-z-]+\.tsx?$/

export function sourcesStamp(root: string): string {
  const hash = createHash('sha256')
  for (const path of sources.flatMap((source) => listFiles(root, source))) {
    const bytes = readFileSync(join(root, path))
    // Lengths keep what belongs to one file from being taken for the next one's.
    hash.update(`${path}\n${bytes.length}\n`).update(bytes)
  }
  return hash.digest('hex')
}

function listFiles(root: string, path: string): string[] {
  const entries = readDirectory(join(root, path))
  if (!entries) return [path]
  return entries
    .filter(({ name }) => !ignoredNames.has(name) && !name.startsWith('.') && !testName.test(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name }) => listFiles(root, `${path}/${name}`))
}

function readDirectory(path: string) {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined
    throw error
  }
}
