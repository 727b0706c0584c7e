// TLS: the connection was opened for one host, so another instance's is not answered on it.

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { addInstance } from '../registry/test-seed.ts'
import { type TestApp, testApp } from '../test-app.ts'

const skip = spawnSync('openssl', ['version']).status !== 0 && 'openssl is not installed'

describe('TLS server names', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-tls-'))
  let app: TestApp

  before(async () => {
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    const subject = ['-subj', '/CN=registry.example.com', '-days', '1', '-nodes']
    const files = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-keyout', key]
    execFileSync('openssl', ['req', '-x509', ...files, '-out', cert, ...subject], {
      stdio: 'ignore',
    })
    app = await testApp({
      env: {
        ENTREPOT_LISTEN: 'https://127.0.0.1:0',
        ENTREPOT_TLS_CERT: cert,
        ENTREPOT_TLS_KEY: key,
        ENTREPOT_BASE_DOMAIN: 'registry.example.com',
      },
    })
    await addInstance(app, 'second')
  })
  after(async () => {
    await app.close()
    rmSync(folder, { recursive: true })
  })

  async function ask(servername: string, host: string): Promise<IncomingMessage> {
    const { port } = new URL(app.url)
    const req = request({
      host: '127.0.0.1',
      port,
      path: '/v2/',
      servername,
      headers: { Host: host },
      rejectUnauthorized: false,
      agent: false,
    })
    req.end()
    const [res] = (await once(req, 'response')) as [IncomingMessage]
    res.resume()
    return res
  }

  const second = 'second.registry.example.com'

  it('that agree with the host are answered, with an https realm', async () => {
    for (const [name, host] of [
      [second, second],
      [second, `${second}:8443`],
      [second, 'second-vpc.registry.example.com'],
      ['localhost', 'elsewhere.example.org'],
      ['', second],
    ] as const) {
      const res = await ask(name, host)
      assert.equal(res.statusCode, 401, `${name} ${host}`)
      assert.ok(res.headers['www-authenticate']?.startsWith(`Bearer realm="https://${host}/`))
    }
  })

  it('that name another instance are refused', async () => {
    for (const [name, host] of [
      [second, 'default.registry.example.com'],
      [second, 'localhost'],
      ['default.registry.example.com', second],
      ['localhost', second],
    ] as const) {
      assert.equal((await ask(name, host)).statusCode, 421, `${name} ${host}`)
    }
  })

  it('offer HTTP/1.1 only', async () => {
    const res = await ask(second, second)
    assert.equal(res.httpVersion, '1.1')
  })
})
