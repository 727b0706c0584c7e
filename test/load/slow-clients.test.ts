// A thousand clients who send or take a byte a second hold nobody else up.

import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { type RunningServer, startServer } from '../clients/server.ts'
import { content, makeImage, randomBytes } from '../images/image.ts'
import { Registry } from '../images/registry.ts'

const slowEach = 500
const byteEveryMs = 1000
const others = 300
const repository = 'demo/slow'

test(`${2 * slowEach} slow clients don't stop the rest`, async (t) => {
  const server = await startServer()
  const registry = new Registry(server)
  const sockets: Socket[] = []
  t.after(async () => {
    // Before the stop, which would wait for them.
    for (const socket of sockets) socket.destroy()
    registry.close()
    await server.stop()
  })
  // Larger than what the kernel takes for a reader who doesn't read.
  const large = content('application/octet-stream', randomBytes('slow', 16 * 1024 * 1024))
  await registry.pushBlob(repository, large)
  const authorization = await registry.authorization(repository)

  const readers = await Promise.all(
    Array.from({ length: slowEach }, () =>
      slowReader(server, `/v2/${repository}/blobs/${large.digest}`, authorization),
    ),
  )
  const writers = await Promise.all(
    Array.from({ length: slowEach }, async () => {
      const uploads = `/v2/${repository}/blobs/uploads/`
      const begun = await registry.call(uploads, { method: 'POST', repository })
      return slowWriter(server, new URL(begun.headers.location ?? '', server.url), authorization)
    }),
  )
  sockets.push(...readers, ...writers)

  const times: number[] = []
  for (let n = 0; n < others; n++) {
    const begun = performance.now()
    const image = makeImage({ seed: `slow/${n}`, layers: 1, layerBytes: 10_000, gzip: false })
    await registry.pushImage(repository, `v${n}`, image)
    await registry.pullImage(repository, `v${n}`)
    times.push(performance.now() - begun)
  }
  times.sort((a, b) => a - b)
  t.diagnostic(`image pushed and pulled: median ${times[others / 2]?.toFixed(1)} ms`)
  t.diagnostic(`slowest ${times.at(-1)?.toFixed(1)} ms`)
  const alive = sockets.filter((socket) => !socket.destroyed)
  assert.equal(alive.length, 2 * slowEach, 'slow clients are served too')
})

/** Resolves when the answer has begun; then takes next to nothing. */
function slowReader(server: RunningServer, path: string, authorization = ''): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.ports.plain, '127.0.0.1')
    const head = [`GET ${path} HTTP/1.1`, `Host: ${server.host}`, `Authorization: ${authorization}`]
    socket.once('error', reject)
    socket.write(`${head.join('\r\n')}\r\n\r\n`)
    socket.once('readable', () => {
      const begun = String(socket.read(12))
      if (begun !== 'HTTP/1.1 200') return reject(new Error(begun))
      const timer = setInterval(() => socket.read(1), byteEveryMs)
      socket.once('close', () => clearInterval(timer))
      resolve(socket)
    })
  })
}

function slowWriter(server: RunningServer, location: URL, authorization = ''): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.ports.plain, '127.0.0.1')
    const head = [
      `PATCH ${location.pathname}${location.search} HTTP/1.1`,
      `Host: ${server.host}`,
      `Authorization: ${authorization}`,
      'Content-Type: application/octet-stream',
      'Content-Length: 1000000',
    ]
    socket.once('error', reject)
    socket.write(`${head.join('\r\n')}\r\n\r\n`, () => {
      const timer = setInterval(() => socket.write('x'), byteEveryMs)
      socket.once('close', () => clearInterval(timer))
      resolve(socket)
    })
  })
}
