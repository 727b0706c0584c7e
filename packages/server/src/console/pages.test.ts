import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { type TestApp, testApp } from '../test-app.ts'

const page = '<!doctype html><html><head><title>x</title></head><body></body></html>'
const script = 'export const x = 1\n'.repeat(100)

describe('the pages of the console', () => {
  let app: TestApp
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'entrepot-pages-'))
    const env = { ENTREPOT_TRUSTED_PROXIES: '127.0.0.1' }
    app = await testApp({ env, consoleFolder: join(folder, 'dist') })
  })
  after(async () => {
    await app.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function write(name: string, content: string | Uint8Array): Promise<void> {
    const path = join(folder, 'dist', name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content)
  }

  /** As it goes over the wire: `fetch` tidies paths and unpacks bodies. */
  function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
    return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>(
      (resolve, reject) => {
        const asked = request(app.url, { path, headers, method }, (response) => {
          const { statusCode: status = 0, headers: given } = response
          text(response).then((body) => resolve({ status, headers: given, body }), reject)
        })
        asked.on('error', reject).end()
      },
    )
  }

  it('say plainly that they are not built, or why not', async () => {
    const missing = await get('/console/')
    assert.equal(missing.status, 503)
    assert.match(missing.body, /not built yet/)
    await write('.build-failure', 'x.tsx: <b>unexpected</b> token')
    const failed = await get('/console/anything')
    assert.match(failed.body, /could not be built[\s\S]*x\.tsx: &lt;b&gt;unexpected/)
    assert.equal(failed.headers['cache-control'], 'no-store')
  })

  it('are one page, which learns where it hangs', async () => {
    await write('index.html', page)
    for (const path of ['/console/', '/console/instances/x', '/console/a/b:v1.2?x=1']) {
      const { status, headers, body } = await get(path)
      assert.equal(status, 200)
      assert.equal(headers['content-type'], 'text/html; charset=utf-8')
      assert.equal(headers['cache-control'], 'no-cache')
      assert.ok(body.includes('<head><base href="/console/" /><title>'))
    }
    const below = await get('/console/a', { 'X-Forwarded-Prefix': '/team/registry/' })
    assert.ok(below.body.includes('<base href="/team/registry/console/" />'))
    const bad = await get('/console/a', { 'X-Forwarded-Prefix': '/"><script>' })
    assert.ok(bad.body.includes('<base href="/console/" />'))
    const { etag } = below.headers
    assert.notEqual(etag, bad.headers.etag)
    const again = await get('/console/', { 'If-None-Match': String(bad.headers.etag) })
    assert.deepEqual([again.status, again.body, again.headers.etag], [304, '', bad.headers.etag])
    const head = await get('/console/', {}, 'HEAD')
    assert.deepEqual([head.status, head.body], [200, ''])
    // A new build is there without a restart.
    await write('index.html', page.replace('>x<', '>y<'))
    assert.match((await get('/console/')).body, /<title>y</)
  })

  it('have files that are kept for good, in the smallest form that is taken', async () => {
    await write('index.html', page)
    await write('favicon.svg', '<svg/>')
    await write('assets/a-1x.js', script)
    await write('assets/a-1x.js.br', brotliCompressSync(script))
    await write('assets/a-1x.js.gz', gzipSync(script))
    const plain = await get('/console/assets/a-1x.js')
    assert.equal(plain.body, script)
    assert.equal(plain.headers['content-type'], 'text/javascript; charset=utf-8')
    assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable')
    assert.equal(plain.headers.vary, 'Accept-Encoding')
    const etags = new Set([plain.headers.etag])
    for (const [accepted, encoding] of [
      ['gzip, deflate, br', 'br'],
      ['gzip', 'gzip'],
      ['br;q=0, gzip;q=0.5', 'gzip'],
      ['identity', undefined],
    ] as const) {
      const answer = await get('/console/assets/a-1x.js', { 'Accept-Encoding': accepted })
      assert.equal(answer.headers['content-encoding'], encoding, accepted)
      assert.equal(answer.headers['content-type'], plain.headers['content-type'])
      etags.add(answer.headers.etag)
    }
    assert.equal(etags.size, 3)
    const unnamed = await get('/console/favicon.svg')
    assert.equal(unnamed.headers['cache-control'], 'no-cache')
    const former = await get('/console/assets/gone-2y.js')
    assert.deepEqual([former.status, former.headers['cache-control']], [404, 'no-store'])
    assert.notEqual(former.headers['content-type'], 'text/html; charset=utf-8')
  })

  it('are nothing but what was built, and nothing above it', async () => {
    await write('index.html', page)
    await write('.build.json', '{"secret":1}')
    await write('assets/.hidden.js', 'secret')
    await writeFile(join(folder, 'outside.js'), 'secret')
    for (const path of [
      '/console/../outside.js',
      '/console/assets/../../outside.js',
      '/console/%2e%2e/outside.js',
      '/console/..%2foutside.js',
      '/console/..\\outside.js',
      '/console//outside.js',
      '/console/.build.json',
      '/console/assets/.hidden.js',
      '/console/assets/a.js%00',
      '/console/assets/',
      '/console/assets',
    ]) {
      assert.doesNotMatch((await get(path)).body, /secret/, path)
    }
  })

  it('read only: what would change them is refused', async () => {
    for (const method of ['PUT', 'POST', 'DELETE', 'OPTIONS']) {
      const { status, headers } = await get('/console/', {}, method)
      assert.deepEqual([status, headers.allow], [405, 'GET, HEAD'])
    }
  })

  it('show the manual, and of the folder above nothing', async () => {
    const manual = await get('/console/docs/running.md')
    assert.equal(manual.status, 200)
    assert.equal(manual.headers['content-type'], 'text/markdown; charset=utf-8')
    assert.match(manual.body, /^# /)
    assert.equal((await get('/console/docs/access.zh.md')).status, 200)
    for (const path of [
      '../package.json',
      '../README.md',
      '..%2fREADME.md',
      '%2e%2e/README.md',
      '..\\README.md',
      'decisions/../../README.md',
      'decisions/speed.md',
      'api/openapi.json',
      'running',
      'running.md/',
      'running.md%00',
      'RUNNING.MD',
      '.md',
      '',
    ]) {
      const { status, body } = await get(`/console/docs/${path}`)
      assert.deepEqual([status, body], [404, 'there is nothing here\n'], path)
    }
  })
})
