// Behind a proxy that ends TLS on an odd port: every address that the server hands out is the one that the
// client used, and what a client forges itself changes nothing.

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { makeImage } from '../images/image.ts'
import { writeLayout } from '../images/layout.ts'
import { Registry } from '../images/registry.ts'
import { type Authority, makeAuthority } from './authority.ts'
import { type Daemon, missingPrograms, run, startDaemon } from './command.ts'
import { freePort, type RunningServer, startServer } from './server.ts'

const missing = missingPrograms(['nginx', 'crane'])
const skip = missing.length > 0 && `not on this machine: ${missing.join(', ')}`
const repository = 'demo/proxied'

describe('behind nginx with TLS on an odd port', { skip }, () => {
  let folder: string
  let authority: Authority
  let server: RunningServer
  let proxy: Daemon
  let host: string
  let registry: Registry

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'entrepot-nginx-'))
    authority = await makeAuthority(folder)
    server = await startServer({ env: { ENTREPOT_TRUSTED_PROXIES: '127.0.0.1' } })
    const port = await freePort()
    host = `localhost:${port}`
    proxy = await startNginx(folder, authority, port, server.host)
    const { username, password } = server
    const ca = readFileSync(authority.ca, 'utf8')
    registry = new Registry({ url: `https://${host}`, username, password, ca })
  })

  after(async () => {
    registry?.close()
    await proxy?.stop()
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('the realm is the address that the client used', async () => {
    const { status, headers } = await registry.send('/v2/')
    assert.equal(status, 401)
    assert.match(headers['www-authenticate'] ?? '', realm(`https://${host}/service/token`))
  })

  test('Location and Link lead back through the proxy', async () => {
    const uploads = `/v2/${repository}/blobs/uploads/`
    const { headers } = await registry.call(uploads, { method: 'POST', repository })
    assert.equal(new URL(headers.location ?? '', `https://${host}`).host, host)
    const image = makeImage({ seed: 'nginx' })
    await registry.pushImage(repository, 'a', image)
    await registry.pushManifest(repository, 'b', image.manifest)
    const list = await registry.call(`/v2/${repository}/tags/list?n=1`, { repository })
    const [, link = ''] = /^<([^>]+)>; rel="next"$/.exec(String(list.headers.link)) ?? []
    const next = new URL(link, `https://${host}/v2/`)
    assert.equal(next.host, host)
    const second = await registry.call(`${next.pathname}${next.search}`, { repository })
    assert.deepEqual(JSON.parse(second.body.toString()).tags, ['b'])
  })

  test('a large layer passes without being kept whole on the way', async () => {
    const image = makeImage({ seed: 'nginx/large', layers: 1, layerBytes: 40_000_000, gzip: false })
    await registry.pushImage(repository, 'large', image)
    await registry.pullImage(repository, 'large')
  })

  test('crane logs in, pushes and pulls', async () => {
    writeLayout(join(folder, 'layout'), 'v1', [makeImage({ seed: 'nginx/crane' })])
    const env = { DOCKER_CONFIG: join(folder, 'docker'), SSL_CERT_FILE: authority.ca }
    const { username, password } = server
    await run('crane', ['auth', 'login', host, '-u', username, '-p', password], { env })
    await run('crane', ['push', join(folder, 'layout'), `${host}/${repository}:v1`], { env })
    await run('crane', ['validate', '--remote', `${host}/${repository}:v1`], { env })
  })

  test('forged forwarding headers from outside change nothing', async () => {
    const outside = await startServer()
    const stranger = new Registry({ url: outside.url })
    const { headers } = await stranger.send('/v2/', {
      headers: {
        forwarded: 'for=192.0.2.1;proto=https;host=evil.example',
        'x-forwarded-for': '192.0.2.1',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-port': '444',
        'x-forwarded-proto': 'https',
      },
    })
    assert.match(headers['www-authenticate'] ?? '', realm(`${outside.url}/service/token`))
    stranger.close()
    await outside.stop()
  })
})

function realm(url: string): RegExp {
  return new RegExp(`^Bearer realm="${url.replaceAll('.', '\\.')}"`)
}

/** As an operator sets it up: the host as the client wrote it, bodies passed on as they come. */
async function startNginx(
  folder: string,
  authority: Authority,
  port: number,
  upstream: string,
): Promise<Daemon> {
  const prefix = join(folder, 'nginx')
  mkdirSync(prefix)
  const settings = `
daemon off;
pid ${prefix}/nginx.pid;
error_log stderr notice;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path ${prefix}/body;
  proxy_temp_path ${prefix}/proxy;
  fastcgi_temp_path ${prefix}/fastcgi;
  uwsgi_temp_path ${prefix}/uwsgi;
  scgi_temp_path ${prefix}/scgi;
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${authority.cert};
    ssl_certificate_key ${authority.key};
    client_max_body_size 0;
    location / {
      proxy_pass http://${upstream};
      proxy_http_version 1.1;
      proxy_request_buffering off;
      proxy_buffering off;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Proto $scheme;
    }
  }
}
`
  writeFileSync(join(prefix, 'nginx.conf'), settings)
  return startDaemon('nginx', ['-p', prefix, '-c', join(prefix, 'nginx.conf')], {
    ready: /start worker processes/,
  })
}
