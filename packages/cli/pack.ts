// Writes packages/cli/dist (or the folder that is named): the command line as plain JavaScript for Node 20 and newer,
// with everything it needs. `npm pack` makes one file of it, which `npx` runs.

import {
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const packages = fileURLToPath(new URL('..', import.meta.url))
const sources = fileURLToPath(new URL('src/', import.meta.url))
const entry = join(sources, 'main.ts')

/** Statements as the formatter leaves them, at the start of a line. */
const specifier =
  /((?:^|\n)(?:import|export)\s[^'"`;]*?from\s+'|(?:^|\n)import\s+'|\bimport\(')([^']+)'/g

interface Manifest {
  readonly version: string
  readonly license: string
  readonly dependencies: Readonly<Record<string, string>>
}

const manifest: Manifest = JSON.parse(
  readFileSync(new URL('package.json', import.meta.url), 'utf8'),
)

export function packCommandLine(target: string): void {
  rmSync(target, { recursive: true, force: true })
  const waiting = [entry]
  const done = new Set<string>()
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (done.has(path)) continue
    done.add(path)
    waiting.push(...writeModule(target, path))
  }
  writeBins(target)
  const libraries = bundleLibraries(target)
  writeManifest(target, libraries)
  cpSync(join(packages, '..', 'LICENSE'), join(target, 'LICENSE'))
}

/** `cli/src/main.ts` stands beside `package.json` as it does here; the other packages in a folder each. */
function placeOf(path: string): string {
  const below = relative(packages, path).replace(/\.ts$/, '.js')
  return below.startsWith('cli/') ? below.slice('cli/'.length) : below
}

/** The modules of ours that it imports. */
function writeModule(target: string, path: string): string[] {
  const place = placeOf(path)
  const found: string[] = []
  // Types go first: an import of types alone is then gone.
  const text = stripTypeScriptTypes(readFileSync(path, 'utf8')).replaceAll(
    specifier,
    (_, before: string, name: string) => {
      const imported = ownModule(path, name)
      if (imported === undefined) return `${before}${name}'`
      found.push(imported)
      const way = relative(dirname(place), placeOf(imported))
      return `${before}${way.startsWith('.') ? way : `./${way}`}'`
    },
  )
  const file = join(target, place)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text.replaceAll(/[ \t]+$/gm, ''))
  return found
}

function ownModule(from: string, name: string): string | undefined {
  if (name.startsWith('.')) return resolve(dirname(from), name)
  const match = /^@entrepot\/([a-z]+)\/(.+)$/.exec(name)
  return match ? join(packages, match[1] ?? '', 'src', match[2] ?? '') : undefined
}

const bins = {
  entrepot: 'bin/entrepot.js',
  'docker-credential-entrepot': 'bin/docker-credential-entrepot.js',
}

function writeBins(target: string): void {
  const main = '../src/main.js'
  const start = `await import(${JSON.stringify(main)})\n`
  const verb = "process.argv.splice(2, 0, 'docker-credential')\n"
  mkdirSync(join(target, 'bin'), { recursive: true })
  for (const [name, file] of Object.entries(bins)) {
    const path = join(target, file)
    const first = name === 'entrepot' ? '' : verb
    writeFileSync(path, `#!/usr/bin/env node\n${first}${start}`)
    chmodSync(path, 0o755)
  }
}

/** They travel along, so that the packed file runs where no registry of packages is. */
function bundleLibraries(target: string): Record<string, string> {
  const require = createRequire(import.meta.url)
  const all = Object.entries(manifest.dependencies)
  const libraries = all.filter(([name]) => !name.startsWith('@entrepot/'))
  for (const [name] of libraries) {
    const source = dirname(require.resolve(`${name}/package.json`))
    const folder = join(target, 'node_modules', name)
    for (const file of ['package.json', 'LICENSE', `${name}.js`]) {
      cpSync(join(realpathSync(source), file), join(folder, file))
    }
  }
  return Object.fromEntries(libraries)
}

function writeManifest(target: string, libraries: Record<string, string>): void {
  const { version, license } = manifest
  const text = JSON.stringify(
    {
      name: 'entrepot',
      version,
      description: 'The command line of the Entrepot registry',
      license,
      type: 'module',
      engines: { node: '>=20.12' },
      bin: bins,
      files: ['bin', 'src', 'client', 'contract', 'oci'],
      dependencies: libraries,
      bundleDependencies: Object.keys(libraries),
    },
    null,
    2,
  )
  writeFileSync(join(target, 'package.json'), `${text}\n`)
}

if (import.meta.main) {
  const target = resolve(process.argv[2] ?? fileURLToPath(new URL('dist', import.meta.url)))
  packCommandLine(target)
  process.stdout.write(`${target}\n`)
}
