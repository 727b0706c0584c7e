// Many at once: no answer is a 5xx. Each client has a connection and a login of its own, and repeats what is
// answered 429 when it is told to, as real ones do.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type RunningServer, startServer } from '../clients/server.ts'
import { makeImage } from '../images/image.ts'
import { Registry } from '../images/registry.ts'

const pulls = 1200
const pushes = 3000
const repository = 'demo/crowd'
let server: RunningServer

before(async () => {
  server = await startServer()
})

after(() => server?.stop())

test(`${pulls} parallel pulls`, async (t) => {
  const image = makeImage({ seed: 'crowd', layers: 3, layerBytes: 65_536, gzip: false })
  const first = new Registry(server)
  await first.pushImage(repository, 'v1', image)
  first.close()
  await crowd(t.diagnostic.bind(t), pulls, (registry) => registry.pullImage(repository, 'v1'))
})

test(`${pushes} parallel pushes of small images`, async (t) => {
  const images = Array.from({ length: pushes }, (_, n) =>
    makeImage({ seed: `crowd/${n}`, layers: 1, layerBytes: 2000, gzip: false }),
  )
  await crowd(t.diagnostic.bind(t), pushes, async (registry, n) => {
    const image = images[n]
    assert.ok(image)
    await registry.pushImage(`${repository}/${n % 100}`, `v${n}`, image)
  })
  const reader = new Registry(server)
  for (let n = 0; n < pushes; n += 97) await reader.pullImage(`${repository}/${n % 100}`, `v${n}`)
  reader.close()
})

/** All at the same time; any failure is one of the server's. */
async function crowd(
  say: (text: string) => void,
  size: number,
  act: (registry: Registry, n: number) => Promise<unknown>,
): Promise<void> {
  const begun = performance.now()
  const { url, username, password } = server
  const results = await Promise.allSettled(
    Array.from({ length: size }, async (_, n) => {
      const registry = new Registry({ url, username, password, maxSockets: 1 })
      await act(registry, n).finally(() => registry.close())
    }),
  )
  const seconds = (performance.now() - begun) / 1000
  say(`${size} in ${seconds.toFixed(1)} s`)
  const failures = results.filter((result) => result.status === 'rejected')
  const reasons = new Set(failures.map(({ reason }) => String(reason)))
  assert.deepEqual([...reasons].slice(0, 5), [], `${failures.length} of ${size} failed`)
}
