// A million tags in one repository, a hundred thousand repositories in one instance: how long one page of a
// thousand takes at the start, in the middle and at the end, and how long the start of the server.
//
//   node bench/scale.ts [sqlite] [postgres]

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type RunningServer, startServer } from '../test/clients/server.ts'
import { makeImage } from '../test/images/image.ts'
import { Registry } from '../test/images/registry.ts'
import { startPostgres } from '../test/postgres.ts'
import { median } from './report.ts'
import { onPostgres, onSqlite, type SeedDatabase } from './scale-rows.ts'

const tagCount = 1_000_000
const repositoryCount = 100_000
const pageSize = 1000
const timesEach = 200
const repository = 'demo/scale'
const goalMs: Readonly<Record<string, number>> = { sqlite: 5, postgres: 10 }
const startGoalMs = 2000

const { positionals } = parseArgs({ allowPositionals: true })
const chosen = positionals.length > 0 ? positionals : ['sqlite', 'postgres']
for (const database of chosen) {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-scale-'))
  const postgres = database === 'postgres' ? await startPostgres() : undefined
  try {
    await measureScale(database, folder, postgres?.url)
  } finally {
    await postgres?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureScale(database: string, data: string, url: string | undefined) {
  const env = url && {
    ENTREPOT_DATABASE_URL: url,
    ENTREPOT_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
  }
  await makeTemplates(await startServer({ data, env: { ...env } }))
  const rows = url ? onPostgres(url) : onSqlite(join(data, 'entrepot.sqlite'))
  await insertRows(rows)

  const begun = performance.now()
  const server = await startServer({ data, env: { ...env } })
  const startMs = performance.now() - begun
  console.log(`\n${database}: start ${startMs.toFixed(0)} ms (≤ ${startGoalMs})`)
  const registry = new Registry(server)
  const goal = goalMs[database] ?? 0
  for (const [what, path, names] of [
    ['tags', `/v2/${repository}/tags/list`, namesBetween('v', tagCount)],
    ['catalog', '/v2/_catalog', namesBetween('demo/r', repositoryCount)],
  ] as const) {
    for (const [where, last] of Object.entries(names)) {
      const page = `${path}?n=${pageSize}&last=${encodeURIComponent(last)}`
      const ms = await timePages(registry, page)
      console.log(`${what}, ${pageSize} at the ${where}: ${ms} ms (≤ ${goal})`)
    }
  }
  registry.close()
  await server.stop()
}

/** One repository with one tag, from which the rows are multiplied. */
async function makeTemplates(server: RunningServer): Promise<void> {
  const registry = new Registry(server)
  await registry.pushImage(repository, 'template', makeImage({ seed: 'scale' }))
  registry.close()
  await server.stop()
}

async function insertRows(rows: SeedDatabase): Promise<void> {
  const begun = performance.now()
  await rows.multiply('tags', "name = 'template'", { prefix: 'v', column: 'name' }, tagCount)
  const paths = { prefix: 'demo/r', column: 'path' }
  await rows.multiply('repositories', `path = '${repository}'`, paths, repositoryCount)
  await rows.close()
  console.error(`rows inserted in ${((performance.now() - begun) / 1000).toFixed(1)} s`)
}

function namesBetween(prefix: string, count: number) {
  const name = (n: number) => `${prefix}${String(n).padStart(7, '0')}`
  return { start: '', middle: name(count / 2), end: name(count - pageSize - 1) }
}

async function timePages(registry: Registry, path: string): Promise<string> {
  const scope = path.startsWith('/v2/_catalog') ? undefined : repository
  const times: number[] = []
  for (let n = 0; n < timesEach; n++) {
    const begun = performance.now()
    const { status, body } = await registry.call(path, { repository: scope })
    times.push(performance.now() - begun)
    if (status !== 200) throw new Error(`${path}: ${status} ${body}`)
    const { tags, repositories } = JSON.parse(body.toString())
    const { length } = tags ?? repositories
    if (length !== pageSize) throw new Error(`${path}: ${length} names`)
  }
  times.sort((a, b) => a - b)
  const p99 = times[Math.floor(times.length * 0.99)] ?? Number.NaN
  return `median ${median(times).toFixed(2)}, p99 ${p99.toFixed(2)}`
}
