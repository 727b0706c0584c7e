// Requests that no good client sends: an answer or a closed connection, and the registry serves on.
import assert from 'node:assert/strict'
import { describe } from 'node:test'
import * as made from './content.ts'
import { octets } from './media-types.ts'
import { type RawReply, sendAndHangUp, sendRaw } from './raw-socket.ts'
import { expectStatus } from './reply-checks.ts'
import { conforms, openTarget } from './target.ts'
import * as uploads from './uploads.ts'

const registry = await openTarget()
const { host } = registry.origin
const HEADERS_END = '\r\n\r\n'

function raw(text: string): Promise<RawReply> {
  return sendRaw(registry.origin, text, (answer) => answer.includes(HEADERS_END))
}

async function stillServes(): Promise<void> {
  expectStatus(await registry.call('GET', '/v2/'), 200)
}

describe('lines and headers', () => {
  const requests: readonly (readonly [string, string])[] = [
    ['no Host in HTTP/1.1', 'GET /v2/ HTTP/1.1\r\n\r\n'],
    ['two different Hosts', `GET /v2/ HTTP/1.1\r\nHost: ${host}\r\nHost: other\r\n\r\n`],
    ['no request at all', 'nonsense\r\n\r\n'],
    ['an unknown method', `BREW /v2/ HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
    ['an escaped slash', `GET /v2/a%2Fb/tags/list HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
    ['dots in the path', `GET /v2/a/../../etc/passwd HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
    ['escaped dots', `GET /v2/a/%2e%2e/%2e%2e/etc HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
    ['a zero byte', `GET /v2/a%00b/tags/list HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
    ['a broken escape', `GET /v2/%zz/tags/list HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
    ['bytes that are no UTF-8', `GET /v2/%ff%fe/tags/list HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
    [
      'a header of 100 KB',
      `GET /v2/ HTTP/1.1\r\nHost: ${host}\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`,
    ],
    ['a path of 100 KB', `GET /v2/${'a/'.repeat(50_000)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
    ['a negative length', `PUT /v2/ HTTP/1.1\r\nHost: ${host}\r\nContent-Length: -1\r\n\r\n`],
    [
      'two lengths',
      `PUT /v2/ HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n`,
    ],
  ]
  for (const [name, text] of requests) {
    conforms(registry, `${name}: refused, nothing breaks`, [], async () => {
      const reply = await raw(text)
      const harmless = [200, 301, 302, 307, 308, 400, 401, 404, 405, 414, 421, 431, 501]
      assert.ok(harmless.includes(reply.status), `${name}: ${reply.status} ${reply.text}`)
      await stillServes()
    })
  }

  conforms(registry, 'an absolute request target', [], async () => {
    const reply = await raw(`GET http://${host}/v2/ HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
    assert.ok([200, 401, 404, 400].includes(reply.status), `${reply.status}`)
  })

  conforms(registry, 'two requests sent at once are answered in order', [], async () => {
    const one = `GET /v2/ HTTP/1.1\r\nHost: ${host}\r\n\r\n`
    const two = `GET /v2/ HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`
    const reply = await sendRaw(registry.origin, one + two)
    const answers = `HTTP/1.1 ${reply.status}\r\n${HEADERS_END}${reply.text}`.split('HTTP/1.1 ')
    assert.equal(answers.length, 3, 'two answers')
  })
})

describe('hanging up', () => {
  conforms(registry, 'in the middle of the headers', [], async () => {
    await sendAndHangUp(registry.origin, `GET /v2/ HTTP/1.1\r\nHost: ${host}\r\nAuthor`)
    await stillServes()
  })

  conforms(registry, 'in the middle of a chunk', [], async () => {
    const repository = registry.freshRepository()
    const { location } = await uploads.startUpload(registry, repository)
    const probe = await registry.call('GET', location)
    const authorization = probe.call.headers?.Authorization
    const line = typeof authorization === 'string' ? `Authorization: ${authorization}\r\n` : ''
    const { pathname, search } = new URL(location)
    await sendAndHangUp(
      registry.origin,
      `PATCH ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n${line}` +
        `Content-Type: ${octets}\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nonly a few bytes`,
    )
    await stillServes()
    if (registry.has('upload-cancel')) {
      expectStatus(await registry.call('DELETE', location), 204, 404)
    }
  })

  conforms(registry, 'during a download', [], async () => {
    const repository = registry.freshRepository()
    const item = made.blob(4_000_000)
    await uploads.pushBlob(registry, repository, item)
    const path = `/v2/${repository}/blobs/${item.digest}`
    const head = await registry.call('HEAD', path)
    const authorization = head.call.headers?.Authorization
    const line = typeof authorization === 'string' ? `Authorization: ${authorization}\r\n` : ''
    const reply = await raw(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${line}\r\n`)
    assert.equal(reply.status, 200)
    await stillServes()
  })
})
