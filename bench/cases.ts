// What is measured, in which unit, and what Entrepot is to reach: ratios to the best peer of the same run.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { content, descriptor, digestOf, makeImage, randomBytes } from '../test/images/image.ts'
import { Registry } from '../test/images/registry.ts'
import {
  blobGet,
  blobPush,
  imageLoad,
  type Measurement,
  measure,
  requestLoad,
} from './generators.ts'
import type { Endpoint, Ground, MeasuredServer } from './servers.ts'

export interface Goal {
  readonly cpu?: number
  readonly rate?: number
}

export interface Case {
  readonly name: string
  readonly unit: string
  /** How one unit's processor time is printed. */
  readonly cpuUnit: 'µs' | 's'
  readonly goal: Goal
  /** On PostgreSQL and S3, against the peers on their folders. */
  readonly remoteGoal?: Goal
  measure(server: MeasuredServer, ground: Ground, round: number): Promise<Measurement>
}

const repository = 'demo/bench'
const loadSeconds = 4
const connections = 16
const largeBytes = 512 * 1024 * 1024
const tagCount = 100

const small = makeImage({ seed: 'bench', layers: 2, layerBytes: 4096, gzip: false })
const smallBlob = content('application/octet-stream', randomBytes('bench/4k', 4096))
const large: { bytes: Buffer; digest: string } = { bytes: Buffer.alloc(0), digest: '' }

/** The same content on every server, at each of its endpoints. */
export async function seed({ plain, tls }: MeasuredServer): Promise<void> {
  if (large.digest === '') {
    large.bytes = randomBytes('bench/large', largeBytes)
    large.digest = digestOf(large.bytes)
  }
  for (const endpoint of [plain, tls]) {
    const registry = new Registry(endpoint.address)
    const blobs = [...small.layers, small.config, smallBlob, { ...large, mediaType: '' }]
    for (const blob of blobs) await registry.pushBlob(repository, blob)
    // A blob that no manifest names is not for pulling everywhere.
    const layers = [...small.layers, smallBlob].map(descriptor)
    const big = { mediaType: 'application/octet-stream', digest: large.digest, size: largeBytes }
    const manifest = JSON.parse(small.manifest.bytes.toString())
    const whole = JSON.stringify({ ...manifest, layers: [...layers, big] })
    const named = content(small.manifest.mediaType, Buffer.from(whole))
    await registry.pushManifest(repository, 'whole', named)
    for (let n = 1; n < tagCount; n++) {
      await registry.pushManifest(repository, `v${n}`, small.manifest)
    }
    registry.close()
  }
}

export const cases: readonly Case[] = [
  requests('manifest GET by tag', `/v2/${repository}/manifests/v7`, { cpu: 0.3, rate: 3 }),
  requests('tags/list, 100', `/v2/${repository}/tags/list`, { cpu: 0.3, rate: 3 }),
  requests('4 KiB blob GET', `/v2/${repository}/blobs/${smallBlob.digest}`, {
    cpu: 0.35,
    rate: 2.5,
  }),
  largeGet('blob GET 512 MiB', 'plain', { cpu: 0.9, rate: 1.2 }),
  largeGet('blob GET 512 MiB, TLS HTTP/1.1', 'tls', { cpu: 0.75, rate: 1 }),
  {
    name: 'push 512 MiB',
    unit: 'GB',
    cpuUnit: 's',
    goal: { cpu: 1, rate: 1.1 },
    measure: ({ name, plain }, { folder }, round) => {
      const bytes = Buffer.from(large.bytes)
      bytes.write(`${name} ${round}`)
      const [file, digest] = [join(folder, 'push.bin'), digestOf(bytes)]
      writeFileSync(file, bytes)
      const push = { repository, digest, file, sizeBytes: bytes.length }
      return measure(plain, () => blobPush(plain, push))
    },
  },
  {
    name: 'small images pushed, 10 clients',
    unit: 'image',
    cpuUnit: 'µs',
    goal: { rate: 1.5 },
    measure: ({ plain }, { folder }, round) => {
      const load = { repository, clients: 10, images: 600, seed: `round-${round}` }
      return measure(plain, () => imageLoad(plain, load, folder))
    },
  },
]

function requests(name: string, path: string, goal: Case['goal']): Case {
  const headers = { accept: small.manifest.mediaType }
  const load = { path, repository, headers, seconds: loadSeconds, connections }
  return {
    name,
    unit: 'request',
    cpuUnit: 'µs',
    goal,
    remoteGoal: { cpu: 1 },
    measure: ({ plain }) => measure(plain, () => requestLoad(plain, load)),
  }
}

function largeGet(name: string, via: 'plain' | 'tls', goal: Case['goal']): Case {
  return {
    name,
    unit: 'GB',
    cpuUnit: 's',
    goal,
    measure: (server, { authority }) => {
      const endpoint: Endpoint = server[via]
      const get = { repository, digest: large.digest, sizeBytes: largeBytes, times: 4 }
      return measure(endpoint, () => blobGet(endpoint, { ...get, ca: authority.ca }))
    },
  }
}
