import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { get as httpGet, type IncomingMessage } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import test, { type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

const programPath = fileURLToPath(new URL('./test-program.ts', import.meta.url))

interface Started {
  readonly child: ChildProcess
  readonly dataFolder: string
  /** Everything printed so far, and the log. */
  readonly stdout: string[]
  readonly stderr: string[]
  readonly exited: Promise<unknown[]>
  /** Resolves with the first line, seen already or to come, that the pattern matches. */
  line(source: 'stdout' | 'stderr', pattern: RegExp): Promise<string>
}

interface Options {
  readonly env?: Record<string, string>
  readonly dataFolder?: string
  readonly isTTY?: boolean
  readonly fault?: string
}

function makeFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-processes-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function start(t: TestContext, options: Options): Promise<Started> {
  const { env = {}, dataFolder = makeFolder(t), ...rest } = options
  const settings = {
    env: {
      ENTREPOT_LISTEN: `127.0.0.1:${await freePort()}`,
      ENTREPOT_METRICS_LISTEN: 'off',
      ENTREPOT_DATA: dataFolder,
      ENTREPOT_PROCESSES: '2',
      ...env,
    },
    ...rest,
  }
  const child = spawn(process.execPath, [programPath, JSON.stringify(settings)])
  t.after(() => child.kill('SIGKILL'))
  const readers: Record<'stdout' | 'stderr', { seen: string[]; reader: Interface }> = {
    stdout: { seen: [], reader: createInterface(child.stdout) },
    stderr: { seen: [], reader: createInterface(child.stderr) },
  }
  for (const { seen, reader } of Object.values(readers))
    reader.on('line', (line) => seen.push(line))
  return {
    child,
    dataFolder,
    stdout: readers.stdout.seen,
    stderr: readers.stderr.seen,
    exited: once(child, 'close'),
    line(source, pattern) {
      const { seen, reader } = readers[source]
      const found = seen.find((line) => pattern.test(line))
      if (found !== undefined) return Promise.resolve(found)
      return new Promise((resolve, reject) => {
        reader.on('line', (line) => pattern.test(line) && resolve(line))
        child.once('close', () => reject(new Error(`ended without ${pattern}: ${seen.join('\n')}`)))
      })
    },
  }
}

async function address(started: Started): Promise<string> {
  const line = await started.line('stdout', /listens on/)
  return /http:\/\/[^ ,]+/.exec(line)?.[0] ?? assert.fail(line)
}

async function get(url: string): Promise<string> {
  return (await fetch(url)).text()
}

interface Transfer {
  /** Of the worker that sends. */
  readonly pid: number
  /** Resolves with false when the transfer broke, with true when the answer came to its end. */
  readonly ended: Promise<boolean>
  /** The client goes. */
  leave(): void
}

/** A transfer that goes on until the client leaves or the server ends it. */
async function openTransfer(url: string): Promise<Transfer> {
  const request = httpGet(`${url}/hold`, { agent: false })
  const [response]: IncomingMessage[] = await once(request, 'response')
  assert.ok(response)
  const [chunk] = await once(response, 'data')
  return {
    pid: Number(chunk),
    ended: new Promise((resolve) => {
      response.once('error', () => resolve(false))
      response.once('close', () => resolve(response.complete))
    }),
    leave: () => request.destroy(),
  }
}

/** Pids of the workers, seen by asking until so many have answered. */
async function workerPids(url: string, count: number): Promise<number[]> {
  const pids = new Set<number>()
  for (let asked = 0; pids.size < count; asked++) {
    assert.ok(asked < 1000, `only ${pids.size} of ${count} workers answer`)
    pids.add(Number(await get(url)))
  }
  return [...pids]
}

test('workers share the port; the line stands once; SIGTERM lets transfers end and exits 0', async (t) => {
  const started = await start(t, {})
  const url = await address(started)
  const pids = await workerPids(url, 2)
  assert.ok(!pids.includes(started.child.pid ?? 0))
  const transfer = await openTransfer(url)
  started.child.kill('SIGTERM')
  // Each reaches the worker too when a terminal sends it to the group; only the primary's word counts.
  process.kill(transfer.pid, 'SIGINT')
  await started.line('stderr', new RegExp(`"pid":${transfer.pid},.*test app drains`))
  await assert.rejects(get(url))
  transfer.leave()
  assert.deepEqual(await started.exited, [0, null])
  assert.equal(started.stdout.filter((line) => line.includes('listens on')).length, 1)
})

test('a transfer that outlasts the limit is ended, with exit code 0', async (t) => {
  const started = await start(t, { env: { ENTREPOT_DRAIN_SECONDS: '0' } })
  const transfer = await openTransfer(await address(started))
  started.child.kill('SIGINT')
  started.child.kill('SIGINT')
  assert.equal(await transfer.ended, false)
  assert.deepEqual(await started.exited, [0, null])
})

test('a worker that is killed is replaced', async (t) => {
  const started = await start(t, {})
  const url = await address(started)
  const [first = 0] = await workerPids(url, 2)
  process.kill(first, 'SIGKILL')
  await started.line('stderr', /ended and is replaced/)
  const pids = await workerPids(url, 2)
  assert.ok(!pids.includes(first))
  started.child.kill('SIGTERM')
  assert.deepEqual(await started.exited, [0, null])
})

test('workers that die again and again end the server with one line', async (t) => {
  const started = await start(t, {})
  const url = await address(started)
  for (const seen of [/"delayMs":1\b/, /"delayMs":2\b/, undefined]) {
    const [pid = 0] = await workerPids(url, 2)
    process.kill(pid, 'SIGKILL')
    if (seen) await started.line('stderr', seen)
  }
  assert.equal((await started.exited)[0], 1)
  assert.match(started.stderr.at(-1) ?? '', /^entrepot: worker processes ended 3 times in a row/)
})

test('kill -9 of the primary: the workers end by themselves and the folder is free', async (t) => {
  const started = await start(t, {})
  const url = await address(started)
  await workerPids(url, 2)
  started.child.kill('SIGKILL')
  // The workers hold our pipes open: 'close' comes when the last one is gone.
  await started.exited
  assert.equal(started.stderr.filter((line) => line.includes('test app drains')).length, 2)
  const again = await start(t, { dataFolder: started.dataFolder })
  await address(again)
  again.child.kill('SIGTERM')
  assert.deepEqual(await again.exited, [0, null])
})

test('one process serves without workers', async (t) => {
  const started = await start(t, { env: { ENTREPOT_PROCESSES: '1' } })
  assert.equal(Number(await get(await address(started))), started.child.pid)
  started.child.kill('SIGTERM')
  assert.deepEqual(await started.exited, [0, null])
})

for (const processes of ['1', '3']) {
  test(`/metrics sums ${processes} processes, also after one was killed`, async (t) => {
    const metricsPort = await freePort()
    const started = await start(t, {
      env: {
        ENTREPOT_PROCESSES: processes,
        ENTREPOT_METRICS_LISTEN: `127.0.0.1:${metricsPort}`,
      },
    })
    const url = await address(started)
    for (let request = 0; request < 12; request++) await get(url)
    const before = await get(`http://127.0.0.1:${metricsPort}/metrics`)
    assert.ok(
      before.includes('entrepot_http_requests_total{route="/",method="GET",status="200"} 12\n'),
    )
    assert.ok(before.includes('entrepot_uploads_open 5\n'), before)
    assert.equal((await fetch(`http://127.0.0.1:${metricsPort}/other`)).status, 404)
    if (processes === '3') {
      assert.equal(before.match(/^entrepot_process_resident_bytes/gm)?.length, 4)
      await assert.rejects(get(`${url}/crash`))
      await started.line('stderr', /ended and is replaced/)
      const after = await get(`http://127.0.0.1:${metricsPort}/metrics`)
      assert.ok(after.includes('status="200"} 12\n'), after)
    }
    started.child.kill('SIGTERM')
    assert.deepEqual(await started.exited, [0, null])
  })
}

test('expected start failures are one line, exit code 1', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.after(() => taken.close())
  const bound = taken.address()
  assert.ok(typeof bound === 'object' && bound)
  const address = `127.0.0.1:${bound.port}`
  const running = await start(t, {})
  await running.line('stdout', /listens on/)
  const cases: readonly (readonly [Options, RegExp])[] = [
    [{ env: { ENTREPOT_LISTEN: address } }, /can't listen on .* another program listens there/],
    [{ env: { ENTREPOT_METRICS_LISTEN: address } }, /\(ENTREPOT_METRICS_LISTEN\)/],
    [{ dataFolder: running.dataFolder }, /another server runs on the data folder/],
    [{ env: { ENTREPOT_PROCESSES: 'x' } }, /ENTREPOT_PROCESSES is "x"/],
    [
      { env: { ENTREPOT_TLS_CERT: '/none', ENTREPOT_TLS_KEY: '/none' } },
      /ENTREPOT_TLS_CERT can't be/,
    ],
    [{ fault: 'prepare' }, /the database is unreachable/],
    [{ fault: 'create' }, /the store is of another deployment/],
    [{ fault: 'create', env: { ENTREPOT_PROCESSES: '1' } }, /the store is of another deployment/],
    [{ fault: 'crash-on-create' }, /a worker process ended before it served/],
  ]
  for (const [options, expected] of cases) {
    const started = await start(t, options)
    assert.equal((await started.exited)[0], 1, String(expected))
    const lines = started.stderr.filter((line) => line.startsWith('entrepot: '))
    assert.equal(lines.length, 1, started.stderr.join('\n'))
    assert.match(lines[0] ?? '', expected)
  }
})

test('a taken port is seen before the data folder is touched', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.after(() => taken.close())
  const bound = taken.address()
  assert.ok(typeof bound === 'object' && bound)
  const dataFolder = join(makeFolder(t), 'data')
  const started = await start(t, {
    dataFolder,
    env: { ENTREPOT_LISTEN: `127.0.0.1:${bound.port}` },
  })
  await started.exited
  assert.equal(statSync(dataFolder, { throwIfNoEntry: false }), undefined)
})

