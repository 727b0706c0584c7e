// The load, always from other processes than the servers': wrk for small requests, curl for large bodies,
// small-images.ts for whole images.

import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { cpuSecondsOf } from '../test/clients/process-tree.ts'
import { Registry } from '../test/images/registry.ts'
import type { Endpoint } from './servers.ts'

const execute = promisify(execFile)

export interface Measurement {
  /** Units a second: requests, gigabytes, images. */
  readonly rate: number
  /** Processor seconds of the server for each unit. */
  readonly cpuPerUnit: number
}

interface Work {
  readonly units: number
  readonly seconds: number
}

/** What the server uses is read right before and right after; it is idle at both ends. */
export async function measure(endpoint: Endpoint, work: () => Promise<Work>): Promise<Measurement> {
  const before = cpuSecondsOf(endpoint.pid)
  const { units, seconds } = await work()
  const cpuSeconds = cpuSecondsOf(endpoint.pid) - before
  return { rate: units / seconds, cpuPerUnit: cpuSeconds / units }
}

export interface RequestLoad {
  readonly path: string
  readonly repository: string
  readonly headers?: Readonly<Record<string, string>>
  readonly seconds: number
  readonly connections: number
}

/** GETs over kept connections for some seconds; any answer but 2xx is an error. */
export async function requestLoad(endpoint: Endpoint, load: RequestLoad): Promise<Work> {
  const headers = { ...load.headers, ...(await authorizationOf(endpoint, load.repository)) }
  const args = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const size = ['-t1', `-c${load.connections}`, `-d${load.seconds}s`]
  const { stdout } = await execute('wrk', [...size, ...args, `${endpoint.address.url}${load.path}`])
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`${load.path}:\n${stdout}`)
  const [, requests, seconds] = /(\d+) requests in ([\d.]+)s/.exec(stdout) ?? []
  return { units: Number(requests), seconds: Number(seconds) }
}

export interface BlobGet {
  readonly repository: string
  readonly digest: string
  readonly sizeBytes: number
  readonly times: number
  readonly ca: string
}

/** One blob, several times over one connection after the other, in gigabytes. HTTP/1.1 also over TLS. */
export async function blobGet(endpoint: Endpoint, get: BlobGet): Promise<Work> {
  const headers = curlHeaders(await authorizationOf(endpoint, get.repository))
  const url = `${endpoint.address.url}/v2/${get.repository}/blobs/${get.digest}`
  const transfers = Array.from({ length: get.times }, () => ['-o', '/dev/null', url]).flat()
  const format = ['-w', '%{size_download} %{time_total} %{http_code}\\n']
  const http = ['--http1.1', '--cacert', get.ca]
  const { stdout } = await execute('curl', ['-sS', ...http, ...headers, ...format, ...transfers])
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number))
  let seconds = 0
  for (const [size, time, status] of lines) {
    if (status !== 200 || size !== get.sizeBytes) throw new Error(`${url}: ${stdout}`)
    seconds += time ?? 0
  }
  return { units: (lines.length * get.sizeBytes) / 1e9, seconds }
}

export interface BlobPush {
  readonly repository: string
  readonly digest: string
  readonly file: string
  readonly sizeBytes: number
}

/** POST, then one PUT with the whole body, as containerd pushes; in gigabytes. */
export async function blobPush(endpoint: Endpoint, push: BlobPush): Promise<Work> {
  const authorization = await authorizationOf(endpoint, push.repository)
  const registry = new Registry(endpoint.address)
  const begun = performance.now()
  const uploads = `/v2/${push.repository}/blobs/uploads/`
  const post = await registry.send(uploads, { method: 'POST', headers: authorization })
  const location = new URL(post.headers.location ?? '', endpoint.address.url)
  location.searchParams.set('digest', push.digest)
  const type = { ...authorization, 'Content-Type': 'application/octet-stream', Expect: '' }
  const { stdout } = await execute('curl', [
    ...['-sS', '-X', 'PUT', '-T', push.file, '-w', '%{http_code}', ...curlHeaders(type)],
    location.href,
  ])
  const seconds = (performance.now() - begun) / 1000
  registry.close()
  if (stdout !== '201') throw new Error(`PUT ${location.href}: ${stdout}`)
  return { units: push.sizeBytes / 1e9, seconds }
}

export interface ImageLoad {
  readonly repository: string
  readonly clients: number
  readonly images: number
  readonly seed: string
}

export async function imageLoad(
  endpoint: Endpoint,
  load: ImageLoad,
  folder: string,
): Promise<Work> {
  const path = join(folder, 'small-images.json')
  writeFileSync(path, JSON.stringify({ address: endpoint.address, ...load }))
  const program = fileURLToPath(new URL('small-images.ts', import.meta.url))
  const { stdout } = await execute(process.execPath, [program, path])
  return JSON.parse(stdout)
}

async function authorizationOf({ address }: Endpoint, repository: string) {
  const registry = new Registry(address)
  const authorization = await registry.authorization(repository)
  registry.close()
  const headers: Record<string, string> = authorization ? { authorization } : {}
  return headers
}

function curlHeaders(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
}
