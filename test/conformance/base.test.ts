// "Determining Support" (end-1), and what holds for every answer: errors, unknown paths, names.
import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { missingDigest } from './content.ts'
import { expectErrorBody, expectStatus } from './reply-checks.ts'
import { tagsPath } from './tags.ts'
import { conforms, openTarget } from './target.ts'

const registry = await openTarget()

describe('determining support', () => {
  conforms(registry, 'GET /v2/ answers 200 to who is known', [], async () => {
    expectStatus(await registry.call('GET', '/v2/'), 200)
  })

  conforms(registry, 'HEAD /v2/ answers as GET, without a body', [], async () => {
    const reply = await registry.call('HEAD', '/v2/')
    expectStatus(reply, 200)
    assert.equal(reply.body.length, 0)
  })

  conforms(registry, '/v2 without the last slash is no dead end', ['entrepot'], async () => {
    const reply = await registry.call('GET', '/v2')
    expectStatus(reply, 200, 301, 308)
  })
})

describe('what is missing', () => {
  const digest = missingDigest()
  const repository = registry.freshRepository()
  const cases: readonly (readonly [string, string, string, readonly string[]])[] = [
    ['manifest by tag', 'GET', 'manifests/missing', ['MANIFEST_UNKNOWN', 'NAME_UNKNOWN']],
    ['manifest by digest', 'GET', `manifests/${digest}`, ['MANIFEST_UNKNOWN', 'NAME_UNKNOWN']],
    ['blob', 'GET', `blobs/${digest}`, ['BLOB_UNKNOWN', 'NAME_UNKNOWN']],
    ['manifest to delete', 'DELETE', `manifests/${digest}`, ['MANIFEST_UNKNOWN', 'NAME_UNKNOWN']],
    ['blob to delete', 'DELETE', `blobs/${digest}`, ['BLOB_UNKNOWN', 'NAME_UNKNOWN']],
    ['tags', 'GET', 'tags/list', ['NAME_UNKNOWN']],
    ['upload', 'GET', 'blobs/uploads/0b9c8f2e-1f52-4f0b-9c4a-111111111111', []],
  ]
  for (const [name, method, path, codes] of cases) {
    conforms(registry, `${name}: 404 with an error body`, [], async () => {
      const reply = await registry.call(method, `/v2/${repository}/${path}`)
      expectStatus(reply, 404)
      if (!registry.has('error-codes')) return
      expectErrorBody(reply, codes.length === 0 ? 'BLOB_UPLOAD_UNKNOWN' : codes)
    })
  }

  conforms(registry, 'HEAD: 404 without a body', [], async () => {
    for (const path of ['manifests/missing', `manifests/${digest}`, `blobs/${digest}`]) {
      const reply = await registry.call('HEAD', `/v2/${repository}/${path}`)
      expectStatus(reply, 404)
      assert.equal(reply.body.length, 0)
    }
  })

  conforms(registry, 'upload steps on an unknown session: 404', ['error-codes'], async () => {
    const path = `/v2/${repository}/blobs/uploads/0b9c8f2e-1f52-4f0b-9c4a-222222222222`
    const body = Buffer.from('bytes')
    const patch = await registry.call('PATCH', path, { body })
    expectStatus(patch, 404)
    expectErrorBody(patch, 'BLOB_UPLOAD_UNKNOWN')
    const put = await registry.call('PUT', path, { body, query: { digest } })
    expectStatus(put, 404)
    expectErrorBody(put, 'BLOB_UPLOAD_UNKNOWN')
  })
})

describe('what is malformed', () => {
  const repository = registry.freshRepository()

  for (const bad of [
    'UPPER/case',
    'a//b',
    'a/-b',
    'a/b-',
    'a..b/c',
    'a___b/c',
    `a/${'b'.repeat(300)}`,
  ]) {
    conforms(
      registry,
      `repository name ${bad.slice(0, 20)} is refused`,
      ['error-codes'],
      async () => {
        const reply = await registry.call('GET', tagsPath(bad))
        expectStatus(reply, 400, 404)
        expectErrorBody(reply, reply.status === 400 ? 'NAME_INVALID' : undefined)
      },
    )
  }

  const badDigests = [
    'sha256:baddigeststring',
    `sha256:${'a'.repeat(63)}`,
    `sha256:${'A'.repeat(64)}`,
    `sha256:${'a'.repeat(65)}`,
    `sha512:${'a'.repeat(64)}`,
    'sha256:',
    `md5:${'a'.repeat(32)}`,
  ]
  for (const bad of badDigests) {
    conforms(registry, `digest ${bad.slice(0, 24)} (${bad.length}) is refused`, [], async () => {
      for (const path of [`manifests/${bad}`, `blobs/${bad}`]) {
        const reply = await registry.call('GET', `/v2/${repository}/${path}`)
        expectStatus(reply, 400, 404)
        if (registry.has('error-codes')) expectErrorBody(reply)
      }
      if (!registry.has('referrers')) return
      // "Listing Referrers": a digest with an invalid syntax MUST be answered 400.
      expectStatus(await registry.call('GET', `/v2/${repository}/referrers/${bad}`), 400)
    })
  }

  for (const bad of ['-tag', '.tag', 'a+b', 'a'.repeat(129), 'tag%20space']) {
    conforms(registry, `tag ${bad.slice(0, 20)} is refused`, [], async () => {
      const path = `/v2/${repository}/manifests/${bad}`
      expectStatus(await registry.call('GET', path), 400, 404)
      const headers = { 'Content-Type': 'application/vnd.oci.image.index.v1+json' }
      const body = Buffer.from('{"schemaVersion":2,"manifests":[]}')
      expectStatus(await registry.call('PUT', path, { headers, body }), 400, 404)
    })
  }
})
