// "Pushing a blob in chunks": order, status (end-13), recovery after 416, and cancelling (end-14).
import assert from 'node:assert/strict'
import { describe } from 'node:test'
import * as made from './content.ts'
import type { Reply } from './http-client.ts'
import { expectErrorBody, expectStatus, single } from './reply-checks.ts'
import { conforms, openTarget } from './target.ts'
import * as uploads from './uploads.ts'

const registry = await openTarget()
const repository = registry.freshRepository()

interface ChunkedUpload extends uploads.Upload {
  readonly item: made.Content
  piece(at: number): { readonly start: number; readonly bytes: Buffer }
}

/** A session for a blob of three chunks, the last one shorter. */
async function begin(algorithm: made.Algorithm = 'sha256'): Promise<ChunkedUpload> {
  const upload = await uploads.startUpload(registry, repository, algorithm)
  const item = made.blob(upload.chunkBytes * 3 - 5, algorithm)
  const piece = (at: number) => {
    const start = at * upload.chunkBytes
    return { start, bytes: item.bytes.subarray(start, start + upload.chunkBytes) }
  }
  return { ...upload, item, piece }
}

function patch(
  location: string,
  piece: { readonly start: number; readonly bytes: Uint8Array },
): Promise<Reply> {
  const headers = uploads.contentRange(piece.start, piece.bytes.length)
  return registry.call('PATCH', location, { headers, body: piece.bytes })
}

function expectOutOfOrder(reply: Reply): void {
  expectStatus(reply, 416)
  if (registry.has('error-codes')) expectErrorBody(reply)
}

/** The upload's status: 204, Location, and how far it is. */
async function status(location: string): Promise<{ location: string; range: string }> {
  const reply = await registry.call('GET', location)
  expectStatus(reply, 204)
  return { location: uploads.locationOf(reply), range: single(reply, 'Range') }
}

for (const algorithm of made.algorithms) {
  const needs = algorithm === 'sha512' ? (['sha512'] as const) : ([] as const)
  describe(`chunks in order, ${algorithm}`, () => {
    for (const lastInPut of [false, true]) {
      const name = lastInPut ? 'the last chunk in the PUT' : 'all chunks by PATCH'
      conforms(registry, `${name}, with the status asked after each`, needs, async () => {
        const upload = await begin(algorithm)
        let { location } = upload
        for (const at of lastInPut ? [0, 1] : [0, 1, 2]) {
          const { start, bytes } = upload.piece(at)
          location = await uploads.sendChunk(registry, location, start, bytes)
          const now = await status(location)
          assert.equal(now.range, `0-${start + bytes.length - 1}`)
          location = now.location
        }
        const last = lastInPut ? upload.piece(2) : undefined
        const reply = await uploads.finishUpload(registry, location, upload.item.digest, last)
        await uploads.expectBlobCreated(registry, reply, upload.item)
      })

      conforms(registry, `${name}, each after one out of order`, needs, async () => {
        const upload = await begin(algorithm)
        let { location } = upload
        for (const at of [0, 1, 2]) {
          // Ahead of its turn while there is something ahead, then once more from the beginning.
          const wrong = upload.piece(at < 2 ? at + 1 : 0)
          const early = lastInPut && at === 1
          const refused = early
            ? await uploads.finishUpload(registry, location, upload.item.digest, wrong)
            : await patch(location, wrong)
          expectOutOfOrder(refused)
          const now = await status(location)
          if (at > 0) assert.equal(now.range, `0-${at * upload.chunkBytes - 1}`)
          location = now.location
          const { start, bytes } = upload.piece(at)
          if (at === 2 && lastInPut) break
          location = await uploads.sendChunk(registry, location, start, bytes)
        }
        const last = lastInPut ? upload.piece(2) : undefined
        const reply = await uploads.finishUpload(registry, location, upload.item.digest, last)
        await uploads.expectBlobCreated(registry, reply, upload.item)
      })
    }
  })
}

