// A namespace with 50,000 versions of charts: how long its index takes at first and then, what a push takes, and how
// long until it shows.
//
//   node bench/charts.ts [--postgres] [--charts 500] [--versions 100] [--pushes 100]

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { packChart } from '../packages/server/src/charts/test-charts.ts'
import { type RunningServer, startServer } from '../test/clients/server.ts'
import { startPostgres } from '../test/postgres.ts'
import { chartRowsOfPostgres, chartRowsOfSqlite, multiplyVersions } from './chart-rows.ts'
import { median } from './report.ts'

const { values: options } = parseArgs({
  options: {
    postgres: { type: 'boolean', default: false },
    charts: { type: 'string', default: '500' },
    versions: { type: 'string', default: '100' },
    pushes: { type: 'string', default: '100' },
  },
})
const chartCount = Number(options.charts)
const versionCount = Number(options.versions)
const pushCount = Number(options.pushes)
const namespace = 'demo'
/** The promise of docs/charts.md. */
const goalMs = 2000
const looks = 10
const lookEveryMs = 50

const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'entrepot-charts-'))
const data = join(folder, 'data')
const postgres = options.postgres ? await startPostgres() : undefined
const env = {
  ENTREPOT_PROCESSES: '1',
  ...(postgres && {
    ENTREPOT_DATABASE_URL: postgres.url,
    ENTREPOT_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
  }),
}
try {
  const first = await startServer({ data, env })
  for (let n = 0; n < chartCount; n += 1) await push(first, nameOf(n), '1.0.0')
  await first.stop()
  const rows = postgres
    ? chartRowsOfPostgres(postgres.url)
    : chartRowsOfSqlite(join(data, 'entrepot.sqlite'))
  await multiplyVersions(rows, versionCount - 1)
  await rows.close()
  const server = await startServer({ data, env })
  await measure(server)
  await server.stop()
} finally {
  await postgres?.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function measure(server: RunningServer): Promise<void> {
  const first = await timed(() => readIndex(server))
  const size = (first.value.text.length / 1e6).toFixed(1)
  const found = first.value.text.split('"urls":').length - 1
  console.log(`${found} versions of ${chartCount} charts, ${size} MB of index`)
  console.log(`first build ${first.ms.toFixed(0)} ms`)
  const again = await timed(() => readIndex(server, first.value.etag))
  console.log(`nothing new (${again.value.status}): ${again.ms.toFixed(1)} ms`)

  const pushes: number[] = []
  for (let n = 0; n < pushCount; n += 1) {
    pushes.push((await timed(() => push(server, nameOf(n % chartCount), `2.0.${n}`))).ms)
  }
  pushes.sort((a, b) => a - b)
  const p99 = pushes[Math.ceil(pushes.length * 0.99) - 1] ?? Number.NaN
  console.log(`push p50 ${median(pushes).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`)

  const shown: number[] = []
  for (let n = 0; n < looks; n += 1) {
    await push(server, nameOf(n % chartCount), `3.0.${n}`)
    shown.push((await timed(() => untilShown(server, `${nameOf(n % chartCount)}-3.0.${n}.tgz`))).ms)
  }
  const worst = Math.max(...shown)
  const verdict = worst <= goalMs ? '✓' : '✗'
  console.log(
    `until it shows: p50 ${median(shown).toFixed(0)} ms, at most ${worst.toFixed(0)} ms (≤ ${goalMs}) ${verdict}`,
  )
}

function nameOf(n: number): string {
  return `chart-${n}`
}

async function timed<T>(
  work: () => Promise<T>,
): Promise<{ readonly value: T; readonly ms: number }> {
  const begun = performance.now()
  const value = await work()
  return { value, ms: performance.now() - begun }
}

async function untilShown(server: RunningServer, fileName: string): Promise<void> {
  for (let etag: string | undefined; ; await delay(lookEveryMs)) {
    const index = await readIndex(server, etag)
    if (index.text.includes(`"charts/${fileName}"`)) return
    etag = index.etag
  }
}

interface ReadIndex {
  readonly status: number
  readonly text: string
  readonly etag: string | undefined
}

async function readIndex(server: RunningServer, etag?: string): Promise<ReadIndex> {
  const answer = await fetch(`${server.url}/chartrepo/${namespace}/index.yaml`, {
    headers: { ...login(server), ...(etag && { 'If-None-Match': etag }) },
  })
  if (!answer.ok && answer.status !== 304) throw new Error(`index: ${answer.status}`)
  const text = await answer.text()
  return { status: answer.status, text, etag: answer.headers.get('etag') ?? etag }
}

async function push(server: RunningServer, name: string, version: string): Promise<void> {
  const more = { description: `What ${name} installs`, appVersion: version }
  const answer = await fetch(`${server.url}/api/chartrepo/${namespace}/charts`, {
    method: 'POST',
    headers: login(server),
    body: new Uint8Array(await packChart({ name, version, more })),
  })
  if (answer.status !== 201) throw new Error(`push: ${answer.status} ${await answer.text()}`)
}

function login({ username, password }: RunningServer): Record<string, string> {
  return { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
}
