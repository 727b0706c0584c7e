// A million tags in one repository, a hundred thousand repositories in one instance: how long one page of a
// thousand takes at the start, in the middle and at the end, and how long the start of the server.
//
//   node bench/scale.ts [sqlite] [postgres]

import { parseArgs } from 'node:util'
import { Registry } from '../test/images/registry.ts'
import { median } from './report.ts'
import {
  namesBetween,
  repositoryCount,
  type ScaleDeployment,
  scaleNamespace,
  scaleRepository,
  tagCount,
  withScale,
} from './scale-deployment.ts'

const pageSize = 1000
const timesEach = 200
const goalMs: Readonly<Record<string, number>> = { sqlite: 5, postgres: 10 }
const startGoalMs = 2000

const { positionals } = parseArgs({ allowPositionals: true })
const chosen = positionals.length > 0 ? positionals : ['sqlite', 'postgres']
for (const database of chosen) {
  await withScale(database, (deployment) => measureScale(database, deployment))
}

async function measureScale(database: string, { server, startMs }: ScaleDeployment) {
  console.log(`\n${database}: start ${startMs.toFixed(0)} ms (≤ ${startGoalMs})`)
  const registry = new Registry(server)
  const goal = goalMs[database] ?? 0
  for (const [what, path, names] of [
    ['tags', `/v2/${scaleRepository}/tags/list`, namesBetween('v', tagCount, pageSize)],
    ['catalog', '/v2/_catalog', namesBetween(`${scaleNamespace}/r`, repositoryCount, pageSize)],
  ] as const) {
    for (const [where, last] of Object.entries(names)) {
      const page = `${path}?n=${pageSize}&last=${encodeURIComponent(last)}`
      const ms = await timePages(registry, page)
      console.log(`${what}, ${pageSize} at the ${where}: ${ms} ms (≤ ${goal})`)
    }
  }
  registry.close()
}

async function timePages(registry: Registry, path: string): Promise<string> {
  const scope = path.startsWith('/v2/_catalog') ? undefined : scaleRepository
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
