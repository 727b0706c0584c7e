// Kills the server with SIGKILL again and again while clients push and pull. ENTREPOT_TEST_KILLS says how
// often; the default is a short try.

import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { descendantsOf } from '../clients/process-tree.ts'
import { type RunningServer, startServer } from '../clients/server.ts'
import { Registry } from '../images/registry.ts'
import { checkKept, checkNothingHalfMade } from './checks.ts'
import { startClient } from './client.ts'
import { sweepForDays } from './days-later.ts'
import { Ledger } from './ledger.ts'

const kills = Number(process.env.ENTREPOT_TEST_KILLS ?? 5)
const clientCount = 8
/** Of three kills one takes the primary, and with it everything. */
const primaryEvery = 3

const data = mkdtempSync(join(tmpdir(), 'entrepot-storm-'))
const env = { ENTREPOT_PROCESSES: '2' }
let server: RunningServer | undefined

after(async () => {
  await server?.stop()
  rmSync(data, { recursive: true, force: true })
})

test(`loses nothing in ${kills} kills`, async (t) => {
  t.after(() => {
    const lines = (server?.output() ?? '').split('\n').filter((line) => line.includes('"error"'))
    for (const line of lines.slice(-5)) t.diagnostic(line)
  })
  server = await startServer({ data, env })
  const ledger = new Ledger()
  const { url, username, password } = server
  const address = { url, username, password }
  const clients = Array.from({ length: clientCount }, (_, n) =>
    startClient(`client-${n}`, address, ledger),
  )
  for (let n = 1; n <= kills; n++) {
    // Anywhere in the clients' work: 5 to 44 answers apart, the same in each run.
    await ledger.more(5 + ((n * 2654435761) % 40))
    server = await killOnce(server, n)
  }
  await ledger.more(clientCount * 10)
  await Promise.all(clients.map((client) => client.stop()))
  t.diagnostic(
    `${kills} kills; answered 201: ${ledger.blobs.length} blobs, ${ledger.images.length} manifests`,
  )
  assert.deepEqual(ledger.problems, [])

  const registry = new Registry(address)
  await checkKept(registry, ledger)
  await checkNothingHalfMade(registry, ledger)
  registry.close()
  await server.stop()
  await checkDaysLater(ledger)
})

async function killOnce(running: RunningServer, n: number): Promise<RunningServer> {
  const primary = running.process.pid ?? 0
  if (n % primaryEvery !== 0) {
    const workers = descendantsOf(primary)
    const victim = workers[n % workers.length]
    // None when the one before is still being replaced.
    if (victim !== undefined) process.kill(victim, 'SIGKILL')
    return running
  }
  await running.kill()
  return startServer({ data, env, ports: running.ports })
}

/** Nothing that a crash left stays for good, and nothing that was promised goes with it. */
async function checkDaysLater(ledger: Ledger): Promise<void> {
  const blobsPath = join(data, 'blobs')
  const swept = await sweepForDays({
    database: { sqlitePath: join(data, 'entrepot.sqlite') },
    storage: { kind: 'folder', path: blobsPath },
  })
  assert.deepEqual(swept, { differences: [], unnamed: [], missing: [], suspicious: 0 })
  assert.deepEqual(readdirSync(join(blobsPath, 'unfinished')), [])
  server = await startServer({ data, env })
  const registry = new Registry(server)
  for (const { repository, digest } of ledger.images) await registry.pullImage(repository, digest)
  registry.close()
}
