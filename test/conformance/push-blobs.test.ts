// "Pushing blobs" in one piece: POST then PUT, a single POST, and a stream; right and wrong.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe } from 'node:test'
import * as made from './content.ts'
import type { Reply } from './http-client.ts'
import { octets } from './media-types.ts'
import { sendAndHangUp, sendRaw } from './raw-socket.ts'
import { expectBytes, expectErrorBody, expectHeader, expectStatus, single } from './reply-checks.ts'
import { conforms, openTarget } from './target.ts'
import * as uploads from './uploads.ts'

const registry = await openTarget()
const repository = registry.freshRepository()
const uploadsPath = `/v2/${repository}/blobs/uploads/`

async function expectAbsent(item: made.Content): Promise<void> {
  const reply = await registry.call('HEAD', `/v2/${repository}/blobs/${item.digest}`)
  expectStatus(reply, 404)
}

for (const algorithm of made.algorithms) {
  const base = algorithm === 'sha512' ? (['sha512'] as const) : ([] as const)
  describe(`each way, ${algorithm}`, () => {
    for (const way of uploads.uploadWays) {
      const needs = way === 'post only' ? ([...base, 'single-post'] as const) : base

      conforms(registry, `${way}: 201 and a pullable Location`, needs, async () => {
        for (const sizeBytes of [1, 512, 3 * uploads.CHUNK_BYTES - 5]) {
          const item = made.blob(sizeBytes, algorithm)
          const reply = await uploads.upload(registry, repository, item, way)
          await uploads.expectBlobCreated(registry, reply, item)
        }
      })

      conforms(registry, `${way}: the same blob again`, needs, async () => {
        const item = made.blob(2000, algorithm)
        for (const _ of ['first', 'again']) {
          const reply = await uploads.upload(registry, repository, item, way)
          await uploads.expectBlobCreated(registry, reply, item)
        }
      })

      conforms(registry, `${way}: a wrong digest is refused with 400`, needs, async () => {
        const right = made.blob(3 * uploads.CHUNK_BYTES - 5, algorithm)
        const wrong = { ...right, bytes: Buffer.concat([right.bytes, Buffer.from('oh no')]) }
        const reply = await uploads.upload(registry, repository, wrong, way)
        expectStatus(reply, 400)
        if (registry.has('error-codes')) expectErrorBody(reply, 'DIGEST_INVALID')
        await expectAbsent(right)
        await expectAbsent(made.content(wrong.bytes, octets, algorithm))
      })

      conforms(registry, `${way}: no bytes, and {}`, needs, async () => {
        for (const bytes of ['', '{}']) {
          const item = made.content(bytes, octets, algorithm)
          const reply = await uploads.upload(registry, repository, item, way)
          await uploads.expectBlobCreated(registry, reply, item)
        }
      })
    }
  })
}

describe('the session', () => {
  conforms(registry, 'POST: 202, Location, no bytes yet', [], async () => {
    const reply = await registry.call('POST', uploadsPath)
    expectStatus(reply, 202)
    const location = new URL(single(reply, 'Location'), registry.origin)
    assert.equal(location.host, registry.origin.host, 'the session is on the host of the request')
  })

  conforms(registry, 'two sessions never share a Location', [], async () => {
    const one = await uploads.startUpload(registry, repository)
    const two = await uploads.startUpload(registry, repository)
    assert.notEqual(one.location, two.location)
  })

  conforms(registry, 'an upload belongs to its repository', ['entrepot'], async () => {
    const { location } = await uploads.startUpload(registry, repository)
    const other = location.replace(repository, registry.freshRepository())
    expectStatus(await registry.call('GET', other), 404)
    const body = Buffer.from('bytes')
    expectStatus(await registry.call('PATCH', other, { body }), 404)
  })

  conforms(registry, 'a finished session is gone', [], async () => {
    const { location } = await uploads.startUpload(registry, repository)
    const item = made.blob()
    const options = { query: { digest: item.digest }, body: item.bytes }
    expectStatus(await registry.call('PUT', location, options), 201)
    expectStatus(await registry.call('GET', location), 404)
  })

  conforms(registry, 'PUT without a digest: 400', [], async () => {
    const { location } = await uploads.startUpload(registry, repository)
    const reply = await registry.call('PUT', location, { body: Buffer.from('bytes') })
    expectStatus(reply, 400)
    if (registry.has('error-codes')) expectErrorBody(reply, 'DIGEST_INVALID')
  })

  for (const digest of ['sha256:short', 'md5:d41d8cd98f00b204e9800998ecf8427e', 'nonsense']) {
    conforms(registry, `PUT with the digest ${digest}: 400`, [], async () => {
      const { location } = await uploads.startUpload(registry, repository)
      const options = { query: { digest }, body: Buffer.from('') }
      const reply = await registry.call('PUT', location, options)
      expectStatus(reply, 400)
      if (registry.has('error-codes')) expectErrorBody(reply, 'DIGEST_INVALID')
    })
  }

  conforms(registry, 'digest-algorithm that nobody knows: 400', ['digest-algorithm'], async () => {
    const query = { 'digest-algorithm': 'md5' }
    const reply = await registry.call('POST', uploadsPath, { query })
    expectStatus(reply, 400)
    if (registry.has('error-codes')) expectErrorBody(reply)
  })

  const announced = ['digest-algorithm', 'sha512'] as const
  conforms(registry, 'digest-algorithm=sha512, chunks, sha512 digest', announced, async () => {
    const item = made.blob(2500, 'sha512')
    const reply = await uploads.upload(registry, repository, item, 'chunks')
    await uploads.expectBlobCreated(registry, reply, item)
  })

  conforms(registry, 'sha512 that was not announced works too', ['sha512'], async () => {
    const item = made.blob(2500, 'sha512')
    const { location } = await uploads.startUpload(registry, repository)
    const next = await uploads.sendChunk(registry, location, 0, item.bytes)
    const reply = await uploads.finishUpload(registry, next, item.digest)
    await uploads.expectBlobCreated(registry, reply, item)
  })
})

