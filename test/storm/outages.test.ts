// The parts of a deployment of several machines die one after another while clients push and pull: PostgreSQL,
// the S3 server, a worker, the primary. Each comes back as a supervisor would bring it, and nobody does
// anything else. ENTREPOT_TEST_OUTAGES says how often.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { systemClock } from '@entrepot/server/clock.ts'
import type { Database } from '@entrepot/server/db/database.ts'
import { openDatabase } from '@entrepot/server/db/open.ts'
import { silentLog } from '@entrepot/server/log.ts'
import {
  findVersitygw,
  type S3TestServer,
  startS3TestServer,
} from '@entrepot/server/storage/s3-test-server.ts'
import { descendantsOf } from '../clients/process-tree.ts'
import { type RunningServer, startServer } from '../clients/server.ts'
import { Registry } from '../images/registry.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { checkKept, checkNothingHalfMade } from './checks.ts'
import { startClient } from './client.ts'
import { sweepForDays } from './days-later.ts'
import { Ledger } from './ledger.ts'

const outages = Number(process.env.ENTREPOT_TEST_OUTAGES ?? 8)
const clientCount = 6
const program = findVersitygw()
const data = mkdtempSync(join(tmpdir(), 'entrepot-outages-'))
const closing: (() => Promise<unknown>)[] = []

after(async () => {
  for (const close of closing.reverse()) await close()
  rmSync(data, { recursive: true, force: true })
})

interface Deployment {
  readonly postgres: TestPostgres
  readonly store: S3TestServer
  server: RunningServer
  readonly env: NodeJS.ProcessEnv
}

async function deploy(gateway: string): Promise<Deployment> {
  const postgres = await startPostgres({ isDurable: true })
  closing.push(() => postgres.stop())
  const store = await startS3TestServer(gateway)
  closing.push(() => store.close())
  const { bucket, endpoint, region, accessKeyId, secretAccessKey } = store.settings('')
  const env = {
    ENTREPOT_PROCESSES: '2',
    ENTREPOT_DATABASE_URL: postgres.url,
    ENTREPOT_MASTER_KEY: randomBytes(32).toString('base64'),
    ENTREPOT_STORAGE: `s3://${bucket}`,
    ENTREPOT_S3_ENDPOINT: endpoint,
    ENTREPOT_S3_REGION: region,
    ENTREPOT_S3_ACCESS_KEY: accessKeyId,
    ENTREPOT_S3_SECRET_KEY: secretAccessKey,
  }
  const deployment = { postgres, store, env, server: await startServer({ data, env }) }
  closing.push(() => deployment.server.stop())
  return deployment
}

type Outage = (deployment: Deployment, ledger: Ledger) => Promise<void>

/** What stands still is seen by every client before it comes back. */
const kinds: readonly Outage[] = [
  async ({ postgres }, ledger) => {
    postgres.kill()
    await ledger.moreBroken(clientCount)
    await postgres.restart()
  },
  async ({ store }, ledger) => {
    await store.kill('SIGKILL')
    await ledger.moreBroken(clientCount)
    await store.restart()
  },
  async ({ server }) => {
    const [worker] = descendantsOf(server.process.pid ?? 0)
    if (worker !== undefined) process.kill(worker, 'SIGKILL')
  },
  async (deployment) => {
    const { ports } = deployment.server
    await deployment.server.kill()
    deployment.server = await startServer({ data, env: deployment.env, ports })
  },
]

const skip = program ? false : 'versitygw is not installed'

test(`loses nothing in ${outages} outages`, { skip }, async (t) => {
  // Only run where the program exists.
  const deployment = await deploy(program ?? '')
  const { url, username, password } = deployment.server
  const address = { url, username, password }
  const ledger = new Ledger()
  const clients = Array.from({ length: clientCount }, (_, n) =>
    startClient(`client-${n}`, address, ledger),
  )
  for (let n = 0; n < outages; n++) {
    await ledger.more(10 + ((n * 2654435761) % 30))
    await kinds[n % kinds.length]?.(deployment, ledger)
  }
  await ledger.more(clientCount * 10)
  await Promise.all(clients.map((client) => client.stop()))
  t.diagnostic(
    `${outages} outages; answered 201: ${ledger.blobs.length} blobs, ${ledger.images.length} manifests`,
  )
  assert.deepEqual(ledger.problems, [])

  const registry = new Registry(address)
  await checkKept(registry, ledger)
  await checkNothingHalfMade(registry, ledger)
  registry.close()
  await checkJobs(deployment)
  await deployment.server.stop()
  await checkDaysLater(deployment, ledger)
})

/** No job was lost, none failed for good, and what was due was run since. */
async function checkJobs({ postgres, server }: Deployment): Promise<void> {
  const clock = systemClock()
  const db = await openDatabase({ url: postgres.url, log: silentLog, clock })
  try {
    const rows = await db.read.selectFrom('jobs').select(['kind', 'state', 'every_ms']).execute()
    const kindsOf = (isWanted: (row: (typeof rows)[number]) => boolean) =>
      rows.filter(isWanted).map(({ kind }) => kind)
    assert.deepEqual(
      kindsOf(({ state }) => state === 'failed' || state === 'cancelled'),
      [],
    )
    const reconcilers = kindsOf(({ every_ms }) => every_ms !== null)
    assert.ok(reconcilers.includes('gc.objects') && reconcilers.includes('gc.uploads'))
    assert.equal(new Set(reconcilers).size, reconcilers.length)
    // Leases of what was killed run out, and the others take over.
    while ((await countStuck(db)) > 0) assert.equal(server.process.exitCode, null)
  } finally {
    await db.close()
  }
}

/** Jobs that were due a minute ago, and changes of counters that no job has folded. */
async function countStuck(db: Database): Promise<number> {
  const due = (await systemClock().deployment(db.read)) - 60_000
  const jobs = await db.read
    .selectFrom('jobs')
    .select('id')
    .where('state', 'in', ['waiting', 'running'])
    .where('run_at', '<', due)
    .execute()
  const deltas = await db.read.selectFrom('counter_deltas').select('scope_id').limit(1).execute()
  return jobs.length + deltas.length
}

async function checkDaysLater(deployment: Deployment, ledger: Ledger): Promise<void> {
  const { postgres, store, env } = deployment
  const database = { url: postgres.url }
  const swept = await sweepForDays({ database, storage: store.settings('') })
  assert.deepEqual(swept, { differences: [], unnamed: [], missing: [], suspicious: 0 })
  deployment.server = await startServer({ data, env })
  const registry = new Registry(deployment.server)
  for (const { repository, digest } of ledger.images) await registry.pullImage(repository, digest)
  registry.close()
}
