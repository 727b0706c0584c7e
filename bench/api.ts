// Signed calls of the management API over a million tags and a hundred thousand repositories: calls a second and
// processor time each, and whether the last page of a list costs more than the first.
//
//   node bench/api.ts [sqlite] [postgres]

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { callApi, sign, type TestKey } from '@entrepot/server/cloud-api/test-client.ts'
import type { RunningServer } from '../test/clients/server.ts'
import { measure } from './generators.ts'
import { median } from './report.ts'
import {
  repositoryCount,
  type ScaleDeployment,
  scaleNamespace,
  scaleRepository,
  tagCount,
  withScale,
} from './scale-deployment.ts'

const key: TestKey = { secretId: 'AKIDbench0123456789', secretKey: 'bench-secret-0123456789' }
const settings = {
  ENTREPOT_ADMIN_SECRET_ID: key.secretId,
  ENTREPOT_ADMIN_SECRET_KEY: key.secretKey,
  ENTREPOT_API_RATE_FACTOR: '1000000',
}
const seconds = 5
const connections = 16
const timesEach = 20
const pageSize = 100
/** Beside those that the deployment begins with. */
const lastingEach = 90
const lastingRounds = 5
/** No list may be slower at its end than at its start by more. */
const slowdownGoal = 2

const execute = promisify(execFile)
const { positionals } = parseArgs({ allowPositionals: true })
const chosen = positionals.length > 0 ? positionals : ['sqlite', 'postgres']
for (const database of chosen) {
  await withScale(database, (deployment) => measureApi(database, deployment), settings)
}

async function measureApi(database: string, { server }: ScaleDeployment): Promise<void> {
  console.log(`\n${database}`)
  const about = { RegistryId: await findInstance(server) }
  const repository = {
    ...about,
    NamespaceName: scaleNamespace,
    RepositoryName: scaleRepository.slice(scaleNamespace.length + 1),
  }
  for (const [action, input] of [
    ['DescribeImages', { ...repository, Limit: pageSize }],
    ['DescribeRepositories', { ...about, Limit: pageSize }],
    ['CreateInstanceToken', about],
  ] as const) {
    // wrk doesn't look into the envelope.
    await call(server, action, input)
    const { rate, cpuPerUnit } = await load(server, action, input)
    console.log(`${action}: ${rate.toFixed(0)} calls/s, ${micros(cpuPerUnit)} of CPU each`)
  }
  const { rate, cpuPerUnit } = await makeLasting(server, about)
  const each = `${micros(cpuPerUnit)} of CPU each`
  console.log(`CreateInstanceToken, long-term: ${rate.toFixed(0)} calls/s one by one, ${each}`)
  for (const [action, input, count] of [
    ['DescribeImages', repository, tagCount],
    ['DescribeRepositories', about, repositoryCount],
  ] as const) {
    const start = await timePages(server, action, input, 0)
    const end = await timePages(server, action, input, count - pageSize)
    const slowdown = `${(end / start).toFixed(2)} × (≤ ${slowdownGoal})`
    console.log(`${action}: first page ${ms(start)}, last page ${ms(end)}: ${slowdown}`)
  }
}

/** A person has at most a hundred, so they are made by one caller and deleted again, some rounds of it. */
async function makeLasting(server: RunningServer, about: object) {
  const address = { pid: server.process.pid ?? 0, address: server }
  const measured: { rate: number; cpuPerUnit: number }[] = []
  for (let round = 0; round < lastingRounds; round += 1) {
    const ids: string[] = []
    measured.push(
      await measure(address, async () => {
        const begun = performance.now()
        for (let n = 0; n < lastingEach; n += 1) {
          const input = { ...about, TokenType: 'longterm' }
          ids.push((await call(server, 'CreateInstanceToken', input)).TokenId)
        }
        return { units: ids.length, seconds: (performance.now() - begun) / 1000 }
      }),
    )
    for (const TokenId of ids) await call(server, 'DeleteInstanceToken', { ...about, TokenId })
  }
  return {
    rate: median(measured.map(({ rate }) => rate)),
    cpuPerUnit: median(measured.map((one) => one.cpuPerUnit)),
  }
}

function micros(seconds: number): string {
  return `${(seconds * 1e6).toFixed(0)} µs`
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`
}

function now(): number {
  return Math.floor(Date.now() / 1000)
}

async function call(server: RunningServer, action: string, input: object) {
  const answer = await callApi(
    server.url,
    key,
    { product: 'tcr', action, input },
    { timestamp: now() },
  )
  if (answer.Error) throw new Error(`${action}: ${answer.Error.Code} ${answer.Error.Message}`)
  return answer
}

async function findInstance(server: RunningServer): Promise<string> {
  const { Items } = await call(server, 'DescribeInstanceAllNamespaces', {})
  return String(Items[0].ResourceId).split('/')[0] ?? ''
}

/** One signed call again and again: its signature is good for five minutes. */
async function load(server: RunningServer, action: string, input: object) {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-bench-'))
  const body = JSON.stringify(input)
  const timestamp = now()
  const headers = {
    'Content-Type': 'application/json',
    'X-TC-Action': action,
    'X-TC-Version': '2019-09-24',
    'X-TC-Timestamp': String(timestamp),
    Authorization: sign({ key, host: '127.0.0.1', service: 'tcr', timestamp, body }),
  }
  const lines = Object.entries(headers).map(
    ([name, value]) => `wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`,
  )
  const script = join(folder, 'call.lua')
  writeFileSync(
    script,
    `wrk.method = "POST"\nwrk.body = ${JSON.stringify(body)}\n${lines.join('\n')}\n`,
  )
  try {
    return await measure({ pid: server.process.pid ?? 0, address: server }, async () => {
      const size = ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', script]
      const { stdout } = await execute('wrk', [...size, `${server.url}/`])
      const [, requests, took] = /(\d+) requests in ([\d.]+)s/.exec(stdout) ?? []
      return { units: Number(requests), seconds: Number(took) }
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The median of pages that were not asked for before: nothing of them is remembered. */
async function timePages(server: RunningServer, action: string, input: object, offset: number) {
  const times: number[] = []
  for (let n = 0; n < timesEach; n += 1) {
    const begun = performance.now()
    // Multiples of the limit are offsets by record.
    await call(server, action, { ...input, Limit: pageSize, Offset: offset })
    times.push(performance.now() - begun)
  }
  return median(times)
}
