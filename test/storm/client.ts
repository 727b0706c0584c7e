// One client of the storm: pushes image after image and pulls back earlier ones, through a server that dies
// under it. A connection that breaks is nothing to it; it tries the next thing.

import { makeImage } from '../images/image.ts'
import { Registry, type RegistryAddress, UnexpectedReply } from '../images/registry.ts'
import type { Ledger } from './ledger.ts'

export interface StormClient {
  stop(): Promise<void>
}

/** Some layers are the same in all clients, so that they race for the same content. */
const sharedSeeds = 12
const layersPerImage = 3

export function startClient(name: string, address: RegistryAddress, ledger: Ledger): StormClient {
  const registry = new Registry(address)
  const repository = `demo/storm/${name}`
  let stopping = false

  async function run(): Promise<void> {
    for (let n = 0; !stopping; n++) {
      await attempt(() => pushOne(n))
      if (n % 3 === 2) await attempt(pullOne)
    }
    registry.close()
  }

  async function pushOne(n: number): Promise<void> {
    const shared = makeImage({
      seed: `shared/${n % sharedSeeds}`,
      layerBytes: 300_000,
      gzip: false,
    })
    const seed = `${name}/${n}`
    const layerBytes = 20_000 + ((n * 7919) % 200_000)
    const image = makeImage({ seed, layers: layersPerImage, layerBytes, gzip: false })
    for (const blob of [...shared.layers, ...image.layers, shared.config, image.config]) {
      await registry.pushBlob(repository, blob)
      ledger.blobs.push({ repository, digest: blob.digest })
      ledger.answered()
    }
    for (const [tag, { manifest }] of [
      [`v${n}`, image],
      [`shared-${n % sharedSeeds}`, shared],
      ['latest', image],
    ] as const) {
      const pushed = { repository, tag, digest: manifest.digest }
      ledger.attempt(pushed)
      await registry.pushManifest(repository, tag, manifest)
      ledger.acknowledge(pushed)
    }
  }

  async function pullOne(): Promise<void> {
    const known = ledger.images.filter(({ tag }) => tag !== 'latest')
    const image = known[Math.floor(known.length / 2)]
    if (!image) return
    await registry.pullImage(image.repository, image.tag)
    ledger.answered()
  }

  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      registry.forgetTokens()
      if (isBroken(error)) return ledger.broke()
      ledger.problems.push(`${name}: ${error instanceof Error ? error.message : error}`)
      ledger.answered()
    }
  }

  const running = run()
  return {
    async stop() {
      stopping = true
      await running
    },
  }
}

/** The server died during this, or isn't back yet. Any other failure is one of the server's. */
function isBroken(error: unknown): boolean {
  if (error instanceof UnexpectedReply) return error.reply.status === 503
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(String(code))
}
