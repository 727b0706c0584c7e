// What every answer has, whatever the request, and that pages are the same bytes on both databases.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { onEachDatabase } from '../db/test-database.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { type Answer, outcome, ownerOf, type PushedImage, type TestClient } from './test-client.ts'

/** Of the database whose turn was first. */
let pagesBefore: string | undefined

onEachDatabase('answers', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient
  let image: PushedImage

  before(async () => {
    app = await testApp({ dialect })
    owner = ownerOf(app)
    image = await owner.pushImage('demo/app', 'v1')
  })
  after(() => app.close())

  const none = `sha256:${'0'.repeat(64)}`
  const upload = '/v2/demo/app/blobs/uploads/00000000000000000000'

  /** Each kind of answer: method, path, expected outcome. */
  const requests = (): readonly (readonly [string, string, string])[] => [
    ['GET', '/v2/', '200'],
    ['GET', '/v2', '200'],
    ['GET', '/v2/_catalog', '200'],
    ['GET', '/v2/demo/app/tags/list', '200'],
    ['GET', '/v2/demo/app/manifests/v1', '200'],
    ['HEAD', '/v2/demo/app/manifests/v1', '200'],
    ['GET', `/v2/demo/app/blobs/${image.layer}`, '200'],
    ['GET', `/v2/demo/app/referrers/${image.digest}`, '200'],
    ['GET', '/service/token', '200'],
    ['GET', '/v2/demo/app/manifests/nosuch', '404 MANIFEST_UNKNOWN'],
    ['GET', `/v2/demo/app/blobs/${none}`, '404 BLOB_UNKNOWN'],
    ['GET', upload, '404 BLOB_UPLOAD_UNKNOWN'],
    ['GET', '/v2/demo/nosuch/tags/list', '404 NAME_UNKNOWN'],
    ['GET', '/v2/Demo/App/tags/list', '400 NAME_INVALID'],
    ['GET', '/v2/demo/app/manifests/-v1', '400 TAG_INVALID'],
    ['GET', '/v2/demo/app/blobs/md5:0', '400 DIGEST_INVALID'],
    ['GET', '/v2/demo/app/tags/list?n=few', '400 PAGINATION_NUMBER_INVALID'],
    ['GET', '/v2/demo/app/nothing', '404 UNSUPPORTED'],
    ['GET', '/v1/_ping', '404 UNSUPPORTED'],
    ['GET', '/', '404 UNSUPPORTED'],
    ['DELETE', `/v2/demo/app/blobs/${image.layer}`, '403 DENIED'],
    ['PUT', `${upload}?digest=`, '400 DIGEST_INVALID'],
  ]

  it('carry what keeps them from being run or framed, and an id of their own', async () => {
    const ids = new Set<unknown>()
    for (const [method, path, expected] of requests()) {
      const answer = await owner.call(method, path, { headers: { Cookie: 'session=stolen' } })
      assert.equal(outcome(answer), expected, `${method} ${path}`)
      const { headers } = answer
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.equal(headers['content-security-policy'], "default-src 'none'; sandbox")
      assert.equal(headers['cross-origin-resource-policy'], 'same-origin')
      assert.equal(headers['set-cookie'], undefined)
      assert.match(String(headers['x-request-id']), /^[0-9a-f]{12}-[0-9a-z]+$/)
      ids.add(headers['x-request-id'])
      if (answer.status >= 400) assert.equal(headers['content-type'], 'application/json')
    }
    assert.equal(ids.size, requests().length)
  })

  it('are the same whatever cookie comes along', async () => {
    const [, credentials = ''] = /^Basic (.*)$/.exec(basicOf(app)) ?? []
    const cookies = ['session=x', `Authorization=Basic ${credentials}`, `token=${credentials}`]
    for (const cookie of cookies) {
      const answer = await owner.as(undefined).call('GET', '/v2/', { headers: { Cookie: cookie } })
      assert.equal(outcome(answer), '401 UNAUTHORIZED')
    }
  })

  it('to a method that is not there name those that are', async () => {
    const cases = [
      ['/v2/', 'GET, HEAD', ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']],
      ['/v2/_catalog', 'GET, HEAD', ['POST', 'DELETE']],
      ['/v2/demo/app/tags/list', 'GET, HEAD', ['PUT', 'DELETE']],
      [`/v2/demo/app/referrers/${none}`, 'GET, HEAD', ['PUT', 'DELETE']],
      ['/v2/demo/app/manifests/v1', 'GET, HEAD, PUT, DELETE', ['POST', 'PATCH']],
      [`/v2/demo/app/blobs/${none}`, 'GET, HEAD, DELETE', ['POST', 'PUT', 'PATCH']],
      ['/v2/demo/app/blobs/uploads/', 'POST', ['GET', 'PUT', 'DELETE']],
      [upload, 'GET, HEAD, PATCH, PUT, DELETE', ['POST']],
      ['/service/token', 'GET, HEAD, POST', ['PUT', 'DELETE']],
    ] as const
    for (const [path, allow, methods] of cases) {
      for (const method of methods) {
        const answer = await owner.call(method, path)
        assert.equal(outcome(answer), '405 UNSUPPORTED', `${method} ${path}`)
        assert.equal(answer.headers.allow, allow)
      }
    }
  })

  it('of 401 keep the words that clients look for', async () => {
    for (const authorization of [undefined, 'Basic eDp5', 'Bearer nonsense', 'Digest x', 'Basic']) {
      const answer = await owner.as(authorization).call('GET', '/v2/demo/app/manifests/v1')
      const [error] = (JSON.parse(answer.text) as { errors: { code: string; message: string }[] })
        .errors
      assert.equal(answer.status, 401)
      // Docker prints both, in lower case: "unauthorized: authentication required".
      assert.equal(error?.code, 'UNAUTHORIZED')
      assert.match(error?.message ?? '', /^authentication required/)
      const challenge = String(answer.headers['www-authenticate'])
      assert.match(challenge, /,scope="repository:demo\/app:pull"/)
    }
  })

  it('to pages are the same bytes on both databases', async () => {
    const tags = ['1.10', '1.9', 'A', 'Z', '_', 'a', 'b', 'v1', 'v1-rc.1', 'v1.0', 'v1_0', 'z']
    for (const tag of tags.toSorted(() => -1)) {
      await owner.putManifest('demo/app', tag, image.bytes)
    }
    const page = async (query: string): Promise<Answer> =>
      owner.call('GET', `/v2/demo/app/tags/list${query}`)
    const namesOf = async (query: string) =>
      (JSON.parse((await page(query)).text) as { tags: string[] }).tags
    assert.deepEqual(await namesOf(''), tags)
    // A `last` that does not exist is a place between those that do.
    assert.deepEqual(await namesOf('?last=1.95'), tags.slice(2))
    assert.deepEqual(await namesOf('?last=B'), tags.slice(3))
    assert.deepEqual(await namesOf('?last=%5E'), tags.slice(4))
    assert.deepEqual(await namesOf('?last=zz'), [])
    assert.deepEqual(await namesOf('?n=2&last=_'), ['a', 'b'])
    assert.deepEqual(await namesOf('?n=0'), [])
    for (const path of ['a__b', 'a-b', 'a.b', 'a/b', 'a_b', 'ab', 'a0']) {
      await owner.pushImage(`demo/${path}`, 'v1', 'the same everywhere')
    }
    const queries = ['', '?n=3', '?n=3&last=1.91', '?last=Z', '?last=~']
    let bytes = ''
    for (const query of queries) {
      for (const path of ['/v2/demo/app/tags/list', '/v2/_catalog']) {
        const answer = await owner.call('GET', `${path}${query}`)
        bytes += `${path}${query} ${answer.headers.etag} ${answer.headers.link}\n${answer.text}\n`
      }
    }
    pagesBefore ??= bytes
    assert.equal(bytes, pagesBefore)
  })
})

function basicOf({ username, password }: TestApp): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}
