// SIGTERM: what runs is finished, nothing new begins, the exit code is 0, and what was answered is kept.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type RunningServer, startServer } from '../clients/server.ts'
import { content, digestOf, randomBytes } from '../images/image.ts'
import { Registry } from '../images/registry.ts'

const repository = 'demo/drain'
/** More than the kernel's buffers hold for a reader who doesn't read. */
const largeBytes = 64 * 1024 * 1024

test('finishes running transfers when told to stop', async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'entrepot-drain-'))
  t.after(() => rmSync(data, { recursive: true, force: true }))
  const server = await startServer({ data })
  const registry = new Registry(server)
  const large = content('application/octet-stream', randomBytes('drain/get', largeBytes))
  await registry.pushBlob(repository, large)
  const pushed = content('application/octet-stream', randomBytes('drain/put', largeBytes))

  const download = await beginDownload(server, registry, large.digest)
  const upload = await beginUpload(registry, pushed.digest)
  await written(upload, pushed.bytes.subarray(0, largeBytes / 2))

  server.process.kill('SIGTERM')
  await refusing(server)
  upload.end(pushed.bytes.subarray(largeBytes / 2))
  assert.equal((await responseOf(upload)).statusCode, 201)
  const chunks: Buffer[] = []
  for await (const chunk of download) chunks.push(chunk)
  assert.equal(digestOf(Buffer.concat(chunks)), large.digest)
  assert.equal(await server.stop(), 0)
  registry.close()

  const again = await startServer({ data })
  const reader = new Registry(again)
  await reader.pullBlob(repository, pushed.digest)
  reader.close()
  assert.equal(await again.stop(), 0)
})

/** The answer's head is here, its body is not read yet. */
async function beginDownload(server: RunningServer, registry: Registry, digest: string) {
  const path = `${server.url}/v2/${repository}/blobs/${digest}`
  const authorization = await registry.authorization(repository)
  const response = await responseOf(request(path, { headers: { authorization } }).end())
  assert.equal(response.statusCode, 200)
  return response
}

async function beginUpload(registry: Registry, digest: string): Promise<ClientRequest> {
  const uploads = `/v2/${repository}/blobs/uploads/`
  const begun = await registry.call(uploads, { method: 'POST', repository })
  const location = new URL(begun.headers.location ?? '', registry.address.url)
  location.searchParams.set('digest', digest)
  const authorization = await registry.authorization(repository)
  const headers = {
    authorization,
    'content-length': largeBytes,
    'content-type': 'application/octet-stream',
  }
  return request(location, { method: 'PUT', headers })
}

/** More than sockets buffer: the server has begun to read it, so the connection is no idle one. */
function written(sent: ClientRequest, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    sent.once('error', reject)
    sent.write(bytes, (error) => (error ? reject(error) : resolve()))
  })
}

function responseOf(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once('response', resolve)
    sent.once('error', reject)
  })
}

/** Resolves at the first connection that is refused. */
async function refusing(server: RunningServer): Promise<void> {
  for (;;) {
    const code = await new Promise<string | undefined>((resolve) => {
      const socket = connect(server.ports.plain, '127.0.0.1', () => {
        socket.destroy()
        resolve(undefined)
      })
      socket.once('error', (error) => resolve('code' in error ? String(error.code) : ''))
    })
    if (code === 'ECONNREFUSED') return
  }
}
