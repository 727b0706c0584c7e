// Entrepot and its peers side by side: on one machine, in one run, round by round, each alone while it is
// measured.
//
//   node bench/run.ts [--rounds 5] [--no-entrepot] [words of the cases' names]
//
// REGISTRY names the program of distribution v3, ZOT that of zot (left out when it names none).

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeAuthority } from '../test/clients/authority.ts'
import { residentOf } from '../test/clients/process-tree.ts'
import { type Case, cases, seed } from './cases.ts'
import type { Measurement } from './generators.ts'
import { report } from './report.ts'
import {
  type Ground,
  type MeasuredServer,
  startDistribution,
  startEntrepot,
  startZot,
} from './servers.ts'

const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    /** Peers only: to try the bench itself. */
    'no-entrepot': { type: 'boolean', default: false },
  },
})

const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'entrepot-bench-'))
const servers: MeasuredServer[] = []
try {
  const ground = { folder, authority: await makeAuthority(folder) }
  await startAll(ground)
  const results = await measureAll(ground)
  const [subject, ...peers] = servers.map(({ name }) => name)
  console.log(report(results, subject ?? '', peers))
  console.log(residentTable())
} finally {
  await Promise.all(servers.map((server) => server.stop()))
  rmSync(folder, { recursive: true, force: true })
}

async function startAll(ground: Ground): Promise<void> {
  if (!options['no-entrepot']) servers.push(await startEntrepot(ground))
  servers.push(await startDistribution(ground))
  if (process.env.ZOT) servers.push(await startZot(ground, process.env.ZOT))
  for (const server of servers) {
    await seed(server)
    console.error(`${server.name} is seeded`)
  }
}

async function measureAll(ground: Ground) {
  const chosen = cases.filter(({ name }) => words.every((word) => name.includes(word)))
  const results = new Map<Case, Map<string, Measurement[]>>()
  for (const measured of chosen) {
    const byServer = new Map(servers.map(({ name }): [string, Measurement[]] => [name, []]))
    results.set(measured, byServer)
    for (let round = 1; round <= Number(options.rounds); round++) {
      for (const server of servers) {
        // Nobody pays for the pages that the one before left to be written.
        execFileSync('sync')
        const result = await measured.measure(server, ground, round)
        byServer.get(server.name)?.push(result)
        const { rate, cpuPerUnit } = result
        console.error(`${measured.name} ${round} ${server.name} ${rate} ${cpuPerUnit}`)
      }
    }
  }
  return results
}

function residentTable(): string {
  const lines = servers.flatMap(({ name, plain }) =>
    residentOf(plain.pid).map(({ residentMb }) => `| ${name} | ${Math.round(residentMb)} |`),
  )
  return ['', '| process of | resident MB, idle after the run |', '|---|---|', ...lines].join('\n')
}