describe('bodies that lie or break off', () => {
  const authorization = async () => {
    const probe = await registry.call('POST', uploadsPath)
    const header = probe.call.headers?.Authorization
    const location = new URL(single(probe, 'Location'), registry.origin)
    return { location, line: typeof header === 'string' ? `Authorization: ${header}\r\n` : '' }
  }

  /** Finishes an upload from where its status says it is, again while more bytes turn up (416). */
  async function goOn(location: string, item: made.Content): Promise<Reply> {
    for (;;) {
      const status = await registry.call('GET', location)
      expectStatus(status, 204)
      const end = Number(/^0-(\d+)$/.exec(single(status, 'Range'))?.[1])
      assert.ok(end < item.bytes.length, `no more than was sent: ${end}`)
      const start = end === 0 ? 0 : end + 1
      const last = { start, bytes: item.bytes.subarray(start) }
      const next = uploads.locationOf(status)
      const reply = await uploads.finishUpload(registry, next, item.digest, last)
      if (reply.status !== 416) return reply
    }
  }

  conforms(registry, 'a body shorter than its length leaves nothing behind', [], async () => {
    const item = made.blob(4096)
    const { location, line } = await authorization()
    location.searchParams.set('digest', item.digest)
    const head =
      `PUT ${location.pathname}${location.search} HTTP/1.1\r\nHost: ${location.host}\r\n${line}` +
      `Content-Type: ${octets}\r\nContent-Length: 4096\r\n\r\n`
    await sendAndHangUp(registry.origin, Buffer.concat([Buffer.from(head), item.bytes.subarray(9)]))
    await expectAbsent(item)
  })

  conforms(registry, 'after a dropped PATCH the status tells where to go on', [], async () => {
    const item = made.blob(8192)
    const { location, line } = await authorization()
    const head =
      `PATCH ${location.pathname}${location.search} HTTP/1.1\r\nHost: ${location.host}\r\n${line}` +
      `Content-Type: ${octets}\r\nContent-Length: 8192\r\n\r\n`
    const part = item.bytes.subarray(0, 3000)
    await sendAndHangUp(registry.origin, Buffer.concat([Buffer.from(head), part]))
    const reply = await goOn(location.href, item)
    await uploads.expectBlobCreated(registry, reply, item)
  })

  conforms(registry, 'HTTP/1.0 is answered', [], async () => {
    const { line } = await authorization()
    const host = registry.origin.host
    const reply = await sendRaw(
      registry.origin,
      `GET /v2/ HTTP/1.0\r\nHost: ${host}\r\n${line}\r\n`,
    )
    assert.ok([200, 401].includes(reply.status), `${reply.status} ${reply.text}`)
  })

  conforms(registry, 'both a length and chunks: refused, as RFC 9112 demands', [], async () => {
    const { location, line } = await authorization()
    const reply = await sendRaw(
      registry.origin,
      `PATCH ${location.pathname}${location.search} HTTP/1.1\r\nHost: ${location.host}\r\n${line}` +
        'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
      (text) => text.includes('\r\n\r\n'),
    )
    // A server that takes it must take the chunks, and close.
    assert.ok(reply.status === 400 || reply.status === 202, `${reply.status}`)
  })
})

describe('Expect: 100-continue', () => {
  conforms(registry, 'the body is asked for, and the blob is there', [], async () => {
    const item = made.blob(50_000)
    const { location } = await uploads.startUpload(registry, repository)
    const reply = await registry.call('PUT', location, {
      query: { digest: item.digest },
      headers: { 'Content-Type': octets },
      body: item.bytes,
      expectContinue: true,
    })
    assert.ok(reply.continued, '100 Continue came before the answer')
    await uploads.expectBlobCreated(registry, reply, item)
  })

  conforms(registry, 'a refusal comes without 100 Continue', ['entrepot'], async () => {
    const path = `${uploadsPath}0b9c8f2e-1f52-4f0b-9c4a-333333333333`
    const body = randomBytes(50_000)
    const reply = await registry.call('PATCH', path, { body, expectContinue: true })
    expectStatus(reply, 404)
    assert.ok(!reply.continued, 'nobody asked for the body of a refused request')
  })
})

describe('a large blob in one PUT (containerd pusher.go)', () => {
  conforms(registry, '32 MiB with a length, then read back', [], async () => {
    const item = made.content(randomBytes(32 * 1024 * 1024))
    const reply = await uploads.upload(registry, repository, item, 'post+put')
    expectStatus(reply, 201)
    const pulled = await registry.call('GET', `/v2/${repository}/blobs/${item.digest}`)
    expectHeader(pulled, 'Content-Length', String(item.bytes.length))
    expectBytes(pulled, item.bytes)
  })
})
