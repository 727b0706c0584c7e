// Entrepot and its peers side by side: on one machine, in one run, round by round, each alone while it is
// measured.
//
//   node bench/run.ts [--rounds 5] [--postgres-s3] [--no-entrepot] [words of the cases' names]
//
// --postgres-s3 puts Entrepot on PostgreSQL and S3 (versitygw, the program that ENTREPOT_TEST_VERSITYGW names);
// counted are its own processes only, and the peers stay on their folders.
//
// REGISTRY names the program of distribution v3, ZOT that of zot (left out when it names none).

import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeAuthority } from '../test/clients/authority.ts'
import { startObjectStore } from '../test/clients/object-store.ts'
import { residentOf } from '../test/clients/process-tree.ts'
import { startPostgres } from '../test/postgres.ts'
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
    'postgres-s3': { type: 'boolean', default: false },
    /** Peers only: to try the bench itself. */
    'no-entrepot': { type: 'boolean', default: false },
  },
})

const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'entrepot-bench-'))
const servers: MeasuredServer[] = []
const grounds: { stop(): Promise<unknown> }[] = []
try {
  const ground = { folder, authority: await makeAuthority(folder) }
  await startAll(ground)
  const results = await measureAll(ground)
  const [subject, ...peers] = servers.map(({ name }) => name)
  console.log(report(results, subject ?? '', peers, options['postgres-s3'] ? 'remoteGoal' : 'goal'))
  console.log(residentTable())
} finally {
  await Promise.all(servers.map((server) => server.stop()))
  await Promise.all(grounds.map((part) => part.stop()))
  rmSync(folder, { recursive: true, force: true })
}

async function startAll(ground: Ground): Promise<void> {
  if (!options['no-entrepot']) {
    const env = options['postgres-s3'] ? await startPostgresAndS3() : {}
    servers.push(await startEntrepot(ground, env))
  }
  servers.push(await startDistribution(ground))
  if (process.env.ZOT) servers.push(await startZot(ground, process.env.ZOT))
  for (const server of servers) {
    await seed(server)
    console.error(`${server.name} is seeded`)
  }
}

async function startPostgresAndS3(): Promise<NodeJS.ProcessEnv> {
  const postgres = await startPostgres({ isDurable: true })
  grounds.push(postgres)
  const store = await startObjectStore(join(folder, 'store'))
  grounds.push(store.daemon)
  return {
    ...store.env,
    ENTREPOT_DATABASE_URL: postgres.url,
    ENTREPOT_MASTER_KEY: randomBytes(32).toString('base64'),
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
  return [
    '',
    '| process of | resident MB, idle after the run (≤ 150) |',
    '|---|---|',
    ...lines,
  ].join('\n')
}