test('first credentials: on a terminal once, else in a file of mode 0600; nowhere in the log', async (t) => {
  const secret = 'generated-secret-0123456789'
  const terminal = await start(t, { isTTY: true })
  await terminal.line('stdout', /listens on/)
  const shown = terminal.stdout.join('\n')
  assert.match(shown, new RegExp(`docker login 127.0.0.1:\\d+ -u 100000000001 -p ${secret}`))
  assert.match(shown, /docker push .*\n.*docker pull/)
  assert.match(shown, /API SecretKey +\(as you set it\)/)
  const service = await start(t, {})
  const url = await address(service)
  const path = join(service.dataFolder, 'first-credentials.txt')
  assert.ok(readFileSync(path, 'utf8').includes(secret))
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.ok(service.stdout.join('\n').includes(path))
  await assert.rejects(get(`${url}/throw`))
  await service.line('stderr', /ended and is replaced/)
  assert.ok(service.stderr.some((line) => line.includes('met an error that nothing expected')))
  for (const started of [terminal, service]) {
    started.child.kill('SIGTERM')
    assert.deepEqual(await started.exited, [0, null])
  }
  assert.ok(!service.stdout.join('\n').includes(secret))
  assert.ok(!terminal.stderr.join('\n').includes(secret))
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  assert.ok(typeof bound === 'object' && bound)
  server.close()
  await once(server, 'close')
  return bound.port
}