describe('order', () => {
  conforms(registry, 'the first chunk begins with 0', [], async () => {
    const upload = await begin()
    expectOutOfOrder(await patch(upload.location, upload.piece(1)))
    expectOutOfOrder(await patch(upload.location, { ...upload.piece(0), start: 1 }))
  })

  conforms(registry, 'a chunk sent twice: 416, and the upload goes on', [], async () => {
    const upload = await begin()
    const { start, bytes } = upload.piece(0)
    const location = await uploads.sendChunk(registry, upload.location, start, bytes)
    expectOutOfOrder(await patch(location, upload.piece(0)))
    const now = await status(location)
    assert.equal(now.range, `0-${bytes.length - 1}`)
  })

  conforms(registry, 'a gap, and an overlap', [], async () => {
    const upload = await begin()
    const { start, bytes } = upload.piece(0)
    const location = await uploads.sendChunk(registry, upload.location, start, bytes)
    for (const wrong of [bytes.length + 1, bytes.length - 1]) {
      expectOutOfOrder(await patch(location, { start: wrong, bytes }))
    }
  })

  conforms(registry, 'PUT of a chunk out of order: 416, nothing is made', [], async () => {
    const upload = await begin()
    const { start, bytes } = upload.piece(0)
    const location = await uploads.sendChunk(registry, upload.location, start, bytes)
    const reply = await uploads.finishUpload(
      registry,
      location,
      upload.item.digest,
      upload.piece(2),
    )
    expectOutOfOrder(reply)
    const blob = await registry.call('HEAD', `/v2/${repository}/blobs/${upload.item.digest}`)
    expectStatus(blob, 404)
    await status(location)
  })

  const ranges = ['9-0', '-9', 'a-b', '0-', '0-9,20-29', '0-99999999999999999999']
  for (const range of ranges) {
    conforms(registry, `Content-Range ${range} is refused`, ['entrepot'], async () => {
      const upload = await begin()
      const headers = { 'Content-Range': range }
      const body = upload.item.bytes.subarray(0, 10)
      const reply = await registry.call('PATCH', upload.location, { headers, body })
      expectStatus(reply, 400, 416)
      expectErrorBody(reply)
    })
  }

  for (const range of ['bytes 0-9/10', 'bytes 0-9/*', 'bytes=0-9']) {
    conforms(
      registry,
      `Content-Range ${range}, as HTTP writes it, is understood`,
      ['entrepot'],
      async () => {
        const upload = await begin()
        const headers = { 'Content-Range': range }
        const body = upload.item.bytes.subarray(0, 10)
        const reply = await registry.call('PATCH', upload.location, { headers, body })
        expectStatus(reply, 202)
        assert.equal(single(reply, 'Range'), '0-9')
        expectOutOfOrder(await registry.call('PATCH', upload.location, { headers, body }))
      },
    )
  }

  conforms(registry, 'Content-Range that contradicts the length', ['entrepot'], async () => {
    const upload = await begin()
    const headers = { 'Content-Range': '0-99' }
    const body = upload.item.bytes.subarray(0, 10)
    const reply = await registry.call('PATCH', upload.location, { headers, body })
    expectStatus(reply, 400, 416)
    expectErrorBody(reply)
  })
})

describe('status (end-13)', () => {
  conforms(registry, 'before any byte: 204 and a Range that begins with 0-', [], async () => {
    const upload = await begin()
    const now = await status(upload.location)
    assert.match(now.range, /^0-/)
  })

  conforms(registry, 'HEAD is no stranger', ['entrepot'], async () => {
    const upload = await begin()
    const reply = await registry.call('HEAD', upload.location)
    expectStatus(reply, 204, 405)
  })
})

describe('cancel (end-14)', () => {
  conforms(registry, 'an empty session: 204, then it is gone', ['upload-cancel'], async () => {
    const upload = await begin()
    expectStatus(await registry.call('DELETE', upload.location), 204)
    expectStatus(await registry.call('GET', upload.location), 404)
    expectStatus(await registry.call('DELETE', upload.location), 404, 400)
  })

  conforms(registry, 'a session with bytes: nothing of it stays', ['upload-cancel'], async () => {
    const upload = await begin()
    const { start, bytes } = upload.piece(0)
    const location = await uploads.sendChunk(registry, upload.location, start, bytes)
    expectStatus(await registry.call('DELETE', location), 204)
    expectStatus(await patch(location, upload.piece(1)), 404)
    const reply = await uploads.finishUpload(registry, location, made.digestOf(bytes))
    expectStatus(reply, 404)
    const blob = `/v2/${repository}/blobs/${made.digestOf(bytes)}`
    expectStatus(await registry.call('HEAD', blob), 404)
  })
})

describe('a wrong end', () => {
  conforms(registry, 'a wrong digest after chunks: 400', [], async () => {
    const upload = await begin()
    const { start, bytes } = upload.piece(0)
    const location = await uploads.sendChunk(registry, upload.location, start, bytes)
    const reply = await uploads.finishUpload(registry, location, upload.item.digest)
    expectStatus(reply, 400)
    if (registry.has('error-codes')) expectErrorBody(reply, 'DIGEST_INVALID')
  })

  conforms(registry, 'chunks of one byte and of uneven sizes', [], async () => {
    const upload = await begin()
    if (upload.chunkBytes > uploads.CHUNK_BYTES) return
    let { location } = upload
    let start = 0
    for (const size of [1, 1, 500, 3, 1000]) {
      const bytes = upload.item.bytes.subarray(start, start + size)
      location = await uploads.sendChunk(registry, location, start, bytes)
      start += size
    }
    const last = { start, bytes: upload.item.bytes.subarray(start) }
    const reply = await uploads.finishUpload(registry, location, upload.item.digest, last)
    await uploads.expectBlobCreated(registry, reply, upload.item)
  })
})
