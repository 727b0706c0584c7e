// `npm test`: the linter, the type checker, then every test that needs nothing installed, on SQLite and on a
// PostgreSQL of its own. Arguments are files, or parts of their paths: then only those run, without the
// checks before them. What could not run is said by name at the end.

import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startPostgres, type TestPostgres } from './postgres.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = join(root, 'node_modules', '.bin')
// Those of test/clients and the like need programs that npm does not install; .ci/run brings them.
const patterns = [
  'packages/**/*.test.ts',
  'test/*.test.ts',
  'test/conformance/*.test.ts',
  'test/sdk/*.test.ts',
  'test/fuzz/*.test.ts',
]

function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(file, args, { cwd: root, env, stdio: 'inherit' })
  return ended(child)
}

function ended(child: ReturnType<typeof spawn>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}

function selectFiles(filters: readonly string[]): string[] {
  const files = patterns.flatMap((pattern) =>
    globSync(pattern, { cwd: root, exclude: ['**/node_modules/**'] }),
  )
  const isWanted = (file: string) =>
    filters.length === 0 || filters.some((filter) => file.includes(filter))
  return files.filter(isWanted).sort()
}

async function tryPostgres(missing: string[]): Promise<TestPostgres | undefined> {
  try {
    return await startPostgres()
  } catch (error) {
    const isNoPackage =
      error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND'
    if (!isNoPackage) throw error
    const platform = `${process.platform} ${process.arch}`
    missing.push(`PostgreSQL: no binaries are packaged for ${platform}; its tests are skipped`)
    return undefined
  }
}

const countNames = ['tests', 'pass', 'fail', 'cancelled', 'skipped', 'todo'] as const
type Counts = Record<(typeof countNames)[number], number>

/** Runs the files and passes the runner's output on; its closing lines give the counts. */
async function runFiles(
  files: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number; counts: Counts }> {
  const counts: Counts = { tests: 0, pass: 0, fail: 0, cancelled: 0, skipped: 0, todo: 0 }
  // The runner's own choice leaves a core free, which makes it one file at a time on a machine of two.
  const concurrency = `--test-concurrency=${availableParallelism()}`
  const args = ['--test', concurrency, '--test-reporter=spec', ...files]
  const child = spawn(process.execPath, args, {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  createInterface(child.stdout).on('line', (line) => {
    console.log(line)
    // At the left margin stand only the runner's own totals; what tests print is indented or marked.
    const match = /^ℹ (\w+) (\d+)$/.exec(line)
    const name = countNames.find((known) => known === match?.[1])
    if (name !== undefined) counts[name] = Number(match?.[2])
  })
  return { code: await ended(child), counts }
}

async function main(filters: readonly string[]): Promise<number> {
  const files = selectFiles(filters)
  if (files.length === 0) {
    console.error(`no test file matches ${filters.join(' ')}`)
    return 1
  }
  let failures = 0
  if (filters.length === 0) {
    for (const [name, args] of [
      ['biome', ['check', '.']],
      ['tsc', ['-p', '.']],
      ['tsc', ['-p', 'packages/console']],
    ] as const) {
      console.log(`── ${name} ${args.join(' ')}`)
      if ((await run(join(bin, name), args, process.env)) !== 0) failures++
    }
  }
  const missing: string[] = []
  const postgres = await tryPostgres(missing)
  try {
    console.log(`── ${files.length} test files`)
    const env = {
      ...process.env,
      ...(postgres && { ENTREPOT_TEST_POSTGRES: postgres.url }),
      NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'entrepot-test'),
    }
    const { code, counts } = await runFiles(files, env)
    for (const line of missing) console.log(`not run: ${line}`)
    const failed = counts.fail + counts.cancelled + failures
    if (failures > 0) console.log(`${failures} of the checks before the tests failed`)
    for (const name of ['tests', 'pass', 'fail', 'skipped'] as const) {
      console.log(`ℹ ${name} ${counts[name]}`)
    }
    const skipped = counts.skipped + counts.todo
    console.log(`${counts.pass} passed, ${failed} failed, ${skipped} skipped`)
    return code !== 0 || failed > 0 || counts.pass === 0 ? 1 : 0
  } finally {
    await postgres?.stop()
  }
}

process.exitCode = await main(process.argv.slice(2))
