// A clean-up of 150,000 links, blobs and objects and of 60,000 manifests: how long it takes, what pushes and pulls
// notice of it, how long the event loop stands still, how many connections it holds.
//
//   node bench/gc.ts [--postgres] [--s3] [--blobs 150000] [--manifests 60000]
//
// --s3: versitygw, the program that ENTREPOT_TEST_VERSITYGW names.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createClient } from '@entrepot/client/client.ts'
import { describeStorageCleanups } from '@entrepot/contract/entrepot/storage-cleanup.ts'
import { createGCJob } from '@entrepot/contract/tcr/gc.ts'
import { describeInstances } from '@entrepot/contract/tcr/instances.ts'
import pg from 'pg'
import { startObjectStore } from '../test/clients/object-store.ts'
import { type RunningServer, startServer } from '../test/clients/server.ts'
import { makeImage } from '../test/images/image.ts'
import { Registry } from '../test/images/registry.ts'
import { startPostgres } from '../test/postgres.ts'
import { addGarbage, addObjects, rowsOfPostgres, rowsOfSqlite } from './gc-rows.ts'

const { values: options } = parseArgs({
  options: {
    postgres: { type: 'boolean', default: false },
    s3: { type: 'boolean', default: false },
    blobs: { type: 'string', default: '150000' },
    manifests: { type: 'string', default: '60000' },
  },
})
const garbage = { blobs: Number(options.blobs), manifests: Number(options.manifests) }
const key = { secretId: 'AKIDbench00000000000000000000000', secretKey: 'b'.repeat(32) }
const clients = 4
const sampleMs = 8000
const repository = 'demo/bench'

const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'entrepot-gc-'))
const data = join(folder, 'data')
const postgres = options.postgres ? await startPostgres() : undefined
const store = options.s3 ? await startObjectStore(join(folder, 's3')) : undefined
const env = {
  ENTREPOT_PROCESSES: '1',
  ENTREPOT_ADMIN_SECRET_ID: key.secretId,
  ENTREPOT_ADMIN_SECRET_KEY: key.secretKey,
  ...store?.env,
  ...(postgres && {
    ENTREPOT_DATABASE_URL: postgres.url,
    ENTREPOT_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
  }),
}
try {
  const first = await startServer({ data, env })
  const registry = new Registry(first)
  await registry.pushImage(repository, 'template', makeImage({ seed: 'template' }))
  registry.close()
  await first.stop()
  const rows = postgres ? rowsOfPostgres(postgres.url) : rowsOfSqlite(join(data, 'entrepot.sqlite'))
  await addGarbage(rows, postgres ? 'postgres' : 'sqlite', garbage)
  await rows.close()
  addObjects(store ? join(folder, 's3', 'entrepot') : join(data, 'blobs', 'objects'), garbage.blobs)
  const server = await startServer({ data, env })
  await measure(server)
  await server.stop()
} finally {
  await postgres?.stop()
  await store?.daemon.stop('SIGTERM')
  rmSync(folder, { recursive: true, force: true })
}

async function measure(server: RunningServer): Promise<void> {
  const api = createClient({ endpoint: server.url, credential: key })
  const { Registries } = await api.call(describeInstances, {})
  const RegistryId = Registries?.[0]?.RegistryId ?? ''
  await work(server, 'warm', sampleMs / 4)
  const quiet = await work(server, 'quiet', sampleMs)
  await stallOf(server)
  await api.call(createGCJob, { RegistryId, GCParameters: { Dryrun: false } })
  await delay(500)
  const busy = await work(server, 'busy', sampleMs)
  const stall = await stallOf(server)
  let connections = 0
  for (;;) {
    const { Cleanups } = await api.call(describeStorageCleanups, { RegistryId, Types: ['Manual'] })
    const [cleanup] = Cleanups
    connections = Math.max(connections, await connectionsOf())
    if (cleanup?.EndTime && cleanup.StartTime) {
      const seconds = (Date.parse(cleanup.EndTime) - Date.parse(cleanup.StartTime)) / 1000
      console.log(`${cleanup.State} in ${seconds.toFixed(1)} s: ${JSON.stringify(cleanup.Counts)}`)
      break
    }
    await delay(500)
  }
  const share = (a: number, b: number) =>
    `${b.toFixed(0)}/s of ${a.toFixed(0)}/s: ${(b / a).toFixed(2)}`
  console.log(`pushes ${share(quiet.pushes, busy.pushes)} (≥ 0.8)`)
  console.log(`pulls ${share(quiet.pulls, busy.pulls)} (≥ 0.8)`)
  console.log(`longest stall of the event loop, clients at work: ${stall}`)
  console.log(`longest stall, alone: ${await stallOf(server)}`)
  if (postgres) console.log(`connections at work at once: ${connections} (≤ 5)`)
}

/** Half of the clients push small images, half pull one, each as fast as it is answered. */
async function work(server: RunningServer, seed: string, ms: number) {
  const registry = new Registry({ ...server, maxSockets: clients * 2 })
  const until = performance.now() + ms
  const count = { pushes: 0, pulls: 0 }
  const push = async (client: number) => {
    for (let n = 0; performance.now() < until; n += 1) {
      const image = makeImage({
        seed: `${seed}/${client}/${n}`,
        layers: 1,
        layerBytes: 4096,
        gzip: false,
      })
      await registry.pushImage(repository, `${seed}-${client}-${n}`, image)
      count.pushes += 1
    }
  }
  const pull = async () => {
    while (performance.now() < until) {
      await registry.pullImage(repository, 'template')
      count.pulls += 1
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, n) => (n % 2 === 0 ? push(n) : pull())))
  registry.close()
  return { pushes: (count.pushes * 1000) / ms, pulls: (count.pulls * 1000) / ms }
}

/** Since it was asked last, as the server measures itself. */
async function stallOf(server: RunningServer): Promise<string> {
  const text = await (await fetch(`${server.metricsUrl}/metrics`)).text()
  const lines = text.split('\n').filter((line) => line.startsWith('entrepot_event_loop_delay'))
  return lines.join('; ')
}

async function connectionsOf(): Promise<number> {
  if (!postgres) return 0
  const client = new pg.Client(postgres.url)
  await client.connect()
  const { rows } = await client.query(`select count(*) as n from pg_stat_activity
    where state <> 'idle' and pid <> pg_backend_pid() and backend_type = 'client backend'`)
  await client.end()
  return Number(rows[0]?.n)
}
