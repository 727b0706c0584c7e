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

async function tryPostgres(missing: Set<string>): Promise<TestPostgres | undefined> {
  try {
    return await startPostgres()
  } catch (error) {
    const isNoPackage =
      error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND'
    if (!isNoPackage) throw error
    const platform = `${process.platform} ${process.arch}`
    missing.add(`PostgreSQL: no binaries are packaged for ${platform}; its tests are skipped`)
    return undefined
  }
}

const countNames = ['tests', 'pass', 'fail', 'cancelled', 'skipped', 'todo'] as const
type Counts = Record<(typeof countNames)[number], number>

/** Of a machine with many cores: more servers at once than these gain nothing. */
const maxWorkers = 4
/** Files differ in length: shares this small end at about the same time. */
const sharesPerWorker = 10

interface Ran {
  readonly code: number
  readonly counts: Readonly<Counts>
}

/**
 * Takes one share of the files after the other, with a PostgreSQL of its own: tests of what is read below the oldest
 * open transaction would wait for those of other workers, which it shares with all databases of a server.
 */
async function runShares(
  files: readonly string[],
  shares: Iterator<string>,
  missing: Set<string>,
): Promise<readonly Ran[]> {
  const postgres = await tryPostgres(missing)
  const env = {
    ...process.env,
    ...(postgres && { ENTREPOT_TEST_POSTGRES: postgres.url }),
    NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'entrepot-test'),
  }
  const ran: Ran[] = []
  try {
    for (let share = shares.next(); !share.done; share = shares.next()) {
      ran.push(await runShare(files, share.value, env))
    }
  } finally {
    await postgres?.stop()
  }
  return ran
}

/** Says what its tests said when it is through. */
async function runShare(
  files: readonly string[],
  share: string,
  env: NodeJS.ProcessEnv,
): Promise<Ran> {
  const counts: Counts = { tests: 0, pass: 0, fail: 0, cancelled: 0, skipped: 0, todo: 0 }
  const shard = `--test-shard=${share}`
  const args = ['--test', '--test-concurrency=1', shard, '--test-reporter=spec', ...files]
  const stdio = ['ignore', 'pipe', 'inherit'] as const
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: [...stdio] })
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    // At the left margin stand only the runner's own totals; what tests print is indented or marked.
    const match = /^ℹ (\w+) (\d+)$/.exec(line)
    const name = countNames.find((known) => known === match?.[1])
    if (name === undefined) lines.push(line)
    else counts[name] = Number(match?.[2])
  })
  const code = await ended(child)
  console.log(`── share ${share}`)
  for (const line of lines) console.log(line)
  return { code, counts }
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
  const missing = new Set<string>()
  const workers = Math.min(files.length, availableParallelism(), maxWorkers)
  const of = Math.min(files.length, workers * sharesPerWorker)
  const shares = Array.from({ length: of }, (_, at) => `${at + 1}/${of}`).values()
  console.log(`── ${files.length} test files in ${of} shares, ${workers} at a time`)
  const ran = await Promise.all(
    Array.from({ length: workers }, () => runShares(files, shares, missing)),
  )
  const all = ran.flat()
  const sum = (name: keyof Counts) => all.reduce((total, { counts }) => total + counts[name], 0)
  for (const line of missing) console.log(`not run: ${line}`)
  const failed = sum('fail') + sum('cancelled') + failures
  if (failures > 0) console.log(`${failures} of the checks before the tests failed`)
  for (const name of ['tests', 'pass', 'fail', 'skipped'] as const) {
    console.log(`ℹ ${name} ${sum(name)}`)
  }
  const skipped = sum('skipped') + sum('todo')
  console.log(`${sum('pass')} passed, ${failed} failed, ${skipped} skipped`)
  const isBad = all.some(({ code }) => code !== 0) || failed > 0 || sum('pass') === 0
  return isBad ? 1 : 0
}

process.exitCode = await main(process.argv.slice(2))
