// Pushes whole small images (POST and PUT of a layer, POST and PUT of a config, PUT of a manifest), each
// different, from several clients; prints how many in how many seconds. Runs in a process of its own.

import { readFileSync } from 'node:fs'
import { makeImage } from '../test/images/image.ts'
import { Registry, type RegistryAddress } from '../test/images/registry.ts'

interface Orders {
  readonly address: RegistryAddress
  readonly repository: string
  readonly clients: number
  readonly images: number
  readonly seed: string
}

const orders: Orders = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const images = Array.from({ length: orders.images }, (_, n) =>
  makeImage({ seed: `${orders.seed}/${n}`, layers: 1, layerBytes: 4096, gzip: false }),
)
const registry = new Registry({ ...orders.address, maxSockets: orders.clients })
await registry.authorization(orders.repository)
let next = 0
const begun = performance.now()
await Promise.all(Array.from({ length: orders.clients }, pushUntilDone))
console.log(JSON.stringify({ units: images.length, seconds: (performance.now() - begun) / 1000 }))
registry.close()

async function pushUntilDone(): Promise<void> {
  for (;;) {
    const n = next++
    const image = images[n]
    if (!image) return
    await registry.pushImage(orders.repository, `${orders.seed}-${n}`, image)
  }
}
